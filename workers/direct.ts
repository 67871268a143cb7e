// The way past an absent queue: while Redis is gone, urgent deliveries go straight from the store to the platform.
import type { Events } from '../src/observing/events.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Deliver } from './deliver.ts'
import { every } from './every.ts'
import type { Queues } from './queue.ts'

export interface DirectParts {
  readonly ledger: Ledger
  readonly queues: Queues
  readonly deliver: Deliver
  readonly events: Events
  readonly platforms: readonly string[]
  onError(error: unknown): void
}

const askEveryMs = 1000
/** Longer than a restart of Redis on a quick machine, far below the 15 seconds promised for urgent deliveries. */
const patienceMs = 3000
const atOnce = 50

/** Asks Redis for a word every second; after three seconds without one it takes what is urgent from the store. */
export const startDirect = (parts: DirectParts, stop: AbortSignal): { close(): Promise<void> } => {
  let lastWord = performance.now()
  let away = false

  const ask = async (): Promise<void> => {
    try {
      await within(askEveryMs, parts.queues.mark())
      lastWord = performance.now()
      if (away) parts.events.redisBack()
      away = false
    } catch (error) {
      if (performance.now() - lastWord < patienceMs) return
      if (!away) parts.events.redisAway({ error: error instanceof Error ? error.message : String(error) })
      away = true
      await takeUrgent()
    }
  }

  /** The claim decides as always: a job that comes back with Redis finds its turn taken. */
  const takeUrgent = async (): Promise<void> => {
    const due = await parts.ledger.dueUrgent(parts.platforms, atOnce)
    const ends = await Promise.allSettled(due.map(({ id, turn, platform }) => parts.deliver({ deliveryId: id, turn, platform }, stop)))
    for (const end of ends) if (end.status === 'rejected') parts.onError(end.reason)
  }

  return every(askEveryMs, ask, parts.onError)
}

const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
