// Who may speak to this TikTok: refresh tokens that are exchanged with every use, and access tokens.
import { randomUUID } from 'node:crypto'
import type { Answer, Ask } from '../room.ts'
import type { TiktokSettings } from './limits.ts'

export interface TokenDesk {
  answer(ask: Ask): Answer
  /** The account of an access token that is still good; null for any other. */
  accountOf(ask: Ask): string | null
}

interface Claims {
  readonly account: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly id: string
}

const sealed = (prefix: string, claims: Omit<Claims, 'id'>): string =>
  `${prefix}.${Buffer.from(JSON.stringify({ ...claims, id: randomUUID() })).toString('base64url')}`

const opened = (prefix: string, token: string, now: number): Claims | null => {
  if (!token.startsWith(`${prefix}.`)) return null
  try {
    const claims: Claims = JSON.parse(Buffer.from(token.slice(prefix.length + 1), 'base64url').toString())
    return typeof claims.account === 'string' && claims.until > now ? claims : null
  } catch {
    return null
  }
}

/** A refresh token `rehearsal-<account>` is good for that account, as often as it comes; those given here work once. */
export const openTokens = (settings: TiktokSettings, now: () => number): TokenDesk => {
  const used = new Set<string>()
  const holder = (token: string): string | undefined => {
    const rehearsing = /^rehearsal-(\S{1,200})$/.exec(token)?.[1]
    if (rehearsing !== undefined || used.has(token)) return rehearsing
    used.add(token)
    return opened('rft', token, now())?.account
  }
  return {
    answer(ask) {
      const form = new URLSearchParams(ask.body.toString())
      if (form.get('grant_type') !== 'refresh_token') return oauthError('unsupported_grant_type', 'The grant type is not supported.')
      if (!form.get('client_key') || !form.get('client_secret')) return oauthError('invalid_client', 'Client key or secret is incorrect.')
      const account = holder(form.get('refresh_token') ?? '')
      if (account === undefined) return oauthError('invalid_grant', 'Refresh token is invalid or expired.')
      const body = {
        access_token: sealed('act', { account, until: now() + settings.accessSeconds * 1000 }),
        expires_in: settings.accessSeconds,
        open_id: account,
        refresh_token: sealed('rft', { account, until: now() + settings.refreshSeconds * 1000 }),
        refresh_expires_in: settings.refreshSeconds,
        scope: settings.scope,
        token_type: 'Bearer',
      }
      return { status: 200, headers: { 'cache-control': 'no-store' }, body }
    },
    accountOf: ({ headers }) => opened('act', /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '', now())?.account ?? null,
  }
}

/** https://developers.tiktok.com/doc/oauth-error-handling */
const oauthError = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description, log_id: '20261126120000010245030168' },
})
