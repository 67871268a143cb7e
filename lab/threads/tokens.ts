// Access tokens of Threads' stand-in: good for 60 days, refreshed once they are a day old.
// https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
import type { Answer, Parts } from '../room.ts'
import { expired, failed, unknownToken, wrong } from './answers.ts'
import type { ThreadsSettings } from './settings.ts'

const day = 86_400
const lifeSeconds = 60 * day

export interface Tokens {
  /** The account of a token; null: none of ours. */
  accountOf(token: string): string | null
  /** Why this token is refused; undefined: it is good. */
  refusal(token: string): Answer | undefined
  refresh(token: string): Answer
  /** https://developers.facebook.com/docs/threads/troubleshooting/debug-access-token */
  debug(token: string): Answer
}

/** A token is `rehearsal-<account>`; refreshed ones have a number behind: `rehearsal-<account>*2`. */
export const openTokens = ({ now }: Parts, settings: ThreadsSettings): Tokens => {
  const issued = new Map<string, number>()
  const issuedAt = (token: string): number => {
    const known = issued.get(token) ?? now() - settings.tokenAgeSeconds * 1000
    issued.set(token, known)
    return known
  }
  const accountOf = (token: string): string | null => /^rehearsal-([^*]{1,200})(?:\*\d+)?$/.exec(token)?.[1] ?? null
  const isOver = (token: string): boolean => now() > issuedAt(token) + lifeSeconds * 1000
  return {
    accountOf,
    refusal: (token) => (accountOf(token) === null ? unknownToken() : isOver(token) ? expired() : undefined),
    refresh(token) {
      if (now() - issuedAt(token) < day * 1000) throw wrong('The access token must be at least 24 hours old to be refreshed')
      const fresh = `rehearsal-${accountOf(token)}*${issued.size + 1}`
      issued.set(fresh, now())
      return { status: 200, body: { access_token: fresh, token_type: 'bearer', expires_in: lifeSeconds } }
    },
    debug(token) {
      if (!settings.tester) return failed(400, { message: 'Requires a Threads tester', type: 'OAuthException', code: 10 })
      const at = Math.floor(issuedAt(token) / 1000)
      const data = { type: 'USER', application: 'Rundruf', issued_at: at, expires_at: at + lifeSeconds, is_valid: !isOver(token) }
      return { status: 200, body: { data: { ...data, scopes: settings.scopes, user_id: '1' } } }
    },
  }
}
