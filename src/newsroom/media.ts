// Files of announcements: by the sum of their bytes, so that they never change; images from the copy on disk while the store is away.
import type { Kysely } from 'kysely'
import { findMedia, mediumRange, type Range, readMedium } from '../store/media.ts'
import type { Database } from '../store/tables.ts'
import type { Ask } from './from-copy.ts'
import type { LastCopies } from './last-copy.ts'

/** A file; or there is none of this name; or nobody can say just now. */
export type PublicFile = Servable | 'nowhere' | 'away'

export interface Servable {
  readonly type: string
  readonly size: number
  /** These bytes of it, one piece after the other: a film is never in memory as a whole. */
  read(range: Range): AsyncIterable<Buffer>
}

/** Gives the file of this name. */
export type PublicFiles = (id: string) => Promise<PublicFile>

export interface FileParts {
  readonly db: Kysely<Database>
  readonly copies: LastCopies
  readonly ask: Ask
}

/** Images that a browser may show from here, and how their copies are named. Nothing that could carry a script. */
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}

/** What is too large for a copy, or of no use without the page beside it. */
const others: Readonly<Record<string, string>> = {
  'video/mp4': 'video/mp4',
  'video/quicktime': 'video/quicktime',
  'text/vtt': 'text/vtt; charset=utf-8',
}

export const publicFiles =
  ({ db, copies, ask }: FileParts): PublicFiles =>
  async (id) => {
    if (!/^[0-9a-f]{64}$/.test(id)) return 'nowhere'
    try {
      const [medium] = await ask(() => findMedia(db, [id]))
      if (!medium) return 'nowhere'
      const type = others[medium.type]
      if (type !== undefined) return { type, size: medium.size, read: (range) => piecesOf(db, ask, id, range) }
      const ending = endings[medium.type]
      if (!ending) return 'nowhere'
      const bytes = Buffer.from(await ask(() => readMedium(db, id)))
      await copies.keep(`media/${id}.${ending}`, bytes).catch(() => {})
      return inMemory(medium.type, bytes)
    } catch {
      return (await copied(copies, id)) ?? 'away'
    }
  }

const inMemory = (type: string, bytes: Buffer): Servable => ({
  type,
  size: bytes.length,
  read: async function* ({ from, to }) {
    yield bytes.subarray(from, to)
  },
})

/** Each piece is a question of its own: a reader on a slow line holds no connection. */
async function* piecesOf(db: Kysely<Database>, ask: Ask, id: string, range: Range): AsyncGenerator<Buffer> {
  const pieces = mediumRange(db, id, range)
  for (let next = await ask(() => pieces.next()); !next.done; next = await ask(() => pieces.next())) yield next.value
}

const copied = async (copies: LastCopies, id: string): Promise<Servable | undefined> => {
  for (const [type, ending] of Object.entries(endings)) {
    const copy = await copies.read(`media/${id}.${ending}`)
    if (copy) return inMemory(type, copy.body)
  }
  return undefined
}
