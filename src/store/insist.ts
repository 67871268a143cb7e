// What has happened must be written down: tries again while the store is away, and gives the lease's rules the last word.
import { setTimeout as pause } from 'node:timers/promises'

/** Repeats for a minute at most (by then the lease has long run out, and the sweep asks the platform); then throws the last error. */
export const insist = async <T>(write: () => Promise<T>, forMs = 60_000): Promise<T> => {
  const start = performance.now()
  for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
    try {
      return await write()
    } catch (error) {
      if (performance.now() - start > forMs) throw error
      await pause(wait)
    }
  }
}
