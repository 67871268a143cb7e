// What a channel keeps from one run to the next (refreshed tokens): sealed before it comes here, changed by one process at a time.
import { type Kysely, sql } from 'kysely'
import type { Safe, SafeContent } from '../connector/connector.ts'
import { ChannelError } from '../connector/errors.ts'
import { insist } from './insist.ts'
import type { Database } from './tables.ts'

/** How contents are sealed; handed in. */
export interface Sealing {
  close(content: string, purpose: string): Buffer
  open(sealed: Uint8Array, purpose: string): string
}

interface Where {
  readonly city: string
  readonly channel: string
}

/** How long a store that is away is waited for with what has to be kept. */
const keepForMs = 30_000

/** The safe of one channel. Its calls throw a ChannelError when what is kept was sealed with another key. */
export const safeOf = (db: Kysely<Database>, sealing: Sealing, where: Where): Safe => ({
  read: () => read(db, sealing, where),
  // the lock belongs to the connection: it outlives no process, and no transaction is open while a platform takes its time
  change: (make) =>
    db.connection().execute(async (own) => {
      const lock = sql`hashtextextended(${`safe ${where.city}/${where.channel}`}, 0)`
      await sql`select pg_advisory_lock(${lock})`.execute(own)
      try {
        const now = await read(own, sealing, where)
        const next = await make(now)
        if (next === now) return next
        const kept = { ...where, content: next }
        // what a platform gives is given once: a connection that broke while it was asked must not lose it
        await write(own, sealing, kept).catch(() => insist(() => write(db, sealing, kept), keepForMs))
        return next
      } finally {
        // a connection that broke has let go of it already
        await sql`select pg_advisory_unlock(${lock})`.execute(own).catch(() => {})
      }
    }),
})

const purposeOf = ({ city, channel }: Where): string => `${city}/${channel}`

const read = async (db: Kysely<Database>, sealing: Sealing, where: Where): Promise<SafeContent | undefined> => {
  const { city, channel } = where
  const row = await db.selectFrom('safe').select('sealed').where('city', '=', city).where('channel', '=', channel).executeTakeFirst()
  if (!row) return undefined
  try {
    return JSON.parse(sealing.open(row.sealed, purposeOf(where)))
  } catch (cause) {
    throw new ChannelError(
      `Der gespeicherte Zugang des Kanals »${channel}« wurde mit einem anderen Schlüssel verschlossen; alle Prozesse brauchen dieselbe Datei RUNDRUF_SECRET_KEY_FILE.`,
      { cause },
    )
  }
}

const write = async (db: Kysely<Database>, sealing: Sealing, { content, ...where }: Where & { content: SafeContent }): Promise<void> => {
  const fields = { sealed: sealing.close(JSON.stringify(content), purposeOf(where)), changedAt: sql<Date>`now()` }
  await db
    .insertInto('safe')
    .values({ ...where, ...fields })
    .onConflict((conflict) => conflict.columns(['city', 'channel']).doUpdateSet(fields))
    .execute()
}
