// What X's errors mean: https://docs.x.com/x-api/fundamentals/response-codes-and-errors, and the sentences it says where one status means many things.
import { z } from 'zod'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

/** Refusals that are not the end of it: the same words stand there already; a program may not answer here; what was meant is gone. */
const specials = ['duplicate', 'reply-refused', 'gone'] as const
export type Special = (typeof specials)[number]

/** What is special about a refusal; undefined: nothing, or it is none. */
export const specialOf = (error: unknown): Special | undefined =>
  error instanceof RejectedError ? specials.find((special) => special === error.cause) : undefined

/** RFC 9457, the older list of `errors`, and OAuth's own: X uses all three. */
const problem = z
  .object({
    title: z.string(),
    detail: z.string(),
    message: z.string(),
    error: z.string(),
    error_description: z.string(),
    errors: z.array(z.object({ message: z.string().optional(), detail: z.string().optional() })),
  })
  .partial()

/** What X says, fit to be shown; undefined when something in between answered in its place. */
export const sentenceOf = (answer: Answer): string | undefined => {
  try {
    const { title, detail, message, error, error_description, errors = [] } = problem.parse(JSON.parse(answer.text))
    const said = [title, detail, ...errors.map((one) => one.message ?? one.detail), error, error_description, message]
    const words = [...new Set(said.filter((part) => part !== undefined))]
    return words.length > 0 ? answer.quote(words.join(': ')) : undefined
  } catch {
    return undefined
  }
}

/** The class of an answer that is not a success. */
export const refusal = (answer: Answer, kind: CallKind): Error => {
  const { status, headers } = answer
  const said = sentenceOf(answer)
  const words = `X antwortet ${status}: ${said ?? answer.quote()}`
  if (status >= 500 || status === 408) return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (status === 429) return /usage.?cap/i.test(answer.text) ? unpaid(words) : new NotYetError(words, pauseOf(headers))
  if (status === 402) return unpaid(words)
  if (said === undefined) return new UnreachableError(words)
  if (status === 401) return new ChannelError(words)
  if (status === 404 || /media ids? (?:is|are) invalid/i.test(said)) return special('gone', words)
  return status === 403 ? forbidden(said, words) : new RejectedError(words)
}

const special = (cause: Special, words: string): Error => new RejectedError(words, { cause })

const unpaid = (words: string): Error =>
  new ChannelError(`Das Guthaben für die Schnittstelle von X ist aufgebraucht; bitte aufladen oder die Ausgabengrenze heben. ${words}`)

/** The window that is full ends the wait: 15 minutes, or a day for the account or the app. https://docs.x.com/x-api/fundamentals/rate-limits */
const pauseOf = (headers: Headers): number => {
  const full = ['x-user-limit-24hour', 'x-app-limit-24hour'].find((name) => headers.get(`${name}-remaining`) === '0')
  const until = full && headers.get(`${full}-reset`)
  return retryAfterMs(until ? withReset(headers, until) : headers, Date.now())
}

const withReset = (headers: Headers, until: string): Headers => {
  const date = headers.get('date')
  return new Headers({ 'x-rate-limit-reset': until, ...(date && { date }) })
}

/** With 403 X refuses a post, an answer, an app or an account: only its words tell which. */
const forbidden = (said: string, words: string): Error => {
  if (/duplicate content|is a duplicate/i.test(said)) return special('duplicate', words)
  if (/reply to this conversation is not allowed|only reply to or quote posts where you are/i.test(said))
    return special('reply-refused', words)
  if (/spending limit|credits/i.test(said)) return unpaid(words)
  return ofThePost.test(said) ? new RejectedError(words) : new ChannelError(words)
}

const ofThePost = /too long|bit shorter|deleted or not visible|cashtag|attachment types|invalid url/i
