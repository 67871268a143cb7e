// The whole of Rundruf for a test: real PostgreSQL, real Redis, the lab, the API and the workers, on free ports and in a folder of its own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '../../config/config.ts'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { type Exchange, open, type Running } from '../../src/join.ts'
import { aDatabase, type TestDatabase } from './database.ts'
import { poll } from './poll.ts'
import { aRedis, type TestRedis } from './redis.ts'

export interface TestRundruf {
  readonly config: Config
  readonly running: Running
  readonly store: TestDatabase
  readonly redis: TestRedis
  /** Calls the API with the first key; `body` as JSON. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>
  /** Drafts and releases; returns the announcement's id. */
  announce(fields: Record<string, unknown>): Promise<string>
  show(id: string): Promise<AnnouncementDetail>
  /** Waits until no delivery is on its way any more. */
  settled(id: string, withinMs?: number): Promise<AnnouncementDetail>
  /** The lab's ledger, of one platform where named. */
  ledger(platform?: string): Promise<readonly LedgerPost[]>
  fault(platform: string, wish: Record<string, unknown>): Promise<void>
  /** The environment with which another process of the same installation starts. */
  environment(): Record<string, string>
  [Symbol.asyncDispose](): Promise<void>
}

export interface LedgerPost {
  readonly platform: string
  readonly account: string
  readonly id: string
  readonly text: string
  readonly createdAt: string
  readonly deletedAt: string | null
  readonly replyTo?: string | null
  readonly revisions: readonly unknown[]
}

export interface RundrufOptions {
  readonly roles?: 'serve' | 'work' | 'all'
  readonly exchange?: Exchange
  /** A folder of city files; the shipped ones unless named. */
  readonly cities?: string
}

export const aRundruf = async ({ roles = 'all', exchange, cities }: RundrufOptions = {}): Promise<TestRundruf> => {
  await using making = new AsyncDisposableStack()
  const store = making.use(await aDatabase())
  const redis = making.use(await aRedis())
  const data = mkdtempSync(join(tmpdir(), 'rundruf-data-'))
  making.defer(() => rmSync(data, { recursive: true, force: true }))
  const [port, labPort] = [await freePort(), await freePort()]
  const environment = {
    RUNDRUF_PORT: String(port),
    RUNDRUF_LAB_PORT: String(labPort),
    RUNDRUF_DATA: data,
    RUNDRUF_CITIES: cities ?? resolve(import.meta.dirname, '../../config/cities'),
    DATABASE_URL: store.url,
    REDIS_URL: redis.url,
    RUNDRUF_LOG_LEVEL: 'debug',
  }
  const config = readConfig(environment)
  const running = await open(config, { roles, only: null }, exchange)
  making.defer(() => running.stop(5000))
  const made = making.move()
  const key = readFileSync(running.keyFile, 'utf8').trim()
  const at = { url: running.url, labUrl: running.labUrl ?? '', key }
  return {
    ...{ config, running, store, redis },
    ...callers(at),
    environment: () => environment,
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

const callers = ({ url, labUrl, key }: { readonly url: string; readonly labUrl: string; readonly key: string }) => {
  const api: TestRundruf['api'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
  }
  const show = async (id: string): Promise<AnnouncementDetail> => {
    const { status, body } = await api('GET', `/announcements/${id}`)
    if (status !== 200) throw new Error(`GET /announcements/${id} answered ${status}: ${JSON.stringify(body)}`)
    return body as AnnouncementDetail
  }
  return {
    api,
    show,
    announce: async (fields: Record<string, unknown>): Promise<string> => {
      const { status, body } = await api('POST', '/announcements', { city: 'bonn', kind: 'notice', ...fields, release: true })
      if (status !== 201 && status !== 200) throw new Error(`POST /announcements answered ${status}: ${JSON.stringify(body)}`)
      return (body as { id: string }).id
    },
    settled: (id: string, withinMs = 60_000): Promise<AnnouncementDetail> =>
      poll(
        `every delivery of ${id} to be settled`,
        async () => {
          const view = await show(id)
          return view.deliveries.every((one) => ['delivered', 'given-up', 'expired', 'superseded'].includes(one.state)) ? view : undefined
        },
        withinMs,
      ),
    ledger: async (platform?: string): Promise<readonly LedgerPost[]> => {
      const posts = (await (await fetch(`${labUrl}/ledger`)).json()) as readonly LedgerPost[]
      return platform === undefined ? posts : posts.filter((post) => post.platform === platform)
    },
    fault: async (platform: string, wish: Record<string, unknown>): Promise<void> => {
      const answer = await fetch(`${labUrl}/faults/${platform}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wish),
      })
      if (!answer.ok) throw new Error(`PUT /faults/${platform} answered ${answer.status}: ${await answer.text()}`)
    },
  }
}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer()
    server.on('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))))
    })
  })
