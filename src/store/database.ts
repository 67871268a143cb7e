// Opens the store: Kysely on a pool of PostgreSQL connections, camelCase in code, snake_case in the database.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './tables.ts'

export interface DatabaseOptions {
  /** `postgresql://user@host/name`, or for a unix socket `postgresql:///name?host=/socket/dir&user=postgres`. */
  readonly url: string
  /** The most connections of this pool; 10 unless said otherwise. */
  readonly max?: number
  /** Called when an idle connection breaks (a restarted server); the pool opens a new one at the next query. */
  readonly onError?: (error: Error) => void
}

/**
 * A connection pool; it connects at the first query, so it opens while PostgreSQL is still away. `db.destroy()` closes it.
 * Values: `timestamptz` is a Date, `bigint` (and so every `count`) is a string, `jsonb` is parsed and its own keys stay as they are.
 * A JSON array must be written as `JSON.stringify(list)`: `pg` would send a bare array as a PostgreSQL array.
 */
export const openDatabase = ({ url, max = 10, onError = ignore }: DatabaseOptions): Kysely<Database> => {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000, keepAlive: true })
  pool.on('error', onError)
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/** The pool has already thrown the broken connection away. */
const ignore = (): void => {}
