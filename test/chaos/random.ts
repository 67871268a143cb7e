// Chance that can be had again: the same seed gives the same numbers, and each part of a run draws from a stream of its own.

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  /** True in so many cases of a hundred. */
  percent(share: number): boolean
  pick<T>(of: readonly T[]): T
  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
}

/** @param stream tells streams of the same seed apart */
export const chanceOf = (seed: number, stream: string): Chance => {
  const next = mulberry(mixed(seed, stream))
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    percent: (share) => next() * 100 < share,
    pick: (of) => of[whole(0, of.length - 1)] as (typeof of)[number],
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      return (entries.at(-1) as (typeof entries)[number])[0]
    },
  }
}

/** FNV-1a over the seed and the stream's name. */
const mixed = (seed: number, stream: string): number => {
  let hash = 0x811c9dc5
  for (const character of `${seed}/${stream}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return hash >>> 0
}

/** mulberry32: small, quick, good enough for choosing victims. */
const mulberry = (start: number) => {
  let state = start
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixing = Math.imul(state ^ (state >>> 15), state | 1)
    mixing ^= mixing + Math.imul(mixing ^ (mixing >>> 7), mixing | 61)
    return ((mixing ^ (mixing >>> 14)) >>> 0) / 4_294_967_296
  }
}
