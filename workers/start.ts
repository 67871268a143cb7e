// Starts everything that happens without being asked, and stops it in the right order.
import type { AnyConnector, Connectors, Tools } from '../src/connector/connector.ts'
import type { Pace as Span } from '../src/connector/limits.ts'
import type { Events } from '../src/observing/events.ts'
import type { Logger } from '../src/observing/log.ts'
import type { Action } from '../src/planning/plan.ts'
import type { DailyMaximum } from '../src/policy/daily.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Ear } from '../src/store/listen.ts'
import { openClients } from './clients.ts'
import { type Deliver, makeDeliver } from './deliver.ts'
import { startDirect } from './direct.ts'
import { openLeases } from './leases.ts'
import type { Pace } from './pace.ts'
import { openPrecedence } from './precedence.ts'
import type { Queues, Way } from './queue.ts'
import { startRelay } from './relay.ts'
import { startSweep } from './sweep.ts'
import { startWatchdog } from './watchdog.ts'

export interface WorkerParts {
  readonly ledger: Ledger
  readonly queues: Queues
  /** The platforms this process works for. */
  readonly connectors: Connectors
  readonly pace: Pace
  readonly events: Events
  readonly log: Logger
  listen(heard: (word: string | null) => void): Ear
  settingsOf(city: string, channel: string, connector: AnyConnector): unknown
  toolsFor(city: string, channel: string): Tools
  paceOf(city: string, channel: string, connector: AnyConnector): Span | null
  dailyOf(city: string, channel: string): DailyMaximum | null
  isByHand(city: string, channel: string, connector: AnyConnector, action: Action): boolean
}

export interface Workers {
  /** Stops taking jobs, lets the running ones finish for `graceMs`, then aborts them, and closes all clients. */
  stop(graceMs: number): Promise<void>
}

const concurrency: Readonly<Record<Way, number>> = { urgent: 50, routine: 200 }
const ways: readonly Way[] = ['urgent', 'routine']

export const startWorkers = (parts: WorkerParts): Workers => {
  const stopping = new AbortController()
  const onError = (error: unknown): void => parts.events.unexpected({ err: error, where: 'workers' })
  const clients = openClients(parts)
  const precedence = openPrecedence()
  const leases = openLeases({ ...parts, onError })
  const deliver = makeDeliver({ ...parts, clients, precedence, leases })
  const process: Readonly<Record<Way, Deliver>> = {
    urgent: (job, signal) => precedence.first(() => deliver(job, signal)),
    routine: async (job, signal) => {
      await precedence.turn()
      await deliver(job, signal)
    },
  }
  const platforms = [...parts.connectors.keys()]
  const takers = platforms.flatMap((platform) =>
    ways.map((way) =>
      parts.queues.take({ platform, way, concurrency: concurrency[way] }, (job, signal) => process[way]({ ...job, platform, way }, signal)),
    ),
  )
  const background = [
    startRelay({ ...parts, onError }),
    startSweep({ ...parts, onError }),
    startDirect({ ...parts, deliver, platforms, onError }, stopping.signal),
    startWatchdog({ ...parts, onError }, takers),
  ]
  return {
    stop: async (graceMs) => {
      const timer = setTimeout(() => {
        for (const taker of takers) taker.cancel('the process stops')
        stopping.abort(new Error('the process stops'))
      }, graceMs)
      await Promise.allSettled([...takers, ...background].map((part) => part.close()))
      clearTimeout(timer)
      await leases.close()
      stopping.abort(new Error('the process stops'))
      await clients.close()
    },
  }
}
