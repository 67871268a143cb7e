// Files that come with a call to the Bot API: photos and videos, looked at as Telegram does. https://core.telegram.org/bots/api#sending-files
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { LedgerImage } from '../ledger.ts'
import { type Parts, Refusal } from '../room.ts'
import { bad, failed } from './answers.ts'
import type { Attachment } from './shapes.ts'

/** "The photo must be at most 10 MB": https://core.telegram.org/bots/api#sendphoto */
const maxPhotoBytes = 10_485_760
/** "Bots can currently send video files of up to 50 MB": https://core.telegram.org/bots/api#sendvideo */
const maxVideoBytes = 52_428_800
const photoTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/** The upload as an attachment; an address or a file_id instead of bytes is not played here. */
export const attachmentOf = async (parts: Parts, kind: Attachment['kind'], bytes: Buffer | undefined): Promise<Attachment> => {
  if (!bytes) throw bad('wrong file identifier/HTTP URL specified')
  if (bytes.length === 0) throw bad('file must be non-empty')
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
  return kind === 'photo' ? photo(parts, bytes, type) : video(parts, bytes, type)
}

const photo = (parts: Parts, bytes: Buffer, type: string): Attachment => {
  if (bytes.length > maxPhotoBytes) throw new Refusal(failed(413, 'Request Entity Too Large'))
  if (!photoTypes.includes(type)) throw bad('IMAGE_PROCESS_FAILED')
  const { width, height } = sizeOf(bytes)
  // "width and height must not exceed 10000 in total. Width and height ratio must be at most 20"
  if (width + height > 10_000 || Math.max(width / height, height / width) > 20) throw bad('PHOTO_INVALID_DIMENSIONS')
  return { kind: 'photo', ...kept(parts, bytes, type), width, height }
}

const video = (parts: Parts, bytes: Buffer, type: string): Attachment => {
  if (bytes.length > maxVideoBytes) throw new Refusal(failed(413, 'Request Entity Too Large'))
  if (type !== 'video/mp4') throw bad('VIDEO_CONTENT_TYPE_INVALID')
  const { id, file } = kept(parts, bytes, type)
  return { kind: 'video', id, file: { ...file, captions: [] }, width: 0, height: 0 }
}

const kept = (parts: Parts, bytes: Buffer, type: string): { readonly id: string; readonly file: LedgerImage } => {
  const sha256 = parts.ledger.keep(bytes, type)
  return { id: sha256, file: { alt: '', sha256, size: bytes.length, type } }
}

const sizeOf = (bytes: Buffer): { readonly width: number; readonly height: number } => {
  try {
    return imageSize(bytes)
  } catch {
    throw bad('IMAGE_PROCESS_FAILED')
  }
}
