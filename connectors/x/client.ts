// One account on X: the calls of the official library's kind, composed and signed by twitter-api-v2 and carried by our own HTTP.
import { type IGetHttpRequestArgs, type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2'
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, quotable, send } from '../../src/connector/http.ts'
import type { Secret } from '../../src/connector/secret.ts'
import { refusal } from './failures.ts'
import type { Access, XSettings } from './settings.ts'
import { fixedTokens, renewedTokens, type Tokens } from './tokens.ts'

interface XCall<T> {
  readonly kind: CallKind
  readonly signal: AbortSignal
  /** What the answer must look like. */
  readonly shape: z.ZodType<T>
  ask(api: Api): Promise<unknown>
  /** Told the headers of each answer. */
  heard?(headers: Headers): void
}

export type Api = TwitterApi['v2']

export interface XClient {
  readonly web: string
  readonly handle: string | undefined
  readonly tools: Tools
  /** @throws every class of error; an answer that comes back is what was wanted. */
  call<T>(call: XCall<T>): Promise<T>
  /** The account's own id there; asked for once. */
  accountId(signal: AbortSignal): Promise<string>
  /** The rights of the credential, where X has told them. */
  scopes(signal: AbortSignal): Promise<readonly string[] | undefined>
}

export const openClient = (settings: XSettings, tools: Tools): XClient => {
  const { base, access, web, handle } = settings
  const tokens = access.way === 'renewed' ? renewedTokens(base, access, tools.safe) : fixedTokens(access.token)
  let known: string | undefined
  const call = async <T>({ shape, ask, ...how }: XCall<T>): Promise<T> => {
    const { kind } = how
    const api = await signedBy({ base, access, tokens, ...how })
    const given = shape.safeParse(await ask(api.v2))
    if (given.success) return given.data
    const why = quotable(
      z.prettifyError(given.error),
      secretsOf(access).map((value) => value.reveal()),
      200,
    )
    const words = `X: Die Antwort hat eine andere Gestalt als beschrieben: ${why}`
    throw kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  }
  const accountId = async (signal: AbortSignal): Promise<string> => {
    known ??= (await me(call, signal)).id
    return known
  }
  return { web, handle, tools, call, accountId, scopes: tokens.scopes }
}

const account = z.object({
  data: z.object({ id: z.string(), username: z.string(), public_metrics: z.object({ followers_count: z.number() }).optional() }),
})
export type Account = z.infer<typeof account>['data']

/** https://docs.x.com/x-api/users/get-my-user */
export const me = async (call: XClient['call'], signal: AbortSignal): Promise<Account> => {
  const ask = (api: Api) => api.get('users/me', { 'user.fields': 'public_metrics' })
  return (await call({ kind: 'read', signal, shape: account, ask })).data
}

interface Carriage extends Pick<XCall<unknown>, 'kind' | 'signal' | 'heard'> {
  readonly base: string
  readonly access: Access
  readonly tokens: Tokens
}

/** The library as it speaks for the account in one call. */
const signedBy = async (carriage: Carriage): Promise<TwitterApi> => {
  const { access, tokens, signal } = carriage
  const plugins = [carrier(carriage)]
  if (access.way !== 'signed') return new TwitterApi(await tokens.current(signal), { plugins })
  const app = { appKey: access.apiKey.reveal(), appSecret: access.apiSecret.reveal() }
  return new TwitterApi({ ...app, accessToken: access.token.reveal(), accessSecret: access.tokenSecret.reveal() }, { plugins })
}

interface Composed {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

/** What the library keeps to itself: a request with its address, headers, signature and body. */
interface Composer {
  bearerToken?: string
  getHttpRequestArgs(wanted: IGetHttpRequestArgs): Composed
}

/**
 * A plug-in that answers in the place of the library's own sending, which knows one host, no end of an answer, no time and no abort, and
 * takes a redirection for a success.
 */
const carrier = ({ base, access, tokens, kind, signal, heard }: Carriage): ITwitterApiClientPlugin => {
  const carry = ({ url, method, headers, body }: Composed): Promise<Answer> => {
    const bytes = body === undefined || typeof body === 'string' ? body : Uint8Array.from(body)
    return send({ method, url: base + url.pathname + url.search, headers, body: bytes, kind, signal, secrets: secretsOf(access) })
  }
  return {
    onBeforeRequestConfig: async ({ client, params }) => {
      const composer = client as unknown as Composer
      const used = composer.bearerToken
      const first = await carry(composer.getHttpRequestArgs(params))
      const fresh = first.status === 401 && used !== undefined ? await tokens.instead(used, signal) : undefined
      if (fresh !== undefined) composer.bearerToken = fresh
      const answer = fresh === undefined ? first : await carry(composer.getHttpRequestArgs(params))
      heard?.(answer.headers)
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, kind)
      return { data: answer.text === '' ? undefined : answer.json(), headers: {} }
    },
  }
}

const secretsOf = (access: Access): readonly Secret[] => {
  const { way: _, ...secrets } = access
  return Object.values(secrets)
}
