// A PostgreSQL of a test's own, as durable as a city's: killed, stopped and started again on the same directory.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../embedded/postgres.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { TestDatabase } from './database.ts'
import { poll } from './poll.ts'

export interface TestPostgres extends TestDatabase {
  readonly pid: number
  readonly socketDir: string
  /** Ends the postmaster: SIGKILL as a power cut does, SIGQUIT as `pg_ctl -m immediate`; returns when it is gone. */
  end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>
  /** Starts it again on the same directory. */
  restart(): Promise<void>
  /** Asks on a connection of its own. */
  ask(sql: string): Promise<readonly Record<string, unknown>[]>
}

export interface PostgresWish {
  readonly settings?: Readonly<Record<string, string>>
  /** A new folder below the system's for temporary files, unless named. */
  readonly dir?: string
}

/** Its folder goes with it. Pass it to `aRundruf({ store })`, which ends it with the house. */
export const aPostgres = async ({ settings = {}, dir = mkdtempSync(join(tmpdir(), 'rundruf-postgres-')) }: PostgresWish = {}) => {
  let postgres: Postgres = await startPostgres({ dir, settings })
  const { url, socketDir } = postgres
  const db = openDatabase({ url })
  const made: TestPostgres = {
    db,
    url,
    socketDir,
    get pid() {
      return postgres.pid
    },
    end: async (signal) => {
      process.kill(postgres.pid, signal)
      await postgres.stop()
    },
    restart: async () => {
      // the last processes of the one that was killed may still hold its memory for a moment
      postgres = await poll('PostgreSQL to start again', () => startPostgres({ dir, settings }))
    },
    ask: async (sql) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return made
}
