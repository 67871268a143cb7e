// WhatsApp's own way to say no: a number, and nothing else.
import type { Answer, OwnAnswers } from '../room.ts'
import { open } from './page.ts'

export const yes = (body: object): Answer => ({ status: 200, headers: open, body })

export const no = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { ...open, ...headers },
  body: { error: status },
})

/** What the page hears when a fault strikes; the real one's numbers are not documented anywhere. */
export const whatsappAnswers: OwnAnswers = {
  refused: () => no(403),
  throttled: (seconds) => no(429, { 'retry-after': String(seconds) }),
  expired: () => no(401),
  unavailable: () => no(503),
  failed: () => no(500),
  notFound: () => no(404),
}
