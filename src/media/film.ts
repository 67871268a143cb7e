// An MP4 or MOV file before it is kept: whole, and without the notes that cameras write into it, such as the place where it was taken.
import { type FileHandle, open } from 'node:fs/promises'
import { type Box, boxesIn, type Source } from './boxes.ts'
import { refused } from './refused.ts'

/**
 * Empties in place what says where, when and with what the film was taken (`udta`, `meta`, `uuid`: user data, and XMP). No byte moves, so that
 * every picture stays where the tables say. Refuses with `media-unreadable` a file that is broken off or has no `moov`.
 */
export const withoutNotes = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+')
  try {
    const source = await sourceOf(handle)
    for (const box of await notesIn(source).catch(unreadable)) await empty(handle, box)
  } finally {
    await handle.close()
  }
}

const notes = ['udta', 'meta', 'uuid']

/** The notes of the film and of each of its tracks. */
const notesIn = async (source: Source): Promise<readonly Box[]> => {
  const top = await boxesIn(source, 0, source.size)
  const movie = top.find(({ type }) => type === 'moov')
  if (movie === undefined || !top.some(({ type }) => type === 'mdat')) throw new Error('no moov or no mdat')
  const within = await boxesIn(source, movie.content, movie.end)
  const tracks = within.filter(({ type }) => type === 'trak')
  const inTracks = await Promise.all(tracks.map(({ content, end }) => boxesIn(source, content, end)))
  return [...top, ...within, ...inTracks.flat()].filter(({ type }) => notes.includes(type))
}

/** Makes of the box free space (ISO/IEC 14496-12, 8.1.2), filled with zeros. */
const empty = async (handle: FileHandle, { at, content, end }: Box): Promise<void> => {
  await handle.write(Buffer.from('free', 'latin1'), 0, 4, at + 4)
  const zeros = Buffer.alloc(Math.min(end - content, 65_536))
  for (let from = content; from < end; from += zeros.length) await handle.write(zeros, 0, Math.min(zeros.length, end - from), from)
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
