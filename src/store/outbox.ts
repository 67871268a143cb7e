// What is still to be handed to the queue: written with the deliveries in one transaction, taken by the relay.
import { type Kysely, sql, type Transaction } from 'kysely'
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

/** Tells waiting relays that there is something due; heard when the transaction commits. */
export const ring = async (trx: Transaction<Database>): Promise<void> => {
  await sql`select pg_notify(${outboxChannel}, '')`.execute(trx)
}

/**
 * Takes up to `most` due rows, urgent ones first, hands them over and deletes them: a process that dies in between leaves
 * the rows, and the queue ignores the second adding of the same turn. Two relays never take the same row.
 */
export const takeDue = (
  db: Kysely<Database>,
  most: number,
  handOver: (rows: readonly Handover[]) => Promise<void>,
): Promise<readonly Handover[]> =>
  db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('outbox')
      .select(['id', 'deliveryId', 'turn', 'platform', 'way'])
      .where('dueAt', '<=', sql<Date>`now()`)
      .orderBy(sql`way = 'routine'`)
      .orderBy('id')
      .limit(most)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return rows
    await handOver(rows)
    await sql`delete from outbox where id = any(${rows.map((row) => row.id)}::bigint[])`.execute(trx)
    return rows
  })

/** Milliseconds until the next row falls due, by database time; null when there is none. */
export const untilNextDue = async (db: Kysely<Database>): Promise<number | null> => {
  const row = await db
    .selectFrom('outbox')
    .select(sql<number | null>`(extract(epoch from min(due_at) - now()) * 1000)::float8`.as('ms'))
    .executeTakeFirst()
  return row?.ms ?? null
}
