// Bluesky's own words: XRPC errors as `{ "error": Name, "message": … }`, as a PDS sends them.
import type { Count } from '../rate.ts'
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

export const xrpcError = (status: number, error: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: { error, message },
})

/** 400 with the name of the error; `InvalidRequest` where the protocol has none. */
export const bad = (message: string, error = 'InvalidRequest'): Refusal => new Refusal(xrpcError(400, error, message))

export const unauthorized = (message: string, error = 'AuthenticationRequired'): Refusal => new Refusal(xrpcError(401, error, message))

/** The headers of a rate limit: the reset in seconds since 1970. */
export const rateHeaders = ({ limit, seconds, remaining, resetAt }: Omit<Count, 'allowed'>): Record<string, string> => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(Math.floor(resetAt / 1000)),
  'ratelimit-policy': `${limit};w=${seconds}`,
})

/** 429 as a PDS sends it, with the seconds to wait. */
export const tooMany = (count: Omit<Count, 'allowed'>, now: number): Answer =>
  xrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded', {
    ...rateHeaders(count),
    'retry-after': String(Math.ceil((count.resetAt - now) / 1000)),
  })

/** What a PDS answers when a fault strikes. */
export const blueskyAnswers = (now: () => number): OwnAnswers => ({
  refused: () => xrpcError(400, 'InvalidRequest', 'Invalid app.bsky.feed.post record: not acceptable here at $.record'),
  throttled: (seconds) => tooMany({ limit: 5000, seconds: 3600, remaining: 0, resetAt: now() + seconds * 1000 }, now()),
  expired: () => xrpcError(400, 'ExpiredToken', 'Token has expired'),
  unavailable: () => xrpcError(503, 'NotEnoughResources', 'Service Unavailable'),
  failed: () => xrpcError(500, 'InternalServerError', 'Internal Server Error'),
  notFound: () => xrpcError(501, 'MethodNotImplemented', 'Method Not Implemented'),
})
