// How the newsroom asks the store: each kind of page on a lane of its own, a crowd as one reader, and never longer than two seconds.

import { type LaneOptions, openLane } from '../access/lane.ts'
import { crowd } from './crowd.ts'
import { type Ask, patient } from './from-copy.ts'

/** Asks under a name: all who ask for the same at the same time share one question. */
export type NamedAsk = <T>(name: string, question: () => Promise<T>) => Promise<T>

export interface Asking {
  /** The newest page and the feeds of a city, with the warnings that hold: nothing else can take their place. */
  readonly front: NamedAsk
  /** The page of all cities: where there are thousands it may be slow, and the cities' own pages are not. */
  readonly index: NamedAsk
  /** One announcement. */
  readonly item: NamedAsk
  /** What is older than the newest page. */
  readonly older: NamedAsk
  /** Facts and pieces of files. */
  readonly file: Ask
  /** The copies that are renewed without being asked. */
  readonly renewal: Ask
}

/**
 * Each lane has connections of its own: the most that they take together is `readerConnections`. Who finds a lane full is shown the last
 * copy, or told to come again.
 */
const lanes = {
  front: { atOnce: 2, waiting: 200 },
  index: { atOnce: 1, waiting: 1 },
  item: { atOnce: 1, waiting: 50 },
  older: { atOnce: 1, waiting: 50 },
  file: { atOnce: 1, waiting: 500 },
  renewal: { atOnce: 1, waiting: 1 },
} as const satisfies Record<keyof Asking, LaneOptions>

/** How many connections the pages use at most, each question one. */
export const readerConnections = Object.values(lanes).reduce((sum, { atOnce }) => sum + atOnce, 0)

/** Milliseconds that a reader waits for the store. */
export const readerPatienceMs = 2_000

export const openAsking = (): Asking => {
  const alone = (lane: LaneOptions): Ask => {
    const [turn, ask] = [openLane(lane), patient(readerPatienceMs)]
    return (question) => turn(() => ask(question))
  }
  const together = (lane: LaneOptions): NamedAsk => {
    const [share, ask] = [crowd(), alone(lane)]
    return (name, question) => share(name, () => ask(question))
  }
  return {
    front: together(lanes.front),
    index: together(lanes.index),
    item: together(lanes.item),
    older: together(lanes.older),
    file: alone(lanes.file),
    renewal: alone(lanes.renewal),
  }
}
