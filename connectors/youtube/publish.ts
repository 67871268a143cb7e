// Publishing a film on YouTube: uploaded, subtitled, processed; and finding out how far an attempt came whose end nobody saw.
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError } from '../../src/connector/errors.ts'
import { putCaptions } from './captions.ts'
import type { YoutubeClient } from './client.ts'
import { isGone } from './failures.ts'
import { lookAt, type Processing, processing } from './processing.ts'
import { earlierUpload, upload } from './upload.ts'
import { filmOf, receiptOf } from './video.ts'

/** Between two looks of `find` at a film that is being processed: long films take many minutes. */
const comeBackMs = 20_000

export const publish = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<Receipt> => {
  const { refused } = attempt.memory
  if (refused !== undefined) throw new RejectedError(refused)
  const id = await upload(client, post, attempt)
  const { now, receipt } = await open(finished(client, { id, post, look: processing }, attempt))
  if (receipt) return receipt
  if (now.is === 'refused') throw new RejectedError(now.because)
  throw new UnclearError('YouTube verarbeitet das Video noch.')
}

/** Looks at what the remembered upload has become, and finishes it; without an upload, or with half of one, nothing is there. */
export const find = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<Receipt | undefined> => {
  const earlier = attempt.memory.refused === undefined ? await earlierUpload(client, post, attempt) : undefined
  if (earlier?.is !== 'done') return undefined
  const { now, receipt } = await finished(client, { id: earlier.id, post, look: lookAt }, attempt)
  if (now.is === 'at work') throw new NotYetError('YouTube verarbeitet das Video noch.', comeBackMs)
  return receipt
}

interface Finishing {
  readonly id: string
  readonly post: Post
  readonly look: typeof lookAt
}

/** All that follows the upload. A film that YouTube will not show is taken away again, and that is remembered. */
const finished = async (
  client: YoutubeClient,
  { id, post, look }: Finishing,
  attempt: Attempt,
): Promise<{ readonly now: Processing; readonly receipt?: Receipt }> => {
  const film = filmOf(post)
  const captions = await putCaptions(client, { video: id, film }, attempt)
  const now = await look(client, id, attempt.signal)
  if (now.is === 'refused') {
    await removeVideo(client, id, { kind: 'read', signal: attempt.signal })
    await attempt.remember({ refused: now.because })
  }
  if (now.is !== 'ready') return { now }
  const { privacyStatus } = now.video.status
  if (privacyStatus !== client.settings.privacy)
    attempt.log.warn({ video: id, privacyStatus }, 'YouTube shows the video to others than wanted')
  return { now, receipt: receiptOf(now.video, client.settings, { film: film.id, captions }) }
}

/** The video is there: whatever fails from here on leaves the delivery open, until `find` has seen to the rest. */
const open = async <T>(rest: Promise<T>): Promise<T> => {
  try {
    return await rest
  } catch (error) {
    if (error instanceof ChannelError || !(error instanceof Error)) throw error
    throw new UnclearError(`Das Video ist auf YouTube, aber noch nicht fertig: ${error.message}`, { cause: error })
  }
}

/** https://developers.google.com/youtube/v3/docs/videos/delete; what is gone already is as good. */
export const removeVideo = async (
  client: YoutubeClient,
  id: string,
  { kind, signal }: { readonly kind: 'read' | 'write'; readonly signal: AbortSignal },
): Promise<void> => {
  await client.call({ method: 'DELETE', path: `/youtube/v3/videos?id=${encodeURIComponent(id)}`, kind, signal, also: isGone })
}
