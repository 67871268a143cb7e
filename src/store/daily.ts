// A channel's daily maximum, counted in the store: it holds over all processes, and whatever becomes of Redis.
import { type Kysely, sql } from 'kysely'
import { zone } from '../announcement/local-time.ts'
import type { Database } from './tables.ts'

export interface PlaceWish {
  /** Of the delivery. */
  readonly id: string
  readonly city: string
  readonly channel: string
  /** So many places has the channel in a calendar day (Europe/Berlin). */
  readonly perDay: number
}

/** The day in Germany, by the database's clock. */
const today = sql<Date>`(now() at time zone ${sql.lit(zone)})::date`

/**
 * Takes a place of today on the channel for the delivery, or keeps the one that it has. Undefined: it has one now; else there is none left,
 * and this is the time (ISO 8601 UTC, the database's clock) at which there was none.
 */
export const takePlace = (db: Kysely<Database>, { id, city, channel, perDay }: PlaceWish): Promise<string | undefined> =>
  db.transaction().execute(async (trx) => {
    // who counts and who adds must not cross; the statement after the lock sees what was committed before it
    await sql`select pg_advisory_xact_lock(hashtextextended(${`daily ${city}/${channel}`}, 0))`.execute(trx)
    const { rows } = await sql<{ now: Date; full: boolean }>`
      with taken as (
        insert into daily_post (delivery_id, city, channel, day)
        select ${id}::uuid, ${city}, ${channel}, ${today} where (
          select count(*) from daily_post p
          where p.city = ${city} and p.channel = ${channel} and p.day = ${today} and p.delivery_id <> ${id}::uuid) < ${perDay}::int
        on conflict (delivery_id) do update set day = excluded.day
        returning delivery_id
      )
      select now() as now, not exists (select 1 from taken) as full`.execute(trx)
    const [answer] = rows
    return answer?.full ? answer.now.toISOString() : undefined
  })

/** Gives the place back: nothing of the delivery was posted. */
export const givePlaceBack = async (db: Kysely<Database>, id: string): Promise<void> => {
  await db.deleteFrom('dailyPost').where('deliveryId', '=', id).execute()
}
