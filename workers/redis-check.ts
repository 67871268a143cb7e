// Refuses a Redis that may forget: with eviction or without a log on disk it would lose jobs without a word.
import { Redis } from 'ioredis'
import { Refusal } from '../src/announcement/refusal.ts'
import type { QueueHome } from './queue.ts'

/**
 * Throws a Refusal when Redis says `maxmemory-policy` is not `noeviction` or `appendonly` is off. Where CONFIG is not allowed
 * (some hosted services) the answer is a sentence to warn with; null: all is well.
 */
export const checkRedis = async (home: QueueHome): Promise<string | null> => {
  if (home.kind === 'postgres') return null
  const redis = home.kind === 'redis' ? new Redis(home.url, once) : new Redis({ path: home.path, ...once })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const [, policy] = (await redis.config('GET', 'maxmemory-policy')) as string[]
    const [, log] = (await redis.config('GET', 'appendonly')) as string[]
    if (policy !== 'noeviction') throw forgets('maxmemory-policy noeviction', policy)
    if (log !== 'yes') throw forgets('appendonly yes', log)
    return null
  } catch (error) {
    if (error instanceof Refusal) throw error
    return `Redis could not be asked for its settings: ${error instanceof Error ? error.message : error}`
  } finally {
    redis.disconnect()
  }
}

const once = { lazyConnect: true, maxRetriesPerRequest: 0, enableOfflineQueue: false, connectTimeout: 5000, retryStrategy: () => null }

const forgets = (wanted: string, found: string | undefined): Refusal =>
  new Refusal({
    code: 'redis-forgets',
    de: `Dieses Redis könnte Aufträge vergessen. Erwartet: ${wanted}; eingestellt ist ${found ?? 'nichts'}. Bitte in redis.conf ändern.`,
    en: `This Redis may forget jobs. Expected: ${wanted}; found: ${found ?? 'nothing'}.`,
    place: 'REDIS_URL',
  })
