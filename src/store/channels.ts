// What the store knows of a city's channels: suspended or not, and what the platform last said of itself.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Identity } from '../connector/connector.ts'
import type { LearnedLimits } from '../connector/limits.ts'
import { requeue } from './deliveries.ts'
import type { Database } from './tables.ts'

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
  by: string,
  because: string,
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
  await hold(trx, where, because)
  return true
}

/** What has surely not left is held until the channel is resumed; what is being sent ends by itself. */
const hold = async (trx: Transaction<Database>, where: { readonly city: string; readonly channel: string }, because: string) => {
  await trx
    .updateTable('delivery')
    .set({ state: 'held', heldFor: 'channel', reason: `Der Kanal ist gesperrt: ${because}`, turn: sql`turn + 1` })
    .where('city', '=', where.city)
    .where('channel', '=', where.channel)
    .where('state', 'in', ['queued', 'waiting', 'looking'])
    .execute()
}

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
  const held = await trx
    .selectFrom('delivery')
    .select('id')
    .where('city', '=', city)
    .where('channel', '=', channel)
    .where('state', '=', 'held')
    .where('heldFor', '=', 'channel')
    .forUpdate()
    .execute()
  await requeue(
    trx,
    held.map(({ id }) => id),
  )
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
