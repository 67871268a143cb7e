// Who may speak to this YouTube: refresh tokens, the access tokens given for them, and the channel of an account.
import { createHash, randomUUID } from 'node:crypto'
import type { Answer, Ask } from '../room.ts'
import type { YoutubeSettings } from './limits.ts'

/** A refresh token `rehearsal-<account>` is good for that account; every other one was never given. */
export const tokenAnswer = (ask: Ask, settings: YoutubeSettings, now: () => number): Answer => {
  const form = new URLSearchParams(ask.body.toString())
  if (form.get('grant_type') !== 'refresh_token') return oauthError(400, 'unsupported_grant_type', 'Invalid grant_type')
  if (!form.get('client_id') || !form.get('client_secret')) return oauthError(401, 'invalid_client', 'The OAuth client was not found.')
  const account = /^rehearsal-(\S{1,200})$/.exec(form.get('refresh_token') ?? '')?.[1]
  if (account === undefined) return oauthError(400, 'invalid_grant', 'Token has been expired or revoked.')
  const claims = { account, until: now() + settings.accessSeconds * 1000, id: randomUUID() }
  return {
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: {
      access_token: `ya29.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`,
      expires_in: settings.accessSeconds,
      scope: settings.scope,
      token_type: 'Bearer',
      ...(settings.refreshSeconds !== null && { refresh_token_expires_in: settings.refreshSeconds }),
    },
  }
}

const oauthError = (status: number, error: string, description: string): Answer => ({
  status,
  body: { error, error_description: description },
})

/** The account of an access token that is still good; null for any other. */
export const accountOf = ({ headers }: Ask, now: () => number): string | null => {
  const token = /^Bearer ya29\.(\S+)$/.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return null
  try {
    const claims: { account?: unknown; until?: unknown } = JSON.parse(Buffer.from(token, 'base64url').toString())
    return typeof claims.account === 'string' && Number(claims.until) > now() ? claims.account : null
  } catch {
    return null
  }
}

const hash = (words: string): string => createHash('sha256').update(words).digest('base64url')

/** `UC…`; the playlist of its uploads is the same with `UU`. */
export const channelId = (account: string): string => `UC${hash(account).slice(0, 22)}`

export const uploadsOf = (account: string): string => channelId(account).replace(/^UC/, 'UU')

/** Ids that look like YouTube's, and are the same when the same calls are made again at the same times. */
export const openIds = (now: () => number): ((length: number) => string) => {
  let last = { at: 0, count: 0 }
  return (length) => {
    const at = now()
    last = { at, count: at === last.at ? last.count + 1 : 1 }
    return hash(`${at} ${last.count}`).slice(0, length)
  }
}
