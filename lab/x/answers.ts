// X's own words: problems as in RFC 9457. https://docs.x.com/x-api/fundamentals/response-codes-and-errors
import type { Count } from '../rate.ts'
import { type Answer, type OwnAnswers, Refusal } from '../room.ts'

interface Problem {
  readonly title: string
  readonly detail: string
  /** Absent: `about:blank`. */
  readonly type?: string
}

export const problem = (
  status: number,
  { title, detail, type = 'about:blank' }: Problem,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { ...headers, 'content-type': 'application/problem+json' },
  body: { title, type, status, detail },
})

const types = 'https://api.x.com/2/problems'

/** 400 with the sentence about the parameter that is wrong. */
export const invalid = (parameter: string, message: string): Refusal =>
  new Refusal({
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      errors: [{ parameters: { [parameter]: [] }, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: `${types}/invalid-request`,
    },
  })

/** 403 with `about:blank`: only the sentence says what it is about. */
export const forbidden = (detail: string): Refusal => new Refusal(problem(403, { title: 'Forbidden', detail }))

export const notFound = (detail: string): Refusal =>
  new Refusal(problem(404, { title: 'Not Found Error', detail, type: `${types}/resource-not-found` }))

export const unauthorized = (): Answer => problem(401, { title: 'Unauthorized', detail: 'Unauthorized' })

export const noCredit = (account: string): Answer =>
  problem(402, {
    title: 'CreditsDepleted',
    detail: `Your enrolled account [${account}] does not have any credits to fulfill this request.`,
    type: `${types}/credits`,
  })

/** What is not there any more is no error of the request: 200, with the problem in place of the post. */
export const missing = (id: string): Answer => ({
  status: 200,
  body: {
    errors: [
      {
        value: id,
        detail: `Could not find tweet with id: [${id}].`,
        title: 'Not Found Error',
        resource_type: 'tweet',
        parameter: 'id',
        resource_id: id,
        type: `${types}/resource-not-found`,
      },
    ],
  },
})

/** What X answers when a fault strikes. */
export const xAnswers = (limit: number, now: () => number): OwnAnswers => ({
  refused: () => invalid('text', 'The text of this post is not acceptable here.').answer,
  throttled: (seconds) =>
    problem(
      429,
      { title: 'Too Many Requests', detail: 'Too Many Requests' },
      rateHeaders({ limit, remaining: 0, resetAt: now() + seconds * 1000 }),
    ),
  expired: unauthorized,
  unavailable: () => problem(503, { title: 'Service Unavailable', detail: 'Service Unavailable' }),
  failed: () => problem(500, { title: 'Internal Server Error', detail: 'Something is broken.', type: `${types}/internal-error` }),
  notFound: () => problem(404, { title: 'Not Found', detail: 'Not Found' }),
})

/** The end of the window is given in seconds since 1970. */
export const rateHeaders = ({ limit, remaining, resetAt }: Pick<Count, 'limit' | 'remaining' | 'resetAt'>): Record<string, string> => ({
  'x-rate-limit-limit': String(limit),
  'x-rate-limit-remaining': String(remaining),
  'x-rate-limit-reset': String(Math.ceil(resetAt / 1000)),
})
