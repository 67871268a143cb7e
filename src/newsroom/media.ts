// Files of announcements, as long as something released shows them; images from the copy on disk, also while the store is away.
import type { Kysely } from 'kysely'
import { LaneFull } from '../access/lane.ts'
import { findMedia, mediumRange, type Range, type StoredMedium } from '../store/media.ts'
import { type Showing, showingOf } from '../store/media-use.ts'
import type { Database } from '../store/tables.ts'
import { crowd } from './crowd.ts'
import type { Ask } from './from-copy.ts'
import type { LaidCopy, LastCopies } from './last-copy.ts'
import { openUnknownNames, type UnknownNames } from './unknown-names.ts'

/** A file; or there is none of this name for this asker; or it was taken back; or nobody can say just now. */
export type PublicFile = Servable | 'nowhere' | 'gone' | 'away'

/** Read one piece after the other: a film is never in memory as a whole. */
export interface Servable extends LaidCopy {
  readonly type: string
}

/** Who asks: anybody, or a platform by an address that was made for it. */
type Asker = 'reader' | 'platform'

/** Gives the file of this name. */
export type PublicFiles = (id: string, asker?: Asker) => Promise<PublicFile>

export interface FileParts {
  readonly db: Kysely<Database>
  readonly copies: LastCopies
  /** Each on a lane of its own. */
  readonly asks: Readonly<Record<Asker, Ask>>
}

interface Question extends Pick<FileParts, 'db' | 'copies'> {
  readonly ask: Ask
  readonly asker: Asker
  readonly unknown: UnknownNames
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

/** A crowd that asks for one file asks once: what an image weighs must not come between the store and a delivery. */
export const publicFiles = ({ db, copies, asks }: FileParts): PublicFiles => {
  const together = crowd()
  const unknown = openUnknownNames()
  return async (id, asker = 'reader') => {
    // a platform has the name from us, and is not answered from what a stranger asked
    if (!/^[0-9a-f]{64}$/.test(id) || (asker === 'reader' && unknown.has(id))) return 'nowhere'
    return together(`${asker} ${id}`, () => fileFor({ db, copies, ask: asks[asker], asker, unknown }, id))
  }
}

const fileFor = async (parts: Question, id: string): Promise<PublicFile> => {
  const { db, copies, ask, asker, unknown } = parts
  const found = await ask(async () => ({ showing: await showingOf(db, id), medium: (await findMedia(db, [id]))[0] })).catch(failed)
  if (found === 'full') return 'away'
  if (found === 'away') return (await lastCopy(copies, id)) ?? 'away'
  const { showing, medium } = found
  if (!showing.shown) await forget(copies, id)
  const no = refusal(showing, asker)
  if (medium === undefined && !showing.wasPublic) unknown.add(id)
  if (no !== null || medium === undefined) return no ?? 'nowhere'
  const type = others[medium.type]
  if (type !== undefined) return { type, size: medium.size, read: (range) => piecesOf(parts, id, range) }
  const ending = endings[medium.type]
  return ending === undefined ? 'nowhere' : imageOf(parts, medium, { name: nameOf(id, ending), lasting: showing.shown })
}

const failed = (error: unknown): 'full' | 'away' => (error instanceof LaneFull ? 'full' : 'away')

const refusal = ({ shown, carried, wasPublic }: Showing, asker: Asker): 'nowhere' | 'gone' | null => {
  if (shown || (carried && asker === 'platform')) return null
  return wasPublic ? 'gone' : 'nowhere'
}

/** Otherwise a copy would be shown again while the store is away. */
const forget = async (copies: LastCopies, id: string): Promise<void> => {
  for (const ending of Object.values(endings)) await copies.remove(nameOf(id, ending))
}

const nameOf = (id: string, ending: string): string => `media/${id}.${ending}`

interface Copying {
  readonly name: string
  /** False: it is not shown to everybody, and so no copy is laid down. */
  readonly lasting: boolean
}

/** From the copy; only where none lies there whole (a crash of the machine may cut one short) from the store, once. */
const imageOf = async (parts: Question, { id, type, size }: StoredMedium, { name, lasting }: Copying): Promise<PublicFile> => {
  const copy = await parts.copies.open(name)
  if (copy?.size === size) return { type, ...copy }
  try {
    const bytes = Buffer.concat(await Array.fromAsync(piecesOf(parts, id, { from: 0, to: size })))
    const laid = lasting ? await laidDown(parts.copies, name, bytes) : undefined
    return { type, ...(laid ?? inMemory(bytes)) }
  } catch {
    return 'away'
  }
}

/** Undefined where the disk takes nothing. */
const laidDown = (copies: LastCopies, name: string, bytes: Buffer): Promise<LaidCopy | undefined> =>
  copies.lay(name, bytes).then(
    () => copies.open(name),
    () => undefined,
  )

const inMemory = (bytes: Buffer): LaidCopy => ({
  size: bytes.length,
  read: async function* ({ from, to }) {
    yield bytes.subarray(from, to)
  },
})

/** Each piece is a question of its own: a reader on a slow line holds no connection. */
async function* piecesOf({ db, ask }: Question, id: string, range: Range): AsyncGenerator<Buffer> {
  const pieces = mediumRange(db, id, range)
  for (let next = await ask(() => pieces.next()); !next.done; next = await ask(() => pieces.next())) yield next.value
}

/** What can be shown without knowing the file's type and size. */
const lastCopy = async (copies: LastCopies, id: string): Promise<Servable | undefined> => {
  for (const [type, ending] of Object.entries(endings)) {
    const copy = await copies.open(nameOf(id, ending))
    if (copy) return { type, ...copy }
  }
  return undefined
}
