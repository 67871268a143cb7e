// Fills the store from a backup, in one transaction: it is as it was then, sending rests, and what may have left since is unclear.
import { setTimeout as pause } from 'node:timers/promises'
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { Refusal } from '../announcement/refusal.ts'
import { audit } from './audit.ts'
import { type BackupFile, noBackup, openBackup } from './backup-file.ts'
import { copyIn } from './copy.ts'
import { guardEarlier, guardTaken } from './guard.ts'
import { guardEarlierWords, guardTakenWords } from './guard-words.ts'
import { guarding, guardingWords, migrations } from './migrate.ts'
import { markRestored } from './pausing.ts'
import type { Proof } from './proof.ts'
import { schemaOf } from './schema.ts'
import type { Database } from './tables.ts'

export interface Restored {
  /** When the backup was made, ISO 8601; null where the store was restored by other means. */
  readonly at: string | null
  /** Deliveries that were on their way then and may have left since. */
  readonly unclear: number
}

export interface RestoreWish {
  /** Of the secret key of this installation. */
  readonly proof: Proof
  /** What the store holds now is discarded. */
  readonly replace: boolean
  /** Also what this secret key has not sealed: the operator vouches for it. Its API keys are useless then. */
  readonly unsigned: boolean
}

/**
 * Replaces all that the store holds. Refuses as `openBackup` does, and with `backup-changed` (its seal does not hold), `backup-too-new`,
 * `store-in-use` (Rundruf still runs on it) or `store-not-empty`; nothing has changed then.
 */
export const restoreBackup = (url: string, file: string, { proof, replace, unsigned }: RestoreWish): Promise<Restored> =>
  alone(url, async (trx, client) => {
    if (!replace && (await holdsAnything(trx))) throw notEmpty()
    const backup = await openBackup(file, proof, unsigned)
    const { at, migrations: names, ours } = backup.head
    const unknown = names.find((name) => migrations[name] === undefined)
    if (unknown !== undefined) throw tooNew(unknown)
    await clear(trx)
    await fill(trx, client, backup)
    await bringUpToDate(trx, names)
    if (ours) await guardOurs(trx, proof, names)
    else await guardForeign(trx, proof)
    return { at, unclear: await markAndSay(trx, at) }
  })

/** For a store that was restored by other means (a snapshot, `psql`): only what follows from it. */
export const markStoreRestored = (url: string, { proof, unsigned }: Omit<RestoreWish, 'replace'>): Promise<Restored> =>
  alone(url, async (trx) => {
    if (unsigned && (await isGuarded(trx))) await guardForeign(trx, proof)
    return { at: null, unclear: await markAndSay(trx, null) }
  })

/** What a version wrote that knew no MACs. */
const guardOurs = async (trx: Transaction<Database>, proof: Proof, names: readonly string[]): Promise<void> => {
  if (!names.includes(guarding)) await guardEarlier(trx, proof, 0)
  if (!names.includes(guardingWords)) await guardEarlierWords(trx, proof, 0)
}

const guardForeign = async (trx: Transaction<Database>, proof: Proof): Promise<void> => {
  await guardTaken(trx, proof)
  await guardTakenWords(trx, proof)
}

const isGuarded = async (trx: Transaction<Database>): Promise<boolean> =>
  (await sql<{ there: string | null }>`select to_regclass('guard')::text as there`.execute(trx)).rows[0]?.there != null

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

/** What this program's tables are; what others keep in the same database stays. */
const clear = async (trx: Transaction<Database>): Promise<void> => {
  const { tables, functions } = await schemaOf()
  for (const table of tables) await sql`drop table if exists ${sql.table(table)} cascade`.execute(trx)
  for (const name of functions) await sql`drop function if exists ${sql.ref(name)} cascade`.execute(trx)
}

/** The tables as this program's own migrations make them, then the rows of the file: into these tables and their columns, and nowhere else. */
const fill = async (trx: Transaction<Database>, client: pg.Client, { head, tables }: BackupFile): Promise<void> => {
  const schema = await schemaOf(head.migrations)
  for (const statement of schema.statements) await sql.raw(statement).execute(trx)
  const known = new Set(schema.tables)
  for await (const { table, columns, lines } of tables()) {
    if (!known.has(table)) throw noBackup()
    const mine = await columnsOf(trx, table)
    if (columns.some((name) => !mine.has(name))) throw noBackup()
    await sql`alter table ${sql.table(table)} disable trigger user`.execute(trx)
    // what the migrations put there themselves
    await sql`delete from ${sql.table(table)}`.execute(trx)
    await copyIn(client, `copy ${pg.escapeIdentifier(table)} (${columns.map(pg.escapeIdentifier).join(', ')}) from stdin`, lines).catch(
      asDamage,
    )
    await sql`alter table ${sql.table(table)} enable trigger user`.execute(trx)
    for (const [name, isIdentity] of mine) if (isIdentity) await countOn(trx, table, name)
  }
}

/** Their names; true where PostgreSQL counts them up itself. */
const columnsOf = async (trx: Transaction<Database>, table: string): Promise<ReadonlyMap<string, boolean>> => {
  const { rows } = await sql<{ name: string; identity: boolean }>`
    select column_name as name, is_identity = 'YES' as identity from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'`.execute(trx)
  return new Map(rows.map(({ name, identity }) => [name, identity]))
}

const countOn = (trx: Transaction<Database>, table: string, column: string) =>
  sql`select setval(pg_get_serial_sequence(${table}, ${column}), coalesce(max(${sql.ref(column)}), 0) + 1, false) from ${sql.table(table)}`.execute(
    trx,
  )

/** What PostgreSQL cannot read as a value (22), as a row that fits the others (23) or as a statement (42) is no work of ours. */
const asDamage = (error: unknown): never => {
  throw error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? '') ? noBackup(error) : error
}

/** What was migrated since the backup; and the store notes what it is, whatever the file says. */
const bringUpToDate = async (trx: Transaction<Database>, names: readonly string[]): Promise<void> => {
  await sql`delete from kysely_migration where name <> all (${names})`.execute(trx)
  for (const [name, { up }] of Object.entries(migrations)) {
    if (!names.includes(name)) await up(trx)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})
      on conflict (name) do nothing`.execute(trx)
  }
}

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
