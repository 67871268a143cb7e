// What this TikTok allows, as documented, and what a test may set otherwise.
import { counter } from '../rate.ts'
import { Refusal } from '../room.ts'
import { tooMany } from './answers.ts'

export interface TiktokSettings {
  /** Seconds that an access token is good. https://developers.tiktok.com/doc/oauth-user-access-token-management */
  readonly accessSeconds: number
  readonly refreshSeconds: number
  /** What every token may do, separated by commas. */
  readonly scope: string
  /** false: posts of this app are seen by the account alone. */
  readonly audited: boolean
  /** Seconds of the longest film that an account may post. */
  readonly longestSeconds: number
  /** Milliseconds that a post is worked on once all of it is there. */
  readonly processingMs: number
  /** Milliseconds more until a public post is moderated and its id is told. */
  readonly moderationMs: number
  /** Seconds that the address of an upload is good. */
  readonly uploadSeconds: number
  /** Where photos may be fetched from, by the beginnings of addresses that belong to the app; null: from anywhere. */
  readonly verified: readonly string[] | null
  /** Posts of an account in a day. https://developers.tiktok.com/doc/content-posting-api-get-started */
  readonly postsPerDay: number
  /** false: nothing is counted. */
  readonly rateLimits: boolean
}

export const tiktokDefaults: TiktokSettings = {
  accessSeconds: 7_200,
  refreshSeconds: 15_552_000,
  scope: 'user.info.basic,user.info.stats,video.list,video.publish',
  audited: false,
  longestSeconds: 600,
  processingMs: 0,
  moderationMs: 0,
  uploadSeconds: 3_600,
  verified: null,
  postsPerDay: 15,
  rateLimits: true,
}

/** Requests a minute for each token. */
const perMinute = { creator: 20, init: 6, status: 30 } as const
export type Metered = keyof typeof perMinute

/** Counts one request; throws TikTok's 429 when it is one too many. */
export const openMeter = ({ rateLimits }: TiktokSettings, now: () => number): ((account: string, what: Metered) => void) => {
  const counters = {
    creator: counter({ points: perMinute.creator, seconds: 60 }, now, false),
    init: counter({ points: perMinute.init, seconds: 60 }, now, false),
    status: counter({ points: perMinute.status, seconds: 60 }, now, false),
  }
  return (account, what) => {
    if (!rateLimits) return
    const { allowed, resetAt } = counters[what].take(account)
    if (!allowed) throw new Refusal(tooMany(Math.ceil((resetAt - now()) / 1000)))
  }
}
