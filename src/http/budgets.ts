// What one key and one city may ask for: expensive reads stand in a line of their own, and drafts and files have a number a minute.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { everyCity, may, sees } from '../access/actor.ts'
import { byName, LaneFull, openLane } from '../access/lane.ts'
import { type Counter, openCounter } from '../access/limiter.ts'
import type { Actor } from '../commands/desk.ts'
import { actorOf } from './callers.ts'
import { goneSignal } from './gone.ts'
import { tooMany } from './too-many.ts'

/** Reads that cost much: lists, plans with their pictures, what is asked of platforms, a check of everything. */
type Expensive = 'list' | 'plan' | 'platform' | 'verify'

/** Things that are stored: new drafts and wordings that do not go out, and files; and files that are fetched. */
type Stored = 'draft' | 'file' | 'fetch'

export interface Budgets {
  /**
   * Does the work when its turn comes: few at once in each line, two for one key. Whoever has hung up by then has nothing done. Throws a
   * Refusal (429) for a key or a city that asks too often.
   */
  read<T>(asked: Asked, work: () => Promise<T>): Promise<T>
  /** Holds a request open until the work is done. Throws a Refusal (429) for a key that holds too many open. */
  wait<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T>): Promise<T>
  /** Throws a Refusal (429) for a key that stores or fetches too much. */
  store(request: FastifyRequest, reply: FastifyReply, what: Stored): void
}

interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly what: Expensive
  /** The city that it is about, where it is about one. */
  readonly city?: string | undefined
}

/** A minute. A key is a person or a program of one city; what a city has together is what a few people and its programs need. */
const windowMs = 60_000
const perKey: Readonly<Record<Expensive | Stored, number>> = {
  list: 300,
  plan: 120,
  platform: 60,
  verify: 20,
  draft: 120,
  file: 60,
  fetch: 300,
}
const perCity: Readonly<Record<Expensive, number>> = { list: 900, plan: 360, platform: 120, verify: 20 }

/**
 * The doors have six connections: two are the most for lists and plans, one for a check of everything. A platform may take its time, and
 * the store is asked for a moment then: those who wait for one stand in another line.
 */
const lines = {
  store: { atOnce: 2, waiting: 200 },
  platform: { atOnce: 8, waiting: 100 },
  everything: { atOnce: 1, waiting: 5 },
} as const
const lineFor = { list: 'store', plan: 'store', platform: 'platform', verify: 'everything' } as const satisfies Record<
  Expensive,
  keyof typeof lines
>
const eachKey = { atOnce: 2, waiting: 20 } as const

/** Requests that one key holds open: a program of a city watches what is on its way there. */
const heldOpen = { atOnce: 30, waiting: 0 } as const

export const openBudgets = (): Budgets => {
  const counters = <K extends string>(most: Readonly<Record<K, number>>): Record<K, Counter> =>
    Object.fromEntries(Object.entries<number>(most).map(([what, number]) => [what, openCounter(number, windowMs)])) as Record<K, Counter>
  const [keys, cities] = [counters(perKey), counters(perCity)]
  const lanes = { store: openLane(lines.store), platform: openLane(lines.platform), everything: openLane(lines.everything) }
  const [ofKey, waitsOfKey] = [byName(() => openLane(eachKey)), byName(() => openLane(heldOpen))]
  return {
    read: async ({ request, reply, what, city }, work) => {
      const actor = actorOf(request)
      const { id } = actor
      if (!keys[what].count(id)) throw tooMany(reply, keys[what].secondsLeft())
      // what somebody asks of a foreign city is not that city's doing
      if (city !== undefined && sees(actor, city) && !cities[what].count(city))
        throw tooMany(reply, cities[what].secondsLeft(), 'Zu viele Anfragen zu dieser Stadt')
      const gone = goneSignal(reply)
      const ifThere = () => {
        if (gone.aborted) throw tooMany(reply, 1) // heard by nobody
        return work()
      }
      const line = lineFor[what]
      return ofKey(`${id} ${line}`, (own) => own(() => lanes[line](ifThere))).catch(inASecond(reply))
    },
    wait: (request, reply, work) => waitsOfKey(actorOf(request).id, (own) => own(work)).catch(inASecond(reply)),
    store: (request, reply, what) => {
      if (!keys[what].count(actorOf(request).id)) throw tooMany(reply, keys[what].secondsLeft())
    },
  }
}

/** A full lane is told as such; other errors are as they were. */
const inASecond =
  (reply: FastifyReply) =>
  (error: unknown): never => {
    throw error instanceof LaneFull ? tooMany(reply, 1) : error
  }

/** True for a warning or an all-clear of somebody who may release it: no quota stands before it. */
export const isUrgentOf = (actor: Actor, input: unknown): boolean => {
  const city = cityOf(input)
  return city !== null && isUrgent(input) && may(actor, 'release-warning', city)
}

/** True for somebody who may release a warning somewhere: the plan of a stored one is read before it goes, and waits for nobody. */
export const mayWarn = (actor: Actor): boolean =>
  (actor.cities === everyCity ? [everyCity] : actor.cities).some((city) => may(actor, 'release-warning', city))

/** True for what is released in the same request by somebody who may: it leaves no draft behind, and a refusal stores nothing. */
export const isReleaseOf = (actor: Actor, input: unknown): boolean => {
  const city = cityOf(input)
  return isUrgentOf(actor, input) || (city !== null && may(actor, 'release', city))
}

const cityOf = (input: unknown): string | null =>
  typeof input === 'object' && input !== null && 'city' in input && typeof input.city === 'string' ? input.city : null

const isUrgent = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'kind' in input && (input.kind === 'warning' || input.kind === 'all-clear')
