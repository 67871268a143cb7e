// An MP4 or MOV file before it is kept: whole, and without the notes that cameras write into it, such as the place where it was taken.
import { type FileHandle, open } from 'node:fs/promises'
import { type Box, boxesIn, type Source } from './boxes.ts'
import { refused } from './refused.ts'
import { overlap, type Span, samplesOf, type Track, trackIn } from './tracks.ts'

/**
 * Empties in place what says where, when and with what the film was taken: user data and XMP (`udta`, `meta`, `uuid`), and the tracks in which
 * cameras write it down all the time. No byte moves, so that every picture stays where the tables say. Refuses with `media-unreadable` a file
 * that is broken off, has no `moov`, or does not say clearly what belongs to such a track.
 */
export const withoutNotes = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+')
  try {
    const { boxes, samples } = await notesIn(await sourceOf(handle)).catch(unreadable)
    for (const span of samples) await blank(handle, span)
    for (const box of boxes) await empty(handle, box)
  } finally {
    await handle.close()
  }
}

const notes = ['udta', 'meta', 'uuid']

/** Tracks that people see, hear or read; all others are the camera's own, such as `meta` (GoPro's `gpmd`, `camm`, Apple's `mebx`). */
const forPeople = ['vide', 'soun', 'subt', 'text', 'sbtl', 'clcp']

interface Notes {
  readonly boxes: readonly Box[]
  /** Of the tracks among them. */
  readonly samples: readonly Span[]
}

/** The notes of the film and of each of its tracks, and the tracks that are nothing else. */
const notesIn = async (source: Source): Promise<Notes> => {
  const top = await boxesIn(source, 0, source.size)
  const movie = top.find(({ type }) => type === 'moov')
  if (movie === undefined || !top.some(({ type }) => type === 'mdat')) throw new Error('no moov or no mdat')
  const within = await boxesIn(source, movie.content, movie.end)
  const tracks = await Promise.all(within.filter(({ type }) => type === 'trak').map((box) => trackIn(source, box)))
  const kept = tracks.filter(({ handler }) => forPeople.includes(handler))
  const own = tracks.filter(({ handler }) => !forPeople.includes(handler))
  const beside = [...top, ...within, ...kept.flatMap(({ inside }) => inside)].filter(({ type }) => notes.includes(type))
  return { boxes: [...beside, ...own.map(({ box }) => box)], samples: own.length === 0 ? [] : await ownSamples(source, { top, own, kept }) }
}

interface Parts {
  readonly top: readonly Box[]
  readonly own: readonly Track[]
  readonly kept: readonly Track[]
}

/**
 * Throws where such a track lays claim to bytes of a picture, a sound or a head: emptied, they would be missing there; left, they might say the
 * place. And where the film comes in fragments, which have tables of their own.
 */
const ownSamples = async (source: Source, { top, own, kept }: Parts): Promise<readonly Span[]> => {
  if (top.some(({ type }) => type === 'moof')) throw new Error('fragments beside a track of notes')
  const samples = await samplesOf(source, own)
  const heads = top.map(({ type, at, content, end }) => ({ from: at, to: type === 'mdat' ? content : end }))
  if (overlap(samples, heads) || overlap(samples, await samplesOf(source, kept)))
    throw new Error('a track of notes claims what is not its own')
  return samples
}

/** Makes of the box free space (ISO/IEC 14496-12, 8.1.2), filled with zeros. */
const empty = async (handle: FileHandle, { at, content, end }: Box): Promise<void> => {
  await handle.write(Buffer.from('free', 'latin1'), 0, 4, at + 4)
  await blank(handle, { from: content, to: end })
}

const blank = async (handle: FileHandle, { from, to }: Span): Promise<void> => {
  const zeros = Buffer.alloc(Math.min(to - from, 65_536))
  for (let at = from; at < to; at += zeros.length) await handle.write(zeros, 0, Math.min(zeros.length, to - at), at)
}

const sourceOf = async (handle: FileHandle): Promise<Source> => ({
  size: (await handle.stat()).size,
  read: async (at, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at)
    return buffer.subarray(0, bytesRead)
  },
})

const unreadable = (cause: unknown): never => {
  throw refused('media-unreadable', cause)
}
