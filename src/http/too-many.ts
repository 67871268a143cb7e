// The refusal of whoever asks too often, with the time after which it is worth asking again.
import type { FastifyReply } from 'fastify'
import { Refusal } from '../announcement/refusal.ts'

export const tooMany = (reply: FastifyReply, seconds: number, what = 'Zu viele Anfragen'): Refusal => {
  reply.header('retry-after', String(seconds))
  return new Refusal({
    code: 'too-many-requests',
    de: `${what}. Bitte in ${seconds} Sekunden noch einmal versuchen.`,
    en: `Too many requests. Please try again in ${seconds} seconds.`,
  })
}
