// How we reach the place where the jobs lie, and how patient each side of a connection is.
import { Redis } from 'ioredis'

/** Where the queue lives: Redis by URL (`redis://…`, `rediss://…`) or by the path of its unix socket, or BullMQ's PostgreSQL backend. */
export type QueueHome =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'redis-socket'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

export interface Connection {
  /** What BullMQ takes: a connected client, or PostgreSQL's options. */
  // biome-ignore lint/suspicious/noExplicitAny: BullMQ types the connections of its two backends apart; here either may come
  readonly options: any
  readonly redis: Redis | null
  close(): void
}

/** Whoever asks wants an answer soon; a connection that gives none (half-open) is made anew. */
export const forAnswers = { maxRetriesPerRequest: 1, commandTimeout: 10_000, socketTimeout: 10_000 }
/** BullMQ's workers wait for ever; the watchdog looks after them. */
export const forWorkers = { maxRetriesPerRequest: null }

export const connectionTo = (home: QueueHome, options: object, onError: (error: Error) => void): Connection => {
  if (home.kind === 'postgres') {
    return { options: { connectionString: home.url, migrate: true }, redis: null, close: () => {} }
  }
  const common = { ...options, reconnectOnError: isDemoted, retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2000) }
  const redis = home.kind === 'redis' ? new Redis(home.url, common) : new Redis({ path: home.path, ...common })
  redis.on('error', onError)
  return { options: redis, redis, close: () => redis.disconnect() }
}

/** After a failover the name may lead elsewhere while the old connection still holds: the one that was demoted only reads. */
const isDemoted = (error: Error): boolean => error.message.includes('READONLY')
