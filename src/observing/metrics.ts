// What Prometheus reads: every series of the process in one registry of its own, with labels from closed sets only.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Urgent } from '../announcement/announcement.ts'

/** How many deliveries of one platform and way are where; read from the store at each scrape. */
export interface Standing {
  readonly platform: string
  readonly way: Urgent
  /** On their way and due. */
  readonly depth: number
  /** Seconds that the longest-waiting due delivery has waited. */
  readonly oldestSeconds: number
  /** Due for more than a minute, and nothing has happened. */
  readonly overdue: number
  /** In front of a person. */
  readonly held: number
}

export type Metrics = ReturnType<typeof makeMetrics>

const lane = ['platform', 'way'] as const

/** From a tenth of a second (an urgent delivery on a quiet day) to a quarter of an hour (a platform that was away). */
const receiptBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]

/** Makes the registry and its series. `withProcess` adds memory, event loop and garbage collection of this process. */
export const makeMetrics = ({ withProcess = true }: { readonly withProcess?: boolean } = {}) => {
  const registry = new Registry()
  const registers = [registry]
  if (withProcess) collectDefaultMetrics({ register: registry })
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers })
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, labelNames: [...labelNames], registers })

  return {
    registry,
    releases: counter('rundruf_releases_total', 'Announcements released, amended or retracted.', ['verb', 'way']),
    deliveries: counter('rundruf_deliveries_total', 'Deliveries settled, by how they ended.', [...lane, 'outcome']),
    attempts: counter('rundruf_attempts_total', 'Attempts ended: delivered, or the class of the failure.', [...lane, 'result']),
    holds: counter('rundruf_holds_total', 'Deliveries put in front of a person.', [...lane, 'for']),
    suspensions: counter('rundruf_channel_suspensions_total', 'Channels suspended, by people or by a failing credential.', [
      'platform',
      'by',
    ]),
    queueLosses: counter('rundruf_queue_losses_total', 'Times the queue was found empty or of yesterday and was filled again.', []),
    queueAway: gauge('rundruf_queue_away', '1 while Redis cannot be reached.', []),
    releaseToReceipt: new Histogram({
      name: 'rundruf_release_to_receipt_seconds',
      help: 'From release (or due time, if later) to the receipt.',
      labelNames: [...lane],
      buckets: receiptBuckets,
      registers,
    }),
    depth: gauge('rundruf_queue_depth', 'Deliveries on their way and due.', lane),
    oldest: gauge('rundruf_queue_oldest_age_seconds', 'How long the longest-waiting due delivery has waited.', lane),
    overdue: gauge('rundruf_queue_overdue', 'Deliveries that are due for more than a minute, and nothing has happened.', lane),
    held: gauge('rundruf_held', 'Deliveries that wait for a person.', lane),
    httpRequests: counter('rundruf_http_requests_total', 'Answers given, by route pattern and status.', ['method', 'route', 'status']),
  }
}

/** Writes what the store says into the gauges; a lane that has emptied is gone from the answer. */
export const showStanding = (metrics: Metrics, standing: readonly Standing[]): void => {
  for (const gauge of [metrics.depth, metrics.oldest, metrics.overdue, metrics.held]) gauge.reset()
  for (const { platform, way, depth, oldestSeconds, overdue, held } of standing) {
    metrics.depth.set({ platform, way }, depth)
    metrics.oldest.set({ platform, way }, oldestSeconds)
    metrics.overdue.set({ platform, way }, overdue)
    metrics.held.set({ platform, way }, held)
  }
}
