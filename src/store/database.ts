// Opens the store: Kysely on a pool of PostgreSQL connections, camelCase in code, snake_case in the database.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { PreparingClient } from './preparing.ts'
import { noticingSilence } from './silence.ts'
import type { Database } from './tables.ts'

export interface DatabaseOptions {
  /** `postgresql://user@host/name`, or for a unix socket `postgresql:///name?host=/socket/dir&user=postgres`. */
  readonly url: string
  /** The most connections of this pool; 10 unless said otherwise. */
  readonly max?: number
  /** Somebody waits for the answer: what another transaction locks, or what gets no answer, fails within two seconds. */
  readonly hurried?: boolean
  /** The server ends a statement that takes longer, in milliseconds; none unless said. Whoever asked may have gone long ago. */
  readonly endsAfterMs?: number
  /** For few statements that are asked all the time, each for a handful of rows by their keys: they are read and planned once. */
  readonly prepared?: boolean
  /** Called when a connection breaks (a restarted server); the pool opens a new one at the next query. */
  readonly onError?: (error: Error) => void
}

/**
 * A connection pool; it connects at the first query, so it opens while PostgreSQL is still away. `db.destroy()` closes it.
 * Values: `timestamptz` is a Date, `bigint` (and so every `count`) is a string, `jsonb` is parsed and its own keys stay as they are.
 * A JSON array must be written as `JSON.stringify(list)`: `pg` would send a bare array as a PostgreSQL array.
 */
export const openDatabase = ({ url, max = 10, hurried, endsAfterMs, prepared, onError = ignore }: DatabaseOptions): Kysely<Database> => {
  const ends = endsAfterMs === undefined ? {} : { statement_timeout: endsAfterMs }
  const waits = { connectionTimeoutMillis: 10_000, ...patience, ...(hurried ? inTime : {}), ...ends }
  const pool = new pg.Pool({ connectionString: url, max, ...keepAlive, ...waits, ...(prepared ? plannedOnce : {}) })
  pool.on('error', onError)
  // the pool listens to idle connections alone: one that breaks between two statements of a transaction would end the process
  pool.on('connect', (client) => client.on('error', onError))
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: noticingSilence(pool, { url, onError }) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

/**
 * Milliseconds. The server gives up first, so that a connection is whole again after waiting in vain for a lock, and a statement that
 * nobody waits for any more works for nobody.
 */
const inTime = { lock_timeout: 1500, statement_timeout: 1700, query_timeout: 1800 }

/** A process that was paused in the middle of a transaction would keep its rows from all others; after so long the server ends it. */
const patience = { idle_in_transaction_session_timeout: 5000 }

/** The system's own two hours would be too long for a connection that a firewall has forgotten. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

/**
 * A plan that is made once may be made while the tables are empty, and must still be right when they are large: it may neither read a
 * table from end to end nor build a hash of one, which is the quickest way only through an empty one.
 */
const plannedOnce = {
  Client: PreparingClient,
  // tables grow: no plan is older than this
  maxLifetimeSeconds: 300,
  options: [
    'plan_cache_mode=force_generic_plan',
    'enable_seqscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
    'enable_material=off',
  ]
    .map((setting) => `-c ${setting}`)
    .join(' '),
}

/** The pool has already thrown the broken connection away. */
const ignore = (): void => {}
