// What this X is set to, and how often an account may ask: https://docs.x.com/x-api/fundamentals/rate-limits
import { counter, type Window } from '../rate.ts'
import { type Answer, Refusal } from '../room.ts'
import { problem, rateHeaders } from './answers.ts'

export interface XSettings {
  /** What a post may count, and what every link counts: https://docs.x.com/fundamentals/counting-characters */
  readonly maxWeight: number
  readonly linkWeight: number
  /** Bytes, and characters of alternative text: https://docs.x.com/x-api/media/quickstart/best-practices */
  readonly imageBytes: number
  readonly gifBytes: number
  readonly videoBytes: number
  readonly segmentBytes: number
  readonly altMax: number
  /** Milliseconds that a video is processed. */
  readonly processingMs: number
  /** Seconds that an upload is kept without a post. */
  readonly uploadSeconds: number
  /** false: the credit is used up, and every call is refused. */
  readonly credit: boolean
  /** false: replies by API are refused, as since 2026-02-23 below posts whose author has not mentioned the account. */
  readonly replies: boolean
  /** Seconds that a renewed access token is good. */
  readonly tokenSeconds: number
  /** What a renewed token may do. */
  readonly scope: string
  /** false: nothing is counted, and the headers are absent. */
  readonly rateLimits: false | RateLimits
}

/** Per account; the names are the lab's. */
type RateLimits = Readonly<Record<Metered, Window>>
export type Metered = 'posts' | 'deletions' | 'me' | 'timeline' | 'lookup'

const quarter = (points: number): Window => ({ points, seconds: 900 })

export const xDefaults: XSettings = {
  maxWeight: 280,
  linkWeight: 23,
  imageBytes: 5_242_880,
  gifBytes: 15_728_640,
  videoBytes: 536_870_912,
  segmentBytes: 5_242_880,
  altMax: 1000,
  processingMs: 0,
  uploadSeconds: 86_400,
  credit: true,
  replies: true,
  tokenSeconds: 7200,
  scope: 'tweet.read tweet.write users.read media.write offline.access',
  rateLimits: { posts: quarter(100), deletions: quarter(50), me: quarter(75), timeline: quarter(900), lookup: quarter(900) },
}

/** Counts one request, answers 429 when it is one too many, and puts the headers of the limit on the answer. */
export type Meter = (who: string, kind: Metered | null, act: () => Answer | Promise<Answer>) => Promise<Answer>

export const openMeter = (limits: XSettings['rateLimits'], now: () => number): Meter => {
  const counters = new Map(Object.entries(limits === false ? {} : limits).map(([kind, window]) => [kind, counter(window, now, false)]))
  return async (who, kind, act) => {
    const count = kind === null ? undefined : counters.get(kind)?.take(who)
    if (!count) return act()
    if (!count.allowed) return problem(429, { title: 'Too Many Requests', detail: 'Too Many Requests' }, rateHeaders(count))
    const answer = await answered(act)
    return { ...answer, headers: { ...rateHeaders(count), ...answer.headers } }
  }
}

const answered = async (act: () => Answer | Promise<Answer>): Promise<Answer> => {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}
