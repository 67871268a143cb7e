// YouTube's own words: errors as Google's APIs send them, with a reason. https://developers.google.com/youtube/v3/docs/errors
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

const googleError = (status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: {
    error: { code: status, message, errors: [{ message, domain: status === 401 || status === 429 ? 'global' : 'youtube.video', reason }] },
  },
})

export const refuse = (status: number, reason: string, message: string): Refusal => new Refusal(googleError(status, reason, message))

export const unauthorized = (): Answer =>
  googleError(401, 'authError', 'Request had invalid authentication credentials. Expected OAuth 2 access token.', {
    'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  })

export const overQuota = (): Refusal =>
  refuse(
    403,
    'quotaExceeded',
    'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.',
  )

export const noVideo = (): Refusal =>
  refuse(404, 'videoNotFound', 'The video that you are trying to use cannot be found. Check the value of the id parameter.')

/** What YouTube answers when a fault strikes. */
export const youtubeAnswers: OwnAnswers = {
  refused: () => googleError(400, 'invalidVideoMetadata', 'The request metadata is invalid.'),
  throttled: (seconds) =>
    googleError(429, 'rateLimitExceeded', 'Too many requests have been made recently.', { 'retry-after': String(seconds) }),
  expired: unauthorized,
  unavailable: () => googleError(503, 'backendError', 'The service is currently unavailable.'),
  failed: () => googleError(500, 'internalError', 'Internal error encountered.'),
  notFound: () => googleError(404, 'notFound', 'Not Found'),
}
