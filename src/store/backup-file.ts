// Reads the file of a backup as data: its head, then the rows of each table. No statement in it is ever run.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../announcement/refusal.ts'
import type { Proof } from './proof.ts'

/** The first line and the last; a file without the last is broken off. */
export const firstLine = '-- Rundruf backup 2'
export const lastLine = '-- end of the backup'
/** The version before wrote no seal. */
const earlierFirstLine = '-- Rundruf backup 1'
/** In the head: with which secret key the file is sealed. */
export const keyLine = '-- key '
/** Before the last line: the MAC of all lines above it. */
export const sealLine = '-- seal '

interface Head {
  /** ISO 8601, UTC: when the backup was made. */
  readonly at: string
  /** The migrations of its store, in order. */
  readonly migrations: readonly string[]
  /** True where the head says that this secret key has sealed it; whether that is so, the end of the file tells. */
  readonly ours: boolean
}

/** The rows of one table as PostgreSQL's COPY writes them, each with its line break. They must be read to their end. */
interface Rows {
  readonly table: string
  readonly columns: readonly string[]
  readonly lines: AsyncIterable<string>
}

export interface BackupFile {
  readonly head: Head
  /** Table after table. Throws a Refusal at the end, where the file is broken off or its seal does not hold. */
  tables(): AsyncGenerator<Rows>
}

/**
 * Opens the file and reads its head.
 * @param unsigned also what this secret key has not sealed
 * @throws Refusal `no-backup`, `backup-unsealed` (an earlier version wrote it, or somebody else) or `backup-foreign-key`
 */
export const openBackup = async (file: string, proof: Proof, unsigned: boolean): Promise<BackupFile> => {
  const reading = openReading(file, proof)
  const first = await reading.next()
  if (first !== firstLine && first !== earlierFirstLine) throw noBackup()
  if (first === earlierFirstLine && !unsigned) throw unsealed()
  const [at, migrations] = [(await reading.next()).replace('-- at ', ''), (await reading.next()).replace('-- migrations ', '').split(' ')]
  const ours = first === firstLine && (await reading.next()) === `${keyLine}${proof.keyId}`
  if (!ours && !unsigned) throw foreign()
  return { head: { at, migrations, ours }, tables: () => tablesOf(reading, ours) }
}

interface Reading {
  /** The next line without its break. Throws `no-backup` where there is none, or where the file cannot be unpacked. */
  next(): Promise<string>
  /** True when this is the MAC of the lines read before the newest. */
  seals(mac: string): boolean
  /** Throws `no-backup` where anything follows. */
  end(): Promise<void>
}

const openReading = (file: string, proof: Proof): Reading => {
  const lines = linesOf(file)
  const sum = createHash('sha256')
  let newest: string | undefined
  const pull = () =>
    lines.next().catch((cause: NodeJS.ErrnoException) => {
      throw cause.path === undefined ? noBackup(cause) : cause
    })
  return {
    next: async () => {
      if (newest !== undefined) sum.update(`${newest}\n`)
      const { value, done } = await pull()
      if (done) throw noBackup()
      newest = value
      return value
    },
    seals: (mac) => proof.holds('file', { sha256: sum.copy().digest('hex') }, mac),
    end: async () => {
      if (!(await pull()).done) throw noBackup()
    },
  }
}

/** `COPY "table" ("column", "column") FROM stdin;`, as `backup` writes it. */
const copyLine = /^COPY (\w+) \(("\w+"(?:, "\w+")*)\) FROM stdin;$/

/** Between the rows of its tables the file has statements, for `psql` alone; they are passed over. Nothing follows the seal. */
async function* tablesOf(reading: Reading, ours: boolean): AsyncGenerator<Rows> {
  for (;;) {
    const line = await reading.next()
    const [, table, names] = copyLine.exec(line) ?? []
    if (table !== undefined && names !== undefined)
      yield { table, columns: names.split(', ').map((name) => name.slice(1, -1)), lines: rowsOf(reading) }
    const seal = line.startsWith(sealLine) ? line.slice(sealLine.length) : undefined
    if (seal === undefined && line !== lastLine) continue
    if (ours && (seal === undefined || !reading.seals(seal))) throw changed()
    if (seal !== undefined && (await reading.next()) !== lastLine) throw noBackup()
    return reading.end()
  }
}

async function* rowsOf(reading: Reading): AsyncGenerator<string> {
  for (let line = await reading.next(); line !== '\\.'; line = await reading.next()) yield `${line}\n`
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
  if (begun.join('') !== '') yield begun.join('')
}

export const noBackup = (cause?: unknown): Refusal =>
  Object.assign(
    new Refusal({
      code: 'no-backup',
      de: 'Diese Datei ist keine (vollständige) Sicherung von Rundruf. Der Speicher ist unverändert.',
      en: 'This file is no (complete) backup of Rundruf. The store is unchanged.',
    }),
    { cause },
  )

const changed = (): Refusal =>
  new Refusal({
    code: 'backup-changed',
    de: 'Diese Sicherung ist nicht so, wie Rundruf sie geschrieben hat: Sie ist beschädigt oder wurde verändert. Der Speicher ist unverändert.',
    en: 'This backup is not as Rundruf wrote it: it is damaged or was changed. The store is unchanged.',
  })

const unsealed = (): Refusal =>
  new Refusal({
    code: 'backup-unsealed',
    de: 'Diese Sicherung trägt kein Siegel: Ein älteres Rundruf hat sie geschrieben, oder jemand anderes. Wenn Sie sicher wissen, woher sie kommt, nehmen Sie --unsigned. Der Speicher ist unverändert.',
    en: 'This backup carries no seal: an earlier Rundruf wrote it, or somebody else. If you are sure where it comes from, use --unsigned. The store is unchanged.',
  })

const foreign = (): Refusal =>
  new Refusal({
    code: 'backup-foreign-key',
    de: 'Diese Sicherung wurde mit einem anderen geheimen Schlüssel versiegelt, als er hier liegt. Bitte legen Sie jenen Schlüssel an seinen Platz (RUNDRUF_SECRET_KEY_FILE). Ist er verloren und wissen Sie sicher, woher die Datei kommt, nehmen Sie --unsigned. Der Speicher ist unverändert.',
    en: 'This backup is sealed with another secret key than the one here. Please put that key in its place (RUNDRUF_SECRET_KEY_FILE). The store is unchanged.',
  })
