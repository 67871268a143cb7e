// Images, videos and captions, stored once each under the SHA-256 of their bytes; large ones in pieces.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Image, MediaFile, Video } from '../announcement/announcement.ts'
import type { Database, MediaTable } from './tables.ts'

/** What the store knows of a file; alternative text and language belong to the announcement. */
export type StoredMedium = Video | Image | MediaFile

/** Where the bytes come from: all at once, or one after the other. */
export type Bytes = Uint8Array | AsyncIterable<Uint8Array>

/** Bytes of one piece: what a reader of a range gets from the store at a time. */
export const pieceBytes = 1024 * 1024

/** Stores the file; false when the same bytes were there before. Bytes that come one after the other are laid down in pieces. */
export const insertMedium = async (trx: Transaction<Database>, medium: StoredMedium, bytes: Bytes, by: string): Promise<boolean> => {
  const whole = bytes instanceof Uint8Array ? bufferOf(bytes) : null
  const row = await trx
    .insertInto('media')
    .values({ ...medium, bytes: whole ?? Buffer.alloc(0), createdBy: by })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row === undefined) return false
  if (!(bytes instanceof Uint8Array)) await insertPieces(trx, medium.id, bytes)
  return true
}

/** The bytes of a file. Throws when it is not there: an announcement can only carry what was kept before. */
export const readMedium = async (db: Kysely<Database>, id: string): Promise<Uint8Array> => {
  const { bytes, size } = await db.selectFrom('media').select(['bytes', 'size']).where('id', '=', id).executeTakeFirstOrThrow()
  if (size === null || size === bytes.length) return bytes
  const all = Buffer.allocUnsafe(size)
  let at = 0
  for await (const piece of mediumRange(db, id, { from: 0, to: size })) at += piece.copy(all, at)
  return all
}

/** Bytes `from` (the first) to `to` (behind the last). */
export interface Range {
  readonly from: number
  readonly to: number
}

/** These bytes of a file, a piece at a time, each asked for when it is wanted. */
export async function* mediumRange(db: Kysely<Database>, id: string, { from, to }: Range): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = await pieceAt(db, id, { from: at, to: Math.min(to, at - (at % pieceBytes) + pieceBytes) })
    if (piece === undefined || piece.length === 0) throw new Error(`medium ${id} has no byte ${at}`)
    yield piece
    at += piece.length
  }
}

/** What the store knows of these files; what is not there is missing from the answer. */
export const findMedia = async (db: Kysely<Database>, ids: readonly string[]): Promise<StoredMedium[]> =>
  ids.length === 0
    ? []
    : (
        await facts(db)
          .where('id', 'in', [...ids])
          .execute()
      ).map(mediumOf)

/** What was made before of these wishes, by their names: images. */
export const findDerived = async (db: Kysely<Database>, wishes: readonly string[]): Promise<ReadonlyMap<string, Image>> => {
  if (wishes.length === 0) return new Map()
  const rows = await facts(db)
    .innerJoin('derivedMedia', 'derivedMedia.mediaId', 'media.id')
    .select('derivation')
    .where('derivation', 'in', [...wishes])
    .execute()
  return new Map(
    rows.map(({ derivation, id, type, size, width, height }) => [derivation, { id, type, size, width: width ?? 0, height: height ?? 0 }]),
  )
}

/** Says that this file answers the wish. Whoever said so first is right: the other's file stays unused. */
export const insertDerived = async (trx: Transaction<Database>, derivation: string, mediaId: string): Promise<void> => {
  await trx
    .insertInto('derivedMedia')
    .values({ derivation, mediaId })
    .onConflict((conflict) => conflict.column('derivation').doNothing())
    .execute()
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

const insertPieces = async (trx: Transaction<Database>, mediaId: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
  let number = 0
  for await (const piece of inPieces(bytes))
    await trx.insertInto('mediaPiece').values({ mediaId, number: number++, bytes: piece }).execute()
}

/** The same bytes, `pieceBytes` at a time. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let length = 0
  for await (const given of bytes) {
    let rest = given
    while (length + rest.length >= pieceBytes) {
      const fits = pieceBytes - length
      yield Buffer.concat([...parts, rest.subarray(0, fits)])
      rest = rest.subarray(fits)
      parts = []
      length = 0
    }
    parts.push(rest)
    length += rest.length
  }
  if (length > 0) yield Buffer.concat(parts)
}

/** The bytes of a range within one piece, or within a file that is whole. */
const pieceAt = async (db: Kysely<Database>, id: string, { from, to }: Range): Promise<Buffer | undefined> => {
  const within = from % pieceBytes
  const { rows } = await sql<{ bytes: Buffer }>`
    select coalesce(
      (select substring(p.bytes from ${within + 1}::int for ${to - from}::int) from media_piece p
        where p.media_id = m.id and p.number = ${Math.floor(from / pieceBytes)}),
      substring(m.bytes from ${from + 1}::int for ${to - from}::int)) as bytes
    from media m where m.id = ${id}`.execute(db)
  return rows[0]?.bytes
}

const facts = (db: Kysely<Database>) =>
  db
    .selectFrom('media')
    .select(['id', 'type', 'width', 'height', 'seconds', 'codec', 'audioCodec', 'singleColour'])
    .select(({ fn }) => fn.coalesce('media.size', fn<number>('octet_length', ['media.bytes'])).as('size'))

type Facts = Pick<MediaTable, 'id' | 'type' | 'width' | 'height' | 'seconds' | 'codec' | 'audioCodec'> & {
  readonly singleColour: boolean
  readonly size: number
}

const mediumOf = ({ id, type, size, width, height, seconds, codec, audioCodec, singleColour }: Facts): StoredMedium => {
  if (width === null || height === null) return { id, type, size }
  if (seconds === null || codec === null) return { id, type, size, width, height, ...(singleColour && { singleColour }) }
  return { id, type, size, width, height, seconds, codec, audioCodec }
}
