// Images and videos of a container on Threads: fetched by the platform itself, and looked at.
import { fileTypeFromBuffer } from 'file-type'
import { fetchMedia } from '../fetching.ts'
import type { LedgerImage, LedgerVideo } from '../ledger.ts'
import type { Ask, Parts } from '../room.ts'
import { noContainer, notFetched, wrong } from './answers.ts'

export interface Media {
  readonly images: readonly LedgerImage[]
  readonly video: LedgerVideo | null
  /** What went wrong with them, as the container's status will say. */
  readonly error: string | null
}

/** What is asked for, and the request that asks. */
export interface Wish {
  readonly ask: Ask
  readonly fields: URLSearchParams
}

/** A finished item of a carousel; undefined where there is none of this id. */
export type ChildOf = (id: string) => Media | undefined

/** Of media: https://developers.facebook.com/docs/threads/overview#media-specifications; of descriptions: #alt-text */
const maxImageBytes = 8_388_608
const maxVideoBytes = 1_073_741_824
const maxAlt = 1000

const nothing: Media = { images: [], video: null, error: null }

export const mediaOf = async (parts: Parts, wish: Wish, childOf: ChildOf): Promise<Media> => {
  const { fields } = wish
  const kind = fields.get('media_type')
  if (kind !== 'TEXT' && fields.has('link_attachment')) throw wrong('link_attachment is only available for text posts')
  if ((fields.get('alt_text') ?? '').length > maxAlt) throw wrong(`Param alt_text must be at most ${maxAlt} characters long.`)
  switch (kind) {
    case 'TEXT':
      if (!fields.get('text')?.trim() && !fields.get('link_attachment')) throw wrong('Param text is required')
      return nothing
    case 'IMAGE':
      return { ...nothing, images: [await image(parts, wish)] }
    case 'VIDEO':
      return { ...nothing, ...(await video(parts, wish)) }
    case 'CAROUSEL':
      return carousel(fields.get('children') ?? '', childOf)
    default:
      throw wrong('Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}')
  }
}

const image = async (parts: Parts, { ask, fields }: Wish): Promise<LedgerImage> => {
  const bytes = await fetchMedia(ask, fields.get('image_url') ?? '', maxImageBytes)
  if (!bytes) throw notFetched()
  const type = await typeOf(bytes)
  if (type !== 'image/jpeg' && type !== 'image/png') throw wrong('The image format is not supported')
  if (bytes.length > maxImageBytes) throw wrong('The image is larger than 8 MB')
  return kept(parts, bytes, { type, alt: fields.get('alt_text') ?? '' })
}

/** A video is looked at later: what is wrong with it stands in the container's status. */
const video = async (parts: Parts, { ask, fields }: Wish): Promise<Pick<Media, 'video' | 'error'>> => {
  const bytes = await fetchMedia(ask, fields.get('video_url') ?? '', maxVideoBytes)
  if (!bytes) return { video: null, error: 'FAILED_DOWNLOADING_VIDEO' }
  const type = await typeOf(bytes)
  if ((type !== 'video/mp4' && type !== 'video/quicktime') || bytes.length > maxVideoBytes)
    return { video: null, error: 'FAILED_PROCESSING_VIDEO' }
  return { video: { ...kept(parts, bytes, { type, alt: fields.get('alt_text') ?? '' }), captions: [] }, error: null }
}

const typeOf = async (bytes: Buffer): Promise<string> => (await fileTypeFromBuffer(bytes))?.mime ?? ''

const kept = ({ ledger }: Parts, bytes: Buffer, { type, alt }: { type: string; alt: string }): LedgerImage => ({
  alt,
  sha256: ledger.keep(bytes, type),
  size: bytes.length,
  type,
})

/** "Carousels can have at least 2 and up to 20 total images or videos": https://developers.facebook.com/docs/threads/posts#carousel-posts */
const carousel = (list: string, childOf: ChildOf): Media => {
  const ids = list.split(',').filter((id) => id !== '')
  if (ids.length < 2 || ids.length > 20) throw wrong('Param children must have between 2 and 20 items')
  const children = ids.map((id) => {
    const child = childOf(id)
    if (!child) throw noContainer()
    return child
  })
  return { images: children.flatMap(({ images }) => images), video: children.find((child) => child.video)?.video ?? null, error: null }
}
