// What Bluesky's errors mean, by status and error name: https://docs.bsky.app/docs/api/at-protocol-xrpc-api and the lexicons.
import { XRPCError } from '@atproto/api'
import { z } from 'zod'
import { ChannelError, isClassified, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

/** Refusals that speak of the account or its credential, whatever their status. */
const ofTheAccount: ReadonlySet<string> = new Set([
  'AccountTakedown',
  'AccountSuspended',
  'AccountDeactivated',
  'AuthFactorTokenRequired',
  'AuthMissing',
  'AuthenticationRequired',
  'ExpiredToken',
  'InvalidToken',
  'InvalidDID',
  'RepoDeactivated',
  'RepoSuspended',
  'RepoTakendown',
])

export interface BlueskyAnswer {
  readonly status: number
  /** The error's name: `InvalidRequest`. */
  readonly name: string | undefined
  /** The platform's sentence, fit to be shown. */
  readonly words: string
  readonly headers: Headers
}

const problem = z.object({ error: z.string(), message: z.string().optional() })

/** The error's name and words of an answer; without a name something in between answered in the platform's place. */
export const named = (answer: Answer): Pick<BlueskyAnswer, 'name' | 'words'> => {
  try {
    const { error, message = '' } = problem.parse(JSON.parse(answer.text))
    return { name: error, words: answer.quote(`${error}: ${message}`) }
  } catch {
    return { name: undefined, words: answer.quote() }
  }
}

/** The class of an answer that is not a success. */
export const refusal = ({ status, name, words, headers }: BlueskyAnswer, kind: CallKind): Error => {
  const message = `Bluesky antwortet ${status}: ${words}`
  if (status === 429 || (status === 503 && headers.has('retry-after'))) return new NotYetError(message, retryAfterMs(headers, Date.now()))
  if (status === 408 || (status >= 500 && status !== 501))
    return kind === 'write' ? new UnclearError(message) : new UnreachableError(message)
  // No data server speaks here (any more).
  if (name === undefined || status === 404 || status === 501) return new UnreachableError(message)
  return status === 401 || status === 403 || ofTheAccount.has(name) ? new ChannelError(message) : new RejectedError(message)
}

/** Makes a call of the client library fail in our classes; `quote` keeps secrets out of what is quoted. */
export const classified = async <T>(kind: CallKind, call: () => Promise<T>, quote: (words: string) => string): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    throw classOf(error, kind, quote)
  }
}

/** The library's own status for a fetch that threw; below 300 it marks answers that its lexicons do not allow. */
const neverAnswered = 1

/** The library wraps what its fetch threw; an answer's error is not kept as cause, for it holds the answer as it came. */
const classOf = (error: unknown, kind: CallKind, quote: (words: string) => string): unknown => {
  if (!(error instanceof XRPCError)) return error
  if (isClassified(error.cause)) return error.cause
  if (error.status === neverAnswered) return error.cause ?? error
  if (error.status < 300) return broken(kind)
  const headers = new Headers(error.headers as Record<string, string> | undefined)
  return refusal({ status: error.status, name: error.error, words: quote(`${error.error}: ${error.message}`), headers }, kind)
}

const broken = (kind: CallKind): Error => {
  const message = 'Bluesky: Die Antwort hat eine andere Gestalt als beschrieben.'
  return kind === 'write' ? new UnclearError(message) : new UnreachableError(message)
}
