// From a file that somebody brought to what is kept of it: looked at, cleaned, named by its bytes.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Image, MediaFile, Video } from '../announcement/announcement.ts'
import { readCaptions } from './captions.ts'
import { withoutNotes } from './film.ts'
import { reencode } from './image.ts'
import { probe } from './probe.ts'
import { refused } from './refused.ts'
import { sniff } from './sniff.ts'

/** What a machine has for working on files. */
export interface Workshop {
  /** Where files lie while they are looked at. */
  readonly folder: string
  /** Path of ffprobe; null: not installed. */
  readonly ffprobe: string | null
}

export interface Taken {
  readonly medium: Image | Video | MediaFile
  /** The bytes to keep; those of a video one after the other, from the file. */
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * Takes the file at this path; a video is changed in place.
 * Refuses with `media-empty`, `media-type`, `media-animated`, `media-too-large`, `media-unreadable`, `media-too-many-pixels`,
 * `media-too-small`, `media-too-narrow`, `media-too-slow`, `no-ffprobe`, `video-without-picture` or `captions-malformed`.
 */
export const take = async (file: string, { ffprobe }: Pick<Workshop, 'ffprobe'>): Promise<Taken> => {
  const { size } = await stat(file)
  if (size === 0) throw refused('media-empty')
  const { kind, type } = await sniff(file, size)
  switch (kind) {
    case 'image':
      return takeImage(await readFile(file), type)
    case 'captions':
      return named(Buffer.from(readCaptions(await readFile(file))), { type })
    case 'video':
      return takeVideo(file, { type, size }, ffprobe)
  }
}

/** An image of our own making, named by its bytes. */
export const named = <Facts extends { readonly type: string }>(bytes: Uint8Array, facts: Facts) => ({
  medium: { id: createHash('sha256').update(bytes).digest('hex'), size: bytes.byteLength, ...facts },
  bytes,
})

const takeImage = async (given: Uint8Array, as: string): Promise<Taken> => {
  const { bytes, ...facts } = await reencode(given, as)
  return named(bytes, facts)
}

const takeVideo = async (file: string, facts: { readonly type: string; readonly size: number }, ffprobe: string | null): Promise<Taken> => {
  await withoutNotes(file)
  const probed = await probe(file, ffprobe)
  const hash = createHash('sha256')
  for await (const piece of piecesOf(file)) hash.update(piece)
  return { medium: { id: hash.digest('hex'), ...facts, ...probed }, bytes: piecesOf(file) }
}

/** Opened when somebody reads it. */
const piecesOf = (file: string): AsyncIterable<Buffer> => ({ [Symbol.asyncIterator]: () => createReadStream(file)[Symbol.asyncIterator]() })
