// Brings the tables up to date. Several processes may start at once: an advisory lock lets one work and the others wait.
import { setTimeout } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration'
import { Refusal } from '../announcement/refusal.ts'
import { guardEarlier } from './guard.ts'
import { guardEarlierWords } from './guard-words.ts'
import * as first from './migrations/001-first.ts'
import * as claimsTouchNoIndex from './migrations/002-claims-touch-no-index.ts'
import * as restored from './migrations/005-restored.ts'
import * as safe from './migrations/006-safe.ts'
import * as media from './migrations/007-media.ts'
import * as newsletter from './migrations/008-newsletter.ts'
import * as guarded from './migrations/009-guarded.ts'
import * as readers from './migrations/010-readers.ts'
import * as amendments from './migrations/011-amendments.ts'
import * as singleColour from './migrations/012-single-colour.ts'
import * as daily from './migrations/013-daily.ts'
import * as words from './migrations/014-words.ts'
import type { Proof } from './proof.ts'
import type { Database } from './tables.ts'

/** Every migration by name, in order; a name that has been released is never changed or removed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '002-claims-touch-no-index': claimsTouchNoIndex,
  '005-restored': restored,
  '006-safe': safe,
  '007-media': media,
  '008-newsletter': newsletter,
  '009-guarded': guarded,
  '010-readers': readers,
  '011-amendments': amendments,
  '012-single-colour': singleColour,
  '013-daily': daily,
  '014-words': words,
}

/** The migration that brings the MACs: with a proof it gives them to what is there, in the same transaction. */
export const guarding = '009-guarded'

/** The migration that brings those of revisions and approvals, likewise. */
export const guardingWords = '014-words'

/**
 * Applies what is missing, all of it in one transaction, and returns the names applied now. A store that a newer Rundruf has been at
 * is taken as it is: during a rolling start an older process may come up again, and migrations take away nothing that it needs.
 * Throws what PostgreSQL said; nothing has changed then.
 * @param proof what the version before wrote gets its MACs from it
 */
export const migrate = async (db: Kysely<Database>, proof?: Proof): Promise<readonly string[]> => {
  const newer = (await applied(db)).filter((name) => migrations[name] === undefined)
  const guard = proof && {
    [guarding]: { up: (trx: Kysely<unknown>) => guarded.up(trx).then(() => guardEarlier(trx as Kysely<Database>, proof)) },
    [guardingWords]: { up: (trx: Kysely<unknown>) => words.up(trx).then(() => guardEarlierWords(trx as Kysely<Database>, proof)) },
  }
  const all = { ...migrations, ...guard, ...Object.fromEntries(newer.map((name) => [name, { up: async () => {} }])) }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => hasty(all) }, allowUnorderedMigrations: true })
  const { error, results } = await untilFree(() => migrator.migrateToLatest())
  if (error instanceof Refusal) throw error
  if (error)
    throw new Error(`the store could not be brought up to date: ${error instanceof Error ? error.message : error}`, { cause: error })
  return (results ?? []).map((result) => result.migrationName)
}

/**
 * A change of a table waits a second for whoever reads it (a backup, say), then begins again: behind one that waits, every claim of the
 * processes at work would wait too.
 */
const hasty = (all: Readonly<Record<string, Migration>>): Record<string, Migration> =>
  Object.fromEntries(
    Object.entries(all).map(([name, { up }]) => [
      name,
      {
        up: async (trx) => {
          await sql`set local lock_timeout = '1s'`.execute(trx)
          await up(trx)
        },
      },
    ]),
  )

/** How long the tables may be in use before the start gives up, and the pause between two tries, in milliseconds. */
const patience = { wholeMs: 300_000, pauseMs: 500 } as const

const untilFree = async (attempt: () => Promise<MigrationResultSet>): Promise<MigrationResultSet> => {
  const until = performance.now() + patience.wholeMs
  for (;;) {
    const result = await attempt()
    if (!isLocked(result.error) || performance.now() > until) return result
    await setTimeout(patience.pauseMs)
  }
}

/** `lock_not_available`: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isLocked = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === '55P03'

const applied = async (db: Kysely<Database>): Promise<readonly string[]> => {
  const { rows } = await sql<{ there: string | null }>`select to_regclass('kysely_migration')::text as there`.execute(db)
  if (!rows[0]?.there) return []
  return (await sql<{ name: string }>`select name from kysely_migration`.execute(db)).rows.map(({ name }) => name)
}
