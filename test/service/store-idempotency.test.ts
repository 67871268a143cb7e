// What the store remembers of an Idempotency-Key: a request that broke off keeps its id until somebody asks again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { breakOff, claimKey, forgetOldKeys, holdKey, keepAnswer } from '../../src/store/idempotency.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'

const wish = { actor: 'presse', key: 'k1', request: 'a'.repeat(64), by: 'first' }
const repeat = { ...wish, by: 'second' }

/** As if the claim had been made so long ago, without a word since. */
const silentFor = (store: TestDatabase, seconds: number) =>
  sql`update idempotency set created_at = now() - make_interval(secs => ${seconds}) where key = ${wish.key}`.execute(store.db)

test('P1, P2, F6: a request that broke off goes on under its own id, however often the store is tidied in between', async () => {
  await using store = await aDatabase()
  const first = await claimKey(store.db, wish)
  assert.equal(first.is, 'ours')
  assert.deepEqual(await claimKey(store.db, wish), { is: 'in-flight' })
  await breakOff(store.db, wish)
  assert.equal(await forgetOldKeys(store.db), 0, 'nobody forgets it')
  assert.deepEqual(await claimKey(store.db, wish), { ...first, again: true })
  await keepAnswer(store.db, wish, 201, { id: 'x' })
  assert.equal(await forgetOldKeys(store.db), 0)
  assert.deepEqual(await claimKey(store.db, wish), { is: 'answered', status: 201, answer: { id: 'x' } })
})

test('P1, F6: a request whose process died is gone on with after five seconds, under its own id', async () => {
  await using store = await aDatabase()
  const first = await claimKey(store.db, wish)
  await silentFor(store, 4)
  assert.deepEqual(await claimKey(store.db, repeat), { is: 'in-flight' })
  await silentFor(store, 5.1)
  assert.deepEqual(await claimKey(store.db, repeat), { ...first, again: true })
})

test('P2, F6: a request that lives and is slow keeps its claim while it changes anything, however long that takes', async () => {
  await using store = await aDatabase()
  await claimKey(store.db, wish)
  await silentFor(store, 3600)
  await store.db.transaction().execute(async (trx) => {
    assert.equal(await holdKey(trx, wish), true)
    assert.deepEqual(await claimKey(store.db, repeat), { is: 'in-flight' })
  })
  await keepAnswer(store.db, wish, 201, { id: 'x' })
  assert.deepEqual(await claimKey(store.db, repeat), { is: 'answered', status: 201, answer: { id: 'x' } })
})

test('P2, F6: who has lost the claim may change nothing, answers for nobody and breaks nothing off', async () => {
  await using store = await aDatabase()
  const { db } = store
  await claimKey(db, wish)
  await silentFor(store, 6)
  assert.equal((await claimKey(db, repeat)).is, 'ours')
  await db.transaction().execute(async (trx) => assert.equal(await holdKey(trx, wish), false))
  await keepAnswer(db, wish, 201, { id: 'wrong' })
  await breakOff(db, wish)
  assert.deepEqual(await claimKey(db, { ...wish, by: 'third' }), { is: 'in-flight' })
  await db.transaction().execute(async (trx) => assert.equal(await holdKey(trx, repeat), true))
  await keepAnswer(db, repeat, 201, { id: 'right' })
  assert.deepEqual(await claimKey(db, wish), { is: 'answered', status: 201, answer: { id: 'right' } })
})
