// Publishing on TikTok: announced, uploaded, processed; and finding out how far an attempt came whose end nobody saw.
import { setTimeout as pause } from 'node:timers/promises'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import type { TiktokClient } from './client.ts'
import { advised, ofCode } from './failures.ts'
import { postPhotos } from './photos.ts'
import { readStatus, type Status } from './status.ts'
import { announce, forget, sendFilm } from './upload.ts'

/** Between two looks within one attempt, in milliseconds; TikTok allows 30 a minute. */
const looks = [500, 1500, 3000]
/** Between two looks of `find`: a public post is moderated within a minute, at times in hours. */
const comeBackMs = 30_000

export const publish = async (client: TiktokClient, post: Post, attempt: Attempt): Promise<Receipt> => {
  if (!post.video && post.images.length === 0) throw new RejectedError('TikTok nimmt nur Videos und Fotos; dieser Beitrag hat keine.')
  const before = await statusNow(client, attempt)
  if (before?.is === 'done') return receiptOf(client, before, { post, attempt })
  if (before?.is === 'failed') throw await failure(before.why, attempt)
  await (post.video ? putFilm(client, { post, before }, attempt) : putPhotos(client, { post, before }, attempt))
  const now = await settled(client, attempt)
  if (now?.is === 'done') return receiptOf(client, now, { post, attempt })
  if (now?.is === 'failed') throw await failure(now.why, attempt)
  throw new UnclearError('TikTok verarbeitet den Beitrag noch.')
}

/** Asks what the remembered publish_id has become. Half an upload, and one that failed, is surely not there. */
export const find = async (client: TiktokClient, post: Post, attempt: Attempt): Promise<Receipt | undefined> => {
  const { publishId, photos } = attempt.memory
  if (!publishId && photos) throw new UnclearError('Ob TikTok die Fotos genommen hat, steht nirgends.', { findable: false })
  const now = await statusNow(client, attempt)
  if (now?.is === 'done') return receiptOf(client, now, { post, attempt })
  if (now?.is === 'at work' && isWhole(post, now)) throw new NotYetError('TikTok verarbeitet den Beitrag noch.', comeBackMs)
  return undefined
}

const statusNow = async (client: TiktokClient, { memory, signal }: Attempt): Promise<Status | undefined> =>
  memory.publishId ? readStatus(client, memory.publishId, signal) : undefined

/** Photos are fetched by TikTok: what has begun goes on without us. */
const isWhole = ({ video }: Post, { uploaded }: Status & { is: 'at work' }): boolean => video === undefined || uploaded >= video.size

interface Begun {
  readonly post: Post
  readonly before: (Status & { is: 'at work' }) | undefined
}

const putFilm = async (client: TiktokClient, { post, before }: Begun, attempt: Attempt): Promise<void> => {
  const film = post.video
  if (!film) return
  if (!before) await announce(client, { post, film }, attempt)
  const uploaded = before?.uploaded ?? 0
  if (uploaded < film.size) await sendFilm(client, { film, uploaded }, attempt)
}

const putPhotos = async (client: TiktokClient, { post, before }: Begun, attempt: Attempt): Promise<void> => {
  if (!before) await postPhotos(client, post, attempt)
}

/** All bytes are there: whatever fails from here on leaves it open what becomes of them. */
const settled = async (client: TiktokClient, attempt: Attempt): Promise<Status | undefined> => {
  try {
    for (const ms of looks) {
      const now = await statusNow(client, attempt)
      if (now?.is !== 'at work') return now
      await pause(ms, undefined, { signal: attempt.signal })
    }
    return await statusNow(client, attempt)
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw new UnclearError(`TikTok hat alles, sagt aber nicht, was daraus geworden ist: ${words}`, { cause })
  }
}

/** What TikTok could not get or work on is begun anew; the rest is the post's fault, or the channel's. */
const failure = async (why: string, attempt: Attempt): Promise<Error> => {
  const words = `TikTok hat den Beitrag nicht veröffentlicht: ${advised(why || 'ohne Grund')}`
  const again = ['internal', 'video_pull_failed', 'photo_pull_failed', 'publish_cancelled'].includes(why)
  const error = again ? new UnreachableError(words) : ofCode(why, words)
  if (!(error instanceof RejectedError)) await forget(attempt)
  return error
}

const receiptOf = (
  { settings }: TiktokClient,
  { id }: Status & { is: 'done' },
  { post, attempt }: { readonly post: Post; readonly attempt: Attempt },
): Receipt => {
  const { publishId = '', name = '' } = attempt.memory
  return {
    id: id ?? publishId,
    url: id === null ? null : `${settings.web}/@${name}/${post.video ? 'video' : 'photo'}/${id}`,
    at: new Date().toISOString(),
  }
}
