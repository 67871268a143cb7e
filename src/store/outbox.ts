// What is still to be handed to the queue: written with the deliveries in one transaction, taken by the relay.
import { type Kysely, sql, type Transaction } from 'kysely'
import { sendingRests } from './order.ts'
import type { Database } from './tables.ts'

export interface Handover {
  readonly id: string
  readonly deliveryId: string
  readonly turn: number
  readonly platform: string
  readonly way: 'urgent' | 'routine'
}

/** The channel on which a commit wakes the relay (PostgreSQL NOTIFY). */
export const outboxChannel = 'rundruf_outbox'

/** Tells waiting relays that there is something due, of this way or of any; heard when the transaction commits. */
export const ring = async (trx: Transaction<Database>, way: Handover['way'] | 'any' = 'any'): Promise<void> => {
  await sql`select pg_notify(${outboxChannel}, ${way})`.execute(trx)
}

export type HandOver = (rows: readonly Handover[]) => Promise<void>

/**
 * Hands over up to `most` due rows of one way and deletes them: a process that dies in between leaves the rows, and the queue
 * ignores the second adding of the same turn. Returns how many there were.
 */
export const takeDue = (db: Kysely<Database>, way: Handover['way'], most: number, handOver: HandOver): Promise<number> =>
  way === 'urgent' ? takeAtOnce(db, most, handOver) : db.transaction().execute((trx) => takeAlone(trx, most, handOver))

const due = (db: Kysely<Database>, way: Handover['way'], most: number) =>
  db
    .selectFrom('outbox')
    .select(['id', 'deliveryId', 'turn', 'platform', 'way'])
    .where('way', '=', way)
    .where('dueAt', '<=', sql<Date>`now()`)
    .where(sql<boolean>`not ${sendingRests}`)
    .orderBy('id')
    .limit(most)

/** Without a lock, for every round trip counts here: two relays may hand over the same row, which is one job all the same. */
const takeAtOnce = async (db: Kysely<Database>, most: number, handOver: HandOver): Promise<number> => {
  const rows = await due(db, 'urgent', most).execute()
  if (rows.length === 0) return 0
  await handOver(rows)
  await remove(db, rows)
  return rows.length
}

/** Two relays never take the same row: thousands are not handed over twice. */
const takeAlone = async (trx: Transaction<Database>, most: number, handOver: HandOver): Promise<number> => {
  const rows = await due(trx, 'routine', most).forUpdate().skipLocked().execute()
  if (rows.length === 0) return 0
  await handOver(rows)
  await remove(trx, rows)
  return rows.length
}

const remove = (db: Kysely<Database>, rows: readonly Handover[]) =>
  sql`delete from outbox where id = any(${rows.map((row) => row.id)}::bigint[])`.execute(db)

/** Milliseconds until the next row of this way falls due, by database time; null when there is none, or sending rests. */
export const untilNextDue = async (db: Kysely<Database>, way: Handover['way']): Promise<number | null> => {
  const row = await db
    .selectFrom('outbox')
    .select(sql<number | null>`(extract(epoch from min(due_at) - now()) * 1000)::float8`.as('ms'))
    .where('way', '=', way)
    .where(sql<boolean>`not ${sendingRests}`)
    .executeTakeFirst()
  return row?.ms ?? null
}
