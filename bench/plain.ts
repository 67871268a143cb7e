// The yardstick: the same jobs in BullMQ alone, with nothing that would remember them.
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { startChild } from './child.ts'

export interface PlainWish {
  readonly redisPath: string
  readonly labUrl: string
  /** Jobs at the same time, as many as Rundruf's routine lane has. */
  readonly concurrency: number
  readonly prefix: string
}

/** One job's post: which account says what. */
export interface PlainPost {
  readonly token: string
  readonly text: string
}

export interface Plain extends AsyncDisposable {
  /** Jobs per second with an empty processor, from the first adding to the last completion. */
  empty(jobs: number): Promise<number>
  /** The same with one POST per job to the lab's Mastodon. */
  post(posts: readonly PlainPost[]): Promise<number>
}

/** As many as the relay hands over at once. */
const bulk = 1000

export const openPlain = async (wish: Omit<PlainWish, 'prefix'>, profile: string | null): Promise<Plain> => {
  const prefix = '{plain}'
  const child = await startChild('plain-worker.ts', { ...wish, prefix }, profile)
  const connection = new Redis({ path: wish.redisPath })
  const queues = { empty: new Queue('empty', { connection, prefix }), post: new Queue('post', { connection, prefix }) }
  const run = async (queue: Queue, all: readonly object[]): Promise<number> => {
    const done = child.ask({ expect: all.length })
    const start = performance.now()
    for (let at = 0; at < all.length; at += bulk) await queue.addBulk(all.slice(at, at + bulk).map(toJob))
    await done
    return all.length / ((performance.now() - start) / 1000)
  }
  return {
    empty: (jobs) =>
      run(
        queues.empty,
        Array.from({ length: jobs }, () => ({})),
      ),
    post: (posts) => run(queues.post, posts),
    [Symbol.asyncDispose]: async () => {
      await child[Symbol.asyncDispose]()
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
      connection.disconnect()
    },
  }
}

const toJob = (data: object) => ({
  name: 'post',
  data,
  opts: { jobId: randomUUID(), attempts: 1, removeOnComplete: { age: 86_400, count: 5000 }, removeOnFail: { age: 86_400, count: 5000 } },
})
