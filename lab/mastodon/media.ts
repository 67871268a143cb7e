// Uploads to Mastodon: POST /api/v2/media, and asking whether they are ready.
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { graphemes } from '../graphemes.ts'
import { type Answer, type Ask, type Parts, Refusal } from '../room.ts'
import { invalid, noRecord, unprocessable } from './answers.ts'
import { type Account, imageTypes, type Media, mediaJson } from './entities.ts'
import { type Fields, fieldsOf } from './fields.ts'
import type { MastodonSettings } from './limits.ts'

export interface MediaDesk {
  upload(account: Account, ask: Ask): Promise<Answer>
  show(account: Account, id: string): Answer
  describe(account: Account, id: string, ask: Ask): Promise<Answer>
  /** The uploads that a status names, ready and free (or already its own); throws the platform's refusal. */
  attach(account: Account, ids: readonly string[], statusId: string | null): readonly Media[]
  /** Changes the descriptions of a status's images as `media_attributes` of an edit says; true when one changed. */
  redescribe(media: readonly Media[], fields: Fields): boolean
  clear(): void
}

export const openMedia = (parts: Parts, settings: MastodonSettings, nextId: () => string): MediaDesk => {
  const all = new Map<string, Media>()
  const own = (account: Account, id: string): Media => {
    const media = all.get(id)
    if (media?.accountId !== account.id) throw noRecord()
    return media
  }
  const ready = (media: Media): boolean => media.readyAt <= parts.now()
  const described = (text: string | undefined): string | null => {
    if (text !== undefined && graphemes(text) > settings.descriptionLimit)
      throw invalid(`Description is too long (maximum is ${settings.descriptionLimit} characters)`)
    return text || null
  }
  return {
    async upload(account, ask) {
      const { values, file } = await fieldsOf(ask)
      const description = described(values.get('description')?.at(-1))
      const image = await checkedImage(file, settings)
      const sha256 = parts.ledger.keep(image.bytes, image.type)
      const { width, height, type } = image
      const readyAt = parts.now() + settings.mediaProcessingMs
      const stored = { sha256, size: image.bytes.length, type }
      const media: Media = { id: nextId(), accountId: account.id, image: stored, width, height, description, readyAt, statusId: null }
      all.set(media.id, media)
      return { status: settings.mediaProcessingMs > 0 ? 202 : 200, body: mediaJson(media, parts, ready(media)) }
    },
    show(account, id) {
      const media = own(account, id)
      return { status: ready(media) ? 200 : 206, body: mediaJson(media, parts, ready(media)) }
    },
    async describe(account, id, ask) {
      const media = own(account, id)
      media.description = described((await fieldsOf(ask)).values.get('description')?.at(-1))
      return { status: 200, body: mediaJson(media, parts, ready(media)) }
    },
    attach(account, ids, statusId) {
      if (ids.length > settings.maxMediaAttachments) throw unprocessable(`Cannot attach more than ${settings.maxMediaAttachments} files`)
      const missing = ids.filter((id) => {
        const media = all.get(id)
        return media?.accountId !== account.id || (media.statusId !== null && media.statusId !== statusId)
      })
      if (missing.length > 0) throw unprocessable(`Media ${missing.join(', ')} not found or already attached to another post`)
      const media = ids.map((id) => all.get(id)!)
      if (!media.every(ready)) throw unprocessable('Cannot attach files that have not finished processing. Try again in a moment!')
      return media
    },
    redescribe: (media, fields) => redescribe(media, fields, described),
    clear: () => all.clear(),
  }
}

const redescribe = (media: readonly Media[], fields: Fields, described: (text: string) => string | null): boolean => {
  const wanted = fields.mediaAttributes.flatMap(({ id, description }) => {
    const meant = media.find((one) => one.id === id)
    return meant && description !== undefined && description !== (meant.description ?? '')
      ? [{ meant, description: described(description) }]
      : []
  })
  for (const { meant, description } of wanted) meant.description = description
  return wanted.length > 0
}

interface CheckedImage {
  readonly bytes: Buffer
  readonly type: string
  readonly width: number
  readonly height: number
}

/** An image that Mastodon would take; what it is is read from its bytes, not believed. Videos and sound are not played here. */
const checkedImage = async (bytes: Buffer | null, settings: MastodonSettings): Promise<CheckedImage> => {
  if (!bytes) throw invalid("File can't be blank")
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
  if (!imageTypes.includes(type)) throw invalid('File content type is invalid, File is invalid')
  if (bytes.length > settings.imageSizeLimit)
    throw invalid(`File file size must be less than ${Math.round(settings.imageSizeLimit / 1_048_576)} MB`)
  try {
    const { width, height } = imageSize(bytes)
    if (width * height > settings.imageMatrixLimit) throw unprocessable(`${width}x${height} images are not supported`)
    return { bytes, type, width, height }
  } catch (error) {
    throw error instanceof Refusal ? error : invalid('File is invalid')
  }
}
