// /healthz, /readyz and /metrics: for those who look after the process. The first two tell nothing but yes or no.
import type { FastifyPluginAsync } from 'fastify'
import { demand, everyCity } from '../access/actor.ts'
import { showStanding } from '../observing/metrics.ts'
import { doors } from '../policy/doors.ts'
import { actorOf, askForKey } from './callers.ts'
import type { Parts } from './parts.ts'

/** The process lives; and it can take orders: the database is there. A queue that is away makes routine deliveries wait, no more. */
export const health =
  ({ pulse }: Parts): FastifyPluginAsync =>
  async (app) => {
    app.get(doors.healthz, { logLevel: 'silent' }, async (_, reply) => reply.header('cache-control', 'no-store').send({ alive: true }))
    app.get(doors.readyz, { logLevel: 'silent' }, async (_, reply) => {
      const { database, queue } = await pulse.ready().catch(() => ({ database: false, queue: false }))
      return reply
        .status(database ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ready: database, database, queue })
    })
  }

/** Prometheus presents an operator's key: `authorization: { credentials_file: … }` in its configuration. */
export const metricsPage =
  (parts: Parts): FastifyPluginAsync =>
  async (app) => {
    const { metrics, pulse, events } = parts
    askForKey(app, parts)
    app.get(doors.metrics, { logLevel: 'silent' }, async (request, reply) => {
      demand(actorOf(request), 'metrics', everyCity)
      await pulse
        .standing?.()
        .then((standing) => showStanding(metrics, standing))
        .catch((error: unknown) => events.unexpected({ err: error, where: 'metrics' }))
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
    })
  }
