// What the sweep looks for: claims whose holder fell silent, deliveries past their expiry, deliveries that the queue has forgotten.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Action } from '../planning/plan.ts'
import { queueNext } from './deliveries.ts'
import { nothingBefore, sendingRests, spent } from './order.ts'
import { ring } from './outbox.ts'
import type { Database } from './tables.ts'

export interface SilentClaim {
  readonly id: string
  readonly fence: number
  readonly announcementId: string
  readonly city: string
  readonly channel: string
  readonly platform: string
  readonly way: 'urgent' | 'routine'
  readonly action: Action
  readonly doubles: 'avoid' | 'tolerate'
  readonly attempts: number
  readonly unclears: number
  readonly ageMs: number
}

/** Deliveries in `sending` whose lease has run out by database time. */
export const silentClaims = (db: Kysely<Database>, platforms: readonly string[], most = 500): Promise<SilentClaim[]> =>
  db
    .selectFrom('delivery')
    .select(['id', 'fence', 'announcementId', 'city', 'channel', 'platform', 'way', 'action', 'doubles', 'attempts', 'unclears'])
    .select(sql<number>`(extract(epoch from now() - first_at) * 1000)::float8`.as('ageMs'))
    .where('settledAt', 'is', null)
    .where('state', '=', 'sending')
    .where('leaseUntil', '<', sql<Date>`now()`)
    .where('platform', 'in', [...platforms, ''])
    .orderBy('leaseUntil')
    .limit(most)
    .execute()

export interface Expired {
  readonly id: string
  readonly announcementId: string
  readonly city: string
  readonly channel: string
  readonly platform: string
  readonly way: 'urgent' | 'routine'
}

/** Settles what may not be sent any more and surely has not left; what is unclear is looked up first. */
export const expireDue = (db: Kysely<Database>, most = 500): Promise<readonly Expired[]> =>
  db.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable('delivery')
      .set({ state: 'expired', settledAt: sql`now()`, mac: spent, turn: sql`turn + 1`, heldFor: null, question: null })
      .set({ reason: 'Die Meldung war nicht mehr gültig, bevor sie hinausgehen konnte.' })
      .where('id', 'in', (from) =>
        from
          .selectFrom('delivery')
          .select('id')
          .where('settledAt', 'is', null)
          .where('state', 'in', ['planned', 'queued', 'waiting', 'held'])
          .where('unclearSince', 'is', null)
          .where('expiresAt', '<=', sql<Date>`now()`)
          .orderBy('id')
          .limit(most)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'announcementId', 'city', 'channel', 'platform', 'way'])
      .execute()
    for (const row of rows) await queueNext(trx, row)
    if (rows.length > 0) await ring(trx)
    return rows
  })

/** Queues deliveries that wait behind nothing any more (their predecessor was settled at the very moment they were made). */
export const queueStuck = (db: Kysely<Database>): Promise<number> =>
  db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ n: number }>`
      with stuck as (
        select d.id from delivery d
        where d.state = 'planned' and d.queued_at is null and d.settled_at is null and ${nothingBefore}
        limit 500 for update skip locked
      ), again as (
        update delivery d set state = 'queued', turn = d.turn + 1, queued_at = now() from stuck where stuck.id = d.id and d.state = 'planned'
        returning d.id, d.turn, d.platform, d.way, d.due_at
      ), sent as (insert into outbox (delivery_id, turn, platform, way, due_at) select * from again)
      select count(*)::int as n from again`.execute(trx)
    const stuck = rows[0]?.n ?? 0
    if (stuck > 0) await ring(trx)
    return stuck
  })

export interface Overdue {
  readonly id: string
  readonly turn: number
  readonly platform: string
  readonly way: 'urgent' | 'routine'
}

export interface OverdueWish {
  readonly seconds: number
  readonly most: number
  readonly lane?: Pick<Overdue, 'platform' | 'way'>
}

const notHanded = sql<boolean>`not exists (select 1 from outbox o where o.delivery_id = delivery.id)`

/** Deliveries (of one lane, where named) that were handed to the queue and are due for longer: the queue should know them. */
export const overdue = (db: Kysely<Database>, { seconds, most, lane }: OverdueWish): Promise<Overdue[]> =>
  db
    .selectFrom('delivery')
    .select(['id', 'turn', 'platform', 'way'])
    .where('settledAt', 'is', null)
    .where('state', 'in', ['queued', 'waiting', 'looking'])
    .where('dueAt', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .$if(lane !== undefined, (query) => query.where('platform', '=', lane?.platform ?? '').where('way', '=', lane?.way ?? 'urgent'))
    .where(notHanded)
    .where(sql<boolean>`not ${sendingRests}`)
    .orderBy(sql`way = 'routine'`)
    .orderBy('dueAt')
    .limit(most)
    .execute()

/**
 * Gives these a new turn and puts them into the outbox again; not those that were taken, settled or put before a person since they
 * were read: their turn or their state is another by now.
 */
export const handAgain = (db: Kysely<Database>, lost: readonly Pick<Overdue, 'id' | 'turn'>[]): Promise<void> =>
  db.transaction().execute(async (trx) => {
    await sql`
      with again as (
        update delivery d set turn = d.turn + 1, queued_at = now()
        from unnest(${lost.map(({ id }) => id)}::uuid[], ${lost.map(({ turn }) => turn)}::int[]) as l (id, turn)
        where d.id = l.id and d.turn = l.turn and d.state in ('queued', 'waiting', 'looking')
        returning d.id, d.turn, d.platform, d.way, d.due_at
      ) insert into outbox (delivery_id, turn, platform, way, due_at) select * from again`.execute(trx)
    await ring(trx)
  })

/** The value that Redis must hold too. */
export const queueMark = async (db: Kysely<Database>): Promise<string> =>
  (await db.selectFrom('queueMark').select('mark').where('id', '=', 1).executeTakeFirstOrThrow()).mark

/** Sets a new mark if `old` still stands; with `refill`, everything the queue may have forgotten goes into the outbox again. */
export const setQueueMark = (db: Kysely<Database>, marks: { old: string; new: string }, refill: boolean): Promise<number | undefined> =>
  db.transaction().execute(async (trx) => {
    const changed = await trx
      .updateTable('queueMark')
      .set({ mark: marks.new })
      .where('id', '=', 1)
      .where('mark', '=', marks.old)
      .returning('id')
      .executeTakeFirst()
    if (!changed) return undefined
    return refill ? refillOutbox(trx) : 0
  })

/** Hands over anew, with a new turn, everything that the queue may have forgotten. */
export const refillOutbox = async (trx: Transaction<Database>): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    with again as (
      update delivery set turn = turn + 1, queued_at = now()
      where settled_at is null and state in ('queued', 'waiting', 'looking') and not exists (select 1 from outbox o where o.delivery_id = delivery.id)
      returning id, turn, platform, way, due_at
    ), sent as (insert into outbox (delivery_id, turn, platform, way, due_at) select * from again)
    select count(*)::int as n from again`.execute(trx)
  await ring(trx)
  return rows[0]?.n ?? 0
}

/** Urgent deliveries that are due, for the way past an absent queue. */
export const dueUrgent = (db: Kysely<Database>, platforms: readonly string[], most: number): Promise<Overdue[]> =>
  db
    .selectFrom('delivery')
    .select(['id', 'turn', 'platform', 'way'])
    .where('way', '=', 'urgent')
    .where('settledAt', 'is', null)
    .where('state', 'in', ['queued', 'waiting', 'looking'])
    .where('dueAt', '<=', sql<Date>`now()`)
    .where('platform', 'in', [...platforms, ''])
    .where(sql<boolean>`not ${sendingRests}`)
    .orderBy('dueAt')
    .limit(most)
    .execute()
