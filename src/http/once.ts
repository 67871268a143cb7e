// Idempotency-Key: a request that is sent again has its effect once and gets the same answer.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { v7 } from 'uuid'
import { Refusal } from '../announcement/refusal.ts'
import { breakOff, claimKey, type KeyedRequest, keepAnswer } from '../store/idempotency.ts'
import { actorOf } from './callers.ts'
import type { Parts } from './parts.ts'

export interface Answer<T extends object> {
  readonly status: number
  readonly body: T
}

export interface Deed<T extends object> {
  /** Does it. What it creates is called `id`; `again` says that an earlier try may have got that far already. */
  act(id: string, again: boolean): Promise<Answer<T>>
  /** What may be stored of the answer for repeats; all of it unless said. */
  kept?(body: T): T
  /** What stands for the body in the comparison of requests; the parsed body unless said. */
  readonly body?: unknown
}

/**
 * Without the header: does it. With it: the first request claims the key by inserting a row, then acts, then keeps its answer.
 *
 * The effect commits in the command's own transaction, the answer right after. A process that dies in between leaves a claim
 * without an answer; it counts as broken off after two minutes (at once, when the failure was seen), and the repeat goes on
 * *under the same id*. The commands find the thing of that id, or the state they wanted, and do not make a second one.
 * A refused request had no effect; repeating it asks anew, also under the same id.
 *
 * Refuses with `idempotency-key-invalid` (400), `idempotency-key-reused` (422), `idempotency-key-in-flight` (409).
 */
export const once = async <T extends object>(parts: Parts, request: FastifyRequest, deed: Deed<T>): Promise<Answer<T>> => {
  const wish = keyedRequest(request, deed.body ?? request.body)
  if (!wish) return deed.act(v7(), false)
  const { db } = parts.desk
  const claim = await claimKey(db, wish)
  if (claim.is === 'reused') throw reused()
  if (claim.is === 'in-flight') throw inFlight()
  // Our own rows, written below from an answer of the same type.
  if (claim.is === 'answered') return { status: claim.status, body: claim.answer as T }
  const answer = await deed.act(claim.id, claim.again).catch(async (error: unknown) => {
    await breakOff(db, wish).catch((cause: unknown) => parts.events.unexpected({ err: cause, where: 'idempotency' }))
    throw error
  })
  await keepAnswer(db, wish, answer.status, deed.kept ? deed.kept(answer.body) : answer.body).catch((error: unknown) =>
    parts.events.unexpected({ err: error, where: 'idempotency' }),
  )
  return answer
}

const keyedRequest = (request: FastifyRequest, body: unknown): KeyedRequest | undefined => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw invalid()
  const path = request.url.split('?', 1)[0]
  const digest = createHash('sha256').update(JSON.stringify([request.method, path, body ?? null]))
  return { actor: actorOf(request).id, key, request: digest.digest('hex') }
}

const place = 'Idempotency-Key'

const invalid = (): Refusal =>
  new Refusal({
    code: 'idempotency-key-invalid',
    de: 'Der Idempotency-Key hat 1 bis 200 sichtbare ASCII-Zeichen.',
    en: 'The Idempotency-Key has 1 to 200 visible ASCII characters.',
    place,
  })

const reused = (): Refusal =>
  new Refusal({
    code: 'idempotency-key-reused',
    de: 'Dieser Idempotency-Key wurde schon für eine andere Anfrage benutzt.',
    en: 'This Idempotency-Key was used for another request before.',
    place,
  })

const inFlight = (): Refusal =>
  new Refusal({
    code: 'idempotency-key-in-flight',
    de: 'Die erste Anfrage mit diesem Idempotency-Key läuft noch. Bitte gleich noch einmal fragen.',
    en: 'The first request with this Idempotency-Key is still under way. Please ask again in a moment.',
    place,
  })
