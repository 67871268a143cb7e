// Notices a worker that silently stopped fetching: something is due, Redis answers and knows the job, and nothing begins.
import type { Events } from '../src/observing/events.ts'
import type { Ledger } from '../src/store/ledger.ts'
import { every } from './every.ts'
import type { Queues, Taker } from './queue.ts'
import { within } from './within.ts'

export interface WatchdogParts {
  readonly ledger: Ledger
  readonly queues: Queues
  readonly events: Events
  onError(error: unknown): void
}

// 10 + 2 x 5 seconds: below the 30 within which it is promised, above what a restart of Redis needs
const lookEveryMs = 5000
const quietMs = 10_000
const overdueSeconds = 10
/** So many jobs tell enough about a lane. */
const most = 20

/** Looks every five seconds; a lane that is silent twice in a row gets a fresh worker on a fresh connection. */
export const startWatchdog = (parts: WatchdogParts, takers: readonly Taker[]): { close(): Promise<void> } => {
  let suspects: readonly Taker[] = []
  const look = async (): Promise<void> => {
    const silent: Taker[] = []
    for (const taker of takers) {
      const waiting = taker.quietMs() > quietMs ? await waitingFor(parts, taker) : 0
      if (waiting > 0 && suspects.includes(taker)) restart(parts, taker, waiting)
      else if (waiting > 0) silent.push(taker)
    }
    suspects = silent
  }
  return every(lookEveryMs, look, parts.onError)
}

const restart = ({ events }: WatchdogParts, taker: Taker, waiting: number): void => {
  const { platform, way } = taker.lane
  events.workerRestarted({ platform, way, waiting })
  taker.restart()
}

/** How many jobs of the lane are overdue and lie in the queue; 0 too while Redis is away: then it is not the worker's fault. */
const waitingFor = async ({ ledger, queues }: WatchdogParts, { lane }: Taker): Promise<number> => {
  const late = await ledger.overdue({ seconds: overdueSeconds, most, lane })
  if (late.length === 0) return 0
  try {
    return late.length - (await within(lookEveryMs, queues.missing(late))).length
  } catch {
    return 0
  }
}
