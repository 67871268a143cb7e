// Long polling: answers when nothing more happens by itself, or when the time is up.
import { setTimeout as pause } from 'node:timers/promises'
import { openLane } from '../access/lane.ts'
import type { AnnouncementDetail } from '../commands/view.ts'
import { isSettled } from '../delivery/delivery.ts'

/** The longest that one request is held open, in seconds; proxies usually allow 60. */
export const longestWait = 30

/** Milliseconds between two looks at the store: a warning is out within seconds, and what takes longer is looked at less often. */
const betweenLooks = { first: 200, last: 1_000, slowerAfter: 5_000 } as const

/** The doors have six connections: these looks take one of them. None is refused its turn, since every key has few waits at once. */
const looks = { atOnce: 1, waiting: Number.POSITIVE_INFINITY } as const

interface Patience {
  readonly seconds: number
  /** Aborted when the client has gone or the process stops. */
  readonly signal: AbortSignal
}

export interface Waits {
  /**
   * Looks until every delivery of this announcement is settled or held, the announcement is a draft, or patience ends; gives the last look.
   * The first look is the caller's own, so that it refuses what the caller may not see; the further ones are shared by all who wait for
   * the same announcement.
   */
  quiet(id: string, look: Look, patience: Patience): Promise<AnnouncementDetail>
}

/** Gives the same to everybody who may see the announcement. */
type Look = () => Promise<AnnouncementDetail>

export const openWaits = (): Waits => {
  const turn = openLane(looks)
  const coming = new Map<string, Promise<AnnouncementDetail>>()
  /** The next look that begins; whoever asks while it runs gets the one after it, and nothing older than what they saw. */
  const next = (id: string, look: Look, ms: number): Promise<AnnouncementDetail> => {
    const shared = coming.get(id)
    if (shared) return shared
    const made = pause(ms).then(() =>
      turn(() => {
        coming.delete(id)
        return look()
      }),
    )
    coming.set(id, made)
    return made
  }
  return {
    quiet: async (id, look, { seconds, signal }) => {
      const begun = performance.now()
      const answered = new AbortController()
      const over = pause(seconds * 1000, undefined, { signal: AbortSignal.any([signal, answered.signal]) }).catch(() => {})
      try {
        let seen = await look()
        while (!isQuiet(seen)) {
          const { first, last, slowerAfter } = betweenLooks
          const newer = await Promise.race([over, next(id, look, performance.now() - begun < slowerAfter ? first : last)])
          if (!newer) break
          seen = newer
        }
        return seen
      } finally {
        answered.abort()
      }
    },
  }
}

const isQuiet = ({ deliveries }: AnnouncementDetail): boolean => deliveries.every(({ state }) => state === 'held' || isSettled(state))
