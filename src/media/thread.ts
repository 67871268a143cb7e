// Work that lets nobody else work meanwhile, in a thread of its own that ends with it: a decoder, a typesetter.
import { Worker } from 'node:worker_threads'
import { refused } from './refused.ts'

/**
 * What the thread posts as its one message; undefined where it ended without one.
 * @param name the file beside this one that it runs; it finds `data` in `workerData`
 * @param seconds how long it may take; refuses with `media-too-slow` then
 */
export const inThread = async <Said>(name: string, data: object, seconds: number): Promise<Said | undefined> => {
  const thread = new Worker(new URL(`./${name}.ts`, import.meta.url), { workerData: data })
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(refused('media-too-slow')), seconds * 1000)
  const said = new Promise<Said | undefined>((resolve) => {
    thread.once('message', resolve)
    thread.once('error', () => resolve(undefined))
    thread.once('exit', () => resolve(undefined))
  })
  try {
    return await Promise.race([said, late])
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
}
