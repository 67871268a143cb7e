// What a file is, read from its bytes: its name and what its sender says of it count for nothing.
import { fileTypeFromFile } from 'file-type'
import { refused } from './refused.ts'

/** Bytes of one file, by what it is. */
export const mostBytes = { image: 20_000_000, video: 200_000_000, captions: 1_000_000 } as const

type MediaKind = keyof typeof mostBytes

export interface Sniffed {
  readonly kind: MediaKind
  /** As it came; a HEIC photograph is kept as JPEG, a GIF as PNG. */
  readonly type: string
}

/** SVG is not among them because it can carry script. Whether a GIF or WebP moves is seen when it is opened. */
const taken: Readonly<Record<string, Sniffed>> = {
  'image/jpeg': { kind: 'image', type: 'image/jpeg' },
  'image/png': { kind: 'image', type: 'image/png' },
  'image/webp': { kind: 'image', type: 'image/webp' },
  'image/gif': { kind: 'image', type: 'image/gif' },
  'image/heic': { kind: 'image', type: 'image/heic' },
  'image/heif': { kind: 'image', type: 'image/heic' },
  'video/mp4': { kind: 'video', type: 'video/mp4' },
  'video/x-m4v': { kind: 'video', type: 'video/mp4' },
  'video/quicktime': { kind: 'video', type: 'video/quicktime' },
  'text/vtt': { kind: 'captions', type: 'text/vtt' },
}

const animated = ['image/apng', 'image/heic-sequence', 'image/heif-sequence']

/** Refuses with `media-type`, `media-animated` or `media-too-large`. */
export const sniff = async (file: string, size: number): Promise<Sniffed> => {
  const found = await fileTypeFromFile(file).catch(() => undefined)
  const sniffed = taken[found?.mime ?? '']
  if (found && animated.includes(found.mime)) throw refused('media-animated')
  if (!sniffed) throw refused('media-type')
  if (size > mostBytes[sniffed.kind]) throw refused('media-too-large')
  return sniffed
}
