// The claim on a real database: committed before anything leaves, held by one fence alone, by the database's clock, in order, in time.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, mock, test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { type Ledger, openLedger } from '../../src/store/ledger.ts'
import type { Database, DeliveryTable } from '../../src/store/tables.ts'
import { aPost } from '../support/builders.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { testProof } from '../support/proof.ts'

let store: TestDatabase
let hot: Kysely<Database>
let ledger: Ledger

before(async () => {
  store = await aDatabase()
  hot = openDatabase({ url: store.url, prepared: true })
  ledger = openLedger(store.db, testProof, hot)
})
// the database itself goes with its server, which may have stopped by then
after(() => Promise.all([store, { db: hot }].map((one) => one?.db.destroy())))

const anAnnouncement = async (): Promise<string> => {
  const id = randomUUID()
  await store.db.insertInto('announcement').values({ id, city: 'bonn', revision: 1, createdBy: 'anna' }).execute()
  return id
}

type Fields = Partial<Pick<DeliveryTable, 'sequence' | 'action' | 'state' | 'turn'>> & { readonly expiresAt?: Date }

const aDelivery = async (fields: Fields = {}, announcementId?: string): Promise<string> => {
  const id = randomUUID()
  await store.db
    .insertInto('delivery')
    .values({
      ...{
        id,
        announcementId: announcementId ?? (await anAnnouncement()),
        revision: 1,
        city: 'bonn',
        channel: 'mastodon',
        platform: 'mastodon',
      },
      ...{ way: 'routine', action: 'publish', post: JSON.stringify(aPost()), doubles: 'avoid', sequence: 1, state: 'queued', turn: 1 },
      ...{ fence: 0, attempts: 0, memory: '{}', dueAt: sql<Date>`now()`, ...fields },
    })
    .execute()
  return id
}

const claim = (id: string, turn = 1) => ledger.claim({ id, turn, leaseSeconds: 30, way: 'routine' })
const row = (id: string) => store.db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Two claims, one after the other: the first holder fell silent, and its fence is stale. */
const twice = async (id: string) => {
  const first = await claim(id)
  await sql`update delivery set state = 'looking', turn = 2 where id = ${id}`.execute(store.db)
  const second = await claim(id, 2)
  assert.ok(first && second)
  return { stale: { id, fence: first.fence, way: 'routine' as const }, holder: { id, fence: second.fence, way: 'routine' as const } }
}

const step = { to: 'given-up', reason: 'Nein.' } as const
const receipt = { id: 'r', url: null, at: '2026-11-23T10:00:00.000Z' }

test('F2: what is claimed stands in the store as being sent before the claim is given to anybody', async () => {
  const id = await aDelivery()
  assert.ok(await claim(id))
  assert.equal((await row(id)).state, 'sending')
  assert.equal(await claim(id), undefined, 'nobody else gets it')
})

test('F5, F16: a job of another turn claims nothing', async () => {
  const id = await aDelivery({ turn: 5 })
  assert.equal(await claim(id, 4), undefined)
  assert.equal(await claim(id, 6), undefined)
  assert.ok(await claim(id, 5))
})

test('P10, F23: whoever lost the claim cannot say how it ended', async () => {
  const { stale, holder } = await twice(await aDelivery())
  assert.equal(await ledger.settle({ ...stale, step, failure: 'rejected', detail: null }), false)
  assert.equal((await row(stale.id)).state, 'sending')
  assert.equal(await ledger.settle({ ...holder, step, failure: 'rejected', detail: null }), true)
})

test('P10, F23: whoever lost the claim cannot say that it is there', async () => {
  const { stale, holder } = await twice(await aDelivery())
  assert.deepEqual(await ledger.delivered({ ...stale, receipt }), { late: true })
  assert.equal((await row(stale.id)).state, 'sending')
  assert.equal((await ledger.delivered({ ...holder, receipt })).late, false)
})

test('P10, F23: whoever lost the claim may neither act after a look nor remember anything', async () => {
  const { stale, holder } = await twice(await aDelivery())
  assert.equal(await ledger.clarified(stale), 'overtaken')
  await assert.rejects(ledger.remember(stale, { upload: '1' }))
  assert.equal(await ledger.clarified(holder), 'act')
  await ledger.remember(holder, { upload: '2' })
  assert.deepEqual((await row(stale.id)).memory, { upload: '2' })
})

for (const hours of [-1, 1])
  test(`P9, F22: a process whose clock is ${hours} h off holds its claim as long as any other`, async () => {
    const id = await aDelivery()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + hours * 3_600_000 })
    try {
      await claim(id)
    } finally {
      mock.timers.reset()
    }
    const { rows } = await sql<{
      left: number
    }>`select extract(epoch from lease_until - now())::float8 as left from delivery where id = ${id}`.execute(store.db)
    const left = rows[0]?.left ?? 0
    assert.ok(left > 0 && left <= 30, `the lease runs for ${left} s more`)
  })

test('P14: what comes later on a channel is not claimed while anything before it is open', async () => {
  const announcement = await anAnnouncement()
  const first = await aDelivery({ sequence: 1 }, announcement)
  const second = await aDelivery({ sequence: 2, action: 'retract' }, announcement)
  assert.equal(await claim(second), undefined)
  const held = await claim(first)
  assert.equal(await claim(second), undefined)
  await ledger.delivered({ id: first, fence: held?.fence ?? 0, receipt, way: 'routine' })
  assert.ok(await claim(second, (await row(second)).turn), 'then it may go')
})

test('P12, P14: an attempt that failed at the very moment of a newer word is not tried again', async () => {
  const announcement = await anAnnouncement()
  const first = await aDelivery({ sequence: 1 }, announcement)
  const held = await claim(first)
  const newer = { says: Promise.withResolvers<void>(), said: Promise.withResolvers<void>() }
  const verb = store.db.transaction().execute(async (trx) => {
    await trx.selectFrom('delivery').select('id').where('id', '=', first).forUpdate().execute()
    newer.said.resolve()
    await newer.says.promise
    await trx.updateTable('announcement').set({ retractedAt: sql`now()` }).where('id', '=', announcement).execute()
  })
  await newer.said.promise
  const again = { to: 'waiting', afterMs: 0, counts: true, unclear: false, reason: 'Keine Verbindung.' } as const
  const settling = ledger.settle({ id: first, fence: held?.fence ?? 0, step: again, failure: 'unreachable', detail: null })
  await poll('the ending to wait for the verb', async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(store.db)
    return rows[0]?.n === 1
  })
  newer.says.resolve()
  await verb
  assert.equal(await settling, true)
  assert.equal((await row(first)).state, 'superseded')
})

test('P15: what has expired is not claimed, unless it has to be looked for', async () => {
  const id = await aDelivery({ expiresAt: new Date(Date.now() - 1000) })
  assert.equal(await claim(id), undefined)
  await sql`update delivery set unclear_since = now(), state = 'looking' where id = ${id}`.execute(store.db)
  assert.ok(Number((await claim(id))?.expiresInMs) <= 0)
})

test('P20: while sending rests nothing is claimed, handed over or found late', async () => {
  const id = await aDelivery()
  await sql`update delivery set due_at = now() - interval '1 hour', way = 'urgent' where id = ${id}`.execute(store.db)
  await store.db.insertInto('sendingPause').values({ id: 1, because: 'Probe' }).execute()
  await store.db.insertInto('outbox').values({ deliveryId: id, turn: 1, platform: 'mastodon', way: 'urgent', dueAt: sql`now()` }).execute()
  assert.equal(await ledger.takeDue('urgent', 10, async () => assert.fail('handed over')), 0)
  assert.equal(await ledger.untilNextDue('urgent'), null)
  assert.equal(await claim(id), undefined)
  assert.deepEqual(await ledger.dueUrgent(['mastodon'], 10), [])
  assert.deepEqual(await ledger.overdue({ seconds: 10, most: 10 }), [])
  await store.db.deleteFrom('sendingPause').execute()
  assert.equal(await ledger.takeDue('urgent', 10, async () => {}), 1)
  assert.equal((await ledger.dueUrgent(['mastodon'], 10)).length, 1)
  assert.equal((await ledger.overdue({ seconds: 10, most: 10 })).length, 1)
  assert.ok(await claim(id))
})
