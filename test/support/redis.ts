// A Redis of a test's own: empty, private, up in 30 ms, so that a test may flush or kill it without disturbing another.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedis, type Redis, startRedis } from '../../embedded/redis.ts'

export interface TestRedis {
  /** The socket's path: `new Redis(url)`. The same after a restart. */
  readonly url: string
  readonly path: string
  /** Its folder. */
  readonly dir: string
  readonly pid: number
  /** Where its append-only file was put when it could not read it at its last start. */
  readonly setAside: string | null
  /** Ends it and keeps its append-only file. */
  stop(): Promise<void>
  /** Ends it by SIGKILL: nothing more is written, no connection is closed in words. */
  kill(): Promise<void>
  /** Puts a copy of its append-only file aside, for `restart({ from })`. */
  copy(): string
  /** Starts it again on the same file and path; `empty`: its append-only file was lost; `from`: it is a copy of earlier. */
  restart(how?: Restart): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Restart {
  readonly empty?: boolean
  readonly from?: string
  /** Beside those with which it was made. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Why tests with Redis cannot run here, for `{ skip: redisMissing() }`; false when they can. */
export const redisMissing = (): string | false => (findRedis() ? false : 'this machine has no redis-server and no valkey-server')

/** `await using redis = await aRedis()` */
export const aRedis = async (settings: Readonly<Record<string, string>> = {}): Promise<TestRedis> => {
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-redis-'))
  const log = join(dir, 'appendonlydir')
  let redis: Redis = await startRedis({ dir, settings })
  let copies = 0
  return {
    url: redis.url,
    path: redis.path,
    dir,
    get pid() {
      return redis.pid
    },
    get setAside() {
      return redis.setAside
    },
    stop: () => redis.stop(),
    kill: async () => {
      process.kill(redis.pid, 'SIGKILL')
      await redis.stop()
    },
    copy: () => {
      const copy = join(dir, `copy-${++copies}`)
      cpSync(log, copy, { recursive: true })
      return copy
    },
    restart: async ({ empty = false, from, settings: more } = {}) => {
      await redis.stop()
      if (empty || from) rmSync(log, { recursive: true })
      if (from) cpSync(from, log, { recursive: true })
      redis = await startRedis({ dir, settings: { ...settings, ...more } })
    },
    [Symbol.asyncDispose]: async () => {
      await redis.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
