// Where the data lies: the stores that were named, or the ones that a rehearsal brings along.
import { join } from 'node:path'
import type { QueueHome } from '../workers/connection.ts'
import { startPostgres } from './postgres.ts'
import { findRedis, startRedis } from './redis.ts'

export interface Stores {
  readonly databaseUrl: string
  readonly queue: QueueHome
  /** Where a file lies in which Redis kept its jobs and which it could not read any more; null: there was none. */
  readonly setAside: string | null
  /** Stops what this call started, and only that. */
  stop(): Promise<void>
}

export interface StoreWish {
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  /** The data directory, for what is started here. */
  readonly data: string
}

export const openStores = async ({ databaseUrl, redisUrl, data }: StoreWish): Promise<Stores> => {
  const stops: (() => Promise<void>)[] = []
  const url = databaseUrl ?? (await own(stops, startPostgres({ dir: join(data, 'postgres') }))).url
  const { queue, setAside } = redisUrl === null ? await ownQueue(stops, data, url) : { queue: placeOf(redisUrl), setAside: null }
  return {
    databaseUrl: url,
    queue,
    setAside,
    stop: async () => {
      for (const stop of stops.reverse()) await stop()
    },
  }
}

/** The store alone, for what works on it without the rest of the house. */
export const openStore = async ({
  databaseUrl,
  data,
}: Omit<StoreWish, 'redisUrl'>): Promise<{ readonly url: string; stop(): Promise<void> }> =>
  databaseUrl === null ? startPostgres({ dir: join(data, 'postgres') }) : { url: databaseUrl, stop: async () => {} }

const own = async <T extends { stop(): Promise<void> }>(stops: (() => Promise<void>)[], starting: Promise<T>): Promise<T> => {
  const started = await starting
  stops.push(() => started.stop())
  return started
}

const ownQueue = async (stops: (() => Promise<void>)[], data: string, url: string): Promise<Pick<Stores, 'queue' | 'setAside'>> => {
  if (findRedis() === undefined) return { queue: { kind: 'postgres', url }, setAside: null }
  const { path, setAside } = await own(stops, startRedis({ dir: join(data, 'redis') }))
  return { queue: { kind: 'redis-socket', path }, setAside }
}

const placeOf = (redisUrl: string): QueueHome => {
  const path = redisUrl.replace(/^unix:(\/\/)?/, '')
  return path.startsWith('/') ? { kind: 'redis-socket', path } : { kind: 'redis', url: redisUrl }
}
