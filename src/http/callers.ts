// Who is calling: the API key of each request becomes its actor; without one nothing of the API is reached.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openKeyUse } from '../access/key-use.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Actor } from '../commands/desk.ts'
import { noteUse } from '../store/api-keys.ts'
import { openKeyTries } from './key-tries.ts'
import type { Parts } from './parts.ts'
import { isKnown } from './slow-bodies.ts'
import { tooMany } from './too-many.ts'

/** Generous: a city's busiest minute has a few hundred requests; counted in this process, so that it works without Redis. */
const perKey = { max: 1200, timeWindow: 60_000 }

/** Tries of a key from one address, and wrong ones of an address. */
const wrongKeys = { max: 60, timeWindow: 60_000 }

/** Asks every request of this scope for its key, before anything of its body is read. */
export const askForKey = (app: FastifyInstance, { desk, events }: Parts): void => {
  const use = openKeyUse((ids) => noteUse(desk.db, ids))
  app.addHook('onClose', () => use.close())
  const countKey = app.createRateLimit({ ...perKey, keyGenerator: (request) => actorOf(request).id })
  const tries = openKeyTries(wrongKeys, (id) => events.keyChanged({ id }))

  app.addHook('onRequest', async (request, reply) => {
    // what a key opens is kept by nobody on the way
    reply.header('cache-control', 'no-store')
    const presented = bearer(request)
    const actor = await tries.look(desk, request.ip, presented ?? '')
    if (actor === 'wrong') throw presented === undefined ? noKey() : wrongKey()
    if ('againIn' in actor) throw tooMany(reply, actor.againIn)
    isKnown(request)
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
const bearer = (request: FastifyRequest): string | undefined => /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]

const noKey = (): Refusal =>
  new Refusal({
    code: 'no-key',
    de: 'Diese Adresse verlangt einen Schlüssel: Authorization: Bearer rr_…',
    en: 'This address asks for a key: Authorization: Bearer rr_…',
  })

const wrongKey = (): Refusal =>
  new Refusal({
    code: 'wrong-key',
    de: 'Dieser Schlüssel gilt nicht (mehr).',
    en: 'This key is not valid (any more).',
  })
