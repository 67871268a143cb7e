// Idempotency-Key: who claimed which key, for which request, and what was answered.
import { type Kysely, sql } from 'kysely'
import { v7 } from 'uuid'
import type { Database } from './tables.ts'

/** A request under its Idempotency-Key. The key belongs to the actor: two actors may use the same. */
export interface KeyedRequest {
  readonly actor: string
  readonly key: string
  /** SHA-256 of method, path and body. */
  readonly request: string
}

export type KeyClaim =
  /** Ours to do. `id` is what a created thing will be called; it is the same when an earlier claim broke off (`again`). */
  | { readonly is: 'ours'; readonly id: string; readonly again: boolean }
  | { readonly is: 'answered'; readonly status: number; readonly answer: object | null }
  /** The key was used for another request. */
  | { readonly is: 'reused' }
  | { readonly is: 'in-flight' }

/** After this long an unanswered claim counts as broken off; longer than any request may take. */
const brokenOffAfterSeconds = 120

/** How long answers are kept: a client that repeats after a week is not repeating. */
const keptDays = 7

/** Claims the key by inserting it; of two at the same time one gets it. */
export const claimKey = async (db: Kysely<Database>, wish: KeyedRequest): Promise<KeyClaim> => {
  const id = v7()
  const mine = await db
    .insertInto('idempotency')
    .values({ ...wish, answer: JSON.stringify({ id }) })
    .onConflict((conflict) => conflict.columns(['actor', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (mine) return { is: 'ours', id, again: false }

  const row = await rowOf(db, wish).selectAll().executeTakeFirst()
  if (!row) return claimKey(db, wish)
  if (row.request !== wish.request) return { is: 'reused' }
  if (row.status !== null) return { is: 'answered', status: row.status, answer: row.answer }
  return (await takeOver(db, wish)) ?? { is: 'in-flight' }
}

/** A claim whose process died: the next one that asks goes on under the same id. */
const takeOver = async (db: Kysely<Database>, wish: KeyedRequest): Promise<KeyClaim | undefined> => {
  const row = await db
    .updateTable('idempotency')
    .set({ createdAt: sql`now()` })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .where('status', 'is', null)
    .where('createdAt', '<', sql<Date>`now() - make_interval(secs => ${brokenOffAfterSeconds})`)
    .returning('answer')
    .executeTakeFirst()
  const id = row?.answer && 'id' in row.answer ? String(row.answer.id) : undefined
  return id === undefined ? undefined : { is: 'ours', id, again: true }
}

/** Keeps the answer for repeats. */
export const keepAnswer = async (db: Kysely<Database>, wish: KeyedRequest, status: number, answer: object | null): Promise<void> => {
  await db
    .updateTable('idempotency')
    .set({ status, answer: answer === null ? null : JSON.stringify(answer) })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .execute()
}

/** The request failed, perhaps after its effect: a repeat may go on at once, under the same id. */
export const breakOff = async (db: Kysely<Database>, wish: KeyedRequest): Promise<void> => {
  await db
    .updateTable('idempotency')
    .set({ createdAt: sql`to_timestamp(0)` })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .where('status', 'is', null)
    .execute()
}

/** Forgets what is older than a week; the sweep calls it. Returns how many. */
export const forgetOldKeys = async (db: Kysely<Database>): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('idempotency')
    .where('createdAt', '<', sql<Date>`now() - make_interval(days => ${keptDays})`)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

const rowOf = (db: Kysely<Database>, { actor, key }: KeyedRequest) =>
  db.selectFrom('idempotency').where('actor', '=', actor).where('key', '=', key)
