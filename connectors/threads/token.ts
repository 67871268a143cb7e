// The token of a Threads channel: good for 60 days, refreshed while it is good, kept in the channel's safe.
// https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SafeContent, Tools } from '../../src/connector/connector.ts'
import { UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import type { ThreadsSettings } from './settings.ts'

export interface Token {
  /** The token to use now; refreshed before, where that is due. */
  current(signal: AbortSignal): Promise<Secret>
  /** The one that another process may have put into the safe meanwhile; undefined: there is no other. */
  other(than: Secret): Promise<Secret | undefined>
  /** Until when it is good, ISO 8601 UTC; null: nobody has told yet. */
  until(): string | null
}

const day = 86_400_000
/** Half of its life: who is away for a month still finds it good. */
const dueMs = 30 * day
/** A refresh that failed (the token is younger than a day; the platform is away) is tried again after so long. */
const againMs = 3_600_000
/** A refresh must not hold up a post for long. */
const patienceMs = 5_000

interface Kept {
  readonly token: Secret
  readonly until: string | null
}

export const openToken = (settings: ThreadsSettings, tools: Pick<Tools, 'safe' | 'log'>): Token => {
  const seed = createHash('sha256').update(settings.token.reveal()).digest('hex')
  let kept: Kept | undefined
  let notBefore = 0

  /** What was refreshed from another token than the one in the settings does not count any more. */
  const keptIn = (content: SafeContent | undefined): Kept =>
    content?.seed === seed && content.token
      ? { token: new Secret(content.token), until: content.until ?? null }
      : { token: settings.token, until: null }

  const refresh = async (signal: AbortSignal): Promise<Kept> => {
    const content = await tools.safe.change(async (now) => {
      const there = keptIn(now)
      if (now?.seed === seed && !isDue(there)) return now
      const fresh = await refreshed(settings, there.token, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]))
      return { seed, ...fresh }
    })
    return keptIn(content)
  }

  return {
    async current(signal) {
      kept ??= keptIn(await tools.safe.read())
      if (!isDue(kept) || Date.now() < notBefore) return kept.token
      notBefore = Date.now() + againMs
      kept = await refresh(signal).catch((error: unknown) => {
        tools.log.info(
          { reason: error instanceof Error ? error.message : String(error) },
          'the token was not refreshed; the old one serves on',
        )
        return kept as Kept
      })
      return kept.token
    },
    async other(than) {
      kept = keptIn(await tools.safe.read())
      return kept.token.reveal() === than.reveal() ? undefined : kept.token
    },
    until: () => kept?.until ?? null,
  }
}

/** Where nobody has told how long it is good, a refresh tells. */
const isDue = ({ until }: Kept): boolean => until === null || Date.parse(until) - Date.now() < dueMs

const answered = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

const refreshed = async ({ base }: ThreadsSettings, token: Secret, signal: AbortSignal): Promise<{ token: string; until: string }> => {
  const query = new URLSearchParams({ grant_type: 'th_refresh_token', access_token: token.reveal() })
  const answer = await send({ method: 'GET', url: `${base}/refresh_access_token?${query}`, kind: 'read', signal, secrets: [token] })
  const { access_token, expires_in } = freshIn(answer)
  return { token: access_token, until: new Date(Date.now() + expires_in * 1000).toISOString() }
}

/** A new token may stand in an answer that is broken, too: it is not quoted. */
const freshIn = (answer: Answer): z.infer<typeof answered> => {
  try {
    return answered.parse(JSON.parse(answer.text))
  } catch {
    throw new UnreachableError(`Threads antwortet ${answer.status} und gibt kein neues Token.`)
  }
}
