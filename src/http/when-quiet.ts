// Long polling: answers when nothing more happens by itself, or when the time is up.
import { setTimeout as pause } from 'node:timers/promises'
import type { AnnouncementDetail } from '../commands/view.ts'
import { isSettled } from '../delivery/delivery.ts'

/** The longest that one request is held open, in seconds; proxies usually allow 60. */
export const longestWait = 30

/** Milliseconds between two looks at the store. */
const betweenLooks = 200

export interface Patience {
  readonly seconds: number
  /** Aborted when the client has gone or the process stops. */
  readonly signal: AbortSignal
}

/** Looks until every delivery is settled or held, the announcement is a draft, or patience ends; gives the last look. */
export const whenQuiet = async (look: () => Promise<AnnouncementDetail>, { seconds, signal }: Patience): Promise<AnnouncementDetail> => {
  const end = performance.now() + seconds * 1000
  let seen = await look()
  while (!isQuiet(seen) && !signal.aborted && performance.now() + betweenLooks < end) {
    await pause(betweenLooks, undefined, { signal }).catch(() => {})
    seen = await look()
  }
  return seen
}

const isQuiet = ({ deliveries }: AnnouncementDetail): boolean => deliveries.every(({ state }) => state === 'held' || isSettled(state))
