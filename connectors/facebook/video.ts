// Videos on a Facebook page: begun once, uploaded piece by piece, then published; an upright short one becomes a reel.
import { z } from 'zod'
import type { Attempt, Post, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnclearError } from '../../src/connector/errors.ts'
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

/**
 * What became of a video whose publishing was not answered: none, or this one.
 *
 * @throws NotYetError while Facebook works on it without saying whether it will be published, UnclearError where that takes too long
 */
export const findVideo = async (client: FacebookClient, id: string, attempt: Attempt): Promise<readonly Receipt[]> => {
  const seen = await lookAt(client, id, attempt.signal)
  if (seen?.status.video_status === 'error') throw new RejectedError('Facebook kann das Video nicht verarbeiten.')
  if (seen === undefined || isUnfinished(seen)) return []
  if (isAccepted(seen)) return [videoReceipt(id, seen)]
  throw await undecided(attempt)
}

/**
 * Ten minutes, then a person is asked: a reel that failed its checks, or that nobody has asked to publish, may look the same for ever
 * (https://github.com/fbsamples/reels_publishing_apis/issues/47).
 */
const mostLooks = 20
const lookAgainMs = 30_000

const undecided = async ({ memory, remember }: Attempt): Promise<Error> => {
  const looks = Number(memory['video-looks'] ?? 0) + 1
  const words = 'Facebook verarbeitet das Video und hat mit dem Veröffentlichen noch nicht begonnen.'
  if (looks > mostLooks) return new UnclearError(words, { findable: false })
  await remember({ 'video-looks': String(looks) })
  return new NotYetError(words, lookAgainMs)
}

const video = z.object({
  permalink_url: z.string().optional(),
  created_time: z.string().optional(),
  status: z.object({
    uploading_phase: z.object({ status: z.string() }).optional(),
    /** Of a reel: `not_started` until it was finished, and for a while after that. */
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

/** Not all of its bytes are there, or they are and nothing else has happened. */
const isUnfinished = ({ status: { uploading_phase, video_status = '' } }: Video): boolean =>
  (uploading_phase !== undefined && uploading_phase.status !== 'complete') ||
  ['uploading', 'upload_complete', 'upload_failed', 'expired'].includes(video_status)

const isAccepted = ({ status: { publishing_phase, video_status = '' } }: Video): boolean =>
  publishing_phase ? publishing_phase.status !== 'not_started' : ['processing', 'ready'].includes(video_status)

/** Facebook gives a video's address without its host. */
const videoReceipt = (id: string, seen?: Video): Receipt => ({
  id,
  url: seen?.permalink_url ? new URL(seen.permalink_url, 'https://www.facebook.com').href : null,
  at: new Date(seen?.created_time ?? Date.now()).toISOString(),
  detail: { kind: 'video' },
})
