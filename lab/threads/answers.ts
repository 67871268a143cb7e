// Threads' own words: errors in the shape of Meta's Graph API, `{ error: { message, type, code, error_subcode, … } }`.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

interface Problem {
  readonly message: string
  readonly code: number
  readonly subcode?: number
  readonly type?: string
  /** What a user may read. */
  readonly title?: string
  readonly transient?: boolean
}

export const failed = (status: number, { message, code, subcode, type = 'THApiException', title, transient }: Problem): Answer => ({
  status,
  body: {
    error: {
      message,
      type,
      code,
      ...(subcode && { error_subcode: subcode }),
      is_transient: transient ?? false,
      ...(title && { error_user_title: title, error_user_msg: message }),
      fbtrace_id: 'AProbebuehne',
    },
  },
})

export const wrong = (message: string): Refusal => new Refusal(failed(400, { message, code: 100 }))

/** What `threads_publish` says of a container that is not ready, ran out or never was. */
export const noContainer = (): Refusal =>
  new Refusal(
    failed(400, {
      message: 'The requested resource does not exist',
      type: 'OAuthException',
      code: 24,
      subcode: 4279009,
      title: 'Media Not Found',
    }),
  )

export const noObject = (method: string, id: string): Refusal =>
  new Refusal(
    failed(400, {
      message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
      code: 100,
      subcode: 33,
    }),
  )

export const limitReached = (): Refusal =>
  new Refusal(
    failed(400, { message: 'You reached the maximum number of posts in 24 hours', type: 'OAuthException', code: 9, subcode: 2207042 }),
  )

export const notFetched = (): Refusal =>
  new Refusal(
    failed(400, { message: 'The media could not be fetched from this URI', type: 'OAuthException', code: 9004, subcode: 2207052 }),
  )

export const expired = (): Answer =>
  failed(401, {
    message: 'Error validating access token: Session has expired.',
    type: 'OAuthException',
    code: 190,
    subcode: 463,
  })

export const unknownToken = (): Answer =>
  failed(401, { message: 'Invalid OAuth access token - Cannot parse access token', type: 'OAuthException', code: 190 })

/** What Threads answers when a fault strikes; times are told in whole minutes. https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export const threadsAnswers: OwnAnswers = {
  refused: () => failed(400, { message: 'Param text is not acceptable here', code: 100 }),
  throttled: (seconds) => ({
    ...failed(400, { message: 'Application request limit reached', type: 'OAuthException', code: 4, transient: true }),
    headers: {
      'x-business-use-case-usage': JSON.stringify({
        1: [{ type: 'threads', call_count: 100, estimated_time_to_regain_access: Math.ceil(seconds / 60) }],
      }),
    },
  }),
  expired,
  unavailable: () => failed(503, { message: 'Service temporarily unavailable', type: 'OAuthException', code: 2, transient: true }),
  failed: () => failed(500, { message: 'An unknown error has occurred.', type: 'OAuthException', code: 1, transient: true }),
  notFound: () => failed(400, { message: 'Unknown path components', type: 'OAuthException', code: 2500 }),
}
