// Below the platform's ceiling: each channel starts no more actions in a span than it may, counted over all processes.
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pace as Span } from '../src/connector/limits.ts'
import { within } from './within.ts'

export interface Pace {
  /** Milliseconds until the channel may start its next action; 0: now (and counted). */
  take(channel: string, span: Span): Promise<number>
}

/** A Redis that takes longer is as good as away: an attempt's time is for the platform. */
const patienceMs = 1000

/** With Redis the count is shared; while Redis is away each process counts for itself, and the platform's own 429 has the last word. */
export const openPace = (redis: Redis | null): Pace => {
  const limiters = new Map<string, Limiters>()
  const limitersOf = ({ actions, perSeconds }: Span): Limiters => {
    const key = `${actions}/${perSeconds}`
    const known = limiters.get(key)
    if (known) return known
    const span = { points: actions, duration: perSeconds, keyPrefix: `{rundruf}:pace:${key}` }
    const alone = new RateLimiterMemory(span)
    const shared = redis
      ? new RateLimiterRedis({
          ...span,
          storeClient: redis,
          insuranceLimiter: alone,
          rejectIfRedisNotReady: true,
          inMemoryBlockOnConsumed: actions,
        })
      : alone
    limiters.set(key, { shared, alone })
    return { shared, alone }
  }
  return {
    take: async (channel, span) => {
      const { shared, alone } = limitersOf(span)
      try {
        return waitOf(await within(patienceMs, consumed(shared, channel)))
      } catch {
        return waitOf(await consumed(alone, channel))
      }
    },
  }
}

interface Limiters {
  readonly shared: RateLimiterMemory | RateLimiterRedis
  /** This process's own count. */
  readonly alone: RateLimiterMemory
}

/** Null: there was room. Rejects when nobody counted. */
const consumed = async (limiter: RateLimiterMemory | RateLimiterRedis, channel: string): Promise<RateLimiterRes | null> => {
  try {
    await limiter.consume(channel)
    return null
  } catch (over) {
    if (over instanceof RateLimiterRes) return over
    throw over
  }
}

const waitOf = (over: RateLimiterRes | null): number => (over === null ? 0 : Math.max(over.msBeforeNext, 50))
