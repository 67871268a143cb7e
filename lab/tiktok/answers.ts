// TikTok's own words: every answer carries `error`, and `ok` means that there was none. https://developers.tiktok.com/doc/tiktok-api-v2-error-handling
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

const logId = '20261126120000010245030168'

export const fine = (data: object): Answer => ({ status: 200, body: { data, error: { code: 'ok', message: '', log_id: logId } } })

const tiktokError = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: { data: {}, error: { code, message, log_id: logId } },
})

export const refuse = (status: number, code: string, message: string): Refusal => new Refusal(tiktokError(status, code, message))

export const unauthorized = (): Answer =>
  tiktokError(401, 'access_token_invalid', 'The access token is invalid or not found in the request.')

export const tooMany = (seconds: number): Answer =>
  tiktokError(429, 'rate_limit_exceeded', 'Your request is blocked due to exceeding the API request limit.', {
    'retry-after': String(seconds),
  })

/** What TikTok answers when a fault strikes. */
export const tiktokAnswers: OwnAnswers = {
  refused: () => tiktokError(400, 'invalid_params', 'Check error message for details.'),
  throttled: tooMany,
  expired: unauthorized,
  unavailable: () => tiktokError(503, 'internal_error', 'Service temporarily unavailable.'),
  failed: () => tiktokError(500, 'internal_error', 'Internal error. Please try again later.'),
  notFound: () => tiktokError(404, 'invalid_path', 'Unsupported path.'),
}
