// Access tokens of Google: an hour long, for a refresh token. https://developers.google.com/identity/protocols/oauth2/web-server#offline
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, UnreachableError } from '../../src/connector/errors.ts'
import { type FreshToken, freshToken, type Renewed } from '../../src/connector/fresh-token.ts'
import { type Answer, retryAfterMs, send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import type { YoutubeSettings } from './settings.ts'

/** Longer than any renewal takes; shared by all who wait for it, so no single attempt's signal ends it. */
const renewalMs = 15_000

const granted = z.object({
  access_token: z.string().min(1),
  /** Seconds: 3600, less what the way took. */
  expires_in: z.number(),
  /** Separated by spaces. */
  scope: z.string().default(''),
  /** Seconds; only where it ends: 7 days while the project's consent screen is "in testing". */
  refresh_token_expires_in: z.number().optional(),
})

export const openTokens = (settings: YoutubeSettings, { safe }: Pick<Tools, 'safe'>): FreshToken =>
  freshToken({ safe, refreshToken: settings.refreshToken, renew: (refreshToken) => renew(settings, refreshToken) })

const renew = async ({ authBase, clientId, clientSecret }: YoutubeSettings, refreshToken: Secret): Promise<Renewed> => {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
    refresh_token: refreshToken.reveal(),
  })
  const secrets = [clientSecret, refreshToken].flatMap((value) => [value, new Secret(encodeURIComponent(value.reveal()))])
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const signal = AbortSignal.timeout(renewalMs)
  const answer = await send({ method: 'POST', url: `${authBase}/token`, kind: 'read', headers, body: form.toString(), signal, secrets })
  if (answer.status < 200 || answer.status > 299) throw refusal(answer)
  // a token that came in an odd answer is not quoted
  const { success, data } = granted.safeParse(parsed(answer.text))
  if (!success) throw new UnreachableError('Google: Die Antwort mit dem neuen Zugang hat eine andere Gestalt als beschrieben.')
  const { access_token, expires_in, scope, refresh_token_expires_in: ends } = data
  const until = ends === undefined ? {} : { refreshUntil: new Date(Date.now() + ends * 1000).toISOString() }
  return { accessToken: new Secret(access_token), expiresIn: expires_in, notes: { scope, ...until } }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const problem = z.object({ error: z.string(), error_description: z.string().optional() })

/** RFC 6749 section 5.2: `invalid_grant` for a refresh token that was revoked, ran out or belongs to another client. */
const refusal = (answer: Answer): Error => {
  const { status, headers } = answer
  const said = problem.safeParse(parsed(answer.text)).data
  const words = `Google antwortet ${status}: ${answer.quote(said && `${said.error}: ${said.error_description ?? ''}`)}`
  if (status === 429) return new NotYetError(words, retryAfterMs(headers, Date.now()))
  if (status >= 500 || status === 408 || said === undefined) return new UnreachableError(words)
  return new ChannelError(`${words} Bitte das Konto neu verbinden und den neuen refreshToken hinterlegen.`)
}
