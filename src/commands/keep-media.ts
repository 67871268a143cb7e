// Keeping an image: what it is, is read from its bytes; the same bytes are stored once.
import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { may, notAllowed } from '../access/actor.ts'
import { type Problem, Refusal } from '../announcement/refusal.ts'
import { audit } from '../store/audit.ts'
import { findMedia, insertMedium, type StoredMedium } from '../store/media.ts'
import type { Actor, Desk } from './desk.ts'

/** Bytes of one image. */
export const maxMediumBytes = 10 * 1024 * 1024

/** What can be kept; SVG is not among them because it can carry script. */
export const mediumTypes = ['image/jpeg', 'image/png', 'image/webp'] as const

/** Above this an image is a bomb rather than a picture: 40 megapixels. */
const maxPixels = 40_000_000

/**
 * Keeps the bytes and says what they are; alternative text is given where the image is used.
 * Refuses with `not-allowed`, `media-empty`, `media-too-large`, `media-type`, `media-unreadable` or `media-too-many-pixels`.
 */
export const keepMedia = async (desk: Desk, actor: Actor, bytes: Uint8Array): Promise<StoredMedium> => {
  demandDraftSomewhere(desk, actor)
  const medium = await measured(bytes)
  await desk.db.transaction().execute(async (trx) => {
    const fresh = await insertMedium(trx, medium, bytes, actor.id)
    if (fresh) await audit(trx, { actor: actor.id, action: 'keep-media', subject: medium.id, facts: { ...medium } })
  })
  return medium
}

/** The image of that id; refuses with `unknown-media`. */
export const showMedia = async (desk: Desk, actor: Actor, id: string): Promise<StoredMedium> => {
  demandDraftSomewhere(desk, actor)
  const [medium] = await findMedia(desk.db, [id])
  if (!medium) throw new Refusal({ code: 'unknown-media', de: 'Dieses Bild gibt es nicht.', en: 'There is no such image.', place: 'id' })
  return medium
}

/** Images belong to no city; whoever may write for one of them may bring one. */
const demandDraftSomewhere = (desk: Desk, actor: Actor): void => {
  if ([...desk.cities.keys()].some((city) => may(actor, 'draft', city))) return
  throw notAllowed('draft')
}

const measured = async (bytes: Uint8Array): Promise<StoredMedium> => {
  if (bytes.byteLength === 0) throw refused('media-empty', 'Die Bilddatei ist leer.', 'The image file is empty.')
  if (bytes.byteLength > maxMediumBytes)
    throw refused('media-too-large', 'Das Bild ist größer als 10 MB.', 'The image is larger than 10 MB.')
  const type = await typeOf(bytes)
  if (!isWhole(type, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) throw unreadable()
  const { width, height } = sizeOf(bytes)
  if (width * height > maxPixels)
    throw refused('media-too-many-pixels', 'Das Bild hat mehr als 40 Megapixel.', 'The image has more than 40 megapixels.')
  return { id: createHash('sha256').update(bytes).digest('hex'), type, size: bytes.byteLength, width, height }
}

const typeOf = async (bytes: Uint8Array): Promise<string> => {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (found && (mediumTypes as readonly string[]).includes(found.mime)) return found.mime
  throw refused(
    'media-type',
    'Das ist kein Bild im Format JPEG, PNG oder WebP. Bitte speichern Sie es in einem dieser Formate.',
    'This is not a JPEG, PNG or WebP image. Please save it as one of these.',
  )
}

const sizeOf = (bytes: Uint8Array): { readonly width: number; readonly height: number } => {
  try {
    const { width, height, orientation = 1 } = imageSize(new Uint8Array(bytes)) // its own copy: the library reads past the end of a view
    if (!(width > 0 && height > 0)) throw new Error('no size')
    // EXIF orientations 5 to 8 turn the image by a quarter.
    return orientation >= 5 ? { width: height, height: width } : { width, height }
  } catch (cause) {
    throw unreadable(cause)
  }
}

/**
 * False for an image whose end did not arrive: PNG ends with IEND and four more bytes, WebP says its length, and the end mark of a JPEG (FF D9) comes
 * after its last scan (FF DA; neither occurs within the data of a scan).
 */
const isWhole = (type: string, bytes: Buffer): boolean => {
  if (type === 'image/png') {
    const end = bytes.lastIndexOf('IEND', undefined, 'latin1')
    return end > 0 && end + 8 <= bytes.length
  }
  if (type === 'image/webp') return bytes.length >= 8 && bytes.readUInt32LE(4) + 8 <= bytes.length
  return bytes.lastIndexOf('ffd9', undefined, 'hex') > bytes.lastIndexOf('ffda', undefined, 'hex')
}

const unreadable = (cause?: unknown): Refusal =>
  refused(
    'media-unreadable',
    'Das Bild ist beschädigt oder unvollständig und lässt sich nicht lesen.',
    'The image is damaged or incomplete and cannot be read.',
    cause,
  )

const refused = (code: string, de: string, en: string, cause?: unknown): Refusal => {
  const problem: Problem = { code, de, en, place: 'media' }
  return new Refusal(problem, { cause })
}
