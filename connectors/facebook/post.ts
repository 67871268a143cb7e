// A post, a comment or a video of a Facebook page as the Graph API gives it, and the receipt made of it.
import { z } from 'zod'
import type { PostImage, Receipt } from '../../src/connector/connector.ts'
import { type PhotoIds, photoKey } from './photos.ts'

const target = z.object({ target: z.object({ id: z.string() }).optional() })

/** The fields we read of https://developers.facebook.com/docs/graph-api/reference/page-post/; `attachments` are its photos. */
export const pagePost = z.object({
  id: z.string().min(1),
  message: z.string().optional(),
  created_time: z.string().optional(),
  permalink_url: z.string().optional(),
  attachments: z.object({ data: z.array(target.extend({ subattachments: z.object({ data: z.array(target) }).optional() })) }).optional(),
})
export type PagePost = z.infer<typeof pagePost>

export const postFields = 'id,message,created_time,permalink_url,attachments{target{id},subattachments{target{id}}}'
export const commentFields = 'id,message,created_time,permalink_url'

/** What a receipt stands for where it is not a post; `thread`: the comment below which answers to this one stand. */
export type Kind = 'comment' | 'video'

const timeOf = ({ created_time }: PagePost): string => new Date(created_time ?? Date.now()).toISOString()

/** `photos`: which upload is which image, kept for edits; where it is not known, the platform's order says it. */
export const postReceipt = (post: PagePost, images: readonly PostImage[], photos: PhotoIds = attached(post, images)): Receipt => ({
  id: post.id,
  url: post.permalink_url ?? null,
  at: timeOf(post),
  ...(Object.keys(photos).length > 0 && { detail: { photos: JSON.stringify(photos) } }),
})

export const commentReceipt = (comment: PagePost, thread: string): Receipt => ({
  id: comment.id,
  url: comment.permalink_url ?? null,
  at: timeOf(comment),
  detail: { kind: 'comment', thread },
})

const attached = ({ attachments }: PagePost, images: readonly PostImage[]): PhotoIds => {
  const all = attachments?.data.flatMap(({ target, subattachments }) => subattachments?.data ?? [{ target }]) ?? []
  const ids = all.flatMap(({ target }) => target?.id ?? [])
  return ids.length === images.length ? Object.fromEntries(images.map((image, index) => [photoKey(image), ids[index]!])) : {}
}

/** The photos that hang on the post, so that an edit can keep them. */
export const photosOf = (receipt: Receipt): PhotoIds => JSON.parse(receipt.detail?.photos ?? '{}')

export const kindOf = (receipt: Receipt): Kind | undefined => receipt.detail?.kind as Kind | undefined
