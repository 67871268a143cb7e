// The desk of the city's own page keeps one item per key, on a real PostgreSQL.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Kysely } from 'kysely'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { newsroomDesk } from '../../src/newsroom/desk.ts'
import { currentWarnings, findItem, listItems, newestOfEach, signs } from '../../src/store/newsroom.ts'
import type { Database } from '../../src/store/tables.ts'
import { anAnnouncement, aPost } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'

const at = '2026-11-23T10:00:00.000Z'
const url = 'https://rundruf.example/'

test('the same key with the same post twice is one item, and it counts as never corrected', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const key = randomUUID()
  const first = await desk.put('bonn', key, aPost(), at)
  const again = await desk.put('bonn', key, { ...aPost() }, at)
  assert.deepEqual(again, first)
  assert.equal(first.id, key)
  assert.equal(first.url, `https://rundruf.example/bonn/${key}`)
  const items = await listItems(store.db, 'bonn', { limit: 10 })
  assert.equal(items.length, 1)
  assert.equal(items[0]!.updatedAt, null)
  assert.equal(items[0]!.publishedAt, first.at)
  assert.deepEqual(items[0]!.post, aPost())
  assert.deepEqual(await desk.find('bonn', key), first)
})

test('two puts of the same key at the same time are one item', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const key = randomUUID()
  const receipts = await Promise.all(Array.from({ length: 8 }, () => desk.put('bonn', key, aPost(), at)))
  assert.equal(new Set(receipts.map((receipt) => receipt.at)).size, 1)
  assert.equal((await listItems(store.db, 'bonn', { limit: 10 })).length, 1)
})

test('a changed post keeps its place and is marked as corrected', async () => {
  await using store = await aDatabase()
  const key = randomUUID()
  const desk = newsroomDesk(store.db, url)
  const first = await desk.put('bonn', key, aPost(), at)
  const second = await desk.put('bonn', key, aPost({ title: 'Freibad öffnet am Sonntag' }), at)
  assert.deepEqual(second, first)
  const item = await findItem(store.db, { city: 'bonn', key })
  assert.equal(item?.post.title, 'Freibad öffnet am Sonntag')
  assert.ok(item.updatedAt && item.updatedAt > item.publishedAt)
})

test('a retraction counts once, stays found, and no late put undoes it', async () => {
  await using store = await aDatabase()
  const key = randomUUID()
  let now = '2026-11-23T10:00:00.000Z'
  const desk = newsroomDesk(store.db, url, () => now)
  const receipt = await desk.put('bonn', key, aPost(), at)
  now = '2026-11-23T11:00:00.000Z'
  await desk.retract('bonn', key, at)
  now = '2026-11-23T12:00:00.000Z'
  await desk.retract('bonn', key, at)
  await desk.put('bonn', key, aPost({ text: 'Eine verspätete Änderung' }), at)
  const item = await findItem(store.db, { city: 'bonn', key })
  assert.equal(item?.retractedAt, '2026-11-23T11:00:00.000Z')
  assert.equal(item.updatedAt, null)
  assert.deepEqual(item.post, aPost())
  assert.deepEqual(await desk.find('bonn', key), receipt)
})

test('what was never put is not found, in another city neither, and can be retracted without effect', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const key = randomUUID()
  await desk.retract('bonn', key, at)
  assert.equal(await desk.find('bonn', key), undefined)
  await desk.put('bonn', key, aPost(), at)
  assert.equal(await desk.find('mainz', key), undefined)
})

test('pages of items follow each other without gap or repetition, also at equal times', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url, () => at)
  const keys = Array.from({ length: 7 }, () => randomUUID())
  for (const key of keys) await desk.put('bonn', key, aPost(), at)
  await desk.put('mainz', randomUUID(), aPost(), at)
  const seen: string[] = []
  for (let before: string | undefined; ; before = seen.at(-1)) {
    const page = await listItems(store.db, 'bonn', { before, limit: 3 })
    if (page.length === 0) break
    seen.push(...page.map((item) => item.key))
  }
  assert.deepEqual(seen, [...keys].sort().reverse())
})

test('a warning holds until its end, its retraction or its all-clear; exercises never do', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const warning = aPost({ kind: 'warning', severity: 'Severe', expires: '2099-01-01T00:00:00.000Z' })
  const [holds, endless, ended, retracted, exercise] = Array.from({ length: 5 }, () => randomUUID())
  await desk.put('bonn', holds!, warning, at)
  await desk.put('bonn', endless!, { ...warning, expires: null }, at)
  await desk.put('bonn', ended!, { ...warning, expires: '2020-01-01T00:00:00.000Z' }, at)
  await desk.put('bonn', retracted!, warning, at)
  await desk.retract('bonn', retracted!, at)
  await desk.put('bonn', exercise!, { ...warning, status: 'Exercise' }, at)
  await newsroomDesk(store.db, url, () => '2020-01-01T00:00:00.000Z').put('bonn', randomUUID(), { ...warning, expires: null }, at)
  assert.deepEqual((await currentWarnings(store.db, 'bonn', 9)).map((item) => item.key).sort(), [holds, endless].sort())
  assert.equal((await currentWarnings(store.db, null, 9)).length, 2)
  assert.equal((await currentWarnings(store.db, 'mainz', 9)).length, 0)
})

test('an all-clear ends the warning that its announcement follows, and both point at each other', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const warned = await released(store.db, anAnnouncement({ kind: 'warning' }))
  const cleared = await released(store.db, anAnnouncement({ kind: 'all-clear', references: warned.announcementId }))
  await desk.put('bonn', warned.key, aPost({ kind: 'warning', title: 'Rauch über Beuel' }), at)
  assert.equal((await currentWarnings(store.db, 'bonn', 9)).length, 1)
  const receipt = await desk.put('bonn', cleared.key, aPost({ kind: 'all-clear' }), at)
  assert.equal((await currentWarnings(store.db, 'bonn', 9)).length, 0)
  const [allClear, warning] = await listItems(store.db, 'bonn', { limit: 9 })
  assert.deepEqual(allClear?.clears, { key: warned.key, title: 'Rauch über Beuel', kind: 'warning', status: 'Actual' })
  assert.deepEqual(warning?.clearedBy, { key: cleared.key, at: receipt.at })
})

test('the sign of a city changes with everything that changes its pages', async () => {
  await using store = await aDatabase()
  const desk = newsroomDesk(store.db, url)
  const seen: (string | undefined)[] = [(await signs(store.db, ['bonn', 'mainz'])).get('bonn')]
  const look = async () => seen.push((await signs(store.db, ['bonn', 'mainz'])).get('bonn'))
  const key = randomUUID()
  await desk.put('bonn', key, aPost(), at)
  await look()
  await desk.put('bonn', key, aPost({ title: 'Anders' }), at)
  await look()
  await desk.retract('bonn', key, at)
  await look()
  await desk.put('bonn', randomUUID(), aPost({ expires: '2020-01-01T00:00:00.000Z' }), '2019-01-01T00:00:00.000Z')
  await look()
  assert.equal(new Set(seen).size, seen.length)
  assert.equal((await newestOfEach(store.db, ['bonn', 'mainz'])).get('bonn')?.title, 'Freibad öffnet am Samstag')
})

/** An announcement with one delivery to the newsroom, as release leaves them. */
const released = async (db: Kysely<Database>, announcement: Announcement): Promise<{ announcementId: string; key: string }> => {
  const announcementId = randomUUID()
  const key = randomUUID()
  const { city } = announcement
  await db.insertInto('announcement').values({ id: announcementId, city, revision: 1, createdBy: 'test' }).execute()
  await db
    .insertInto('revision')
    .values({ announcementId, number: 1, content: JSON.stringify(announcement), createdBy: 'test' })
    .execute()
  await db
    .insertInto('delivery')
    .values({
      ...{ id: key, announcementId, revision: 1, city, channel: 'newsroom', platform: 'newsroom', way: 'urgent', action: 'publish' },
      ...{ doubles: 'avoid', sequence: 1, state: 'delivered', turn: 0, fence: 0, attempts: 1, dueAt: at, memory: '{}' },
    })
    .execute()
  return { announcementId, key }
}
