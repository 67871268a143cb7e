// The desk of the cities' own pages: what the newsroom channel may do there.
import type { Kysely } from 'kysely'
import type { Newsroom, Receipt } from '../connector/connector.ts'
import { findItem, type Place, putItem, retractItem } from '../store/newsroom.ts'
import type { Database } from '../store/tables.ts'

/**
 * The desk that a newsroom channel publishes at; its `account` is the key of a city.
 * Times are the database's, so that two machines with different clocks keep one order; `now` (ISO 8601) replaces them in demonstrations.
 */
export const newsroomDesk = (db: Kysely<Database>, publicUrl: string, now?: () => string): Newsroom => {
  const base = publicUrl.replace(/\/+$/, '')
  const receipt = ({ city, key }: Place, at: string): Receipt => ({ id: key, url: `${base}/${city}/${key}`, at })
  const time = (): string | null => now?.() ?? null
  return {
    put: async (city, key, post) => receipt({ city, key }, (await putItem(db, { city, key }, post, time())).toISOString()),
    retract: (city, key) => retractItem(db, { city, key }, time()),
    find: async (city, key) => {
      const item = await findItem(db, { city, key })
      return item && receipt(item, item.publishedAt)
    },
  }
}
