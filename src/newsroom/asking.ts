// How the newsroom asks the store: each kind of page on a lane of its own, a crowd as one reader, and never longer than two seconds.

import { byName, type LaneOptions, openLane } from '../access/lane.ts'
import { crowd } from './crowd.ts'
import { type Ask, patient } from './from-copy.ts'

/** Asks under a name: all who ask for the same at the same time share one question. Rejects with `LaneFull` where there is no room. */
export type NamedAsk = <T>(wanted: Wanted, question: () => Promise<T>) => Promise<T>

interface Wanted {
  /** Of the page. */
  readonly name: string
  /** The key of its city; empty for the page of all. */
  readonly city: string
  /** Who asks, as `callerAddress` says. */
  readonly address: string
}

export interface Asking {
  /** The newest page and the feeds of a city, with the warnings that hold: nothing else can take their place. */
  readonly front: NamedAsk
  /** The page of all cities: where there are thousands it may be slow, and the cities' own pages are not. */
  readonly index: NamedAsk
  /** One announcement. */
  readonly item: NamedAsk
  /** What is older than the newest page. */
  readonly older: NamedAsk
  /** Facts and pieces of files, for readers. */
  readonly file: Ask
  /** The same for a platform that fetches by its own address: a post waits for it, and strangers' names do not stand before it. */
  readonly fetched: Ask
  /** The copies that are renewed without being asked. */
  readonly renewal: Ask
}

/**
 * Each lane has connections of its own: the most that they take together is `readerConnections`. Who finds a lane full is shown the last
 * copy, or told to come again.
 */
const lanes = {
  front: { atOnce: 2, waiting: 500 },
  index: { atOnce: 1, waiting: 1 },
  item: { atOnce: 1, waiting: 50 },
  older: { atOnce: 1, waiting: 50 },
  file: { atOnce: 1, waiting: 500 },
  fetched: { atOnce: 1, waiting: 500 },
  renewal: { atOnce: 1, waiting: 1 },
} as const satisfies Record<keyof Asking, LaneOptions>

/** Different pages that one address is given at once on a lane; the others wait behind its own. */
const eachAddress = { atOnce: 8, waiting: 200 } as const

/** A city has one question at a time on a lane, whatever is asked about it: the newest page and three feeds never find this full. */
const eachCity = { atOnce: 1, waiting: 25 } as const

/** How many connections the pages use at most, each question one. */
export const readerConnections = Object.values(lanes).reduce((sum, { atOnce }) => sum + atOnce, 0)

/** Milliseconds that a reader waits for the store. */
export const readerPatienceMs = 2_000

export const openAsking = (): Asking => {
  const alone = (lane: LaneOptions, restMs?: number): Ask => {
    const [turn, ask] = [openLane(lane), patient(readerPatienceMs, restMs)]
    return (question) => turn(() => ask(question))
  }
  const together = (lane: LaneOptions): NamedAsk => {
    const [share, ask] = [crowd(), alone(lane)]
    const addresses = byName(() => ({ share: crowd(), turn: openLane(eachAddress) }))
    const cities = byName(() => openLane(eachCity))
    const inTurn = <T>({ name, city }: Wanted, question: () => Promise<T>): Promise<T> =>
      share(name, () => cities(city, (turn) => turn(() => ask(question))))
    // first within the address: what is refused there is refused to nobody else, and who asks for the same there takes one place
    return (wanted, question) => addresses(wanted.address, (own) => own.share(wanted.name, () => own.turn(() => inTurn(wanted, question))))
  }
  return {
    front: together(lanes.front),
    index: together(lanes.index),
    item: together(lanes.item),
    older: together(lanes.older),
    file: alone(lanes.file),
    fetched: alone(lanes.fetched),
    // one slow page keeps no other from its turn: here is no reader who waits
    renewal: alone(lanes.renewal, 0),
  }
}
