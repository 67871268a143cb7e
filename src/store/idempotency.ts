// Idempotency-Key: who claimed which key, for which request, and what was answered.
import { type Kysely, sql, type Transaction } from 'kysely'
import { v7 } from 'uuid'
import type { Database } from './tables.ts'

/** A request under its Idempotency-Key. The key belongs to the actor: two actors may use the same. */
export interface KeyedRequest {
  readonly actor: string
  readonly key: string
  /** SHA-256 of method, path and body. */
  readonly request: string
  /** This try of it, known by an id of its own: when another one goes on with the request, this one may not any more. */
  readonly by: string
}

export type KeyClaim =
  /**
   * Ours to do. `id` is what a created thing will be called; it is the same when an earlier claim broke off (`again`). `done`: a transaction
   * of the earlier claim was committed.
   */
  | { readonly is: 'ours'; readonly id: string; readonly again: boolean; readonly done: boolean }
  | { readonly is: 'answered'; readonly status: number; readonly answer: object | null }
  /** The key was used for another request. */
  | { readonly is: 'reused' }
  | { readonly is: 'in-flight' }

/**
 * After this long an unanswered claim counts as broken off. Most requests take some milliseconds, and who repeats a warning should not
 * wait. A living one that is slower is in no danger: while it changes anything it holds its claim's row, and when it has lost the claim
 * it changes nothing any more.
 */
const brokenOffAfterSeconds = 5

/** How long answers are kept: a client that repeats after a week is not repeating. */
const keptDays = 7

/** Claims the key by inserting it; of two at the same time one gets it. */
export const claimKey = async (db: Kysely<Database>, wish: KeyedRequest): Promise<KeyClaim> => {
  const id = v7()
  const { actor, key, request, by } = wish
  // asks before it inserts: an insert would wait for the transaction that holds the row
  const { rows } = await sql`
    insert into idempotency (actor, key, request, answer)
    select ${actor}, ${key}, ${request}, ${JSON.stringify({ id, by })}::jsonb
    where not exists (select from idempotency where actor = ${actor} and key = ${key})
    on conflict (actor, key) do nothing returning key`.execute(db)
  if (rows.length > 0) return { is: 'ours', id, again: false, done: false }

  const row = await rowOf(db, wish).selectAll().executeTakeFirst()
  if (!row) return claimKey(db, wish)
  if (row.request !== wish.request) return { is: 'reused' }
  if (row.status !== null) return { is: 'answered', status: row.status, answer: row.answer }
  return (await takeOver(db, wish)) ?? { is: 'in-flight' }
}

/** A claim whose process died: the next one that asks goes on under the same id. */
const takeOver = async (db: Kysely<Database>, wish: KeyedRequest): Promise<KeyClaim | undefined> => {
  const silent = rowOf(db, wish)
    .select('key')
    .where('status', 'is', null)
    .where('createdAt', '<', sql<Date>`now() - make_interval(secs => ${brokenOffAfterSeconds})`)
    .forUpdate()
    .skipLocked()
  const row = await db
    .updateTable('idempotency')
    .set({ createdAt: sql`now()`, answer: sql`answer || ${JSON.stringify({ by: wish.by })}::jsonb` })
    .where('actor', '=', wish.actor)
    .where('key', 'in', silent)
    .returning('answer')
    .executeTakeFirst()
  if (!row?.answer || !('id' in row.answer)) return undefined
  return { is: 'ours', id: String(row.answer.id), again: true, done: 'done' in row.answer }
}

/**
 * Holds the claim until the transaction ends, so that nobody goes on with the request meanwhile; false where somebody already does. Notes
 * with the transaction's effect that there was one: a repeat whose answer was lost must not act on what others have done since.
 */
export const holdKey = async (trx: Transaction<Database>, wish: KeyedRequest): Promise<boolean> => {
  const held = await trx
    .updateTable('idempotency')
    .set({ answer: sql`answer || '{"done": true}'::jsonb` })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .where(isBy(wish))
    .returning('key')
    .executeTakeFirst()
  return held !== undefined
}

/** Keeps the answer for repeats. */
export const keepAnswer = async (db: Kysely<Database>, wish: KeyedRequest, status: number, answer: object | null): Promise<void> => {
  await db
    .updateTable('idempotency')
    .set({ status, answer: answer === null ? null : JSON.stringify(answer) })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .where(isBy(wish))
    .execute()
}

/** The request failed, perhaps after its effect: a repeat may go on at once, under the same id. */
export const breakOff = async (db: Kysely<Database>, wish: KeyedRequest): Promise<void> => {
  await db
    .updateTable('idempotency')
    // old enough to be taken over, and not so old as to be forgotten: a repeat must still find the id
    .set({ createdAt: sql`now() - make_interval(secs => ${brokenOffAfterSeconds + 1})` })
    .where('actor', '=', wish.actor)
    .where('key', '=', wish.key)
    .where(isBy(wish))
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

/** Still unanswered, and in the hands of this try. */
const isBy = ({ by }: KeyedRequest) => sql<boolean>`status is null and answer->>'by' = ${by}`

const rowOf = (db: Kysely<Database>, { actor, key }: KeyedRequest) =>
  db.selectFrom('idempotency').where('actor', '=', actor).where('key', '=', key)
