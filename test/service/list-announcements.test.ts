// The list by state is one statement, and says of every announcement what the pure rule says of it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type KyselyPlugin, sql } from 'kysely'
import { v7 } from 'uuid'
import { theHouse } from '../../src/access/actor.ts'
import { list } from '../../src/commands/show.ts'
import { announcementState } from '../../src/delivery/announcement-state.ts'
import type { State } from '../../src/delivery/delivery.ts'
import { listAnnouncements } from '../../src/store/listing.ts'
import { apiOfThisFile, aWish } from '../support/api.ts'

const api = await apiOfThisFile()
const { db } = api.store

const states = ['planned', 'queued', 'sending', 'waiting', 'looking', 'held', 'delivered', 'given-up', 'expired', 'superseded'] as const
const settled = states.slice(6)
const deliveries = fc.array(
  fc.record({
    state: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...settled) }, { weight: 1, arbitrary: fc.constantFrom(...states) }),
    action: fc.constantFrom('publish', 'update', 'retract'),
  }),
  { maxLength: 3 },
)
const announced = fc.record({ released: fc.boolean(), retracted: fc.boolean(), deliveries })
type Announced = typeof announced extends fc.Arbitrary<infer T> ? T : never

const store = async ({ released, retracted, deliveries: rows }: Announced): Promise<string> => {
  const id = v7()
  const at = sql<Date>`now()`
  await db
    .insertInto('announcement')
    .values({ id, city: 'bonn', revision: 1, createdBy: 'test', releasedAt: released ? at : null, retractedAt: retracted ? at : null })
    .execute()
  await db.insertInto('revision').values({ announcementId: id, number: 1, content: '{}', createdBy: 'test' }).execute()
  for (const [sequence, { state, action }] of rows.entries())
    await db
      .insertInto('delivery')
      .values({
        ...{ id: randomUUID(), announcementId: id, revision: 1, city: 'bonn', channel: 'newsroom', platform: 'newsroom', way: 'routine' },
        ...{ sequence, state, action, turn: 1, fence: 1, doubles: 'avoid', attempts: 0, memory: '{}', dueAt: at },
        settledAt: (settled as readonly State[]).includes(state) ? at : null,
      })
      .execute()
  return id
}

test('the list by state gives exactly those of which the rule says so, newest first', async () => {
  const expected = new Map<string, string>()
  for (const one of fc.sample(announced, { seed: 9, numRuns: 200 })) {
    const id = await store(one)
    expected.set(id, announcementState(one.released, one.retracted, one.released ? one.deliveries : []))
  }
  const found = new Set(expected.values())
  assert.equal(found.size, 7, 'every state is among them')
  for (const state of found as Set<ReturnType<typeof announcementState>>) {
    const wanted = [...expected].filter(([, one]) => one === state).map(([id]) => id)
    const listed = await listAnnouncements(db, { cities: ['bonn'], limit: 300, state })
    assert.deepEqual(
      listed.map(({ id }) => id),
      wanted.sort().reverse(),
      state,
    )
  }
})

test('however many drafts there are, a list by state is three statements at most', async () => {
  for (let number = 0; number < 30; number++) assert.equal((await api.call('author', 'POST /announcements', aWish())).statusCode, 201)
  let statements = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements++
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  await list({ ...api.desk, db: db.withPlugin(counting) }, theHouse, { state: 'failed', limit: 1 })
  assert.ok(statements <= 3, `${statements}`)
})
