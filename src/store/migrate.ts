// Brings the tables up to date. Several processes may start at once: an advisory lock lets one work and the others wait.
import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import * as first from './migrations/001-first.ts'
import type { Database } from './tables.ts'

/** Every migration by name, in order; a name that has been released is never changed or removed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first': first,
}

/**
 * Applies what is missing, all of it in one transaction, and returns the names applied now.
 * Throws what PostgreSQL said; nothing has changed then.
 */
export const migrate = async (db: Kysely<Database>): Promise<readonly string[]> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error)
    throw new Error(`the store could not be brought up to date: ${error instanceof Error ? error.message : error}`, { cause: error })
  return (results ?? []).map((result) => result.migrationName)
}
