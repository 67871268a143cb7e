// What this Mastodon instance is set to, and how often a token may ask.
import { type Count, counter, type Window } from '../rate.ts'
import { type Answer, Refusal } from '../room.ts'
import { failed, rateHeaders } from './answers.ts'

/** An instance's settings; the defaults are those of `GET /api/v2/instance` in Mastodon's documentation. */
export interface MastodonSettings {
  readonly maxCharacters: number
  readonly charactersReservedPerUrl: number
  readonly maxMediaAttachments: number
  /** Characters of an image's description. */
  readonly descriptionLimit: number
  /** Bytes of an image. */
  readonly imageSizeLimit: number
  /** Pixels of an image. */
  readonly imageMatrixLimit: number
  /** Milliseconds that an upload is processed: from 1 on it answers 202, and 206 until it is ready. */
  readonly mediaProcessingMs: number
  /**
   * Milliseconds between looking for an idempotency key and storing it. Requests with the same key that arrive in between post twice,
   * as Mastodon does before pull request 37879.
   */
  readonly postingMs: number
  /** How long an idempotency key is known; 0: it is ignored, as some servers with this API do. */
  readonly keySeconds: number
  /** false: nothing is counted, and the headers are absent. */
  readonly rateLimits: false | RateLimits
}

/** As documented at https://docs.joinmastodon.org/api/rate-limits/. */
interface RateLimits {
  readonly requests: Window
  readonly media: Window
  readonly deletions: Window
}

export const mastodonDefaults: MastodonSettings = {
  maxCharacters: 500,
  charactersReservedPerUrl: 23,
  maxMediaAttachments: 4,
  descriptionLimit: 1500,
  imageSizeLimit: 16_777_216,
  imageMatrixLimit: 33_177_600,
  mediaProcessingMs: 0,
  postingMs: 0,
  keySeconds: 3600,
  rateLimits: { requests: { points: 300, seconds: 300 }, media: { points: 30, seconds: 1800 }, deletions: { points: 30, seconds: 1800 } },
}

/** Counts one request, throws the 429 when it is one too many, and puts the headers of the nearest limit on the answer. */
export type Meter = (who: string, kind: 'media' | 'deletions' | null, act: () => Answer | Promise<Answer>) => Answer | Promise<Answer>

export const openMeter = (limits: MastodonSettings['rateLimits'], now: () => number): Meter => {
  if (limits === false) return (_who, _kind, act) => act()
  const requests = counter(limits.requests, now, true)
  const special = { media: counter(limits.media, now, true), deletions: counter(limits.deletions, now, true) }
  return async (who, kind, act) => {
    const first = requests.take(who)
    const nearest = kind ? nearer(first, special[kind].take(who)) : first
    const headers = rateHeaders(nearest.limit, nearest.remaining, nearest.resetAt)
    if (!nearest.allowed) return failed(429, 'Too many requests', headers)
    const answer = await answered(act)
    return { ...answer, headers: { ...headers, ...answer.headers } }
  }
}

const nearer = (one: Count, other: Count): Count => (other.remaining < one.remaining || !other.allowed ? other : one)

const answered = async (act: () => Answer | Promise<Answer>): Promise<Answer> => {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}
