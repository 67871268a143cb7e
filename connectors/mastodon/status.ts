// A status as Mastodon's API gives it, and the receipt made of it.
import { z } from 'zod'
import type { PostImage, Receipt } from '../../src/connector/connector.ts'
import { pictureKeys } from '../../src/connector/picture-keys.ts'
import type { MediaIds } from './media.ts'

/** The fields we read of https://docs.joinmastodon.org/entities/Status/. */
export const status = z.object({
  id: z.string().min(1),
  url: z.string().nullable(),
  created_at: z.string(),
  edited_at: z.string().nullish(),
  content: z.string(),
  media_attachments: z.array(z.object({ id: z.string() })),
})
export type Status = z.infer<typeof status>

/** `images`: those the status was made with; which upload is which is kept for edits. */
export const receiptOf = ({ id, url, created_at, edited_at, media_attachments }: Status, images: readonly PostImage[]): Receipt => {
  const media =
    images.length === media_attachments.length ? pictureKeys(images).map((key, index) => [key, media_attachments[index]?.id]) : []
  return {
    id,
    url,
    at: new Date(edited_at ?? created_at).toISOString(),
    ...(media.length > 0 && { detail: { media: JSON.stringify(Object.fromEntries(media)) } }),
  }
}

/** The images that hang on the post, so that an edit can keep them. */
export const mediaOf = (receipt: Receipt): MediaIds => JSON.parse(receipt.detail?.media ?? '{}')

/** The status id; a person may have given the post's address instead. */
export const statusId = (receipt: Receipt): string => encodeURIComponent(receipt.id.replace(/\/+$/, '').split('/').at(-1) ?? receipt.id)
