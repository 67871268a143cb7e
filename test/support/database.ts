// A fresh, migrated database for a test, cloned in milliseconds from a template on a real PostgreSQL.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Kysely } from 'kysely'
import pg from 'pg'
import { startPostgres } from '../../embedded/postgres.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { Database } from '../../src/store/tables.ts'
import { hasty } from './hasty.ts'

export interface TestDatabase {
  readonly db: Kysely<Database>
  readonly url: string
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * `await using store = await aDatabase()`. The server is the one that `test/run.ts` started (`RUNDRUF_TEST_POSTGRES`), or one of
 * this file's own that ends with the file.
 */
export const aDatabase = async (): Promise<TestDatabase> => {
  server ??= serverUrl()
  const base = await server
  template ??= makeTemplate(base)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const from = await template
  await asAdmin(base, (admin) => admin.query(`create database ${name} template ${from}`))
  const url = named(base, name)
  const db = openDatabase({ url })
  return {
    db,
    url,
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await asAdmin(base, (admin) => admin.query(`drop database if exists ${name} with (force)`))
    },
  }
}

let server: Promise<string> | undefined
let template: Promise<string> | undefined
let stop = async (): Promise<void> => {}

// registered while the file is imported, so that it belongs to the whole file and not to the test that asked first
after(() => stop())

const serverUrl = async (): Promise<string> => {
  const given = process.env.RUNDRUF_TEST_POSTGRES
  if (given) return given
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-test-'))
  const postgres = await startPostgres({ dir, settings: hasty })
  stop = async () => {
    await postgres.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  return postgres.url
}

/** Migrates once per server: the first test file does, under a lock; the others find it. */
const makeTemplate = (base: string): Promise<string> =>
  asAdmin(base, async (admin) => {
    const [making, made] = ['template_making', 'template_made']
    await admin.query('select pg_advisory_lock(1)')
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [made])
    if (rowCount) return made
    await admin.query(`drop database if exists ${making} with (force)`)
    await admin.query(`create database ${making}`)
    const db = openDatabase({ url: named(base, making), max: 2 })
    await migrate(db).finally(() => db.destroy())
    await admin.query(`alter database ${making} rename to ${made}`)
    return made
  })

/** One connection, closed at the end (and with it every lock it held). */
const asAdmin = async <T>(base: string, work: (admin: pg.Client) => Promise<T>): Promise<T> => {
  const admin = new pg.Client({ connectionString: named(base, 'postgres') })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

const named = (url: string, name: string): string => url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`)
