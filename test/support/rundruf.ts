// The whole of Rundruf for a test: real PostgreSQL, real Redis, the lab, the API and the workers, on free ports and in a folder of its own.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Config, readConfig } from '../../config/config.ts'
import { connectors as shipped } from '../../connectors/index.ts'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { type Exchange, open, type Running } from '../../src/join.ts'
import { aDatabase, type TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { Final, poll } from './poll.ts'
import { aRedis, type TestRedis } from './redis.ts'

export { freePort } from './free-port.ts'

export interface TestRundruf {
  readonly config: Config
  readonly running: Running
  readonly store: TestDatabase
  readonly redis: TestRedis
  /** The first key, an admin's. */
  readonly key: string
  /** Calls the API with the first key; `body` as JSON. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>
  /** The same, with the whole answer. */
  call(method: string, path: string, more?: { readonly body?: unknown; readonly headers?: Record<string, string> }): Promise<Response>
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
  /** Connectors: newsroom, Bluesky and Mastodon unless said otherwise, so that a test of the house is not one of every platform. */
  readonly exchange?: Exchange
  /** A folder of city files; the shipped ones unless named. */
  readonly cities?: string
  /** A store of the test's own, which goes with the house; else a fresh database on the common server. */
  readonly store?: TestDatabase
  /** What stands between the house and its stores: gets the real address, gives the one to use. */
  readonly between?: { redis?(redis: TestRedis): Promise<string>; store?(url: string): Promise<string> }
}

/** The platforms of most tests. */
export const threeConnectors = new Map([...shipped].filter(([platform]) => ['newsroom', 'bluesky', 'mastodon'].includes(platform)))

export const aRundruf = async ({ roles = 'all', exchange, cities, between, ...given }: RundrufOptions = {}): Promise<TestRundruf> => {
  await using making = new AsyncDisposableStack()
  const store = making.use(given.store ?? (await aDatabase()))
  const redis = making.use(await aRedis())
  const data = mkdtempSync(join(tmpdir(), 'rundruf-data-'))
  making.defer(() => rmSync(data, { recursive: true, force: true }))
  const [port, labPort] = [await freePort(), await freePort()]
  const environment = {
    RUNDRUF_PORT: String(port),
    RUNDRUF_LAB_PORT: String(labPort),
    RUNDRUF_DATA: data,
    RUNDRUF_CITIES: cities ?? resolve(import.meta.dirname, '../../config/cities'),
    DATABASE_URL: (await between?.store?.(store.url)) ?? store.url,
    REDIS_URL: (await between?.redis?.(redis)) ?? redis.url,
    RUNDRUF_LOG_LEVEL: 'debug',
  }
  const config = readConfig(environment)
  const running = await open(config, { roles, only: null }, { connectors: threeConnectors, ...exchange })
  making.defer(() => running.stop(5000))
  const made = making.move()
  const key = readFileSync(running.keyFile, 'utf8').trim()
  const at = { url: running.url, labUrl: running.labUrl ?? '', key }
  return {
    ...{ config, running, store, redis, key },
    ...callers(at),
    environment: () => environment,
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}

/** The ways to call a house and its lab. */
export const callers = ({ url, labUrl, key }: { readonly url: string; readonly labUrl: string; readonly key: string }) => {
  const call: TestRundruf['call'] = (method, path, { body, headers = {} } = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const api: TestRundruf['api'] = async (method, path, body, headers = {}) => {
    const answer = await call(method, path, { body, headers })
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
    call,
    show,
    announce: (fields: Record<string, unknown>): Promise<string> => {
      const headers = { 'idempotency-key': randomUUID() }
      return poll('the announcement to be taken', async () => {
        const { status, body } = await api('POST', '/announcements', { city: 'bonn', kind: 'notice', ...fields, release: true }, headers)
        if (status === 201 || status === 200) return (body as { id: string }).id
        // "ask again in a moment", as a store says that has no time just now: with the same key it is the same announcement
        if (status === 503 || (body as { code?: string } | null)?.code === 'idempotency-key-in-flight') return undefined
        throw new Final(`POST /announcements answered ${status}: ${JSON.stringify(body)}`)
      })
    },
    settled: async (id: string, withinMs = 60_000): Promise<AnnouncementDetail> => {
      const ended = async (): Promise<AnnouncementDetail> => {
        const view = await show(id)
        const open = view.deliveries.filter((one) => !['delivered', 'given-up', 'expired', 'superseded'].includes(one.state))
        // an error, so that who waits in vain says what was still open
        if (open.length > 0) throw new Error(JSON.stringify(open))
        return view
      }
      return await poll(`every delivery of ${id} to be settled`, ended, withinMs)
    },
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
