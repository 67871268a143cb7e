// What Threads' errors mean, by the codes of Meta's Graph API: https://developers.facebook.com/docs/graph-api/guides/error-handling
import { z } from 'zod'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

const problem = z.object({
  error: z.object({
    message: z.string(),
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    error_user_msg: z.string().optional(),
  }),
})

export type Problem = z.infer<typeof problem>['error']

/** Undefined when something in between answered in the platform's place. */
export const problemOf = (answer: Answer): Problem | undefined => {
  try {
    return problem.parse(JSON.parse(answer.text)).error
  } catch {
    return undefined
  }
}

/** The token is no longer good. */
export const isTokenRefused = (answer: Answer): boolean => answer.status >= 400 && problemOf(answer)?.code === 190

/** "The requested resource does not exist": also said of a container that was made a moment ago. */
export const isNotThere = ({ code, error_subcode }: Problem): boolean => code === 24 || (code === 100 && error_subcode === 33)

/** Too many calls: of the app, of the user, of this kind. https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const tooManyCalls: ReadonlySet<number> = new Set([4, 17, 32, 613])
/** The day's posts are used up; the day moves on, so that another one may go soon. */
const quotaUsed = 9
const quotaWaitMs = 15 * 60_000
/** A picture could not be fetched from the city's page: the page's fault, and it may pass. */
const notFetched = 2_207_052
/** Blocked for what it did (368), restricted by the platform (4279013). */
const blocked = (code: number, subcode: number | undefined): boolean => code === 368 || subcode === 4_279_013
const isRight = (code: number): boolean => code === 3 || code === 10 || (code >= 200 && code <= 299)

/** The class of an answer that is not a success; `whose` names the account for people. */
export const refusal = (answer: Answer, kind: CallKind, whose: string): Error => {
  const said = problemOf(answer)
  const words = `Threads antwortet ${answer.status}: ${answer.quote(said && (said.error_user_msg ?? said.message))}`
  const isLimit =
    answer.status === 429 || (said !== undefined && (tooManyCalls.has(said.code) || (said.code >= 80_000 && said.code < 81_000)))
  if (isLimit) return new NotYetError(words, waitMs(answer))
  if (said?.code === quotaUsed) return new NotYetError(`${words} (Tageskontingent)`, quotaWaitMs)
  if (answer.status >= 500 || answer.status === 408 || said?.code === 1 || said?.code === 2)
    return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return new UnreachableError(words)
  return ofItsCode(said, words, whose)
}

const ofItsCode = ({ code, error_subcode: subcode }: Problem, words: string, whose: string): Error => {
  if (subcode === notFetched)
    return new UnreachableError(`${words}. Threads holt Bilder selbst: Die Seite der Stadt muss dafür öffentlich erreichbar sein.`)
  if (code === 190) return new ChannelError(`${words}. Bitte ${whose} neu verbinden und das neue Token eintragen.`)
  if (isRight(code)) return new ChannelError(`${words}. Bitte ${whose} mit allen Rechten neu verbinden.`)
  if (blocked(code, subcode)) return new ChannelError(`${words}. Bitte ${whose} auf Threads ansehen: Die Plattform hat es eingeschränkt.`)
  return new RejectedError(words)
}

const usage = z.record(z.string(), z.array(z.object({ estimated_time_to_regain_access: z.number() })))

/** Business use case limits tell minutes in a header of their own; else Retry-After, else a minute. */
const waitMs = ({ headers }: Answer): number => {
  try {
    const told = usage.parse(JSON.parse(headers.get('x-business-use-case-usage') ?? ''))
    const minutes = Math.max(...Object.values(told).flatMap((one) => one.map((each) => each.estimated_time_to_regain_access)))
    if (minutes > 0) return minutes * 60_000
  } catch {
    // the header is not there, or says nothing readable
  }
  return retryAfterMs(headers, Date.now())
}
