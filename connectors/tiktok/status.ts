// What has become of a post that TikTok took in, by its publish_id. https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status
import { z } from 'zod'
import type { TiktokClient } from './client.ts'

export type Status =
  /** `id`: the post's own, known once it is public and moderated. */
  | { readonly is: 'done'; readonly id: string | null }
  | { readonly is: 'at work'; readonly uploaded: number }
  | { readonly is: 'failed'; readonly why: string }

const fetched = z.object({
  data: z.object({
    status: z.string(),
    fail_reason: z.string().default(''),
    uploaded_bytes: z.number().default(0),
  }),
})

/** 64-bit numbers, which JSON.parse would round. */
const postId = /"publicaly_available_post_id"\s*:\s*\[\s*"?(\d+)/

export const readStatus = async ({ call }: TiktokClient, publishId: string, signal: AbortSignal): Promise<Status> => {
  const path = '/v2/post/publish/status/fetch/'
  const answer = await call({ path, json: { publish_id: publishId }, kind: 'read', signal })
  const { status, fail_reason: why, uploaded_bytes: uploaded } = answer.as(fetched).data
  if (status === 'FAILED') return { is: 'failed', why: answer.quote(why, 200) }
  return status === 'PUBLISH_COMPLETE' ? { is: 'done', id: postId.exec(answer.text)?.[1] ?? null } : { is: 'at work', uploaded }
}
