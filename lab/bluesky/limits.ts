// How often a Bluesky account and address may ask. https://docs.bsky.app/docs/advanced-guides/rate-limits
import { type Count, counter, type Window } from '../rate.ts'
import { Refusal } from '../room.ts'
import { tooMany } from './answers.ts'

export interface BlueskySettings {
  /** How long an access token is good, in seconds (measured on a PDS: two hours). */
  readonly accessSeconds: number
  /** How long a refresh token is good, in seconds (measured on a PDS: 90 days). */
  readonly refreshSeconds: number
  /** Bytes of an upload, as `describeServer` says. */
  readonly blobUploadLimit: number
  /** false: nothing is counted, and the headers are absent. */
  readonly rateLimits: false | RateLimits
}

interface RateLimits {
  /** All requests of one address. */
  readonly requests: Window
  /** Points of one account: a creation takes 3, a put 2, a deletion 1. */
  readonly writesPerHour: Window
  readonly writesPerDay: Window
  readonly sessions: Window
  readonly sessionsPerDay: Window
}

export const blueskyDefaults: BlueskySettings = {
  accessSeconds: 7200,
  refreshSeconds: 90 * 86_400,
  blobUploadLimit: 5_242_880,
  rateLimits: {
    requests: { points: 3000, seconds: 300 },
    writesPerHour: { points: 5000, seconds: 3600 },
    writesPerDay: { points: 35_000, seconds: 86_400 },
    sessions: { points: 30, seconds: 300 },
    sessionsPerDay: { points: 300, seconds: 86_400 },
  },
}

export interface Meter {
  /** Counts a request of an address. */
  request(ip: string): Count | null
  /** Counts a write or a sign-in; gives the nearest limit; throws the 429. */
  write(did: string, points: number): Count | null
  session(identifier: string): Count | null
}

export const openMeter = (limits: BlueskySettings['rateLimits'], now: () => number): Meter => {
  if (limits === false) return { request: () => null, write: () => null, session: () => null }
  const of = (window: Window) => counter(window, now, false)
  const [requests, hour, day] = [of(limits.requests), of(limits.writesPerHour), of(limits.writesPerDay)]
  const [sessions, sessionsPerDay] = [of(limits.sessions), of(limits.sessionsPerDay)]
  const nearest = (...counts: readonly Count[]): Count => {
    const found = counts.reduce((one, other) => (other.remaining < one.remaining ? other : one))
    const spent = counts.find((count) => !count.allowed)
    if (spent) throw new Refusal(tooMany(spent, now()))
    return found
  }
  return {
    request: (ip) => nearest(requests.take(ip)),
    write: (did, points) => nearest(hour.take(did, points), day.take(did, points)),
    session: (identifier) => nearest(sessions.take(identifier), sessionsPerDay.take(identifier)),
  }
}
