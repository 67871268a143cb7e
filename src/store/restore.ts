// Fills the store from a backup, in one transaction: it is as it was then, sending rests, and what may have left since is unclear.
import { createReadStream } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { Refusal } from '../announcement/refusal.ts'
import { audit } from './audit.ts'
import { firstLine, lastLine } from './backup.ts'
import { copyIn } from './copy.ts'
import { migrations } from './migrate.ts'
import { markRestored } from './pausing.ts'
import { schemaOf } from './schema.ts'
import type { Database } from './tables.ts'

export interface Restored {
  /** When the backup was made, ISO 8601; null where the store was restored by other means. */
  readonly at: string | null
  /** Deliveries that were on their way then and may have left since. */
  readonly unclear: number
}

/**
 * Replaces all that the store holds. Refuses with `no-backup` (another file, or one that is broken off), `backup-too-new`,
 * `store-in-use` (Rundruf still runs on it) or `store-not-empty`; nothing has changed then.
 */
export const restoreBackup = (url: string, file: string, { replace }: { readonly replace: boolean }): Promise<Restored> =>
  alone(url, async (trx, client) => {
    if (!replace && (await holdsAnything(trx))) throw notEmpty()
    const reading = linesOf(file)
    const { at, names } = await readHead(reading)
    await clear(trx)
    await fill(trx, client, reading)
    await bringUpToDate(trx, names)
    return { at, unclear: await markAndSay(trx, at) }
  })

/** For a store that was restored by other means (a snapshot, `psql`): only what follows from it. */
export const markStoreRestored = (url: string): Promise<Restored> =>
  alone(url, async (trx) => ({ at: null, unclear: await markAndSay(trx, null) }))

const markAndSay = async (trx: Transaction<Database>, at: string | null): Promise<number> => {
  const unclear = await markRestored(trx, because(at))
  await audit(trx, { actor: 'rundruf', action: 'restore', subject: 'rundruf', facts: { backup: at, unclear } })
  return unclear
}

const because = (at: string | null): string =>
  at === null
    ? 'Der Speicher wurde aus einer Sicherung wiederhergestellt.'
    : `Der Speicher wurde aus der Sicherung vom ${at.slice(0, 16).replace('T', ' ')} UTC wiederhergestellt.`

/** One connection, one transaction, and nobody else on the store. */
const alone = async <T>(url: string, work: (trx: Transaction<Database>, client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const pool = {
    connect: async () => Object.assign(client, { release: () => {} }),
    end: async () => {},
    options: {},
  } as unknown as PostgresPool
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  try {
    if (await isInUse(client)) throw inUse()
    return await db.transaction().execute((trx) => work(trx, client))
  } finally {
    await db.destroy()
    await client.end()
  }
}

/** Whoever has just left may still be seen for a moment. */
const isInUse = async (client: pg.Client): Promise<boolean> => {
  for (let tries = 0; tries < 10; tries++) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    )
    if (rowCount === 0) return false
    await pause(200)
  }
  return true
}

const holdsAnything = async (trx: Transaction<Database>): Promise<boolean> => {
  const { rows } = await sql<{ there: string | null }>`select to_regclass('announcement')::text as there`.execute(trx)
  if (!rows[0]?.there) return false
  return (await trx.selectFrom('announcement').select('id').limit(1).executeTakeFirst()) !== undefined
}

const readHead = async (lines: AsyncIterator<string>): Promise<{ readonly at: string; readonly names: readonly string[] }> => {
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next().catch((cause: NodeJS.ErrnoException) => {
      throw cause.path === undefined ? noBackup(cause) : cause
    })
    return done ? '' : value
  }
  if ((await next()) !== firstLine) throw noBackup()
  const [at, names] = [(await next()).replace('-- at ', ''), (await next()).replace('-- migrations ', '').split(' ')]
  const unknown = names.find((name) => migrations[name] === undefined)
  if (unknown !== undefined) throw tooNew(unknown)
  return { at, names }
}

/** Without their line breaks; an image is a single line of tens of millions of characters. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const text = createGunzip({ chunkSize: 1_048_576 })
  createReadStream(file)
    .on('error', (error) => text.destroy(error))
    .pipe(text)
  text.setEncoding('utf8')
  let begun: string[] = []
  for await (const piece of text as AsyncIterable<string>) {
    const [first = '', ...others] = piece.split('\n')
    begun.push(first)
    for (const next of others) {
      yield begun.join('')
      begun = [next]
    }
  }
}

/** What this program's tables are; what others keep in the same database stays. */
const clear = async (trx: Transaction<Database>): Promise<void> => {
  const { tables, functions } = await schemaOf()
  for (const table of tables) await sql`drop table if exists ${sql.table(table)} cascade`.execute(trx)
  for (const name of functions) await sql`drop function if exists ${sql.ref(name)} cascade`.execute(trx)
}

/** Statements end with a line `;`, the rows of a table with a line `\.`. */
const fill = async (trx: Transaction<Database>, client: pg.Client, lines: AsyncIterator<string>): Promise<void> => {
  let statement: string[] = []
  for (;;) {
    const { value: line, done } = await lines.next().catch((cause: unknown) => {
      throw noBackup(cause)
    })
    if (done) throw noBackup()
    if (line === lastLine) return
    if (line.startsWith('COPY ')) await copyIn(client, line, rowsOf(lines)).catch(asDamage)
    else if (line !== ';') statement.push(line)
    else {
      const text = statement.join('\n').trim()
      statement = []
      if (text !== 'begin' && text !== 'commit') await sql.raw(text).execute(trx).catch(asDamage)
    }
  }
}

/** What PostgreSQL cannot read as a value (22), as a row that fits the others (23) or as a statement (42) is no work of ours. */
const asDamage = (error: unknown): never => {
  throw error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? '') ? noBackup(error) : error
}

async function* rowsOf(lines: AsyncIterator<string>): AsyncGenerator<string> {
  for (;;) {
    const { value, done } = await lines.next().catch((cause: unknown) => {
      throw noBackup(cause)
    })
    if (done) throw noBackup()
    if (value === '\\.') return
    yield `${value}\n`
  }
}

/** What was migrated since the backup. */
const bringUpToDate = async (trx: Transaction<Database>, names: readonly string[]): Promise<void> => {
  for (const [name, { up }] of Object.entries(migrations)) {
    if (names.includes(name)) continue
    await up(trx)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(trx)
  }
}

const noBackup = (cause?: unknown): Refusal =>
  Object.assign(
    new Refusal({
      code: 'no-backup',
      de: 'Diese Datei ist keine (vollständige) Sicherung von Rundruf. Der Speicher ist unverändert.',
      en: 'This file is no (complete) backup of Rundruf. The store is unchanged.',
    }),
    { cause },
  )

const tooNew = (name: string): Refusal =>
  new Refusal({
    code: 'backup-too-new',
    de: `Die Sicherung stammt von einem neueren Rundruf (${name}). Bitte spielen Sie sie mit jenem ein.`,
    en: `The backup is of a newer Rundruf (${name}).`,
  })

const inUse = (): Refusal =>
  new Refusal({
    code: 'store-in-use',
    de: 'Auf diesem Speicher arbeitet noch jemand. Bitte beenden Sie zuerst Rundruf, auf allen Rechnern.',
    en: 'The store is in use. Please stop Rundruf first, on all machines.',
  })

const notEmpty = (): Refusal =>
  new Refusal({
    code: 'store-not-empty',
    de: 'Der Speicher enthält schon Meldungen. Mit --replace werden sie verworfen und durch die Sicherung ersetzt.',
    en: 'The store holds announcements. With --replace they are discarded and replaced by the backup.',
  })
