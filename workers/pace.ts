// Below the platform's ceiling: each channel starts no more actions in a span than it may, counted over all processes.
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pace as Span } from '../src/connector/limits.ts'

export interface Pace {
  /** Milliseconds until the channel may start its next action; 0: now (and counted). */
  take(channel: string, span: Span): Promise<number>
}

/** With Redis the count is shared; while Redis is away each process counts for itself, and the platform's own 429 has the last word. */
export const openPace = (redis: Redis | null): Pace => {
  const limiters = new Map<string, RateLimiterMemory | RateLimiterRedis>()
  const limiterOf = ({ actions, perSeconds }: Span) => {
    const key = `${actions}/${perSeconds}`
    const known = limiters.get(key)
    if (known) return known
    const span = { points: actions, duration: perSeconds, keyPrefix: `{rundruf}:pace:${key}` }
    const alone = new RateLimiterMemory(span)
    const made = redis
      ? new RateLimiterRedis({
          ...span,
          storeClient: redis,
          insuranceLimiter: alone,
          rejectIfRedisNotReady: true,
          inMemoryBlockOnConsumed: actions,
        })
      : alone
    limiters.set(key, made)
    return made
  }
  return {
    take: async (channel, span) => {
      try {
        await limiterOf(span).consume(channel)
        return 0
      } catch (over) {
        if (over instanceof RateLimiterRes) return Math.max(over.msBeforeNext, 50)
        throw over
      }
    },
  }
}
