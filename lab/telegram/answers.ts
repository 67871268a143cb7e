// Telegram's own words: every answer is `{ ok, … }`, every error has `error_code` and `description`, a limit `parameters.retry_after`.
// https://core.telegram.org/bots/api#making-requests
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

export const done = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } })

export const failed = (status: number, description: string, parameters?: object): Answer => ({
  status,
  body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
})

/** 400 with Telegram's sentence behind `Bad Request: `. */
export const bad = (sentence: string): Refusal => new Refusal(failed(400, `Bad Request: ${sentence}`))

export const forbidden = (sentence: string): Refusal => new Refusal(failed(403, `Forbidden: ${sentence}`))

export const tooMany = (seconds: number): Answer => failed(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

/** What Telegram answers when a fault strikes. */
export const telegramAnswers: OwnAnswers = {
  refused: () => failed(400, 'Bad Request: message text is empty'),
  throttled: tooMany,
  expired: () => failed(401, 'Unauthorized'),
  unavailable: () => failed(503, 'Service Unavailable'),
  failed: () => failed(500, 'Internal Server Error'),
  notFound: () => failed(404, 'Not Found'),
}
