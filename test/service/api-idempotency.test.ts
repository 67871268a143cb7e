// Idempotency-Key: the same request once, the same answer again; also after a process that died in between.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { amend } from '../../src/commands/amend.ts'
import type { Actor } from '../../src/commands/desk.ts'
import type { AnnouncementView } from '../../src/commands/view.ts'
import { type Answer, once } from '../../src/http/once.ts'
import type { Parts } from '../../src/http/parts.ts'
import { makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics } from '../../src/observing/metrics.ts'
import { breakOff, claimKey, holdKey } from '../../src/store/idempotency.ts'
import { apiOfThisFile, aWish, written } from '../support/api.ts'

const api = await apiOfThisFile()
const keyed = (key: string = randomUUID()) => ({ 'idempotency-key': key })

test('the same request again gets the same answer and does nothing', async () => {
  const headers = keyed()
  const first = await api.call('approver', 'POST /announcements', aWish({ release: true }), headers)
  assert.equal(first.statusCode, 201, first.body)
  const before = await written(api)
  for (let repeat = 0; repeat < 3; repeat++) {
    const again = await api.call('approver', 'POST /announcements', aWish({ release: true }), headers)
    assert.equal(again.statusCode, 201)
    assert.equal(again.body, first.body)
    assert.equal(again.headers.location, first.headers.location)
  }
  assert.deepEqual(await written(api), before)
})

test('another request under the same key is refused with 422', async () => {
  const headers = keyed()
  const first = await api.call('author', 'POST /announcements', aWish(), headers)
  assert.equal(first.statusCode, 201)
  const before = await written(api)
  const others = [
    await api.call('author', 'POST /announcements', aWish({ title: 'Etwas anderes' }), headers),
    await api.call('author', `POST /announcements/${first.json().id}/amend`, { title: 'Etwas anderes' }, headers),
  ]
  for (const other of others) assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency-key-reused'])
  assert.deepEqual(await written(api), before)
})

test('a key belongs to whoever uses it: two actors do not meet', async () => {
  const headers = keyed()
  const one = await api.call('author', 'POST /announcements', aWish(), headers)
  const other = await api.call('approver', 'POST /announcements', aWish(), headers)
  assert.equal(other.statusCode, 201)
  assert.notEqual(one.json().id, other.json().id)
})

test('of twenty at the same time one acts; the others are told that it is under way, or get its answer', async () => {
  const headers = keyed()
  const before = (await written(api)).announcement ?? 0
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('author', 'POST /announcements', aWish(), headers)))
  const codes = answers.map((answer) => (answer.statusCode === 409 ? answer.json().code : answer.statusCode))
  assert.ok(codes.includes(201))
  assert.ok(
    codes.every((code) => code === 201 || code === 'idempotency-key-in-flight'),
    JSON.stringify(codes),
  )
  assert.equal(new Set(answers.filter(({ statusCode }) => statusCode === 201).map((answer) => answer.json().id)).size, 1)
  assert.equal((await written(api)).announcement, before + 1)
})

test('P2, F6: a request that stood still, and that a repeat has done meanwhile, changes nothing any more', async () => {
  const key = randomUUID()
  const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
  const actor: Actor = { id: 'duty', name: 'Bereitschaft', role: 'admin', cities: '*' }
  const parts = { desk: api.desk, events: makeEvents(makeLog({ level: 'silent' }), makeMetrics({ withProcess: false })) } as Parts
  const request = {
    getDecorator: () => actor,
    headers: keyed(key),
    method: 'POST',
    url: '/amend',
    body: { text: 'Ein Satz.' },
  } as unknown as FastifyRequest
  const amended = (title: string, until?: Promise<void>): Promise<Answer<AnnouncementView>> =>
    once(parts, request, {
      act: async ({ desk }) => {
        begun.resolve()
        await until
        return { status: 200, body: await amend(desk, actor, id, { title }) }
      },
    })
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const still = amended('Samstag', gate.promise)
  await begun.promise
  await api.store.db.updateTable('idempotency').set({ createdAt: sql`now() - interval '6 seconds'` }).where('key', '=', key).execute()
  assert.equal((await amended('Samstag')).body.revision, 2)
  assert.equal((await amend(api.desk, actor, id, { title: 'Sonntag' })).revision, 3)
  const before = await written(api)
  gate.resolve()
  await assert.rejects(still, { code: 'idempotency-key-in-flight' })
  assert.deepEqual(await written(api), before)
  assert.equal((await amended('Samstag')).body.revision, 2, 'its repeats get the answer that was kept')
})

/** As if the process had died after its effect and before its answer was kept. */
const forgetAnswer = async (key: string, secondsAgo: number): Promise<void> => {
  const { answer } = await api.store.db.selectFrom('idempotency').select('answer').where('key', '=', key).executeTakeFirstOrThrow()
  const { id } = answer as { id: string }
  await api.store.db
    .updateTable('idempotency')
    .set({ status: null, answer: JSON.stringify({ id }), createdAt: sql`now() - make_interval(secs => ${secondsAgo})` })
    .where('key', '=', key)
    .execute()
}

test('a repeat while the first may still be at work is put off', async () => {
  const key = randomUUID()
  await api.call('author', 'POST /announcements', aWish(), keyed(key))
  await forgetAnswer(key, 1)
  const again = await api.call('author', 'POST /announcements', aWish(), keyed(key))
  assert.deepEqual([again.statusCode, again.json().code], [409, 'idempotency-key-in-flight'])
})

for (const release of [false, true])
  test(`after a crash between effect and answer a repeat finds the announcement (${release ? 'released' : 'draft'}) and makes no second one`, async () => {
    const key = randomUUID()
    const first = await api.call('approver', 'POST /announcements', aWish({ release }), keyed(key))
    await forgetAnswer(key, 6)
    const before = await written(api)
    const again = await api.call('approver', 'POST /announcements', aWish({ release }), keyed(key))
    assert.equal(again.statusCode, 201, again.body)
    assert.equal(again.json().id, first.json().id)
    assert.equal(again.json().releasedAt, first.json().releasedAt)
    assert.deepEqual(await written(api), before)
  })

test('after a crash between draft and release a repeat releases the draft that is there', async () => {
  const key = randomUUID()
  const draft = await api.call('approver', 'POST /announcements', aWish(), keyed(key))
  const body = aWish({ release: true })
  await forgetAnswer(key, 6)
  // The claim of the request that would have released it.
  const released = await api.call('approver', 'POST /announcements', body, keyed(`${key}-x`))
  await forgetAnswer(`${key}-x`, 6)
  await api.store.db
    .updateTable('idempotency')
    .set({ answer: JSON.stringify({ id: draft.json().id }) })
    .where('key', '=', `${key}-x`)
    .execute()
  const again = await api.call('approver', 'POST /announcements', body, keyed(`${key}-x`))
  assert.equal(again.json().id, draft.json().id)
  assert.equal(again.json().state, 'under-way')
  assert.notEqual(again.json().id, released.json().id)
})

for (const [verb, wish] of [
  ['release', {}],
  ['retract', {}],
  ['amend', { title: 'Freibad öffnet am Sonntag' }],
] as const)
  test(`after a crash a repeated ${verb} shows what stands and does not do it again`, async () => {
    const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: verb !== 'release' }))).json()
    const key = randomUUID()
    const body =
      verb === 'release' ? (({ digest }) => ({ digest }))((await api.call('author', `POST /announcements/${id}/plan`)).json()) : wish
    const first = await api.call('approver', `POST /announcements/${id}/${verb}`, body, keyed(key))
    assert.equal(first.statusCode, 200, first.body)
    await api.store.db
      .updateTable('idempotency')
      .set({ answer: JSON.stringify({ id }) })
      .where('key', '=', key)
      .execute()
    await forgetAnswer(key, 6)
    const before = await written(api)
    const again = await api.call('approver', `POST /announcements/${id}/${verb}`, body, keyed(key))
    assert.equal(again.statusCode, 200, again.body)
    assert.deepEqual([again.json().state, again.json().revision], [first.json().state, first.json().revision])
    assert.deepEqual(await written(api), before)
  })

/** As if the process had died between the commit and the answer. */
const dieBeforeTheAnswer = (key: string) =>
  api.store.db
    .updateTable('idempotency')
    .set({ status: null, answer: sql`answer || '{"done": true}'`, createdAt: sql`now() - interval '6 seconds'` })
    .where('key', '=', key)
    .execute()

for (const [verb, repeats] of [
  ['drop', 'does not drop what somebody else has written since'],
  ['amend', 'does not write over what somebody else has written since'],
] as const)
  test(`P2: a repeated ${verb} whose answer was lost ${repeats}`, async () => {
    const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
    const later = (text: string) => api.call('author', `POST /announcements/${id}/amend`, { text, release: false })
    assert.equal((await later('Eins.')).statusCode, 200)
    const key = randomUUID()
    const ask = (headers = keyed(key)) =>
      verb === 'drop'
        ? api.call('approver', `DELETE /announcements/${id}/amendment`, undefined, headers)
        : api.call('approver', `POST /announcements/${id}/amend`, { text: 'Zwei.', release: false }, headers)
    assert.equal((await ask()).statusCode, 200)
    await dieBeforeTheAnswer(key)
    assert.equal((await later('Drei.')).statusCode, 200)
    const before = await written(api)
    const again = await ask()
    assert.deepEqual([again.statusCode, again.json().amendment?.announcement.text], [200, 'Drei.'], again.body)
    assert.deepEqual(await written(api), before)
  })

test('a claim notes in the transaction of its effect that it had one: nothing is noted where the effect was refused', async () => {
  const noted = async (key: string) =>
    (await api.store.db.selectFrom('idempotency').select('answer').where('key', '=', key).executeTakeFirstOrThrow()).answer as object
  const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
  const key = randomUUID()
  const refused = await api.call('approver', `DELETE /announcements/${id}/amendment`, undefined, keyed(key))
  assert.equal(refused.json().code, 'nothing-waits')
  assert.equal('done' in (await noted(key)), false)
  const wish = { actor: 'somebody', key: randomUUID(), request: 'r', by: randomUUID() }
  await claimKey(api.store.db, wish)
  await api.store.db.transaction().execute((trx) => holdKey(trx, wish))
  await breakOff(api.store.db, wish)
  assert.deepEqual(
    { ...(await claimKey(api.store.db, { ...wish, by: randomUUID() })), id: '' },
    { is: 'ours', id: '', again: true, done: true },
  )
})

test('a refused request has had no effect: it may be sent again, and is decided anew', async () => {
  const headers = keyed()
  const { id } = (await api.call('author', 'POST /announcements', aWish({ topic: 'politics' }))).json()
  const { digest } = (await api.call('author', `POST /announcements/${id}/plan`)).json()
  const refused = await api.call('approver', `POST /announcements/${id}/release`, { digest }, headers)
  assert.equal(refused.json().code, 'needs-approval')
  await api.call('admin', `POST /announcements/${id}/approve`, { digest })
  assert.equal((await api.call('approver', `POST /announcements/${id}/release`, { digest }, headers)).statusCode, 200)
})

test('a key is shown in the first answer only, and never stored', async () => {
  const headers = keyed()
  const wish = { name: 'Pressestelle', role: 'author', cities: ['bonn'] }
  const first = await api.call('admin', 'POST /keys', wish, headers)
  const again = await api.call('admin', 'POST /keys', wish, headers)
  assert.equal(again.statusCode, 201)
  assert.deepEqual(again.json(), { id: first.json().id, key: null })
  const secret = first.json().key.slice(-43)
  for (const table of ['apiKey', 'idempotency', 'audit'] as const) {
    const rows = await api.store.db.selectFrom(table).selectAll().execute()
    assert.equal(JSON.stringify(rows).includes(secret), false, table)
  }
})

test('a key that is no key is refused', async () => {
  const before = await written(api)
  for (const key of ['', ' ', 'a'.repeat(201), 'mit Leerzeichen', 'ü'])
    assert.equal((await api.call('author', 'POST /announcements', aWish(), keyed(key))).statusCode, 400, key)
  assert.deepEqual(await written(api), before)
})
