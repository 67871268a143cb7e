// A post or a comment on Instagram as the Graph API gives it, and the receipt made of it.
import { z } from 'zod'
import type { Receipt } from '../../src/connector/connector.ts'

/** The fields we read of https://developers.facebook.com/docs/instagram-platform/reference/instagram-media */
export const media = z.object({
  id: z.string().min(1),
  caption: z.string().optional(),
  permalink: z.string().optional(),
  timestamp: z.string().optional(),
})
export type Media = z.infer<typeof media>
export const mediaFields = 'id,caption,permalink,timestamp'

/** https://developers.facebook.com/docs/instagram-platform/reference/ig-comment */
export const comment = z.object({ id: z.string().min(1), text: z.string().optional(), timestamp: z.string().optional() })
export type Comment = z.infer<typeof comment>
export const commentFields = 'id,text,timestamp'

const timeOf = (timestamp: string | undefined): string => new Date(timestamp ?? Date.now()).toISOString()

export const mediaReceipt = ({ id, permalink, timestamp }: Media): Receipt => ({ id, url: permalink ?? null, at: timeOf(timestamp) })

/** A comment has no address of its own; `thread`: the comment below which answers to it stand. */
export const commentReceipt = ({ id, timestamp }: Comment, thread: string): Receipt => ({
  id,
  url: null,
  at: timeOf(timestamp),
  detail: { kind: 'comment', thread },
})

export const isComment = (receipt: Receipt): boolean => receipt.detail?.kind === 'comment'
