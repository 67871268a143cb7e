// The way past an absent queue: while Redis is gone or takes nothing, urgent deliveries go straight from the store to the platform.
import type { Events } from '../src/observing/events.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Deliver } from './deliver.ts'
import { every } from './every.ts'
import type { Queues } from './queue.ts'
import { within } from './within.ts'

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
/** Deliveries at the same time to one platform: one that hangs takes nothing from the others. */
const atOnce = 50

/** Writes a word to Redis every second; after three seconds in which it took none, what is urgent is taken from the store. */
export const startDirect = (parts: DirectParts, stop: AbortSignal): { close(): Promise<void> } => {
  let lastWord = performance.now()
  let away = false
  const running = new Map(parts.platforms.map((platform) => [platform, new Set<Promise<void>>()]))

  const ask = async (): Promise<void> => {
    try {
      await within(askEveryMs, parts.queues.pulse())
      lastWord = performance.now()
      if (away) parts.events.redisBack()
      away = false
    } catch (error) {
      if (performance.now() - lastWord < patienceMs) return
      if (!away) parts.events.redisAway({ error: error instanceof Error ? error.message : String(error) })
      away = true
      await Promise.all([...running].map(([platform, underWay]) => takeUrgent(platform, underWay)))
    }
  }

  /** Starts what is due and waits for none of it. The claim decides as always: a job that comes back with Redis finds its turn taken. */
  const takeUrgent = async (platform: string, underWay: Set<Promise<void>>): Promise<void> => {
    if (underWay.size >= atOnce) return
    for (const { id, turn } of await parts.ledger.dueUrgent([platform], atOnce - underWay.size)) {
      const delivery = parts.deliver({ deliveryId: id, turn, platform, way: 'urgent' }, stop).catch(parts.onError)
      underWay.add(delivery)
      void delivery.finally(() => underWay.delete(delivery))
    }
  }

  const asking = every(askEveryMs, ask, parts.onError)
  return {
    close: async () => {
      await asking.close()
      await Promise.all([...running.values()].flatMap((underWay) => [...underWay]))
    },
  }
}
