// The rows of a mailing and its subscribers on a real PostgreSQL: taken once however many ask, stopped by what is newer, forgotten in time.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { openDatabase } from '../../src/store/database.ts'
import { beginMailing, mailingStand, markRecipient, takeRecipient } from '../../src/store/mailing.ts'
import { askSubscriber, confirmSubscriber, countSubscribers, forgetSubscribers, leave } from '../../src/store/subscribers.ts'
import { aDatabase } from '../support/database.ts'
import { aSubscriber } from '../support/subscribers.ts'

const newsletter = { city: 'bonn', channel: 'post' }
const people = (count: number) => Array.from({ length: count }, (_, number) => `person-${number}@buerger.example`)

test('however many processes take at once, each recipient is taken once', async () => {
  await using store = await aDatabase()
  for (const address of people(60)) await aSubscriber(store.db, { ...newsletter, address })
  await aSubscriber(store.db, { city: 'bonn', channel: 'another', address: 'else@buerger.example' })
  const key = randomUUID()
  const second = openDatabase({ url: store.url })
  try {
    await Promise.all([store.db, second].map((db) => beginMailing(db, { ...newsletter, key }, 'bonn.example')))
    const lane = async (db: typeof second): Promise<readonly string[]> => {
      const taken = await takeRecipient(db, key, [])
      if (taken === undefined) return []
      await markRecipient(db, key, taken.id, { state: 'sent' })
      return [taken.address, ...(await lane(db))]
    }
    const taken = (await Promise.all([store.db, second].flatMap((db) => Array.from({ length: 6 }, () => lane(db))))).flat()
    assert.deepEqual(taken.toSorted(), people(60).toSorted())
    assert.equal((await mailingStand(store.db, key)).sent, 60)
  } finally {
    await second.destroy()
  }
})

test('who gets it is fixed when it begins; who leaves before the letter does gets none', async () => {
  await using store = await aDatabase()
  const [stays, leaves] = [
    await aSubscriber(store.db, { ...newsletter, address: 'a@b.example' }),
    await aSubscriber(store.db, { ...newsletter, address: 'b@b.example' }),
  ]
  const key = randomUUID()
  await beginMailing(store.db, { ...newsletter, key }, 'bonn.example')
  await aSubscriber(store.db, { ...newsletter, address: 'late@b.example' })
  await leave(store.db, leaves)
  const taken = await takeRecipient(store.db, key, [])
  assert.deepEqual([taken?.id, taken?.messageId, taken?.tries], [stays, `<${key}.${stays}@bonn.example>`, 1])
  assert.equal(await takeRecipient(store.db, key, []), undefined)
  assert.deepEqual(await mailingStand(store.db, key), { sent: 0, refused: 0, unclear: 0, taken: 1, open: 0, waitMs: 0, stopped: null })
})

test('what an attempt left in its hands is unclear, may still turn out to be sent, and is not taken again', async () => {
  await using store = await aDatabase()
  await aSubscriber(store.db, { ...newsletter, address: 'a@b.example' })
  const mailing = { ...newsletter, key: randomUUID() }
  await beginMailing(store.db, mailing, 'bonn.example')
  const taken = await takeRecipient(store.db, mailing.key, [])
  await beginMailing(store.db, mailing, 'bonn.example')
  assert.equal((await mailingStand(store.db, mailing.key)).unclear, 1)
  assert.equal(await takeRecipient(store.db, mailing.key, []), undefined)
  await markRecipient(store.db, mailing.key, taken?.id ?? '', { state: 'sent' })
  await markRecipient(store.db, mailing.key, taken?.id ?? '', { state: 'open', afterMs: 0 })
  assert.equal((await mailingStand(store.db, mailing.key)).sent, 1)
})

test('who was put off is given out when the time has come, and not before', async () => {
  await using store = await aDatabase()
  await aSubscriber(store.db, { ...newsletter, address: 'a@b.example' })
  const key = randomUUID()
  await beginMailing(store.db, { ...newsletter, key }, 'bonn.example')
  const taken = await takeRecipient(store.db, key, [])
  await markRecipient(store.db, key, taken?.id ?? '', { state: 'open', afterMs: 60_000 })
  assert.equal(await takeRecipient(store.db, key, []), undefined)
  const { waitMs } = await mailingStand(store.db, key)
  assert.ok(waitMs > 50_000 && waitMs <= 60_000, String(waitMs))
  await markRecipient(store.db, key, taken?.id ?? '', { state: 'open', afterMs: 0 })
  await store.db
    .updateTable('mailing')
    .set({ dueAt: new Date(0) })
    .execute()
  assert.equal((await takeRecipient(store.db, key, []))?.tries, 2)
})

test('a subscription is forgotten when it was never confirmed, and its address some time after it ended', async () => {
  await using store = await aDatabase()
  assert.equal(await askSubscriber(store.db, newsletter, 'never@b.example', 'hash-1'), 'ask')
  assert.equal(await askSubscriber(store.db, newsletter, 'left@b.example', 'hash-2'), 'ask')
  assert.equal(await askSubscriber(store.db, newsletter, 'left@b.example', 'hash-3'), 'lately')
  assert.equal(await confirmSubscriber(store.db, 'bonn', 'hash-2'), true)
  assert.equal(await countSubscribers(store.db, newsletter), 1)
  const { id } = await store.db.selectFrom('subscriber').select('id').where('address', '=', 'left@b.example').executeTakeFirstOrThrow()
  await leave(store.db, id)
  assert.equal(await forgetSubscribers(store.db), 0)
  const longAgo = new Date(Date.now() - 31 * 86_400_000)
  await store.db.updateTable('subscriber').set({ tokenUntil: longAgo }).where('state', '=', 'pending').execute()
  await store.db.updateTable('subscriber').set({ leftAt: longAgo }).where('id', '=', id).execute()
  assert.equal(await forgetSubscribers(store.db), 2)
  const rows = await store.db.selectFrom('subscriber').select(['id', 'address', 'state']).execute()
  assert.deepEqual(rows, [{ id, address: null, state: 'left' }])
})

test('who comes back must confirm anew, and the link in an old letter ends the new subscription, too', async () => {
  await using store = await aDatabase()
  const id = await aSubscriber(store.db, { ...newsletter, address: 'a@b.example' })
  await beginMailing(store.db, { ...newsletter, key: randomUUID() }, 'bonn.example')
  await leave(store.db, id)
  assert.equal(await askSubscriber(store.db, newsletter, 'a@b.example', 'hash'), 'ask')
  assert.equal(await countSubscribers(store.db, newsletter), 0)
  assert.equal(await confirmSubscriber(store.db, 'bonn', 'hash'), true)
  assert.equal(await countSubscribers(store.db, newsletter), 1)
  await leave(store.db, id)
  assert.equal(await countSubscribers(store.db, newsletter), 0)
  await askSubscriber(store.db, newsletter, 'a@b.example', 'hash-2')
  await store.db
    .updateTable('subscriber')
    .set({ tokenUntil: new Date(0) })
    .execute()
  await forgetSubscribers(store.db)
  const rows = await store.db.selectFrom('subscriber').select(['id', 'address', 'state']).execute()
  assert.deepEqual(rows, [{ id, address: null, state: 'left' }])
})
