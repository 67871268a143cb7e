// Moves due outbox rows into the queue: rung by every commit, and by itself when the next row falls due.
import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger } from '../src/store/ledger.ts'
import type { Ear } from '../src/store/listen.ts'
import type { Handover } from '../src/store/outbox.ts'
import type { Queues } from './queue.ts'

export interface RelayParts {
  readonly ledger: Ledger
  readonly queues: Queues
  /** Opens an ear for the outbox bell. */
  listen(heard: (word: string | null) => void): Ear
  onError(error: unknown): void
}

const ways: readonly Handover['way'][] = ['urgent', 'routine']
const batch = 1000
/** The longest sleep: a bell may be lost with its connection. */
const longestMs = 1000
/** After a bell: everyday commits of the same moment are handed over together, a warning goes at once. */
const gatheredMs: Readonly<Record<Handover['way'], number>> = { urgent: 0, routine: 50 }

/**
 * Starts the relay; `close` ends it after the batch at hand. Several processes may run one each. The two ways have a loop of their
 * own: no warning waits for a thousand everyday jobs to be written.
 */
export const startRelay = (parts: RelayParts): { close(): Promise<void> } => {
  const loops = ways.map((way) => ({ way, ...startLoop(parts, way) }))
  const ear = parts.listen((word) => {
    const meant = loops.filter(({ way }) => way === word)
    // another word, or none: any way may be meant
    for (const loop of meant.length > 0 ? meant : loops) loop.ring()
  })
  return {
    close: async () => {
      const ended = loops.map((loop) => loop.close())
      await ear.close()
      await Promise.all(ended)
    },
  }
}

const startLoop = (parts: RelayParts, way: Handover['way']) => {
  let closed = false
  let rung = false
  let wake: () => void = () => {}

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(ms, 1))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (rung || closed) wake()
    })

  const pass = async (): Promise<number> => {
    const taken = await parts.ledger.takeDue(way, batch, (due) => parts.queues.add(due))
    if (taken === batch) return 0
    return Math.min((await parts.ledger.untilNextDue(way)) ?? longestMs, longestMs)
  }

  const loop = async (): Promise<void> => {
    while (!closed) {
      rung = false
      let rest = longestMs
      try {
        rest = await pass()
      } catch (error) {
        parts.onError(error)
        rung = false
      }
      if (rest === 0) continue
      await sleep(rest)
      if (gatheredMs[way] > 0 && !closed) await pause(gatheredMs[way])
    }
  }

  const running = loop()
  return {
    ring: () => {
      rung = true
      wake()
    },
    close: () => {
      closed = true
      wake()
      return running
    },
  }
}
