// /verify: store, queue and platforms compared, with everything that differs.
import { z } from 'zod'
import { findings } from '../commands/findings.ts'
import { verify } from '../commands/verify.ts'
import { actorOf } from './callers.ts'
import { answers, type Resource } from './routes.ts'

const time = z.string().meta({ format: 'date-time' })
const place = { city: z.string(), channel: z.string(), platform: z.string() }

const report = z
  .object({
    ok: z.boolean(),
    sending: z.object({ since: time, because: z.string() }).readonly().nullable(),
    deliveries: z.number(),
    findings: z
      .array(
        z.object({ finding: z.enum(findings), delivery: z.string(), announcement: z.string(), ...place, detail: z.string() }).readonly(),
      )
      .readonly(),
    looked: z.number(),
    blind: z.array(z.object({ ...place, posts: z.number(), because: z.string(), failed: z.boolean() }).readonly()).readonly(),
    queue: z.enum(['reached', 'away']),
    audit: z.object({ entries: z.number(), broken: z.string().nullable() }).readonly(),
  })
  .readonly()
  .meta({ id: 'Report', description: 'Was nicht übereinstimmt / what does not agree' })

export const verifyRoutes: Resource = (parts) => async (app) => {
  app.get(
    '/verify',
    {
      schema: {
        tags: ['Betrieb'],
        summary: 'Speicher, Warteschlange und Plattformen vergleichen / compare store, queue and platforms',
        querystring: z.object({
          days: z.coerce
            .number()
            .int()
            .min(1)
            .max(3650)
            .default(7)
            .meta({ description: 'So weit zurück wird auf den Plattformen nachgesehen' }),
        }),
        response: answers({ 200: report }),
      },
    },
    (request, reply) =>
      parts.budgets.read({ request, reply, what: 'verify' }, () =>
        verify(parts.desk, actorOf(request), parts.checking, request.query.days),
      ),
  )
}
