// P26: who waits for an announcement takes next to nothing from the doors, however many wait and however long.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KyselyPlugin } from 'kysely'
import { type Api, anApi, aWish } from '../support/api.ts'
import { poll } from '../support/poll.ts'

/** Counts the statements of the doors from now on. */
const counting = ({ desk }: Api): (() => number) => {
  let statements = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements++
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  Object.assign(desk, { db: desk.db.withPlugin(plugin) })
  return () => statements
}

/** Goes out tomorrow: nothing more happens to it today. */
const forTomorrow = async (api: Api): Promise<string> => {
  const publishAt = new Date(Date.now() + 86_400_000).toISOString()
  const released = await api.call('approver', 'POST /announcements', aWish({ publishAt, release: true }))
  assert.equal(released.statusCode, 201, released.body)
  return released.json().id
}

const aPersonIsAskedAbout = ({ store }: Api, id: string) =>
  store.db
    .updateTable('delivery')
    .set({ state: 'held', heldFor: 'answer', question: 'Ist es da?' })
    .where('announcementId', '=', id)
    .execute()

test('P26: thirty who wait for one announcement look at it together, and all hear when it is quiet', async () => {
  await using api = await anApi()
  const [id, other] = [await forTomorrow(api), await forTomorrow(api)]
  const statements = counting(api)
  await api.call('author', `GET /announcements/${id}`)
  const [before, ofOneLook] = [statements(), statements()]
  const waiting = Array.from({ length: 30 }, () => api.call('author', `GET /announcements/${id}?wait=30`))
  await poll('all have looked once', () => Promise.resolve(statements() - before >= 30 * ofOneLook))
  await api.call('author', `GET /announcements/${other}?wait=1.5`)
  const more = statements() - before - 30 * ofOneLook
  assert.ok(more < 30 * ofOneLook, `${more} further statements, ${ofOneLook} for each look`)
  await aPersonIsAskedAbout(api, id)
  for (const { statusCode, body } of await Promise.all(waiting)) {
    assert.equal(statusCode, 200)
    assert.equal(JSON.parse(body).state, 'waiting-for-a-person')
  }
})

test('P26: a key that holds thirty waits open is told to come again; its releases, its looks and other keys are not', async () => {
  await using api = await anApi()
  const id = await forTomorrow(api)
  const statements = counting(api)
  const waiting = Array.from({ length: 30 }, () => api.call('duty-officer', `GET /announcements/${id}?wait=30`))
  await poll('all wait', () => Promise.resolve(statements() >= 60))
  const refused = await api.call('duty-officer', `GET /announcements/${id}?wait=30`)
  assert.deepEqual([refused.statusCode, refused.json().code], [429, 'too-many-requests'])
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal((await api.call('duty-officer', `GET /announcements/${id}`)).statusCode, 200)
  assert.equal((await api.call('author', `GET /announcements/${id}?wait=0.1`)).statusCode, 200)
  const warning = aWish({ kind: 'warning', severity: 'Severe', release: true })
  assert.equal((await api.call('duty-officer', 'POST /announcements', warning)).statusCode, 201)
  await aPersonIsAskedAbout(api, id)
  assert.ok((await Promise.all(waiting)).every(({ statusCode }) => statusCode === 200))
  assert.equal((await api.call('duty-officer', `GET /announcements/${id}?wait=30`)).statusCode, 200, 'there is room again')
})

test('who may not see an announcement learns nothing from those who wait for it', async () => {
  await using api = await anApi()
  const id = await forTomorrow(api)
  const waiting = api.call('author', `GET /announcements/${id}?wait=30`)
  const foreign = await api.call('author of mainz', `GET /announcements/${id}?wait=30`)
  assert.deepEqual([foreign.statusCode, foreign.json().code], [404, 'unknown-announcement'])
  await aPersonIsAskedAbout(api, id)
  assert.equal((await waiting).statusCode, 200)
})
