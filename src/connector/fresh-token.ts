// An access token that runs out (OAuth 2): kept in the channel's safe, renewed by one process at a time, whoever notices first.
import { createHash } from 'node:crypto'
import type { Safe, SafeContent } from './connector.ts'
import { UnreachableError } from './errors.ts'
import { Secret } from './secret.ts'
import { untilAborted } from './until-aborted.ts'

/** What a platform gives for a refresh token. */
export interface Renewed {
  readonly accessToken: Secret
  /** Seconds from now. */
  readonly expiresIn: number
  /** The one to use from now on; absent: the old one stays good. */
  readonly refreshToken?: Secret
  /** What else is worth keeping: granted rights, the end of the refresh token. No secrets. */
  readonly notes?: SafeContent
}

interface HeldToken {
  readonly token: Secret
  readonly notes: SafeContent
}

export interface FreshToken {
  /**
   * A token that is good now; `refused` is one that the platform has just turned away.
   *
   * @throws what `renew` throws; UnreachableError when the time is up.
   */
  get(signal: AbortSignal, refused?: Secret): Promise<HeldToken>
}

interface Parts {
  readonly safe: Safe
  /** The one of the settings: where it all begins, and again after a person has put a new one there. */
  readonly refreshToken: Secret
  renew(refreshToken: Secret): Promise<Renewed>
}

/** Renewed this long before its end, so that it does not run out on the way, in milliseconds. */
const marginMs = 60_000

export const freshToken = ({ safe, refreshToken, renew }: Parts): FreshToken => {
  const origin = createHash('sha256').update(refreshToken.reveal()).digest('hex')
  let known: SafeContent | undefined
  let changing: Promise<SafeContent> | undefined

  const isGood = (content: SafeContent | undefined, refused?: Secret): boolean =>
    content?.origin === origin && content?.accessToken !== refused?.reveal() && Date.parse(content?.until ?? '') - Date.now() > marginMs

  const change = (refused?: Secret): Promise<SafeContent> =>
    safe.change(async (now) => {
      if (now && isGood(now, refused)) return now
      const held = now?.origin === origin && now.refreshToken !== undefined ? new Secret(now.refreshToken) : refreshToken
      return contentOf(origin, held, await renew(held))
    })

  /** A safe that is being changed takes a connection to the store: one for all who wait here. */
  const shared = (refused?: Secret): Promise<SafeContent> => {
    changing ??= change(refused).finally(() => {
      changing = undefined
    })
    return changing
  }

  return {
    get: async (signal, refused) => {
      // the first may be a change that began before this token was refused
      for (let tries = 0; tries < 2 && !isGood(known, refused); tries += 1) {
        if (signal.aborted) throw late()
        known = await untilAborted(shared(refused), signal, late)
      }
      const { accessToken = '', origin: _, refreshToken: __, until: ___, ...notes } = known ?? {}
      return { token: new Secret(accessToken), notes }
    },
  }
}

const contentOf = (origin: string, held: Secret, { accessToken, expiresIn, refreshToken = held, notes }: Renewed): SafeContent => ({
  ...notes,
  origin,
  accessToken: accessToken.reveal(),
  refreshToken: refreshToken.reveal(),
  until: new Date(Date.now() + expiresIn * 1000).toISOString(),
})

const late = (): Error => new UnreachableError('Kein Zugang: Die Zeit war um, bevor er erneuert war.')
