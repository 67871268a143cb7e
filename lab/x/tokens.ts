// Who speaks: access tokens of OAuth 2.0 and their renewal, and signed requests of OAuth 1.0a.
// https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
import { type Answer, type Ask, Refusal } from '../room.ts'
import type { XSettings } from './limits.ts'

export interface TokenDesk {
  /** The account's name of a good credential; null for a wrong one or none. */
  nameOf(ask: Ask): string | null
  /** Whose refresh token a request to the token address shows. */
  ownerOf(ask: Ask): string | null
  renew(ask: Ask): Answer
}

/**
 * `rehearsal-<account>` is good for that account, as an access token without end and as its first refresh token. What is issued here
 * carries its end, respectively its number, so that it outlives the lab: an access token `rehearsal-<account>.until.<ms>`, a refresh token
 * `rehearsal-<account>.refresh.<number>`, good once.
 */
export const openTokens = (settings: XSettings, now: () => number): TokenDesk => {
  /** The number of the account's next refresh token; one that was used takes all of the account's with it. */
  const next = new Map<string, number>()
  const refused = (): Refusal =>
    new Refusal({ status: 400, body: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' } })
  return {
    nameOf(ask) {
      const given = ask.headers.authorization ?? ''
      const token = /^Bearer (\S+)$/i.exec(given)?.[1] ?? signedBy(given) ?? ''
      const { name, until } = /^rehearsal-(?<name>[^\s.]{1,200})(?:\.until\.(?<until>\d+))?$/.exec(token)?.groups ?? {}
      return name !== undefined && (until === undefined || Number(until) > now()) ? name : null
    },
    ownerOf: (ask) => refreshTokenIn(ask)?.name ?? null,
    renew(ask) {
      const fields = new URLSearchParams(ask.body.toString())
      const form = ask.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
      const named = ask.headers.authorization?.startsWith('Basic ') || fields.has('client_id')
      if (!form || !named || fields.get('grant_type') !== 'refresh_token') throw refused()
      const token = refreshTokenIn(ask)
      if (!token) throw refused()
      const wanted = next.get(token.name) ?? token.number
      next.set(token.name, wanted + 1)
      if (wanted !== token.number) throw refused()
      const body = {
        token_type: 'bearer',
        expires_in: settings.tokenSeconds,
        access_token: `rehearsal-${token.name}.until.${now() + settings.tokenSeconds * 1000}`,
        scope: settings.scope,
        refresh_token: `rehearsal-${token.name}.refresh.${wanted + 1}`,
      }
      return { status: 200, headers: { 'cache-control': 'no-store' }, body }
    },
  }
}

const refreshTokenIn = (ask: Ask): { name: string; number: number } | undefined => {
  const given = new URLSearchParams(ask.body.toString()).get('refresh_token') ?? ''
  const { name, number = '0' } = /^rehearsal-(?<name>[^\s.]{1,200})(?:\.refresh\.(?<number>\d+))?$/.exec(given)?.groups ?? {}
  return name === undefined ? undefined : { name, number: Number(number) }
}

/** The token of a signed request; the signature itself is believed. https://docs.x.com/fundamentals/authentication/oauth-1-0a/authorizing-a-request */
const signedBy = (header: string): string | undefined => {
  const fields = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decodeURIComponent(value)]))
  const complete = ['oauth_consumer_key', 'oauth_nonce', 'oauth_signature', 'oauth_timestamp'].every((name) => fields.has(name))
  return header.startsWith('OAuth ') && complete && fields.get('oauth_signature_method') === 'HMAC-SHA1'
    ? fields.get('oauth_token')
    : undefined
}
