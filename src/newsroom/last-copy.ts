// The last copy of every page, on disk: what is shown while the store is away; and images, which come from here alone once they have
// been fetched. Plain files, so that a web server can show them too.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Range } from '../store/media.ts'

interface Copy {
  readonly body: Buffer
  /** When the store last said that this is how the page looks. */
  readonly at: Date
}

/** A copy of what never changes. */
export interface LaidCopy {
  readonly size: number
  /** These bytes of it, one piece after the other. */
  read(range: Range): AsyncIterable<Buffer>
}

export interface LastCopies {
  /** Keeps the page under this name (`bonn/index.html`) and says since when it has looked like this, as far as this process saw. */
  keep(name: string, body: string): Promise<Date>
  /** Undefined: there was never one. */
  read(name: string): Promise<Copy | undefined>
  /** Lays down what never changes. */
  lay(name: string, body: Buffer): Promise<void>
  /** What was laid down; undefined: nothing that could be read. */
  open(name: string): Promise<LaidCopy | undefined>
  /** Takes away what was laid down. */
  remove(name: string): Promise<void>
  /** The names of what was laid down in this folder, without it. */
  names(folder: string): Promise<readonly string[]>
}

/** Confirmations closer together than this are not written. */
const confirmEveryMs = 5_000

/** Throws for a name that is not made of safe parts: letters, digits, dots and hyphens, none beginning with a dot. */
export const lastCopies = (directory: string): LastCopies => {
  const kept = new Map<string, Kept>()
  const pathOf = (name: string): string => {
    if (!/^(?:[a-z0-9][a-z0-9.-]*\/)*[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`not a name of a copy: ${name}`)
    return join(directory, name)
  }
  const keepNow = async (name: string, path: string, body: string): Promise<Date> => {
    const sign = createHash('sha256').update(body).digest('base64')
    const before = kept.get(name)
    const same = before?.sign === sign
    if (same && performance.now() - before.confirmed < confirmEveryMs) return before.since
    if (!(same && (await confirm(path)))) await replace(path, body)
    const since = same ? before.since : new Date()
    kept.set(name, { sign, since, confirmed: performance.now() })
    return since
  }
  const turns = new Map<string, Promise<unknown>>()
  return {
    keep: async (name, body) => {
      const path = pathOf(name)
      // one after the other for each name: else what is remembered and what is on disk could be of two writers
      const turn = (turns.get(name) ?? Promise.resolve()).catch(() => {}).then(() => keepNow(name, path, body))
      turns.set(name, turn)
      return turn.finally(() => turns.get(name) === turn && turns.delete(name))
    },
    read: async (name) => existing(pathOf(name)),
    // pages are written again and again, this is believed for ever: it must be on the disk before it has its name
    lay: async (name, body) => replace(pathOf(name), body, { flush: true }),
    open: async (name) => laid(pathOf(name)),
    names: async (folder) => readdir(pathOf(folder)).catch(() => []),
    remove: async (name) => rm(pathOf(name), { force: true }).catch(() => {}),
  }
}

interface Kept {
  readonly sign: string
  readonly since: Date
  /** Monotonic milliseconds. */
  readonly confirmed: number
}

let number = 0

/** Writes aside and moves into place: a reader sees the old copy or the new one, never half of one. */
const replace = async (path: string, body: string | Buffer, { flush = false } = {}): Promise<void> => {
  const aside = `${path}.${process.pid}-${number++}.new`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(aside, body, { flush })
    await rename(aside, path)
  } catch (error) {
    // a full disk would only get fuller
    await rm(aside, { force: true })
    throw error
  }
}

const confirm = async (path: string): Promise<boolean> => {
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    () => false,
  )
}

const existing = async (path: string): Promise<Copy | undefined> => {
  try {
    const [body, { mtime }] = await Promise.all([readFile(path), stat(path)])
    return { body, at: mtime }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const laid = async (path: string): Promise<LaidCopy | undefined> => {
  try {
    // opened, not only asked about: a file that may not be read has a size too
    await using file = await open(path)
    const { size } = await file.stat()
    return size === 0 ? undefined : { size, read: (range) => piecesOf(path, range) }
  } catch {
    return undefined
  }
}

/** Opens the file when the first piece is wanted: a reader who has gone by then leaves nothing open. */
async function* piecesOf(path: string, { from, to }: Range): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { start: from, end: to - 1 })
}
