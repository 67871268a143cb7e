// Mastodon's own words: errors as `{ "error": … }`, as its documentation shows them for each method.
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

export const failed = (status: number, error: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: { error },
})

/** 422 with the sentence of a failed validation. */
export const invalid = (sentence: string): Refusal => new Refusal(failed(422, `Validation failed: ${sentence}`))

/** 422 with a sentence of its own. */
export const unprocessable = (sentence: string): Refusal => new Refusal(failed(422, sentence))

export const noRecord = (): Refusal => new Refusal(failed(404, 'Record not found'))

/** The headers of a rate limit: the reset is an ISO 8601 timestamp, and there is no Retry-After. */
export const rateHeaders = (limit: number, remaining: number, resetAt: number): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': new Date(resetAt).toISOString(),
})

/** What Mastodon answers when a fault strikes. */
export const mastodonAnswers = (limit: number, now: () => number): OwnAnswers => ({
  refused: () => failed(422, 'Validation failed: Text is not acceptable here'),
  throttled: (seconds) => failed(429, 'Too many requests', rateHeaders(limit, 0, now() + seconds * 1000)),
  expired: () => failed(401, 'The access token was revoked', { 'www-authenticate': 'Bearer realm="Doorkeeper", error="invalid_token"' }),
  unavailable: () => failed(503, 'There was a temporary problem serving your request, please try again'),
  failed: () => failed(500, 'Something went wrong on our end'),
  notFound: () => failed(404, 'Not Found'),
})
