// An image as the house keeps it: upright, without metadata or position, its colours as they were. The same bytes give the same image.
import sharp, { type Metadata, type Sharp } from 'sharp'
import { decodeHeic } from './heic.ts'
import { refused } from './refused.ts'
import { turnstile } from './turnstile.ts'

export interface MadeImage {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp'
  readonly bytes: Buffer
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly singleColour?: true
}

/** Above this an image is a bomb rather than a picture: 40 megapixels. */
export const maxPixels = 40_000_000

/** Pixels that each side has at least: less is a dot, or what counts readers in secret. The number is ours, no platform names one. */
const leastSide = 16

/** One side by the other, at most: the widest that a platform takes, https://core.telegram.org/bots/api#sendphoto. */
const mostRatio = 20

/** Images that are worked on at a time; libvips uses threads of its own for each. Beside these, one of a warning goes through. */
export const atWork = turnstile(2, 1)

/** Seconds that one image may take. */
export const patience = 30

/**
 * The image encoded anew; HEIC becomes JPEG, GIF becomes PNG.
 * Refuses with `media-unreadable`, `media-animated`, `media-too-many-pixels`, `media-too-small`, `media-too-narrow` or `media-too-slow`.
 */
export const reencode = (bytes: Uint8Array, type: string): Promise<MadeImage> =>
  atWork(async () => {
    const made = await (type === 'image/heic' ? fromHeic(bytes) : fromUsual(bytes, type))
    return (await hasSingleColour(made.bytes)) ? { ...made, singleColour: true } : made
  })

const fromUsual = async (bytes: Uint8Array, type: string): Promise<MadeImage> => {
  const facts = await factsOf(bytes)
  // a profile for printing inks says nothing about the screen's colours into which they are turned
  const upright = facts.space === 'cmyk' ? opened(bytes).autoOrient() : opened(bytes).autoOrient().keepIccProfile()
  return encoded(upright, type)
}

/** How far the darkest and the brightest value of a colour may lie apart and still be one colour, of 255: JPEG makes that much noise of a flat area. */
const sameColour = 4

/** True when nothing can be seen on the image where it lies on white: one colour, or white letters on a transparent ground. */
const hasSingleColour = async (bytes: Buffer): Promise<boolean> => {
  const { isOpaque, channels } = await sharp(bytes).stats()
  const { channels: seen } = isOpaque ? { channels } : await (await onWhite(bytes)).stats()
  return seen.every(({ min, max }) => max - min <= sameColour)
}

const onWhite = async (bytes: Buffer): Promise<Sharp> => {
  const { data, info } = await sharp(bytes).flatten({ background: '#ffffff' }).raw().toBuffer({ resolveWithObject: true })
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
}

/** The bytes as sharp opens them: never more pixels than are taken, and nothing of a file that is broken off. */
export const opened = (bytes: Uint8Array): Sharp => sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated' })

/** Best quality that anybody sees a difference to. */
const usual = { jpeg: { quality: 90 }, webp: { quality: 90 }, png: {} } as const

const encoded = async (image: Sharp, type: string): Promise<MadeImage> => {
  const format = type === 'image/png' || type === 'image/gif' ? 'png' : type === 'image/webp' ? 'webp' : 'jpeg'
  try {
    const { data, info } = await image.timeout({ seconds: patience }).toFormat(format, usual[format]).toBuffer({ resolveWithObject: true })
    return { type: `image/${format}`, bytes: data, width: info.width, height: info.height }
  } catch (cause) {
    throw refused(cause instanceof Error && /timeout/i.test(cause.message) ? 'media-too-slow' : 'media-unreadable', cause)
  }
}

const factsOf = async (bytes: Uint8Array): Promise<Metadata> => {
  const facts = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw refused('media-unreadable', cause)
    })
  if ((facts.pages ?? 1) > 1) throw refused('media-animated')
  if (facts.width * facts.height > maxPixels) throw refused('media-too-many-pixels')
  demandShape(facts)
  return facts
}

const demandShape = ({ width, height }: Pick<Metadata, 'width' | 'height'>): void => {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  if (short < leastSide) throw refused('media-too-small')
  if (long / short > mostRatio) throw refused('media-too-narrow')
}

const fromHeic = async (bytes: Uint8Array): Promise<MadeImage> => {
  const { width, height, pixels, profile } = await decodeHeic(bytes, { maxPixels, seconds: patience })
  demandShape({ width, height })
  const raw = sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: maxPixels }).flatten({ background: '#ffffff' })
  const made = await encoded(raw, 'image/jpeg')
  return profile === null ? made : { ...made, bytes: withProfile(made.bytes, profile) }
}

/** Bytes of a profile in one segment: 65,535 less two for the length and fourteen for the name and the numbers (ICC.1, annex B.4). */
const segmentRoom = 65_519

/** A JPEG that says which colours its numbers mean: the profile in APP2 segments right after the start. */
const withProfile = (jpeg: Buffer, profile: Buffer): Buffer => {
  const count = Math.ceil(profile.length / segmentRoom)
  const segments = Array.from({ length: count }, (_, at) => {
    const part = profile.subarray(at * segmentRoom, (at + 1) * segmentRoom)
    const head = Buffer.from([0xff, 0xe2, 0, 0, ...Buffer.from('ICC_PROFILE\0', 'latin1'), at + 1, count])
    head.writeUInt16BE(part.length + 16, 2)
    return Buffer.concat([head, part])
  })
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
}
