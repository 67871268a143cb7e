// What somebody waits for reads by key: over a store of ten thousand deliveries no statement of the doors and of the pages reads a large
// table from end to end, so that none comes near its two seconds when the store has become ten times as large.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import Fastify from 'fastify'
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { insertMedium } from '../../src/store/media.ts'
import type { Database } from '../../src/store/tables.ts'
import { reportedTwice } from '../../src/store/verifying.ts'
import { apiOfThisFile, aWish, type Caller } from '../support/api.ts'
import { multiply } from '../support/many-deliveries.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const api = await apiOfThisFile()
const large = ['delivery', 'receipt', 'attempt', 'announcement', 'revision', 'plan', 'newsroom', 'audit']

/** Everything that is asked on this connection pool, by its words. */
const recording = (url: string): { readonly db: Kysely<Database>; readonly asked: Map<string, readonly unknown[]> } => {
  const asked = new Map<string, readonly unknown[]>()
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: ({ level, query }) => {
      if (level === 'query') asked.set(query.sql, query.parameters)
    },
  })
  return { db, asked }
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Node[]
}

/** Indexes of the few rows that are open, of a draft or late: read from end to end they are a handful. */
const ofFew = ['delivery_open', 'attempt_late', 'announcement_draft']

/** What of a large table this plan reads from end to end, unless it stops after some rows. */
const wholes = (node: Node, stops = false): readonly string[] => {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index = '', 'Index Cond': condition, Plans = [] } = node
  const byIndex = type === 'Index Scan' || type === 'Index Only Scan'
  const whole = type === 'Seq Scan' || (byIndex && condition === undefined && !stops && !ofFew.includes(index))
  const sorted = type === 'Sort' || type === 'Aggregate'
  const below = Plans.flatMap((one) => wholes(one, type === 'Limit' || (stops && !sorted)))
  return whole && large.includes(table) ? [`${type} of ${table}`, ...below] : below
}

/**
 * The large tables that these statements must read from end to end, with the statement. The planner is told to do anything rather than that,
 * as it would by itself once the tables are large enough; what it does all the same is for want of an index.
 */
const readWhole = async (asked: ReadonlyMap<string, readonly unknown[]>): Promise<readonly string[]> => {
  const client = new pg.Client({ connectionString: api.store.url })
  await client.connect()
  await client.query('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off')
  const found: string[] = []
  for (const [words, values] of asked) {
    if (!/^\s*(select|with|update|insert|delete)/i.test(words)) continue
    const { rows } = await client.query(`explain (format json) ${words}`, [...values])
    found.push(...wholes(rows[0]['QUERY PLAN'][0].Plan).map((what) => `${what}: ${words}`))
  }
  await client.end()
  return found
}

let released = ''
before(async () => {
  const answer = await api.call('approver', 'POST /announcements', aWish({ release: true }))
  assert.equal(answer.statusCode, 201, answer.body)
  released = answer.json().id
  await multiply(api.store.db, released, { announcements: 2_500, channels: 4 })
})

describe('a store of ten thousand deliveries', () => {
  test('the API answers every question by key, also a check of everything', async () => {
    const { db, asked } = recording(api.store.url)
    after(() => db.destroy())
    const own = api.desk.db
    Object.assign(api.desk, { db })
    const draft = await api.call('author', 'POST /announcements', aWish())
    const { id } = draft.json()
    const { digest } = (await api.call('author', 'POST /plan', aWish())).json()
    const calls: readonly (readonly [Caller, string, object?])[] = [
      ['author', 'GET /announcements?limit=100'],
      ...['draft', 'under-way', 'waiting-for-a-person', 'delivered', 'partly-delivered', 'failed', 'retracted'].flatMap(
        (state) =>
          [
            ['author', `GET /announcements?limit=1&state=${state}`],
            ['admin of all', `GET /announcements?limit=1&state=${state}`],
          ] as const,
      ),
      ['author', `GET /announcements?before=${released}`],
      ['author', `GET /announcements/${released}`],
      ['author', `GET /announcements/${released}/reactions`],
      ['author', 'GET /channels'],
      ['author', 'GET /cities'],
      ['operator', 'GET /sending'],
      ['approver', `POST /announcements/${id}/approve`, { digest }],
      ['approver', `POST /announcements/${id}/release`, { digest }],
      ['approver', `POST /announcements/${id}/amend`, { text: 'Es öffnet um 10 Uhr.' }],
      ['approver', `POST /announcements/${id}/retract`, {}],
      ['duty-officer', `POST /deliveries/${randomUUID()}/resolve`, { answer: 'drop' }],
      ['admin', 'POST /channels/bonn/newsroom/suspend', { because: 'Probe' }],
      ['admin', 'POST /channels/bonn/newsroom/resume', {}],
      ['operator of all', 'GET /verify?days=3650'],
    ]
    for (const [as, call, body] of calls) {
      const answer = await api.call(as, call as 'GET /', body, { ...(body && { 'idempotency-key': randomUUID() }) })
      assert.ok(answer.statusCode < 500, `${call}: ${answer.body}`)
    }
    assert.ok(asked.size > 40, `${asked.size} statements`)
    assert.deepEqual(await readWhole(asked), [])
    Object.assign(api.desk, { db: own })
  })

  test('the pages, the feeds and the files of the newsroom are read by key, also over thousands of warnings of long ago', async () => {
    const { db, asked } = recording(api.store.url)
    const app = Fastify()
    after(() => app.close().then(() => db.destroy()))
    await app.register(
      newsroomPages({ db, cities: api.desk.cities, publicUrl: 'https://rundruf.example', dataDir: temporaryFolder(), refreshSeconds: 1 }),
    )
    const medium = { id: 'a'.repeat(64), type: 'image/png', size: 3, width: 1, height: 1 }
    await api.store.db.transaction().execute((trx) => insertMedium(trx, medium, Buffer.from('abc'), 'test'))
    const key = /"\/bonn\/([0-9a-f-]{36})"/.exec((await app.inject('/bonn')).body)?.[1]
    assert.ok(key)
    for (const url of ['/', `/bonn?before=${key}`, `/bonn/${key}`, '/bonn/feed.rss', `/media/${medium.id}`])
      assert.ok((await app.inject(url)).statusCode < 500, url)
    assert.deepEqual(await readWhole(asked), [])
  })

  test('an attempt that reported a second post is found by its kind', async () => {
    await sql`insert into attempt (delivery_id, fence, event, detail) select id, 1, 'late', 'another' from delivery order by id limit 1`.execute(
      api.store.db,
    )
    assert.equal((await reportedTwice(api.store.db)).length, 1)
  })
})
