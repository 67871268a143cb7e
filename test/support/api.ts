// The door for programs on a real database, with a key for every role; called in process, without a port.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { roles, theHouse } from '../../src/access/actor.ts'
import type { Actor, Desk, Role } from '../../src/commands/desk.ts'
import { createKey } from '../../src/commands/keys.ts'
import { openLinking } from '../../src/commands/link-channel.ts'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { buildApp, type Parts } from '../../src/http/app.ts'
import { makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics } from '../../src/observing/metrics.ts'
import type { City } from '../../src/policy/policy.ts'
import { aChannel, aCity, aRule } from './builders.ts'
import { aDatabase, type TestDatabase } from './database.ts'
import { testProof } from './proof.ts'

/** A role in Bonn, a role in Mainz, or an operator or admin for every city. */
export type Caller = Role | `${Role} of mainz` | `${Role} of all`

export interface Api {
  readonly app: FastifyInstance
  readonly store: TestDatabase
  readonly desk: Desk
  readonly keys: Readonly<Record<Caller, string>>
  /** Calls as somebody (null: without a key), with a JSON body. */
  call(as: Caller | null, request: Call, body?: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  [Symbol.asyncDispose](): Promise<void>
}

/** `POST /announcements`, below `/api/v1`. */
export type Call = `${'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH'} /${string}`

/** Bonn has a newsroom and a rule that asks for approval of politics; Mainz has a newsroom. */
const cities: readonly City[] = [
  aCity({
    rules: [
      aRule({
        name: 'Politik',
        when: { kind: ['notice'], topic: ['politics'], severity: null, status: null, language: null, district: null, media: null },
        hold: ['approval'],
      }),
      aRule(),
    ],
  }),
  aCity({ key: 'mainz', city: 'Mainz', ars: '073150000000', website: 'https://www.mainz.de', channels: [aChannel()] }),
]

/** A platform that would take anything; nobody sends here, so its verbs are never called. */
const newsroom = {
  platform: 'newsroom',
  title: 'Newsroom',
  limits: {
    text: { max: 20_000 },
    images: { max: 10, maxBytes: 10_000_000, types: ['image/png', 'image/jpeg', 'image/webp'], altMax: 2000 },
    needsMedia: false,
    pace: { actions: 100, perSeconds: 1 },
  },
  repeat: 'key',
  settleSeconds: 0,
  budgetSeconds: 5,
  measure: (text: string) => text.length,
  update: async () => ({ id: '1', url: null, at: '' }),
  retract: async () => {},
} as unknown as AnyConnector

export const anApi = async (over: Partial<Parts> = {}): Promise<Api> => {
  const store = await aDatabase()
  const desk: Desk = {
    db: store.db,
    cities: new Map(cities.map((city) => [city.key, city])),
    policyDigests: new Map(cities.map((city) => [city.key, city.key.padEnd(64, '0')])),
    connectors: new Map([['newsroom', newsroom]]),
    proof: testProof,
    workshop: { folder: mkdtempSync(join(tmpdir(), 'rundruf-uploads-')), ffprobe: null },
  }
  const log = makeLog({ level: 'silent' })
  const metrics = makeMetrics({ withProcess: false })
  const app = await buildApp({
    desk,
    log,
    metrics,
    events: makeEvents(log, metrics),
    pulse: { ready: async () => ({ database: true, queue: true }) },
    checking: { missing: async () => [], client: async () => ({}) },
    linking: openLinking(async () => {}),
    askChannel: async () => ({ account: '@bonn', url: null, until: null }),
    publicUrl: 'http://127.0.0.1:8080',
    trustProxy: [],
    ...over,
  })
  await app.ready()
  const keys = await keysFor(desk)
  return {
    ...{ app, store, desk, keys },
    call: (as, request, body, headers = {}) =>
      app.inject(injected(request, body, { ...(as && { authorization: `Bearer ${keys[as]}` }), ...headers })),
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await store[Symbol.asyncDispose]()
    },
  }
}

/** One for all tests of a file, closed at its end; its database goes with the server, which may have stopped by then. */
export const apiOfThisFile = async (over: Partial<Parts> = {}): Promise<Api> => {
  const api = await anApi(over)
  after(async () => {
    await api.app.close()
    await api.store.db.destroy()
  })
  return api
}

const keysFor = async (desk: Desk): Promise<Record<Caller, string>> => {
  const keys: Partial<Record<Caller, string>> = {}
  const places: readonly (readonly [string, Actor['cities']])[] = [
    ['', ['bonn']],
    [' of mainz', ['mainz']],
    [' of all', '*'],
  ]
  for (const role of roles)
    for (const [suffix, where] of places) {
      const name = `${role}${suffix}` as Caller
      keys[name] = (await createKey(desk, theHouse, { name, role, cities: where, person: name.replaceAll(' ', '-') })).key
    }
  return keys as Record<Caller, string>
}

let calls = 0

const injected = (request: Call, body: unknown, headers: Record<string, string>): InjectOptions => {
  const [method, path] = request.split(' ') as [InjectOptions['method'] & string, string]
  const url = path.startsWith('/ops') || /^\/(healthz|readyz|metrics)/.test(path) ? path : `/api/v1${path}`
  // Every call from an address of its own: the limits per address have a test for themselves.
  const remoteAddress = `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls++ & 255}`
  if (body === undefined) return { method, url, headers, remoteAddress } as InjectOptions
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const payload = raw ? Buffer.from(body as Uint8Array) : JSON.stringify(body)
  return { method, url, payload, remoteAddress, headers: { 'content-type': 'application/json', ...headers } } as InjectOptions
}

/** How many rows every table has that a request may write: nothing stored means that this does not change. */
export const written = async ({ store: { db } }: Api): Promise<Record<string, number>> => {
  const tables = ['announcement', 'revision', 'plan', 'approval', 'delivery', 'outbox', 'audit', 'apiKey', 'media', 'channel'] as const
  const counts = tables.map(async (table) => {
    const { count } = await db
      .selectFrom(table)
      .select((row) => row.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    return [table, Number(count)] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

/** An announcement as a person writes it. */
export const aWish = (over: Record<string, unknown> = {}) => ({
  city: 'bonn',
  kind: 'notice',
  title: 'Freibad öffnet am Samstag',
  text: 'Das Freibad am Rhein öffnet am Samstag um 9 Uhr.',
  ...over,
})
