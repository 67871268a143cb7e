// What the bench stands on: a PostgreSQL and a Redis as durable as a city's, and the lab as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { dyingWithUs } from '../embedded/child.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { startRedis } from '../embedded/redis.ts'

export interface Ground extends AsyncDisposable {
  /** A folder that goes when the bench ends. */
  readonly folder: string
  readonly databaseUrl: string
  /** Path of Redis' socket. */
  readonly redisPath: string
  readonly lab: Lab
}

interface Lab {
  readonly url: string
  readonly port: number
  /** Everything that was posted on the platform, of one account where named. */
  posts(platform: string, account?: string): Promise<readonly LabPost[]>
  /** Empties the ledger, so that the stand-in's own memory does not weigh on the next measurement. */
  clear(): Promise<void>
  /** Every call to the platform hangs from now on, until `heal`. */
  hang(platform: string): Promise<void>
  heal(platform: string): Promise<void>
}

export interface LabPost {
  readonly account: string
  readonly text: string
  /** ISO 8601, by this machine's clock. */
  readonly createdAt: string
}

/**
 * Starts all of it in a temporary folder: `fsync` on, the append-only file written every second, the lab without rate limits.
 * @param settings more settings of PostgreSQL, by name
 */
export const openGround = async (settings: Readonly<Record<string, string>> = {}): Promise<Ground> => {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-bench-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ dir: join(folder, 'postgres'), settings })
  opening.defer(() => postgres.stop())
  const redis = await startRedis({ dir: join(folder, 'redis') })
  opening.defer(() => redis.stop())
  const lab = await startLab()
  opening.defer(() => end(lab.process))
  const opened = opening.move()
  return {
    folder,
    databaseUrl: postgres.url,
    redisPath: redis.path,
    lab: lab.lab,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const startLab = async (): Promise<{ readonly process: ChildProcess; readonly lab: Lab }> => {
  const program = resolve(import.meta.dirname, '../lab/run.ts')
  const [command, ...args] = dyingWithUs([process.execPath, program, '--port', '0', '--no-rate-limits'], 'TERM')
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { readonly url: string }
    return { process: child, lab: labAt(url) }
  }
  throw new Error('the lab did not start')
}

const labAt = (url: string): Lab => {
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const answer = await fetch(url + path, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path} of the lab answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  return {
    url,
    port: Number(new URL(url).port),
    posts: async (platform, account) => {
      const query = new URLSearchParams({ platform, ...(account !== undefined && { account }) })
      return (await (await call('GET', `/ledger?${query}`)).json()) as readonly LabPost[]
    },
    clear: async () => void (await call('DELETE', '/ledger')),
    hang: async (platform) => void (await call('PUT', `/faults/${platform}`, { fault: 'hang', times: 'always', operation: 'any' })),
    heal: async (platform) => void (await call('DELETE', `/faults/${platform}`)),
  }
}

/** Ends a process that we started, and waits until it is gone. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
