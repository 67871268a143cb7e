// The door for programs: one Fastify application with the API, health, metrics and the operators' pages; other doors plug in.
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { v7 } from 'uuid'
import { doors } from '../policy/doors.ts'
import { announcementRoutes } from './announcements.ts'
import { openBudgets } from './budgets.ts'
import { actorIfAny, askForKey } from './callers.ts'
import { channelRoutes } from './channels.ts'
import { cityRoutes } from './cities.ts'
import { deliveryRoutes } from './deliveries.ts'
import { health, metricsPage } from './health.ts'
import { takeOnlyJson } from './json.ts'
import { keyRoutes } from './keys.ts'
import { linkRoutes } from './linking.ts'
import { mediaRoutes } from './media.ts'
import { describe } from './openapi.ts'
import { operatorPages } from './ops.ts'
import type { Parts } from './parts.ts'
import { planRoutes } from './plan.ts'
import { problemsOf, sendProblem, statusOf } from './problem.ts'
import { openMemory } from './remembered.ts'
import type { RouteParts } from './routes.ts'
import { policyOf } from './security-headers.ts'
import { sendingRoutes } from './sending.ts'
import { limitBodies } from './slow-bodies.ts'
import { validatorCompiler } from './validation.ts'
import { verifyRoutes } from './verify.ts'

export type { Parts } from './parts.ts'

/** Builds the application; it listens nowhere yet. */
export const buildApp = async (parts: Parts): Promise<FastifyInstance> => {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: [...parts.trustProxy],
    genReqId: () => v7(),
    // What the router refuses before any hook: an address that is too long or cannot be decoded.
    frameworkErrors: (error, request, reply) => void sendProblem(request as FastifyRequest, reply as FastifyReply, problemsOf(error)),
    // as long as a film of 200 MB takes on a slow line; who has shown no key has far less (`slow-bodies.ts`)
    requestTimeout: 600_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('actor', null)
  limitBodies(app, parts.bodyPatienceMs)
  countAnswers(app, parts)
  answerErrors(app, parts)
  await app.register(helmet, policyOf(parts.publicUrl))
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await describe(app, parts.publicUrl)
  await app.register(api(parts), { prefix: doors.api })
  await app.register(health(parts))
  await app.register(metricsPage(parts))
  await app.register(operatorPages(parts), { prefix: doors.ops })
  for (const plugin of parts.plugins ?? []) await app.register(plugin)
  return app
}

const api = (given: Parts) => async (app: FastifyInstance) => {
  takeOnlyJson(app)
  askForKey(app, given)
  const remember = openMemory()
  const parts: RouteParts = {
    ...given,
    budgets: openBudgets(),
    checking: { ...given.checking, remember },
    askChannel: (city, channel, signal) => remember(`check ${city}/${channel}`, () => given.askChannel(city, channel, signal)),
  }
  const resources = [
    planRoutes,
    announcementRoutes,
    deliveryRoutes,
    channelRoutes,
    linkRoutes,
    cityRoutes,
    keyRoutes,
    mediaRoutes,
    sendingRoutes,
    verifyRoutes,
  ]
  for (const routes of resources) await app.register(routes(parts))
  // Also a wrong address asks for the key first: what exists here is nobody's business.
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, [unknownRoute]))
}

const unknownRoute = {
  code: 'unknown-route',
  de: 'Diese Adresse gibt es nicht. Die Beschreibung steht unter /api/v1/openapi.json.',
  en: 'There is no such address. The description is at /api/v1/openapi.json.',
}

const countAnswers = (app: FastifyInstance, { events }: Parts): void => {
  app.addHook('onResponse', async (request, reply) => {
    events.answered({
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      actor: actorIfAny(request)?.id ?? null,
      request: request.id,
    })
  })
}

/** One way for everything that goes wrong: a refusal is the client's to read, everything else is ours to log. */
const answerErrors = (app: FastifyInstance, { events }: Parts): void => {
  app.setErrorHandler((error, request, reply) => {
    const problems = problemsOf(error)
    const [first] = problems
    const status = first ? statusOf(first) : 500
    const route = request.routeOptions.url ?? 'unknown'
    if (status === 503) events.storeAway({ error: error instanceof Error ? error.message : String(error) })
    if (status === 500) events.unexpected({ err: error, where: `${request.method} ${route} ${request.id}` })
    if (status === 401 || status === 403 || status === 429)
      events.turnedAway({ route, code: first?.code ?? '', actor: actorIfAny(request)?.id ?? null, address: request.ip })
    return sendProblem(request, reply, problems)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, [unknownRoute]))
}
