// Idempotency-Key: a request that is sent again has its effect once and gets the same answer.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { v7 } from 'uuid'
import { Refusal } from '../announcement/refusal.ts'
import type { Desk } from '../commands/desk.ts'
import { breakOff, claimKey, holdKey, type KeyedRequest, keepAnswer } from '../store/idempotency.ts'
import { insist } from '../store/insist.ts'
import { actorOf } from './callers.ts'
import type { Parts } from './parts.ts'

export interface Answer<T extends object> {
  readonly status: number
  readonly body: T
}

interface Try {
  /** What the request creates is called so. */
  readonly id: string
  /** An earlier try may have got that far already. */
  readonly again: boolean
  /** The transaction of an earlier try was committed: what has one transaction alone is done, whatever others have changed since. */
  readonly done: boolean
  /** What it changes must be changed at this desk: it knows whether somebody else goes on with the request meanwhile. */
  readonly desk: Desk
}

export interface Deed<T extends object> {
  act(one: Try): Promise<Answer<T>>
  /** What may be stored of the answer for repeats; all of it unless said. */
  kept?(body: T): T
  /** What stands for the body in the comparison of requests; the parsed body unless said. */
  readonly body?: unknown
}

/**
 * Without the header: does it. With it: the first request claims the key by inserting a row, then acts, then keeps its answer.
 *
 * The effect commits in the command's own transaction, the answer right after. A process that dies in between leaves a claim
 * without an answer; it counts as broken off after five seconds (at once, when the failure was seen), and the repeat goes on
 * *under the same id*. The commands find the thing of that id, or the state they wanted, and do not make a second one.
 * Should the first one live after all, then either it is at work in a transaction, and the repeat is told so, or it finds its claim
 * lost when it begins one, and changes nothing. A refused request had no effect; repeating it asks anew, also under the same id.
 *
 * Refuses with `idempotency-key-invalid` (400), `idempotency-key-reused` (422), `idempotency-key-in-flight` (409).
 */
export const once = async <T extends object>(parts: Parts, request: FastifyRequest, deed: Deed<T>): Promise<Answer<T>> => {
  const wish = keyedRequest(request, deed.body ?? request.body)
  if (!wish) return deed.act({ id: v7(), again: false, done: false, desk: parts.desk })
  const { db } = parts.desk
  const brokenOff = async (error: unknown): Promise<never> => {
    await note(parts, () => breakOff(db, wish))
    throw error
  }
  // a claim that failed may have been written all the same: the answer of the store was lost
  const claim = await claimKey(db, wish).catch(brokenOff)
  if (claim.is === 'reused') throw reused()
  if (claim.is === 'in-flight') throw inFlight()
  // Our own rows, written below from an answer of the same type.
  if (claim.is === 'answered') return { status: claim.status, body: claim.answer as T }
  const guard: Desk['guard'] = async (trx) => {
    if (!(await holdKey(trx, wish))) throw inFlight()
  }
  const answer = await deed.act({ id: claim.id, again: claim.again, done: claim.done, desk: { ...parts.desk, guard } }).catch(brokenOff)
  await note(parts, () => keepAnswer(db, wish, answer.status, deed.kept ? deed.kept(answer.body) : answer.body))
  return answer
}

/** Writes it now, or while the caller has its answer already: a store that is away shall not make its repeats wait. */
const note = async ({ events }: Parts, write: () => Promise<void>): Promise<void> => {
  await write().catch(() => void insist(write).catch((error: unknown) => events.unexpected({ err: error, where: 'idempotency' })))
}

const keyedRequest = (request: FastifyRequest, body: unknown): KeyedRequest | undefined => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw invalid()
  const path = request.url.split('?', 1)[0]
  const digest = createHash('sha256').update(JSON.stringify([request.method, path, body ?? null]))
  return { actor: actorOf(request).id, key, request: digest.digest('hex'), by: v7() }
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
