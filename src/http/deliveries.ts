// /deliveries: a person answers the question of a delivery that is held.
import { z } from 'zod'
import { Refusal } from '../announcement/refusal.ts'
import { resolveDelivery } from '../commands/resolve-delivery.ts'
import type { AnnouncementDetail } from '../commands/view.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import { answers, idempotencyHeader, idOrRefuse, idParams, type Resource } from './routes.ts'
import { detailShape } from './views.ts'

const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .meta({ description: 'Adresse, unter der es steht; null, wo es keine gibt / where it is; null where there is no address' })

const answerBody = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('there'), url: webAddress.nullable() }),
  z.strictObject({ answer: z.literal('not-there') }),
  z.strictObject({ answer: z.literal('drop') }),
])

export const deliveryRoutes: Resource = (parts) => async (app) => {
  app.post(
    '/deliveries/:id/resolve',
    {
      schema: {
        tags: ['Zustellungen'],
        summary: 'Ist es da? Antwort auf die Frage einer zurückgehaltenen Zustellung / answer a held delivery’s question',
        params: idParams,
        headers: idempotencyHeader,
        body: answerBody,
        response: answers({ 200: detailShape }),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const id = idOrRefuse(request.params.id, unknownDelivery)
      const { body } = await once<AnnouncementDetail>(parts, request, {
        act: async ({ desk }) => {
          const detail = await resolveDelivery(desk, actor, id, request.body)
          parts.events.resolved({ delivery: id, answer: request.body.answer, actor: actor.id })
          return { status: 200, body: detail }
        },
      })
      return body
    },
  )
}

const unknownDelivery = (): Refusal =>
  new Refusal({ code: 'unknown-delivery', de: 'Diese Zustellung gibt es nicht.', en: 'There is no such delivery.', place: 'id' })
