// The connections to the store, each kind of work with its own: what one kind takes, no other waits for.
import type { Kysely } from 'kysely'
import { readerConnections, readerPatienceMs } from './newsroom/asking.ts'
import { type DatabaseOptions, openDatabase } from './store/database.ts'
import type { Database } from './store/tables.ts'

export interface Pools {
  /** For what happens without being asked. */
  readonly db: Kysely<Database>
  /** For those who wait for an answer. */
  readonly door: Kysely<Database>
  /** For the two statements of every delivery. */
  readonly hot: Kysely<Database>
  /** For whoever looks at the public pages. */
  readonly readers: Kysely<Database>
}

/** They connect when they are used first, and close with `opening`. */
export const openPools = (opening: AsyncDisposableStack, options: Pick<DatabaseOptions, 'url' | 'onError'>): Pools => {
  const pool = (wish: Omit<DatabaseOptions, 'url' | 'onError'>): Kysely<Database> => {
    const made = openDatabase({ ...wish, ...options })
    opening.defer(() => made.destroy())
    return made
  }
  return {
    db: pool({ max: 20 }),
    // few at a time: those who release wait for one another (the audit is a chain), and that shall not look like a lock held for ever
    door: pool({ max: 6, hurried: true }),
    hot: pool({ max: 6, prepared: true }),
    // a crowd of readers takes no connection from deliveries; one more for the newsletter's forms
    readers: pool({ max: readerConnections + 1, endsAfterMs: readerPatienceMs }),
  }
}
