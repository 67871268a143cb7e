// The real commands on a real store, without queue and workers: platforms are carried out by one statement.
import { sql } from 'kysely'
import type { Actor, Desk } from '../../src/commands/desk.ts'
import type { City } from '../../src/policy/policy.ts'
import { putItem } from '../../src/store/newsroom.ts'
import { aDatabase } from './database.ts'
import { offersOf } from './offers.ts'
import { testProof } from './proof.ts'

export interface CommandDesk extends AsyncDisposable {
  readonly desk: Desk
  /** What has been handed over is delivered, on the channels named, with a receipt; what stands in the newsroom is there, too. */
  deliver(channels: readonly string[]): Promise<void>
  /** Forgets every announcement. */
  empty(): Promise<void>
}

export const aCommandDesk = async (cities: readonly City[]): Promise<CommandDesk> => {
  const store = await aDatabase()
  const { db } = store
  return {
    desk: {
      db,
      cities: new Map(cities.map((city) => [city.key, city])),
      policyDigests: new Map(cities.map((city) => [city.key, city.key.padEnd(64, '0')])),
      connectors: offersOf().connectors,
      proof: testProof,
    },
    deliver: async (channels) => {
      const rows = await db
        .updateTable('delivery')
        .set({ state: 'delivered', settledAt: sql`now()` })
        .where('channel', 'in', [...channels])
        .where('state', '=', 'queued')
        .returning(['id', 'city', 'platform', 'action', 'target', 'post'])
        .execute()
      for (const { id, city, platform, action, target, post } of rows) {
        if (action === 'retract') await sql`update receipt set retracted_at = now() where delivery_id = ${target}`.execute(db)
        else await sql`insert into receipt (delivery_id, id, url, at, detail) values (${id}, ${id}, null, now(), '{}')`.execute(db)
        if (platform === 'newsroom' && post !== null)
          await putItem(db, { city, key: action === 'update' ? (target as string) : id }, post, null)
      }
    },
    empty: async () => {
      await sql`truncate announcement, revision, plan, approval, delivery, attempt, receipt, outbox, newsroom cascade`.execute(db)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/** Each actor is a person of the same name, unless said. */
export const anActor = (name: string, over: Partial<Actor> = {}): Actor => ({ ...anActorWithoutPerson(name), person: name, ...over })

/** Holds a key that names no person. */
export const anActorWithoutPerson = (name: string): Actor => ({ id: name, name, role: 'admin', cities: '*' })
