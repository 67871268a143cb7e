// One account on one Mastodon instance: who it is, and calls whose refusals already have their class.
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type FormData, type HttpRequest, retryAfterMs, send } from '../../src/connector/http.ts'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface MastodonSettings {
  /** `@stadt@instanz.example`, as citizens know the account. */
  readonly handle?: string | undefined
  /** The instance's address; by default that of the handle. */
  readonly base: string
  /** An access token with the scopes read, write:statuses and write:media. */
  readonly token: Secret
}

const instanceOf = (handle: string | undefined): string | undefined => /^@?[^@\s]+@([\w.-]+)$/.exec(handle ?? '')?.[1]

export const mastodonSettings: z.ZodType<MastodonSettings> = z
  .strictObject({ handle: z.string().min(1).optional(), base: z.url({ protocol: /^https?$/ }).optional(), token: secret() })
  .refine(({ base, handle }) => base !== undefined || instanceOf(handle) !== undefined, {
    path: ['handle'],
    error: 'handle: @name@instanz, oder base: https://instanz',
  })
  .transform(({ base, handle, token }) => ({ handle, token, base: (base ?? `https://${instanceOf(handle)}`).replace(/\/+$/, '') }))

type MastodonCall = Pick<HttpRequest, 'method' | 'kind' | 'signal'> & {
  /** Below the base: `/api/v1/statuses`. */
  readonly path: string
  readonly json?: object
  readonly form?: FormData
  readonly idempotencyKey?: string
  /** What is not there (404, 410) is as good as done. */
  readonly goneIsFine?: boolean
  /** That the server does not know this address (403, 404, 405, 410, 501) is an answer, too. */
  readonly unknownIsFine?: boolean
}

export interface MastodonClient {
  readonly base: string
  readonly tools: Tools
  /** @throws every class of error; an answer that comes back is what was wanted. */
  call(call: MastodonCall): Promise<Answer>
  /** The account's own id there; asked for once. */
  accountId(signal: AbortSignal): Promise<string>
}

export const openClient = (settings: MastodonSettings, tools: Tools): MastodonClient => {
  let known: string | undefined
  const call = async (wanted: MastodonCall): Promise<Answer> => {
    const answer = await send(requestOf(settings, wanted))
    if (answer.status >= 200 && answer.status < 300) return answer
    if (wanted.goneIsFine && isGone(answer)) return answer
    if (wanted.unknownIsFine && [403, 404, 405, 410, 501].includes(answer.status)) return answer
    throw refusal(answer, wanted)
  }
  const accountId = async (signal: AbortSignal): Promise<string> => {
    known ??= (await credentials(call, signal)).id
    return known
  }
  return { base: settings.base, tools, call, accountId }
}

const account = z.object({ id: z.string(), acct: z.string(), url: z.string(), followers_count: z.number() })

/** https://docs.joinmastodon.org/methods/accounts/#verify_credentials */
export const credentials = async (call: MastodonClient['call'], signal: AbortSignal): Promise<z.infer<typeof account>> =>
  (await call({ method: 'GET', path: '/api/v1/accounts/verify_credentials', kind: 'read', signal })).as(account)

const requestOf = ({ base, token }: MastodonSettings, { method, kind, signal, ...call }: MastodonCall): HttpRequest => ({
  method,
  kind,
  signal,
  url: base + call.path,
  headers: {
    accept: 'application/json',
    authorization: `Bearer ${token.reveal()}`,
    ...(call.json && { 'content-type': 'application/json' }),
    ...(call.idempotencyKey && { 'idempotency-key': call.idempotencyKey }),
  },
  body: call.form ?? (call.json && JSON.stringify(call.json)),
})

const problem = z.object({ error: z.string() })

/** The platform's own sentence; undefined when something in between answered in its place. */
const sentenceOf = (answer: Answer): string | undefined => {
  try {
    return answer.quote(problem.parse(JSON.parse(answer.text)).error)
  } catch {
    return undefined
  }
}

const isGone = (answer: Answer): boolean => (answer.status === 404 || answer.status === 410) && sentenceOf(answer) !== undefined

/** https://docs.joinmastodon.org/client/intro/#responses: 4xx with `{ error }` are decisions of the instance, 5xx leave it open. */
const refusal = (answer: Answer, { kind }: MastodonCall): Error => {
  const { status, headers } = answer
  const said = sentenceOf(answer)
  const words = `Mastodon antwortet ${status}: ${said ?? answer.quote()}`
  if (status === 429 || (status === 503 && headers.has('retry-after'))) return new NotYetError(words, retryAfterMs(headers, Date.now()))
  if (status >= 500 || status === 408) return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return new UnreachableError(words)
  return status === 401 || status === 403 ? new ChannelError(words) : new RejectedError(words)
}
