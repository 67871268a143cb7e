// Who is calling: the API key of each request becomes its actor; without one nothing of the API is reached.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openKeyUse } from '../access/key-use.ts'
import { actorOfKey } from '../access/present.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Actor } from '../commands/desk.ts'
import { noteUse } from '../store/api-keys.ts'
import type { Parts } from './parts.ts'

/** Generous: a city's busiest minute has a few hundred requests; counted in this process, so that it works without Redis. */
const perKey = { max: 1200, timeWindow: 60_000 }

/** Requests with a wrong key, per address. Only wrong ones are counted, so nobody can lock out the neighbours of an address. */
const wrongPerAddress = { max: 60, timeWindow: 60_000 }

/** Asks every request of this scope for its key, before anything of its body is read. */
export const askForKey = (app: FastifyInstance, { desk, events }: Parts): void => {
  const use = openKeyUse((ids) => noteUse(desk.db, ids))
  app.addHook('onClose', () => use.close())
  const countKey = app.createRateLimit({ ...perKey, keyGenerator: (request) => actorOf(request).id })
  const countWrong = app.createRateLimit(wrongPerAddress)

  app.addHook('onRequest', async (request, reply) => {
    const presented = bearer(request)
    const actor = presented === undefined ? undefined : await actorOfKey(desk, presented, (id) => events.keyChanged({ id }))
    if (actor === undefined) {
      const wrong = await countWrong(request)
      if (!wrong.isAllowed && wrong.isExceeded) throw tooMany(reply, wrong.ttlInSeconds)
      throw presented === undefined ? noKey() : wrongKey()
    }
    request.setDecorator('actor', actor)
    use.used(actor.id)
    const used = await countKey(request)
    if (!used.isAllowed && used.isExceeded) throw tooMany(reply, used.ttlInSeconds)
  })
}

/** The actor of a request that came past `askForKey`. */
export const actorOf = (request: FastifyRequest): Actor => {
  const actor = actorIfAny(request)
  if (!actor) throw noKey()
  return actor
}

/** The actor, where the request had one. */
export const actorIfAny = (request: FastifyRequest): Actor | null => request.getDecorator<Actor | null>('actor')

/** The key of an `Authorization: Bearer` header. */
export const bearer = (request: FastifyRequest): string | undefined => /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]

export const noKey = (): Refusal =>
  new Refusal({
    code: 'no-key',
    de: 'Diese Adresse verlangt einen Schlüssel: Authorization: Bearer rr_…',
    en: 'This address asks for a key: Authorization: Bearer rr_…',
  })

export const wrongKey = (): Refusal =>
  new Refusal({
    code: 'wrong-key',
    de: 'Dieser Schlüssel gilt nicht (mehr).',
    en: 'This key is not valid (any more).',
  })

const tooMany = (reply: { header(name: string, value: string): unknown }, seconds: number): Refusal => {
  reply.header('retry-after', String(seconds))
  return new Refusal({
    code: 'too-many-requests',
    de: `Zu viele Anfragen. Bitte in ${seconds} Sekunden noch einmal versuchen.`,
    en: `Too many requests. Please try again in ${seconds} seconds.`,
  })
}
