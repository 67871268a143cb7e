// /sending: whether sending rests since a backup was restored, and the word that ends the rest.
import { z } from 'zod'
import { resume, type SendingView, showSending } from '../commands/sending.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import { answers, idempotencyHeader, type Resource } from './routes.ts'

const tags = ['Betrieb']
const shape = z
  .object({
    paused: z
      .object({ since: z.string().meta({ format: 'date-time' }), because: z.string() })
      .readonly()
      .nullable(),
    resumed: z.object({ lookedUp: z.number(), asked: z.number() }).readonly().optional(),
  })
  .readonly()
  .meta({ id: 'Sending', description: 'Ruht das Senden? / does sending rest?' })

export const sendingRoutes: Resource = (parts) => async (app) => {
  app.get('/sending', { schema: { tags, summary: 'Ruht das Senden? / does sending rest?', response: answers({ 200: shape }) } }, () =>
    showSending(parts.desk),
  )
  app.post(
    '/sending/resume',
    {
      schema: {
        ...{ tags, headers: idempotencyHeader, body: z.object({}).nullish() },
        summary: 'Nach einer wiederhergestellten Sicherung wieder senden / send again after a restored backup',
        response: answers({ 200: shape }),
      },
    },
    async (request) => {
      const { body } = await once<SendingView>(parts, request, {
        act: async ({ desk }) => ({ status: 200, body: await resume(desk, actorOf(request)) }),
      })
      return body
    },
  )
}
