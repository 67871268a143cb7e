// A reel: a session, its bytes to the address it names, and the word to publish. https://developers.facebook.com/docs/video-api/guides/reels-publishing/
import { z } from 'zod'
import type { Attempt, Post, PostVideo } from '../../src/connector/connector.ts'
import type { FacebookClient } from './settings.ts'

const begun = z.object({ video_id: z.string().min(1), upload_url: z.url() })

/** The id of the video, all of whose bytes are there. */
export const uploadReel = async (client: FacebookClient, video: PostVideo, attempt: Attempt): Promise<string> => {
  const { id, address } = await session(client, attempt)
  const from = attempt.memory.uploading === undefined ? 0 : await arrived(client, id, attempt.signal)
  if (from >= video.size) return id
  await attempt.remember({ uploading: 'yes' })
  const bytes = Uint8Array.from(await client.tools.media(video.id))
  await client.graph.upload(address, bytes, from, attempt.signal)
  return id
}

const session = async ({ graph, page }: FacebookClient, attempt: Attempt): Promise<{ readonly id: string; readonly address: string }> => {
  const { video, 'video-address': known } = attempt.memory
  if (video !== undefined && known !== undefined) return { id: video, address: known }
  const params = { upload_phase: 'start' }
  const answer = await graph.call({ method: 'POST', path: `/${page}/video_reels`, params, kind: 'read', signal: attempt.signal })
  const { video_id: id, upload_url: address } = answer.as(begun)
  await attempt.remember({ video: id, 'video-address': address })
  return { id, address }
}

/** `bytes_transfered` is how the API writes it. */
const phases = z.object({
  status: z.object({ uploading_phase: z.object({ status: z.string(), bytes_transfered: z.number().optional() }).optional() }),
})

/** How many bytes are there already: an upload that broke off goes on from there. */
const arrived = async ({ graph }: FacebookClient, id: string, signal: AbortSignal): Promise<number> => {
  const answer = await graph.call({ method: 'GET', path: `/${id}`, params: { fields: 'status' }, kind: 'read', signal })
  const phase = answer.as(phases).status.uploading_phase
  return phase?.status === 'complete' ? Number.POSITIVE_INFINITY : (phase?.bytes_transfered ?? 0)
}

/** The same video may be finished again: it is one reel all the same. */
export const finishReel = async ({ graph, page }: FacebookClient, id: string, post: Post, attempt: Attempt): Promise<void> => {
  const params = { upload_phase: 'finish', video_id: id, video_state: 'PUBLISHED', description: post.text }
  const answer = await graph.call({ method: 'POST', path: `/${page}/video_reels`, params, kind: 'write', signal: attempt.signal })
  answer.as(z.object({ success: z.literal(true) }))
}
