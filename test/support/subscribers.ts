// Subscribers of a newsletter in the store, as they stand there once they have confirmed.
import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Database } from '../../src/store/tables.ts'

export interface WantedSubscriber {
  readonly city: string
  readonly channel: string
  readonly address: string
}

/** Returns the subscriber's id. */
export const aSubscriber = async (db: Kysely<Database>, wanted: WantedSubscriber): Promise<string> => {
  const id = v7()
  await db
    .insertInto('subscriber')
    .values({ id, ...wanted, state: 'confirmed', source: 'test', confirmedAt: new Date() })
    .execute()
  return id
}
