// Below the platform's ceiling: each channel starts no more actions in a span than it may, counted over all processes.
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pace as Span } from '../src/connector/limits.ts'
import { within } from './within.ts'

export interface Pace {
  /** Milliseconds until the channel may start its next action; 0: now (and counted). */
  take(channel: string, span: Span): Promise<number>
  /** Gives back what was taken for an action that surely did not happen: an outage must not use up a day's share. */
  giveBack(channel: string, span: Span): Promise<void>
}

/** A Redis that takes longer is as good as away: an attempt's time is for the platform. */
const patienceMs = 1000

/** With Redis the count is shared; while Redis is away each process counts for itself, and the platform's own 429 has the last word. */
export const openPace = (redis: Redis | null): Pace => {
  const counts = new Map<string, Count>()
  const limiters = new Map<string, Limiters>()
  const countOf = (channel: string, span: Span): Count => {
    const key = `${span.actions}/${span.perSeconds}`
    const ofSpan = known(limiters, key, () => makeLimiters(redis, span, key))
    return known(counts, `${key} ${channel}`, () => openCount(ofSpan, channel, portionOf(span)))
  }
  return {
    take: (channel, span) => countOf(channel, span).take(),
    giveBack: (channel, span) => countOf(channel, span).giveBack(),
  }
}

const known = <T>(all: Map<string, T>, key: string, make: () => T): T => {
  const found = all.get(key) ?? make()
  all.set(key, found)
  return found
}

/** How many actions a process takes from the shared count at once: at most a hundredth of the span's lies idle with it. */
const portionOf = ({ actions }: Span): number => Math.max(Math.floor(actions / 100), 1)

interface Count {
  take(): Promise<number>
  giveBack(): Promise<void>
}

/** One channel's count in this process: a portion of the shared one, used up here and void when the span ends. */
const openCount = (limiters: Limiters, channel: string, portion: number): Count => {
  let left = 0
  let until = 0
  let asking: Promise<number> | undefined

  const ask = async (): Promise<number> => {
    const granted = await consume(limiters, channel, portion)
    left = granted.wait > 0 ? 0 : portion
    until = granted.until
    asking = undefined
    return granted.wait
  }

  return {
    take: async () => {
      if (portion === 1) return (await consume(limiters, channel, 1)).wait
      if (performance.now() >= until) left = 0
      // who waited for a portion starts on it, though its span may have ended meanwhile: else a slow answer would be asked for again and again
      while (left === 0) {
        asking ??= ask()
        const wait = await asking
        if (wait > 0) return wait
      }
      left -= 1
      return 0
    },
    giveBack: async () => {
      if (portion === 1) return reward(limiters, channel)
      if (performance.now() < until) left += 1
    },
  }
}

interface Limiters {
  readonly shared: RateLimiterMemory | RateLimiterRedis
  /** This process's own count. */
  readonly alone: RateLimiterMemory
}

const makeLimiters = (redis: Redis | null, { actions, perSeconds }: Span, key: string): Limiters => {
  const span = { points: actions, duration: perSeconds, keyPrefix: `{rundruf}:pace:${key}` }
  const alone = new RateLimiterMemory(span)
  if (redis === null) return { shared: alone, alone }
  const shared = new RateLimiterRedis({
    ...span,
    storeClient: redis,
    insuranceLimiter: alone,
    rejectIfRedisNotReady: true,
    inMemoryBlockOnConsumed: actions,
  })
  return { shared, alone }
}

interface Consumed {
  /** Milliseconds until there is room again; 0: there was room. */
  readonly wait: number
  /** End of the span, on the clock of `performance.now()`; rather too early than too late. */
  readonly until: number
}

const consume = async ({ shared, alone }: Limiters, channel: string, points: number): Promise<Consumed> => {
  try {
    return await within(patienceMs, consumed(shared, channel, points))
  } catch {
    return consumed(alone, channel, points)
  }
}

/** Rejects when nobody counted. */
const consumed = async (limiter: RateLimiterMemory | RateLimiterRedis, channel: string, points: number): Promise<Consumed> => {
  const asked = performance.now()
  try {
    return { wait: 0, until: asked + (await limiter.consume(channel, points)).msBeforeNext }
  } catch (over) {
    if (!(over instanceof RateLimiterRes)) throw over
    return { wait: Math.max(over.msBeforeNext, 50), until: asked + over.msBeforeNext }
  }
}

/** Nobody waits for a count that is merely too careful. */
const reward = async ({ shared, alone }: Limiters, channel: string): Promise<void> => {
  await within(patienceMs, shared.reward(channel, 1))
    .catch(() => alone.reward(channel, 1))
    .catch(() => {})
}
