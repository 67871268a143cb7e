// Waiting without sleeping: asks again until the answer is there, and says what it waited for when it is not.
import { setTimeout as pause } from 'node:timers/promises'

/** A key may ask the API 1,200 times a minute: who waits long must not be sent away for it. */
const longestRestMs = 100

/** Thrown by what is asked: no waiting will change it. */
export class Final extends Error {}

/** Calls `ask` until it gives something truthy (or does not throw, when it gives nothing) and returns that. Throws after `withinMs`. */
export const poll = async <T>(whatFor: string, ask: () => T | Promise<T>, withinMs = 30_000): Promise<NonNullable<T>> => {
  const start = performance.now()
  let last: unknown
  let restMs = 20
  while (performance.now() - start < withinMs) {
    try {
      const answer = await ask()
      if (answer) return answer
      last = answer
    } catch (error) {
      if (error instanceof Final) throw error
      last = error
    }
    await pause(restMs)
    restMs = Math.min(restMs * 1.1, longestRestMs)
  }
  throw new Error(`waited ${withinMs} ms in vain for: ${whatFor}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`)
}
