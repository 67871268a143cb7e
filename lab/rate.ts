// Fixed windows that count, as the platforms' own rate limits do.

export interface Window {
  readonly points: number
  readonly seconds: number
}

/** What is left in a window after a count. */
export interface Count {
  readonly limit: number
  readonly seconds: number
  readonly remaining: number
  /** Milliseconds since 1970. */
  readonly resetAt: number
  readonly allowed: boolean
}

export interface Counter {
  /** Takes `points` for `key`; a refused request takes them too, as the platforms do. */
  take(key: string, points?: number): Count
}

/**
 * Counts per key in windows of a fixed length. With `aligned` the windows begin at whole multiples of their length since 1970
 * (rack-attack, Mastodon), else at the first request (rate-limiter-flexible, Bluesky).
 */
export const counter = (window: Window, now: () => number, aligned: boolean): Counter => {
  const open = new Map<string, { used: number; resetAt: number }>()
  const length = window.seconds * 1000
  const opened = (key: string) => {
    const at = now()
    const known = open.get(key)
    if (known && known.resetAt > at) return known
    const fresh = { used: 0, resetAt: aligned ? at - (at % length) + length : at + length }
    open.set(key, fresh)
    return fresh
  }
  return {
    take(key, points = 1) {
      const state = opened(key)
      state.used += points
      const remaining = Math.max(0, window.points - state.used)
      return { limit: window.points, seconds: window.seconds, remaining, resetAt: state.resetAt, allowed: state.used <= window.points }
    },
  }
}
