// A thread that stays for work that comes again: it reads its fonts and dictionaries once, and lets the service work meanwhile.
import { Worker } from 'node:worker_threads'
import { refused } from './refused.ts'

interface Open<Said> {
  resolve(said: Said): void
  reject(cause: unknown): void
}

/**
 * One thread that answers one question after the other; started with the first, started again after it has ended.
 * @param name the file beside this one that it runs: it answers `{ number, asked }` with `{ number, said }`
 * @param seconds for one answer; then the thread is ended, and what waits for it fails: with `media-too-slow`
 */
export const warmThread = <Asked extends object, Said>(name: string, seconds: number): ((asked: Asked) => Promise<Said>) => {
  const open = new Map<number, Open<Said>>()
  let thread: Worker | null = null
  let last = 0
  const end = (ended: Worker | null, cause: unknown): void => {
    if (thread !== ended) return
    thread = null
    for (const { reject } of open.values()) reject(cause)
    open.clear()
    ended?.terminate().catch(() => {})
  }
  const started = (): Worker => {
    const fresh = new Worker(new URL(`./${name}.ts`, import.meta.url))
    fresh.on('message', ({ number, said }: { number: number; said: Said }) => open.get(number)?.resolve(said))
    fresh.on('error', (cause) => end(fresh, cause))
    fresh.on('exit', () => end(fresh, new Error(`the thread ${name} ended without an answer`)))
    return fresh
  }
  return async (asked) => {
    thread ??= started()
    const [asking, number] = [thread, ++last]
    const { promise, ...waiting } = Promise.withResolvers<Said>()
    const timer = setTimeout(() => end(asking, refused('media-too-slow')), seconds * 1000)
    open.set(number, waiting)
    asking.ref() // the process lives until it has answered
    asking.postMessage({ number, asked })
    return promise.finally(() => {
      clearTimeout(timer)
      open.delete(number)
      if (open.size === 0) asking.unref()
    })
  }
}
