// A tiny film: an MP4 of any length and size whose headers are in order, for uploads; nobody could watch it.
import { createHash } from 'node:crypto'
import type { PostCaptions, PostVideo } from '../../src/connector/connector.ts'

export interface Film {
  /** Length, with fractions. */
  readonly seconds?: number
  readonly width?: number
  readonly height?: number
  /** Bytes of picture data: makes the file as long as an upload in pieces needs. */
  readonly padding?: number
  readonly language?: string
}

const u8 = (...values: readonly number[]): Buffer => Buffer.from(values)
const u16 = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => u8((value >> 8) & 255, value & 255)))
const u32 = (...values: readonly number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const four = Buffer.alloc(4)
      four.writeUInt32BE(value)
      return four
    }),
  )
const letters = (text: string): Buffer => Buffer.from(text, 'latin1')
const zeros = (length: number): Buffer => Buffer.alloc(length)

/** ISO/IEC 14496-12: length, four letters, content. */
const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat([letters(type), ...parts])
  return Buffer.concat([u32(content.length + 4), content])
}

/** A box with a version and flags in front. */
const full = (type: string, flags: number, ...parts: readonly Buffer[]): Buffer => box(type, u32(flags), ...parts)

/** 16.16 fixed point: upright, unscaled. */
const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** Time units per second. */
const scale = 1000

/** The headers of one video track of H.264, and `padding` bytes that stand for its one picture. */
export const anMp4 = ({ seconds = 2, width = 640, height = 360, padding = 64 }: Film = {}): Buffer => {
  const duration = Math.round(seconds * scale)
  const ftyp = box('ftyp', letters('isom'), u32(0x200), letters('isomiso2avc1mp41'))
  const moovAt = (offset: number): Buffer => box('moov', movieHeader(duration), track({ duration, width, height, padding, offset }))
  const offset = ftyp.length + moovAt(0).length + 8
  return Buffer.concat([ftyp, moovAt(offset), box('mdat', zeros(padding))])
}

const movieHeader = (duration: number): Buffer =>
  full('mvhd', 0, u32(0, 0, scale, duration, 0x10000), u16(0x100), zeros(10), matrix, zeros(24), u32(2))

interface Track {
  readonly duration: number
  readonly width: number
  readonly height: number
  readonly padding: number
  /** Where the picture data begin in the file. */
  readonly offset: number
}

const track = ({ duration, width, height, padding, offset }: Track): Buffer =>
  box(
    'trak',
    full('tkhd', 7, u32(0, 0, 1, 0, duration), zeros(8), u16(0, 0, 0, 0), matrix, u32(width << 16, height << 16)),
    box(
      'mdia',
      // the language "und" in five bits a letter
      full('mdhd', 0, u32(0, 0, scale, duration), u16(0x55c4, 0)),
      full('hdlr', 0, u32(0), letters('vide'), zeros(12), letters('Film\0')),
      box(
        'minf',
        full('vmhd', 1, zeros(8)),
        box('dinf', full('dref', 0, u32(1), full('url ', 1))),
        box(
          'stbl',
          full('stsd', 0, u32(1), pictures(width, height)),
          full('stts', 0, u32(1, 1, duration)),
          full('stsc', 0, u32(1, 1, 1, 1)),
          full('stsz', 0, u32(padding, 1)),
          full('stco', 0, u32(1, offset)),
        ),
      ),
    ),
  )

const pictures = (width: number, height: number): Buffer =>
  box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(24, 0xffff),
    // baseline profile, level 3.0, without parameter sets
    box('avcC', u8(1, 66, 0, 30, 0xff, 0xe0, 0)),
  )

const idOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The bytes of a film and of its subtitles, and how a post names them. */
export interface AVideo {
  readonly bytes: Buffer
  readonly video: PostVideo
  readonly captions: { readonly bytes: Buffer; readonly captions: PostCaptions }
}

/** A film with subtitles in one language; `video.captions` names them. */
export const aVideo = (alt: string, film: Film = {}): AVideo => {
  const { seconds = 2, width = 640, height = 360, language = 'de' } = film
  const bytes = anMp4(film)
  const subtitles = aWebVtt(alt, seconds)
  const captions = { id: idOf(subtitles), size: subtitles.length, language }
  const video = { id: idOf(bytes), type: 'video/mp4', size: bytes.length, width, height, seconds, alt, captions: [captions] }
  return { bytes, video, captions: { bytes: subtitles, captions } }
}

/** Subtitles of one line that stands from beginning to end. */
export const aWebVtt = (line: string, seconds = 2): Buffer => {
  const time = (at: number): string => new Date(at * 1000).toISOString().slice(11, 23)
  return Buffer.from(`WEBVTT\n\n${time(0)} --> ${time(seconds)}\n${line}\n`, 'utf8')
}
