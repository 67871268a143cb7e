// A Redis of a test's own: empty, private, up in 30 ms, so that a test may flush or kill it without disturbing another.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedis, type Redis, startRedis } from '../../embedded/redis.ts'

export interface TestRedis {
  /** The socket's path: `new Redis(url)`. The same after a restart. */
  readonly url: string
  readonly path: string
  readonly pid: number
  /** Ends it and keeps its append-only file. */
  stop(): Promise<void>
  /** Ends it by SIGKILL: nothing more is written, no connection is closed in words. */
  kill(): Promise<void>
  /** Starts it again on the same file and path; `empty`: its append-only file was lost. */
  restart(how?: { readonly empty: boolean }): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Why tests with Redis cannot run here, for `{ skip: redisMissing() }`; false when they can. */
export const redisMissing = (): string | false => (findRedis() ? false : 'this machine has no redis-server and no valkey-server')

/** `await using redis = await aRedis()` */
export const aRedis = async (): Promise<TestRedis> => {
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-redis-'))
  let redis: Redis = await startRedis({ dir })
  return {
    url: redis.url,
    path: redis.path,
    get pid() {
      return redis.pid
    },
    stop: () => redis.stop(),
    kill: async () => {
      process.kill(redis.pid, 'SIGKILL')
      await redis.stop()
    },
    restart: async ({ empty } = { empty: false }) => {
      await redis.stop()
      if (empty) rmSync(join(dir, 'appendonlydir'), { recursive: true })
      redis = await startRedis({ dir })
    },
    [Symbol.asyncDispose]: async () => {
      await redis.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
