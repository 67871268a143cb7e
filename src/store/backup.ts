// Writes the whole store as plain SQL, as `pg_dump --format=plain` does: `psql` reads it into an empty database, `rundruf restore` into any.
// The file ends with a MAC of the secret key: `restore` takes what `backup` wrote, and nothing else.
// Our own writing, because pg_dump is not brought along, and one that is older than the server (PostgreSQL 18 in a rehearsal) refuses.
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { Refusal } from '../announcement/refusal.ts'
import { firstLine, keyLine, lastLine, sealLine } from './backup-file.ts'
import { copyOut } from './copy.ts'
import { foreignKey, isOurs, type Mark } from './guard.ts'
import { guarding } from './migrate.ts'
import type { Proof } from './proof.ts'
import { schemaOf } from './schema.ts'

export interface Backup {
  readonly file: string
  /** ISO 8601, UTC, by the database's clock: what was committed then is in it, and nothing after. */
  readonly at: string
  readonly bytes: number
}

/**
 * Writes to `file`, readable for its owner alone, in place only when it is whole. The store may be in use meanwhile: the backup is one
 * moment of it. Refuses with `store-empty`, or `foreign-secret-key` where the store is guarded with another secret key than the one of `proof`.
 */
export const writeBackup = async (url: string, file: string, proof: Proof): Promise<Backup> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const making = `${file}.part`
  try {
    const at = await write(client, making, proof)
    renameSync(making, file)
    return { file, at, bytes: await sizeOf(file) }
  } finally {
    rmSync(making, { force: true })
    await client.end()
  }
}

const write = async (client: pg.Client, file: string, proof: Proof): Promise<string> => {
  const sum = createHash('sha256')
  const sink = openSink(file, sum)
  await client.query('begin isolation level repeatable read read only')
  const { rows } = await client.query<{ at: string }>(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`)
  const at = rows[0]?.at ?? ''
  const { rows: known } = await client.query<{ there: boolean }>(`select to_regclass('kysely_migration') is not null as there`)
  if (!known[0]?.there) throw notThere()
  const { rows: done } = await client.query<{ name: string }>('select name from kysely_migration order by name')
  const migrations = done.map(({ name }) => name)
  if (migrations.includes(guarding)) await demandOurs(client, proof)
  const schema = await schemaOf(migrations)
  await sink.write(`${firstLine}\n-- at ${at}\n-- migrations ${migrations.join(' ')}\n${keyLine}${proof.keyId}\n\nbegin\n;\n`)
  for (const statement of schema.statements) await sink.write(`${statement}\n;\n`)
  for (const table of schema.tables) await writeTable(client, sink, table)
  await sink.write('commit\n;\n')
  await sink.write(`${sealLine}${proof.of('file', { sha256: sum.copy().digest('hex') })}\n${lastLine}\n`)
  await Promise.all([client.query('commit'), sink.end()])
  return at
}

const demandOurs = async (client: pg.Client, proof: Proof): Promise<void> => {
  const { rows } = await client.query<Mark>('select earlier_until as until, mac, earlier_until <= now() as over from guard')
  if (rows[0] && !isOurs(rows[0], proof)) throw foreignKey()
}

/** Rows that the migrations put there themselves are replaced by the store's own. */
const writeTable = async (client: pg.Client, sink: Sink, table: string): Promise<void> => {
  const { rows } = await client.query<{ name: string; identity: boolean }>(
    `select column_name as name, is_identity = 'YES' as identity from information_schema.columns
     where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  )
  const columns = rows.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  await sink.write(`alter table ${table} disable trigger user\n;\ndelete from ${table}\n;\nCOPY ${table} (${columns}) FROM stdin;\n`)
  await copyOut(client, `copy ${table} (${columns}) to stdout`, (piece) => sink.write(piece))
  await sink.write(`\\.\nalter table ${table} enable trigger user\n;\n`)
  for (const { name } of rows.filter(({ identity }) => identity)) {
    const { rows: counted } = await client.query<{ next: string }>(
      `select (coalesce(max(${pg.escapeIdentifier(name)}), 0) + 1)::text as next from ${table}`,
    )
    await sink.write(`select setval(pg_get_serial_sequence('${table}', '${name}'), ${counted[0]?.next ?? '1'}, false)\n;\n`)
  }
}

/** The file being written. What goes wrong with it (a folder that is not there, a full disk) ends whatever writes next. */
interface Sink {
  /** Undefined: there is room for more. */
  write(piece: string | Buffer): Promise<void> | undefined
  /** Resolves when all of it is on the disk. */
  end(): Promise<void>
}

/** @param sum takes in all that is written */
const openSink = (file: string, sum: Hash): Sink => {
  const gzip = createGzip()
  const written = pipeline(gzip, createWriteStream(file, { mode: 0o600, flush: true }))
  written.catch(() => {}) // heard by whoever writes next
  return {
    write: (piece) => {
      sum.update(piece)
      if (gzip.destroyed) return written
      return gzip.write(piece) ? undefined : Promise.race([once(gzip, 'drain').then(() => {}), written])
    },
    end: () => {
      gzip.end()
      return written
    },
  }
}

const notThere = (): Refusal =>
  new Refusal({
    code: 'store-empty',
    de: 'Auf diesem Speicher hat Rundruf noch nie gearbeitet; es gibt nichts zu sichern.',
    en: 'Rundruf has never worked on this store; there is nothing to back up.',
  })

const sizeOf = async (file: string): Promise<number> => {
  await using handle = await open(file)
  return (await handle.stat()).size
}
