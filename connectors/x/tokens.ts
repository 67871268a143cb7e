// The access token of an X account, and its renewal: once, by one process, however many calls notice that it has run out.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Safe, SafeContent } from '../../src/connector/connector.ts'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import { untilAborted } from '../../src/connector/until-aborted.ts'
import { refusal, sentenceOf } from './failures.ts'
import type { Access } from './settings.ts'

export interface Tokens {
  /** The token for a call that begins now. Waits no longer than `signal` allows. */
  current(signal: AbortSignal): Promise<string>
  /** Another one in place of the one that was refused; undefined: there is none to be had. */
  instead(refused: string, signal: AbortSignal): Promise<string | undefined>
  /** The rights of the token, as X named them when it was last renewed; undefined: never told. */
  scopes(signal: AbortSignal): Promise<readonly string[] | undefined>
}

type Renewed = Extract<Access, { way: 'renewed' }>

/** What the safe keeps. */
const kept = z.object({
  /** Which refresh token of the settings all this descends from: a new one there begins anew. */
  root: z.string(),
  accessToken: z.string(),
  refreshToken: z.string(),
  scope: z.string(),
  /** ISO 8601, UTC: when the access token ends. */
  until: z.string(),
})
type Kept = z.infer<typeof kept>

/** So long before its end a token counts as run out, in milliseconds. */
const early = 120_000
/** Longer than any renewal takes; shared by all who wait for it, so no single attempt's signal ends it. */
const renewalMs = 15_000

export const fixedTokens = (token: Secret): Tokens => ({
  current: async () => token.reveal(),
  instead: async () => undefined,
  scopes: async () => undefined,
})

/** A refresh token is good once: whoever uses it a second time loses the account's consent. So it is changed under the safe's lock. */
export const renewedTokens = (base: string, access: Renewed, safe: Safe): Tokens => {
  const root = createHash('sha256').update(access.refreshToken.reveal()).digest('hex').slice(0, 16)
  let known: Kept | undefined
  let renewal: Promise<string> | undefined

  const ours = (content: SafeContent | undefined): Kept | undefined => {
    const read = kept.safeParse(content)
    return read.success && read.data.root === root ? read.data : undefined
  }
  const look = async (): Promise<Kept | undefined> => (known ??= ours(await safe.read()))
  const change = async (refused: string): Promise<string> => {
    const content = await safe.change(async (now) => {
      const there = ours(now)
      // another process was here in the meantime
      if (there && there.accessToken !== refused) return there
      return { root, ...(await renew(base, access, there?.refreshToken ?? access.refreshToken.reveal())) }
    })
    known = kept.parse(content)
    return known.accessToken
  }
  const renewOnce = (refused: string): Promise<string> => {
    renewal ??= change(refused).finally(() => {
      renewal = undefined
    })
    return renewal
  }
  const current = async (): Promise<string> => {
    const now = await look()
    if (now === undefined) return access.token.reveal()
    return Date.parse(now.until) - early > Date.now() ? now.accessToken : renewOnce(now.accessToken)
  }
  return {
    current: (signal) => untilAborted(current(), signal, late),
    instead: (refused, signal) => untilAborted(renewOnce(refused), signal, late),
    scopes: async (signal) => (await untilAborted(look(), signal, late))?.scope.split(' '),
  }
}

const late = (): Error => new UnreachableError('X: nicht angemeldet, die Zeit war um')

const granted = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number(),
  scope: z.string().default(''),
})

/**
 * https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code#refresh-tokens. Sent by ourselves: the library would send it
 * as JSON, where RFC 6749 wants a form.
 */
const renew = async (base: string, access: Renewed, refreshToken: string): Promise<Omit<Kept, 'root'>> => {
  const asked = Date.now()
  const answer = await send({
    method: 'POST',
    url: `${base}/2/oauth2/token`,
    kind: 'read',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...basic(access) },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: access.clientId.reveal() }).toString(),
    signal: AbortSignal.timeout(renewalMs),
    secrets: [new Secret(refreshToken), access.clientId, ...(access.clientSecret ? [access.clientSecret] : [])],
  })
  if (answer.status < 200 || answer.status > 299) throw notRenewed(answer)
  // a token that came in an odd answer is not quoted
  const { success, data } = granted.safeParse(parsed(answer.text))
  if (!success) throw new UnreachableError('X: Die Antwort mit dem neuen Zugang hat eine andere Gestalt als beschrieben.')
  const { access_token, refresh_token, expires_in, scope } = data
  const until = new Date(asked + expires_in * 1000).toISOString()
  return { accessToken: access_token, refreshToken: refresh_token ?? refreshToken, scope, until }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A confidential client shows its secret, a public one names itself in the form. */
const basic = ({ clientId, clientSecret }: Renewed): Readonly<Record<string, string>> =>
  clientSecret ? { authorization: `Basic ${Buffer.from(`${clientId.reveal()}:${clientSecret.reveal()}`).toString('base64')}` } : {}

const notRenewed = (answer: Answer): Error => {
  if (![400, 401, 403].includes(answer.status) || sentenceOf(answer) === undefined) return refusal(answer, 'read')
  return new ChannelError(
    `X: Der Zugang lässt sich nicht erneuern, der Kanal muss neu verbunden werden (${answer.status}: ${sentenceOf(answer)}).`,
  )
}
