// The subscribers of a newsletter: asked, confirmed, left, forgotten. An address stands here only in lower case and never twice.
import { type Kysely, sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Database } from './tables.ts'

export interface Newsletter {
  readonly city: string
  readonly channel: string
}

/** How long a person may take to confirm. */
const confirmHours = 48
/** A second letter about the subscription to the same address only after so long: nobody shall be pestered through our form. */
const calmMinutes = 10
/** How long an address is kept after its person left, for questions about it. */
const keptDays = 30

/** What the form has led to: the person must confirm, has confirmed before, or was written to a moment ago. */
export type Asked = 'ask' | 'confirmed' | 'lately'

/** @param hash of the token that the letter will carry */
export const askSubscriber = (db: Kysely<Database>, { city, channel }: Newsletter, address: string, hash: string): Promise<Asked> =>
  db.transaction().execute(async (trx) => {
    const token = { tokenHash: hash, tokenUntil: sql<Date>`now() + make_interval(hours => ${confirmHours})` }
    const asked = await trx
      .insertInto('subscriber')
      .values({ id: uuid(), city, channel, address, state: 'pending', source: 'page', ...token })
      .onConflict((conflict) =>
        conflict
          .columns(['city', 'channel', 'address'])
          // who comes back must confirm anew, and stays the same row: the link in an old letter shall end the new subscription, too
          .doUpdateSet({ ...token, state: 'pending', source: 'page', askedAt: sql<Date>`now()`, confirmedAt: null, leftAt: null })
          .where('subscriber.state', 'in', ['pending', 'left'])
          .where('subscriber.askedAt', '<', calmSince),
      )
      .returning('id')
      .executeTakeFirst()
    if (asked) return 'ask'
    const known = await trx
      .updateTable('subscriber')
      .set({ askedAt: sql<Date>`now()` })
      .where('city', '=', city)
      .where('channel', '=', channel)
      .where('address', '=', address)
      .where('state', '=', 'confirmed')
      .where('askedAt', '<', calmSince)
      .returning('id')
      .executeTakeFirst()
    return known ? 'confirmed' : 'lately'
  })

const calmSince = sql<Date>`now() - make_interval(mins => ${calmMinutes})`

/** The letter could not be sent: the next try need not wait. */
export const letterFailed = async (db: Kysely<Database>, { city, channel }: Newsletter, address: string): Promise<void> => {
  await db
    .updateTable('subscriber')
    .set({ askedAt: sql<Date>`'epoch'` })
    .where('city', '=', city)
    .where('channel', '=', channel)
    .where('address', '=', address)
    .execute()
}

/** True while the token of this hash may confirm, or just has. */
export const isAsked = async (db: Kysely<Database>, city: string, hash: string): Promise<boolean> =>
  (await db
    .selectFrom('subscriber')
    .select('id')
    .where('city', '=', city)
    .where('tokenHash', '=', hash)
    .where(holds)
    .executeTakeFirst()) !== undefined

/** Confirms; false where the token is not, or no longer, one of ours. A second time changes nothing. */
export const confirmSubscriber = async (db: Kysely<Database>, city: string, hash: string): Promise<boolean> => {
  const row = await db
    .updateTable('subscriber')
    .set({ state: 'confirmed', confirmedAt: sql<Date>`coalesce(confirmed_at, now())` })
    .where('city', '=', city)
    .where('tokenHash', '=', hash)
    .where(holds)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

const holds = sql<boolean>`state in ('pending', 'confirmed') and token_until > now()`

/** Ends a subscription at once; a second time changes nothing. */
export const leave = async (db: Kysely<Database>, id: string): Promise<void> => {
  await db
    .updateTable('subscriber')
    .set({ state: 'left', leftAt: sql<Date>`now()`, tokenHash: null, askedAt: sql<Date>`'epoch'` })
    .where('id', '=', id)
    .where('state', '<>', 'left')
    .execute()
}

export const countSubscribers = async (db: Kysely<Database>, { city, channel }: Newsletter): Promise<number> => {
  const { n } = await db
    .selectFrom('subscriber')
    .select(sql<number>`count(*)::int`.as('n'))
    .where('city', '=', city)
    .where('channel', '=', channel)
    .where('state', '=', 'confirmed')
    .executeTakeFirstOrThrow()
  return n
}

/** Drops what was never confirmed, and the addresses of those who left long ago. Returns how many. */
export const forgetSubscribers = async (db: Kysely<Database>): Promise<number> => {
  const unconfirmed = sql<boolean>`state = 'pending' and token_until < now()`
  const served = sql<boolean>`exists (select 1 from mailing m where m.subscriber_id = subscriber.id)`
  const dropped = await db.deleteFrom('subscriber').where(unconfirmed).where(sql<boolean>`not ${served}`).executeTakeFirst()
  // had letters before, and did not confirm anew
  await db.updateTable('subscriber').set({ state: 'left', address: null, tokenHash: null }).where(unconfirmed).execute()
  const forgotten = await db
    .updateTable('subscriber')
    .set({ address: null })
    .where('state', '=', 'left')
    .where('address', 'is not', null)
    .where('leftAt', '<', sql<Date>`now() - make_interval(days => ${keptDays})`)
    .executeTakeFirst()
  return Number(dropped.numDeletedRows + forgotten.numUpdatedRows)
}
