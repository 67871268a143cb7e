// The Graph API's own words: `{ error: { message, type, code, error_subcode, fbtrace_id } }`, as its guide to errors shows them.
import { randomBytes } from 'node:crypto'
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

interface Details {
  readonly status?: number
  readonly subcode?: number
  readonly type?: string
  readonly userMessage?: string
  readonly transient?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

export const failed = (code: number, message: string, details: Details = {}): Answer => {
  const { status = 400, subcode, type = 'OAuthException', userMessage, transient, headers = {} } = details
  const error = {
    message,
    type,
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    ...(transient !== undefined && { is_transient: transient }),
    ...(userMessage !== undefined && { error_user_msg: userMessage }),
    fbtrace_id: randomBytes(8).toString('base64url'),
  }
  return { status, headers, body: { error } }
}

export const refusal = (code: number, message: string, details: Details = {}): Refusal => new Refusal(failed(code, message, details))

/** 100/33: the API says the same of what is gone and of what may not be seen. */
export const noObject = (method: string, id: string): Refusal =>
  refusal(
    100,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    { subcode: 33, type: 'GraphMethodException' },
  )

export const invalid = (message: string, subcode?: number): Refusal => refusal(100, message, subcode === undefined ? {} : { subcode })

/** Use of one Business Use Case in percent, and minutes until calls are taken again: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export const usageHeaders = (type: 'pages' | 'instagram', percent: number, minutes: number): Record<string, string> => ({
  'x-business-use-case-usage': JSON.stringify({
    '1000000000000000': [{ type, call_count: percent, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: minutes }],
  }),
})

/** What the API answers when a fault strikes; `rateCode` is 32 for a page and 80002 for an Instagram account. */
export const graphAnswers = (type: 'pages' | 'instagram', rateCode: number): OwnAnswers => ({
  refused: () => failed(100, 'Invalid parameter', { userMessage: 'The content is not acceptable here.' }),
  throttled: (seconds) =>
    failed(rateCode, 'Page request limit reached', { status: 403, headers: usageHeaders(type, 100, Math.ceil(seconds / 60)) }),
  expired: () => failed(190, 'Error validating access token: Session has expired.', { status: 401, subcode: 463 }),
  unavailable: () => failed(2, 'Service temporarily unavailable', { status: 503, transient: true }),
  failed: () => failed(1, 'An unknown error has occurred.', { status: 500 }),
  notFound: () => failed(2500, 'Unknown path components', { status: 404 }),
})
