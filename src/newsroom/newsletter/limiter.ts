// How often a form may be sent: counted in this process, in windows of a fixed length, so that it works without Redis.

/** True while it is not too often; each call counts. */
export type Limiter = (who: string) => boolean

/** At most this many are remembered; a flood of addresses costs no memory. */
const mostKnown = 20_000

export const openLimiter = (most: number, windowMs: number): Limiter => {
  let counts = new Map<string, number>()
  let until = 0
  return (who) => {
    const now = performance.now()
    if (now >= until || counts.size >= mostKnown) {
      counts = new Map()
      until = now + windowMs
    }
    const count = (counts.get(who) ?? 0) + 1
    counts.set(who, count)
    return count <= most
  }
}
