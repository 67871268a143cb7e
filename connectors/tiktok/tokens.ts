// Access tokens of TikTok, for a refresh token that is another one each time. https://developers.tiktok.com/doc/oauth-user-access-token-management
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, UnreachableError } from '../../src/connector/errors.ts'
import { type FreshToken, freshToken, type Renewed } from '../../src/connector/fresh-token.ts'
import { type Answer, retryAfterMs, send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import type { TiktokSettings } from './settings.ts'

/** Longer than any renewal takes; shared by all who wait for it, so no single attempt's signal ends it. */
const renewalMs = 15_000

const granted = z.object({
  access_token: z.string().min(1),
  /** Seconds; two hours or a day, by the age of the app. */
  expires_in: z.number(),
  /** The old one stops working: losing this one means that a person has to connect the account anew. */
  refresh_token: z.string().min(1),
  /** Seconds. */
  refresh_expires_in: z.number(),
  /** Separated by commas. */
  scope: z.string().default(''),
})

export const openTokens = (settings: TiktokSettings, { safe }: Pick<Tools, 'safe'>): FreshToken =>
  freshToken({ safe, refreshToken: settings.refreshToken, renew: (refreshToken) => renew(settings, refreshToken) })

const renew = async ({ base, clientKey, clientSecret }: TiktokSettings, refreshToken: Secret): Promise<Renewed> => {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_key: clientKey,
    client_secret: clientSecret.reveal(),
    refresh_token: refreshToken.reveal(),
  })
  const secrets = [clientSecret, refreshToken].flatMap((value) => [value, new Secret(encodeURIComponent(value.reveal()))])
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-cache' }
  const signal = AbortSignal.timeout(renewalMs)
  const url = `${base}/v2/oauth/token/`
  const answer = await send({ method: 'POST', url, kind: 'read', headers, body: form.toString(), signal, secrets })
  const body = parsed(answer.text)
  // a token that came in an odd answer is not quoted
  const { data } = granted.safeParse(body)
  if (answer.status !== 200 || !data) throw refusal(answer, body)
  return {
    accessToken: new Secret(data.access_token),
    expiresIn: data.expires_in,
    refreshToken: new Secret(data.refresh_token),
    notes: { scope: data.scope, refreshUntil: new Date(Date.now() + data.refresh_expires_in * 1000).toISOString() },
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As the token endpoint says it, or as all others do. */
const problem = z.union([
  z.object({ error: z.string(), error_description: z.string().default('') }),
  z
    .object({ error: z.object({ code: z.string(), message: z.string() }) })
    .transform(({ error }) => ({ error: error.code, error_description: error.message })),
])

/** https://developers.tiktok.com/doc/oauth-error-handling: refusals may come with status 200. */
const refusal = (answer: Answer, body: unknown): Error => {
  const { status, headers } = answer
  const said = problem.safeParse(body).data
  if (said === undefined && status === 200)
    return new UnreachableError('TikTok: Die Antwort mit dem neuen Zugang hat eine andere Gestalt als beschrieben.')
  const words = `TikTok antwortet ${status}: ${answer.quote(said && `${said.error}: ${said.error_description}`)}`
  if (status === 429) return new NotYetError(words, retryAfterMs(headers, Date.now()))
  if (status >= 500 || status === 408 || said === undefined) return new UnreachableError(words)
  return new ChannelError(`${words} Bitte das Konto neu verbinden und den neuen refreshToken hinterlegen.`)
}
