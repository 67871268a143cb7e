// Videos on a Facebook page: begun once, uploaded piece by piece, then published; an upright short one becomes a reel.
import { z } from 'zod'
import type { Attempt, Post, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import { finishReel, uploadReel } from './reel.ts'
import type { FacebookClient } from './settings.ts'
import { finishUpload, uploadVideo } from './video-upload.ts'

/** 9:16, at least 540 x 960 pixels, 3 to 90 seconds: https://developers.facebook.com/docs/video-api/guides/reels-publishing/ */
const isReel = ({ width, height, seconds }: PostVideo): boolean =>
  Math.abs(width / height - 9 / 16) < 0.01 && width >= 540 && height >= 960 && seconds >= 3 && seconds <= 90

/** Its handle is remembered before a byte is sent, so that a lost answer can be looked up and the same video be finished again. */
export const publishVideo = async (client: FacebookClient, post: Post, video: PostVideo, attempt: Attempt): Promise<Receipt> => {
  const id = isReel(video) ? await uploadReel(client, video, attempt) : await uploadVideo(client, video, attempt)
  if (isReel(video)) await finishReel(client, id, post, attempt)
  else await finishUpload(client, post, attempt)
  try {
    return videoReceipt(id, await lookAt(client, id, attempt.signal))
  } catch (error) {
    attempt.log.info({ error }, 'the video is published, its address is not known yet')
    return videoReceipt(id)
  }
}

/** What became of a video whose publishing was not answered: none, or this one. */
export const findVideo = async (client: FacebookClient, id: string, { signal }: Attempt): Promise<readonly Receipt[]> => {
  const seen = await lookAt(client, id, signal)
  if (seen?.status.video_status === 'error') throw new RejectedError('Facebook kann das Video nicht verarbeiten.')
  return seen && isAccepted(seen) ? [videoReceipt(id, seen)] : []
}

const video = z.object({
  permalink_url: z.string().optional(),
  created_time: z.string().optional(),
  status: z.object({
    /** Of a reel: `not_started` until it was finished. */
    publishing_phase: z.object({ status: z.string() }).optional(),
    video_status: z.string().optional(),
  }),
})
type Video = z.infer<typeof video>

/** https://developers.facebook.com/docs/graph-api/reference/video/; undefined: there is none with this id any more. */
const lookAt = async ({ graph }: FacebookClient, id: string, signal: AbortSignal): Promise<Video | undefined> => {
  const params = { fields: 'status,permalink_url,created_time' }
  const answer = await graph.call({ method: 'GET', path: `/${id}`, params, kind: 'read', goneIsFine: true, signal })
  return answer.status < 300 ? answer.as(video) : undefined
}

const isAccepted = ({ status: { publishing_phase, video_status = '' } }: Video): boolean =>
  publishing_phase ? publishing_phase.status !== 'not_started' : ['processing', 'ready'].includes(video_status)

/** Facebook gives a video's address without its host. */
const videoReceipt = (id: string, seen?: Video): Receipt => ({
  id,
  url: seen?.permalink_url ? new URL(seen.permalink_url, 'https://www.facebook.com').href : null,
  at: new Date(seen?.created_time ?? Date.now()).toISOString(),
  detail: { kind: 'video' },
})
