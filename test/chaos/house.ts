// A whole installation whose every part can be killed: PostgreSQL, Redis, the platforms' stand-in, the API and several workers.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { endByPid } from '../../embedded/child.ts'
import { startPostgres } from '../../embedded/postgres.ts'
import { openDatabase } from '../../src/store/database.ts'
import { freePort } from '../support/free-port.ts'
import { poll } from '../support/poll.ts'
import { aRedis } from '../support/redis.ts'
import { type KeptAlive, keepAlive } from './kept-alive.ts'
import type { PlatformMoods } from './platform-moods.ts'
import { credentials, found } from './town.ts'

export type Victim = 'worker' | 'api' | 'lab' | 'redis' | 'postgres'

export interface House extends AsyncDisposable {
  readonly url: string
  readonly labUrl: string
  readonly key: string
  readonly db: ReturnType<typeof openDatabase>
  /** Where every process writes what it has to say. */
  readonly folder: string
  /**
   * SIGKILL for one process; it comes back by itself, a store after `awayMs`. False when it was just not there.
   * @param how `one`: which of the workers; `early`: also one that is still starting
   */
  kill(victim: Victim, how: { readonly one: number; readonly early: boolean; readonly awayMs: number; readonly empty: boolean }): boolean
  /** Resolves when everything that was killed is back. */
  whole(): Promise<void>
}

export interface HouseWish {
  readonly workers: number
  /** True: attempts are given up after seconds; false: the shipped program, unchanged. */
  readonly hurried: boolean
  readonly platforms: PlatformMoods
  /** Leaves the folder where it is. */
  readonly keep?: boolean
}

const root = resolve(import.meta.dirname, '../..')
/** The postmaster's death loses nothing that the kernel has; that a power cut loses nothing either is PostgreSQL's own promise. */
const settings = { fsync: 'off', full_page_writes: 'off' }

export const openHouse = async ({ workers: many, hurried, platforms, keep = false }: HouseWish): Promise<House> => {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-chaos-'))
  if (!keep) opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const stores = await openStores(opening, folder)
  const [port, labPort] = [await freePort(), await freePort()]
  const labUrl = `http://127.0.0.1:${labPort}`
  const data = join(folder, 'data')
  mkdirSync(data)
  const environment = {
    ...{ RUNDRUF_MODE: 'live', RUNDRUF_HOST: '127.0.0.1', RUNDRUF_PORT: String(port), RUNDRUF_DATA: data, RUNDRUF_LOG_LEVEL: 'warn' },
    ...{ RUNDRUF_CITIES: found(folder, labUrl), DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl },
    ...{ ...credentials, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  }
  await warmUp(environment)
  const started = (name: string, ...script: readonly string[]): KeptAlive => {
    const process = keepAlive({
      script: script.map((word) => (word.endsWith('.ts') ? join(root, word) : word)),
      environment,
      log: join(folder, `${name}.log`),
    })
    opening.defer(() => process.stop())
    return process
  }
  const minded = ['--moods', JSON.stringify(platforms.moods), ...(platforms.knowsKeys ? [] : ['--no-keys'])]
  const lab = started('lab', 'lab/run.ts', '--port', String(labPort), '--no-rate-limits', '--journal', join(folder, 'journal'), ...minded)
  const api = started('api', 'src/cli.ts', 'serve')
  const url = `http://127.0.0.1:${port}`
  await poll('the API and the lab to answer', async () => (await isUp(url)) && (await isUp(labUrl)), 60_000)
  const script = hurried ? ['test/chaos/hurried-worker.ts'] : ['src/cli.ts', 'work']
  const workers = Array.from({ length: many }, (_, at) => started(`worker-${at + 1}`, ...script))
  const kill: House['kill'] = (victim, how) => {
    switch (victim) {
      case 'worker':
        return workers[how.one % many]?.kill(how.early) ?? false
      case 'api':
        return api.kill(how.early)
      case 'lab':
        return lab.kill(how.early)
      case 'redis':
      case 'postgres':
        return stores.kill(victim, how)
    }
  }
  const key = readFileSync(join(data, 'api-key'), 'utf8').trim()
  const opened = opening.move()
  return { ...{ url, labUrl, key, db: stores.db, folder, kill, whole: stores.whole }, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Leaves what Node has compiled to those who start later: whoever is killed again and again leaves nothing, and half of a start is compiling. */
const warmUp = async (environment: Readonly<Record<string, string>>): Promise<void> => {
  const load = `await import(${JSON.stringify(join(root, 'src/join.ts'))})`
  const env = { PATH: process.env.PATH, ...environment }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', load], { env })
}

const isUp = async (url: string): Promise<boolean> => (await fetch(`${url}/healthz`)).ok

const openStores = async (opening: AsyncDisposableStack, folder: string) => {
  const dir = join(folder, 'postgres')
  let postgres = await startPostgres({ dir, settings })
  opening.defer(() => postgres.stop())
  const redis = opening.use(await aRedis())
  const db = openDatabase({ url: postgres.url, max: 4 })
  opening.defer(() => db.destroy())
  const away = new Set<Promise<unknown>>()
  const down = new Set<Victim>()

  const later = (work: () => Promise<unknown>): true => {
    const working = work().finally(() => away.delete(working))
    away.add(working)
    return true
  }
  const again = {
    redis: async (empty: boolean) => redis.restart({ empty }),
    postgres: async () => {
      postgres = await startPostgres({ dir, settings })
    },
  }
  const kill = (victim: 'redis' | 'postgres', { awayMs, empty }: { awayMs: number; empty: boolean }): boolean => {
    if (down.has(victim)) return false
    down.add(victim)
    const { pid } = victim === 'redis' ? redis : postgres
    process.kill(pid, 'SIGKILL')
    return later(async () => {
      await pause(awayMs)
      await endByPid(pid, 'SIGKILL')
      await again[victim](empty)
      down.delete(victim)
    })
  }
  const whole = async (): Promise<void> => void (await Promise.all(away))
  return { databaseUrl: postgres.url, redisUrl: redis.url, db, kill, later, whole }
}
