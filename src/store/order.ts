// The order on a channel: what comes later waits until everything before it is settled. One rule, used wherever something may go.
import { type Kysely, sql } from 'kysely'
import type { Database } from './tables.ts'

/** In place of its MAC once a delivery is settled: by no change of its state does it leave a second time. */
export const spent = 'spent'

/** At the end of a correlated `exists` that is not alone in its condition: it is asked row by row, and not once for the whole table. */
export const byKey = sql`offset 0`

/**
 * True when nothing before `d` is open on its channel: no earlier delivery of its announcement, none of the announcement it follows.
 * For raw statements in which the delivery's row is called `d`.
 */
export const nothingBefore = sql<boolean>`
  not exists (
    select 1 from delivery e
    where e.announcement_id = d.announcement_id and e.channel = d.channel and e.sequence < d.sequence
      and e.state not in ('delivered', 'given-up', 'expired', 'superseded'))
  and (d.follows is null or not exists (
    select 1 from delivery e
    where e.announcement_id = d.follows and e.channel = d.channel
      and e.state not in ('delivered', 'given-up', 'expired', 'superseded') ${byKey}))`

/**
 * True when something later makes `d` pointless: a newer wording, the retraction (also where the channel itself can take nothing back),
 * or the all-clear of the same status (an exercise ends nothing real). What has surely not left by then must not leave any more. For raw
 * statements as above.
 */
export const overtaken = sql<boolean>`
  (d.action <> 'retract' and (
    exists (select 1 from announcement a where a.id = d.announcement_id and a.retracted_at is not null)
    or exists (
      select 1 from delivery n
      where n.channel = d.channel and n.state not in ('delivered', 'given-up', 'expired', 'superseded')
        and ((n.announcement_id = d.announcement_id and n.sequence > d.sequence)
          or (n.follows = d.announcement_id and n.post->>'kind' = 'all-clear' and n.post->>'status' = d.post->>'status')))))`

/** What people read of it. */
export const overtakenReason = 'Inzwischen gilt etwas Neueres; dies ist hier nicht mehr erschienen.'

export const isOvertaken = async (db: Kysely<Database>, id: string): Promise<boolean> => {
  const { rows } = await sql<{ overtaken: boolean }>`select ${overtaken} as overtaken from delivery d where d.id = ${id}`.execute(db)
  return rows[0]?.overtaken ?? false
}

/** True when the announcement was taken back, or an all-clear of its status holds: no channel says it for the first time any more. */
export const isEnded = async (db: Kysely<Database>, announcementId: string): Promise<boolean> => {
  const { rows } = await sql<{ ended: boolean }>`
    select a.retracted_at is not null or exists (
      select 1 from delivery n join announcement c on c.id = n.announcement_id
      where n.follows = a.id and n.post->>'kind' = 'all-clear' and n.post->>'status' = r.content->>'status' and c.retracted_at is null) as ended
    from announcement a join revision r on r.announcement_id = a.id and r.number = a.revision where a.id = ${announcementId}`.execute(db)
  return rows[0]?.ended ?? false
}

/** True while sending rests (a backup was restored): nothing is claimed and nothing handed over. */
export const sendingRests = sql<boolean>`exists (select 1 from sending_pause)`

/** True when nothing may go to the channel of `d` now. For raw statements as above. */
export const onSuspendedChannel = sql<boolean>`
  exists (select 1 from channel c where c.city = d.city and c.channel = d.channel and c.suspended_at is not null)`
