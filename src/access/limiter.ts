// How often somebody may: counted in this process, in windows of a fixed length, so that it works without Redis.

/** True while it is not too often; each call that is not refused counts. */
export type Limiter = (who: string) => boolean

/** At most this many are remembered; a flood of addresses costs no memory. */
const mostKnown = 20_000

/** A limiter that also says when the next window begins, and takes a call back that turned out to be harmless. */
export interface Counter {
  /** Counts the call and gives true; false where it is too often, and then nothing is counted. */
  count(who: string): boolean
  /** The last call of this one turned out to be dear: it counts as so many more. */
  charge(who: string, more: number): void
  /** The last call of this one did not count after all. */
  giveBack(who: string): void
  /** Whole seconds until everybody may again, at least 1. */
  secondsLeft(): number
}

export const openCounter = (most: number, windowMs: number): Counter => {
  let counts = new Map<string, number>()
  let until = 0
  const renewed = (): Map<string, number> => {
    const now = performance.now()
    if (now >= until || counts.size >= mostKnown) {
      counts = new Map()
      until = now + windowMs
    }
    return counts
  }
  return {
    count: (who) => {
      const known = renewed()
      const count = known.get(who) ?? 0
      if (count >= most) return false
      known.set(who, count + 1)
      return true
    },
    charge: (who, more) => {
      counts.set(who, (counts.get(who) ?? 0) + more)
    },
    giveBack: (who) => {
      const count = counts.get(who) ?? 0
      if (count > 1) counts.set(who, count - 1)
      else counts.delete(who)
    },
    secondsLeft: () => Math.max(1, Math.ceil((until - performance.now()) / 1000)),
  }
}

export const openLimiter = (most: number, windowMs: number): Limiter => openCounter(most, windowMs).count
