// Waiting without sleeping: asks again until the answer is there, and says what it waited for when it is not.
import { setTimeout as pause } from 'node:timers/promises'

/** Calls `ask` until it gives something truthy (or does not throw, when it gives nothing) and returns that. Throws after `withinMs`. */
export const poll = async <T>(whatFor: string, ask: () => T | Promise<T>, withinMs = 30_000): Promise<NonNullable<T>> => {
  const start = performance.now()
  let last: unknown
  while (performance.now() - start < withinMs) {
    try {
      const answer = await ask()
      if (answer) return answer
      last = answer
    } catch (error) {
      last = error
    }
    await pause(20)
  }
  throw new Error(`waited ${withinMs} ms in vain for: ${whatFor}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`)
}
