// The connections of a process, in four pools, so that none of those who use them takes what another needs.
import type { Kysely } from 'kysely'
import { type DatabaseOptions, openDatabase } from './database.ts'
import type { Database } from './tables.ts'

export interface Pools {
  /** For what happens without being asked. */
  readonly db: Kysely<Database>
  /** For those who wait for an answer. */
  readonly door: Kysely<Database>
  /** For the two statements of every delivery. */
  readonly hot: Kysely<Database>
  /** For whoever looks at the public pages. */
  readonly readers: Kysely<Database>
  close(): Promise<void>
}

/** @param onError hears of connections that break */
export const openPools = (url: string, onError: (error: Error) => void): Pools => {
  const pool = (wish: Omit<DatabaseOptions, 'url' | 'onError'>) => openDatabase({ ...wish, url, onError })
  const pools = {
    db: pool({ max: 20 }),
    // few at a time: those who release wait for one another (the audit is a chain), and that shall not look like a lock held for ever
    door: pool({ max: 6, hurried: true }),
    hot: pool({ max: 6, prepared: true }),
    // a crowd of readers takes no connection from deliveries
    readers: pool({ max: 4 }),
  }
  return { ...pools, close: async () => void (await Promise.all(Object.values(pools).map((one) => one.destroy()))) }
}
