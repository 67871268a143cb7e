// What the store knows of a city's channels: suspended or not, and what the platform last said of itself.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Identity } from '../connector/connector.ts'
import type { LearnedLimits } from '../connector/limits.ts'
import { queueNext, requeue, supersede } from './deliveries.ts'
import { overtaken, overtakenReason } from './order.ts'
import type { Proof } from './proof.ts'
import type { Database } from './tables.ts'
import { takeOver } from './take-over.ts'

export interface ChannelState {
  readonly city: string
  readonly channel: string
  readonly suspendedAt: Date | null
  readonly suspendedBy: string | null
  readonly suspendedBecause: string | null
  readonly identity: Identity | null
  readonly checkedAt: Date | null
}

export const channelStates = (db: Kysely<Database>, city?: string): Promise<ChannelState[]> =>
  db
    .selectFrom('channel')
    .selectAll()
    .$if(city !== undefined, (query) => query.where('city', '=', city as string))
    .execute()

/** The city's suspended channels with the reason, and what its channels' platforms said of their limits. */
export const channelSituation = async (
  db: Kysely<Database>,
  city: string,
): Promise<{ suspended: ReadonlyMap<string, string>; learned: ReadonlyMap<string, LearnedLimits> }> => {
  const states = await channelStates(db, city)
  return {
    suspended: new Map(states.filter((one) => one.suspendedAt !== null).map((one) => [one.channel, one.suspendedBecause ?? ''])),
    learned: new Map(states.flatMap((one) => (one.identity?.limits ? [[one.channel, one.identity.limits]] : []))),
  }
}

/** Suspends the channel; true when it was not suspended before. */
export const suspend = async (
  trx: Transaction<Database>,
  where: { readonly city: string; readonly channel: string },
  { by, because, proof }: { readonly by: string; readonly because: string; readonly proof: Proof },
): Promise<boolean> => {
  const { city, channel } = where
  const row = await trx
    .insertInto('channel')
    .values({ city, channel, suspendedAt: sql`now()`, suspendedBy: by, suspendedBecause: because })
    .onConflict((conflict) =>
      conflict
        .columns(['city', 'channel'])
        .doUpdateSet({ suspendedAt: sql`now()`, suspendedBy: by, suspendedBecause: because })
        .where('channel.suspendedAt', 'is', null),
    )
    .returning('city')
    .executeTakeFirst()
  if (!row) return false
  await hold(trx, where, { because, proof })
  return true
}

/** What is not being sent at this moment is held until the channel is resumed; where a fallback stands by, it takes over at once. */
const hold = async (
  trx: Transaction<Database>,
  { city, channel }: { readonly city: string; readonly channel: string },
  { because, proof }: { readonly because: string; readonly proof: Proof },
): Promise<void> => {
  await trx
    .updateTable('delivery')
    .set({ state: 'held', heldFor: 'channel', reason: `Der Kanal ist gesperrt: ${because}`, turn: sql`turn + 1` })
    .where('city', '=', city)
    .where('channel', '=', channel)
    .where('settledAt', 'is', null)
    .where('state', 'in', ['queued', 'waiting', 'looking'])
    .execute()
  for (const announcementId of await withStandby(trx, { city, channel })) await takeOver(trx, { announcementId, channel }, proof)
}

/** Announcements with a first post held here for which another channel stands by. */
const withStandby = async (
  trx: Transaction<Database>,
  { city, channel }: { readonly city: string; readonly channel: string },
): Promise<readonly string[]> => {
  const standby = JSON.stringify({ decisions: [{ because: 'standby', standbyFor: channel }] })
  const { rows } = await sql<{ announcementId: string }>`
    select distinct announcement_id from delivery d
    where city = ${city} and channel = ${channel} and state = 'held' and held_for = 'channel' and action <> 'retract'
      and exists (select 1 from plan p where p.announcement_id = d.announcement_id and p.content @> ${standby}::jsonb)`.execute(trx)
  return rows.map(({ announcementId }) => announcementId)
}

/** Holds what came to a suspended channel after its suspension: it waited behind something else, or was released at that very moment. */
export const holdSuspended = (db: Kysely<Database>, proof: Proof): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ city: string; channel: string; because: string | null }>`
      select city, channel, suspended_because as because from channel where suspended_at is not null and exists (
        select 1 from delivery d where d.city = channel.city and d.channel = channel.channel
          and d.settled_at is null and d.state in ('queued', 'waiting', 'looking')
      )`.execute(trx)
    for (const { because, ...where } of rows) await hold(trx, where, { because: because ?? '', proof })
  })

/** Resumes the channel and gives its held deliveries back to the queue; false when it was not suspended. */
export const resume = async (trx: Transaction<Database>, where: { readonly city: string; readonly channel: string }): Promise<boolean> => {
  const { city, channel } = where
  const row = await trx
    .updateTable('channel')
    .set({ suspendedAt: null, suspendedBy: null, suspendedBecause: null })
    .where('city', '=', city)
    .where('channel', '=', channel)
    .where('suspendedAt', 'is not', null)
    .returning('city')
    .executeTakeFirst()
  const { rows: held } = await sql<{ id: string; announcementId: string; pointless: boolean }>`
    select id, announcement_id, unclear_since is null and ${overtaken} as pointless from delivery d
    where city = ${city} and channel = ${channel} and state = 'held' and held_for = 'channel' for update`.execute(trx)
  const pointless = held.filter((one) => one.pointless)
  // it was being sent, and failed, when something newer came
  await supersede(
    trx,
    pointless.map(({ id }) => id),
    overtakenReason,
  )
  await requeue(
    trx,
    held.filter((one) => !one.pointless).map(({ id }) => id),
  )
  for (const { announcementId } of pointless) await queueNext(trx, { announcementId, channel })
  return row !== undefined
}

/** Keeps what a check said. */
export const keepIdentity = async (
  db: Kysely<Database>,
  where: { readonly city: string; readonly channel: string },
  identity: Identity,
): Promise<void> => {
  const { city, channel } = where
  const fields = { identity: JSON.stringify(identity), checkedAt: sql<Date>`now()` }
  await db
    .insertInto('channel')
    .values({ city, channel, ...fields })
    .onConflict((conflict) => conflict.columns(['city', 'channel']).doUpdateSet(fields))
    .execute()
}
