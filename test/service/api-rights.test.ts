// Every route against every role, in one's own city and in a foreign one; and nothing at all without a key.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roles } from '../../src/access/actor.ts'
import { actorOfKey } from '../../src/access/present.ts'
import type { Role } from '../../src/commands/desk.ts'
import { apiOfThisFile, aWish, type Call, type Caller, written } from '../support/api.ts'

const everyone: readonly Role[] = roles

interface Row {
  readonly call: Call
  readonly body?: object
  /** Who may, in their own city. */
  readonly may: readonly Role[]
  /** What a foreign city answers: 404, unless the route belongs to no city. */
  readonly foreign?: number
  /** For what belongs to every city. */
  readonly needsAll?: true
}

const warning = { kind: 'warning', severity: 'Severe' }

/** What the names in the table stand for. */
const targets: Readonly<Record<string, { readonly as: Caller; readonly wish: object }>> = {
  ID: { as: 'author', wish: aWish() },
  RELEASED: { as: 'approver', wish: aWish({ release: true }) },
  WARNING: { as: 'duty-officer', wish: aWish({ ...warning, release: true }) },
}

/** `ID` stands for a draft of Bonn, `KEY` for a key of Bonn. What is allowed may still fail for another reason (a draft has no receipt). */
const table: readonly Row[] = [
  { call: 'POST /plan', body: aWish(), may: ['author', 'approver', 'duty-officer', 'admin'] },
  { call: 'POST /announcements', body: aWish(), may: ['author', 'approver', 'duty-officer', 'admin'] },
  { call: 'POST /announcements', body: aWish({ release: true }), may: ['approver', 'admin'] },
  {
    call: 'POST /announcements',
    body: aWish({ ...warning, release: true }),
    may: ['approver', 'duty-officer', 'admin'],
  },
  { call: 'GET /announcements?city=bonn', may: everyone },
  { call: 'GET /announcements/ID', may: everyone },
  { call: 'POST /announcements/ID/approve', body: { digest: '0'.repeat(64) }, may: ['approver', 'admin'] },
  {
    call: 'POST /announcements/ID/amend',
    body: { text: 'Das Freibad öffnet um 10 Uhr.' },
    may: ['author', 'approver', 'duty-officer', 'admin'],
  },
  { call: 'POST /announcements/RELEASED/amend', body: { text: 'Das Freibad öffnet um 10 Uhr.' }, may: ['approver', 'admin'] },
  { call: 'POST /announcements/WARNING/amend', body: { text: 'Bitte bleiben Sie im Haus.' }, may: ['approver', 'duty-officer', 'admin'] },
  { call: 'POST /announcements/WARNING/retract', body: {}, may: ['approver', 'duty-officer', 'admin'] },
  { call: 'POST /announcements/ID/release', body: {}, may: ['approver', 'admin'] },
  { call: 'POST /announcements/ID/plan', body: {}, may: ['author', 'approver', 'duty-officer', 'admin'] },
  {
    call: 'POST /announcements/RELEASED/amend',
    body: { text: 'Um 11 Uhr.', release: false },
    may: ['author', 'approver', 'duty-officer', 'admin'],
  },
  { call: 'DELETE /announcements/RELEASED/amendment', may: ['author', 'approver', 'duty-officer', 'admin'] },
  { call: 'POST /announcements/ID/retract', body: {}, may: ['approver', 'duty-officer', 'admin'] },
  { call: 'GET /channels?city=bonn', may: everyone },
  { call: 'GET /channels/bonn/newsroom/insights', may: everyone },
  { call: 'GET /announcements/RELEASED/reactions', may: everyone },
  { call: 'POST /channels/bonn/newsroom/check', body: {}, may: ['operator', 'admin'] },
  { call: 'POST /channels/bonn/newsroom/suspend', body: { because: 'Konto übernommen' }, may: ['operator', 'admin'] },
  { call: 'POST /channels/bonn/newsroom/resume', body: {}, may: ['operator', 'admin'] },
  { call: 'GET /cities/bonn', may: everyone },
  { call: 'POST /keys', body: { name: 'Neu', role: 'author', cities: ['bonn'] }, may: ['admin'] },
  { call: 'DELETE /keys/KEY', may: ['admin'] },
  { call: 'GET /cities', may: everyone, foreign: 200 },
  { call: 'GET /channels', may: everyone, foreign: 200 },
  { call: 'GET /announcements', may: everyone, foreign: 200 },
  { call: `GET /media/${'0'.repeat(64)}`, may: ['author', 'approver', 'duty-officer', 'admin'], foreign: 404 },
  { call: 'GET /sending', may: everyone, foreign: 200 },
  { call: 'POST /sending/resume', body: {}, may: ['operator', 'admin'], needsAll: true },
  { call: 'GET /verify', may: ['operator', 'admin'], needsAll: true },
  { call: 'GET /metrics', may: ['operator', 'admin'], needsAll: true },
]

const api = await apiOfThisFile()

const fresh = async (call: Call): Promise<Call> => {
  for (const [name, { as, wish }] of Object.entries(targets))
    if (call.includes(name)) {
      const made = await api.call(as, 'POST /announcements', wish)
      return call.replace(name, made.json().id) as Call
    }
  if (call.includes('KEY')) {
    const made = await api.call('admin', 'POST /keys', { name: 'Gast', role: 'author', cities: ['bonn'] })
    return call.replace('KEY', made.json().id) as Call
  }
  return call
}

for (const { call, body, may, foreign = 404, needsAll } of table)
  for (const role of roles)
    test(`${call} as ${role}`, async () => {
      const own = await api.call(needsAll ? `${role} of all` : role, await fresh(call), body)
      if (may.includes(role)) assert.notEqual(own.statusCode, 403, own.body)
      else assert.equal(own.statusCode, 403, own.body)
      assert.notEqual(own.statusCode, 401)
      assert.ok(own.statusCode < 500, own.body)

      const elsewhere = `${role} of mainz` as Caller
      const target = await fresh(call)
      const before = await written(api)
      const theirs = await api.call(elsewhere, target, body)
      assert.equal(
        theirs.statusCode,
        needsAll || (foreign !== 200 && call.startsWith('GET /media') && !may.includes(role)) ? 403 : foreign,
        theirs.body,
      )
      assert.deepEqual(await written(api), before)
    })

test('a foreign list shows nothing of Bonn', async () => {
  await api.call('author', 'POST /announcements', aWish())
  for (const call of ['GET /cities', 'GET /channels', 'GET /announcements'] as const) {
    const seen = await api.call('admin of mainz', call)
    assert.equal(seen.statusCode, 200)
    assert.doesNotMatch(seen.body, /bonn/i)
  }
})

const anonymous: readonly (readonly [string, Record<string, string>])[] = [
  ['no header', {}],
  ['an empty header', { authorization: '' }],
  ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ['a key that is none', { authorization: 'Bearer admin' }],
  ['a key of the right form that nobody made', { authorization: `Bearer rr_${'0'.repeat(32)}_${'A'.repeat(43)}` }],
]

for (const [what, headers] of anonymous)
  test(`with ${what} nothing of the API is reached or written`, async () => {
    const before = await written(api)
    for (const { call, body } of table) {
      const answer = await api.call(null, call, body, headers)
      assert.equal(answer.statusCode, 401, `${call}: ${answer.body}`)
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    }
    assert.deepEqual(await written(api), before)
  })

test('the id of a real key with another secret is as wrong as any', async () => {
  const forged = `${api.keys.admin.slice(0, -43)}${'A'.repeat(43)}`
  const answer = await api.call(null, 'POST /announcements', aWish(), { authorization: `Bearer ${forged}` })
  assert.equal(answer.statusCode, 401)
  assert.equal(answer.json().code, 'wrong-key')
})

test('a revoked key is dead at the next request', async () => {
  const made = await api.call('admin', 'POST /keys', { name: 'Kurz', role: 'author', cities: ['bonn'] })
  const headers = { authorization: `Bearer ${made.json().key}` }
  assert.equal((await api.call(null, 'GET /cities', undefined, headers)).statusCode, 200)
  assert.equal((await api.call('admin', `DELETE /keys/${made.json().id}`)).statusCode, 204)
  assert.equal((await api.call('admin', `DELETE /keys/${made.json().id}`)).statusCode, 204)
  assert.equal((await api.call(null, 'GET /cities', undefined, headers)).statusCode, 401)
})

test('a key names the person who holds it, in one spelling; a person is a name without spaces', async () => {
  const personOf = async (person: string | undefined) => {
    const wish = { name: 'Pressestelle', role: 'author', cities: ['bonn'], ...(person !== undefined && { person }) }
    const made = await api.call('admin', 'POST /keys', wish)
    assert.equal(made.statusCode, 201, made.body)
    const actor = await actorOfKey(api.desk, made.json().key)
    assert.ok(actor)
    return actor.person
  }
  assert.equal(await personOf('anna.muster'), 'anna.muster')
  assert.equal(await personOf(' Anna.MUSTER '), 'anna.muster')
  assert.equal(await personOf('jürgen'), await personOf('JU\u0308RGEN'))
  assert.equal(await personOf(undefined), undefined)
  for (const person of ['', ' ', 'Anna Muster', 'a\u0000', '-', 'a'.repeat(101)]) {
    const answer = await api.call('admin', 'POST /keys', { name: 'Presse', role: 'author', cities: ['bonn'], person })
    assert.equal(answer.statusCode, 400, person)
  }
})

test('nobody can give a key more cities than they have', async () => {
  const before = await written(api)
  for (const cities of [['mainz'], ['bonn', 'mainz'], '*', ['atlantis'], []]) {
    const answer = await api.call('admin', 'POST /keys', { name: 'Zu viel', role: 'admin', cities })
    assert.ok([400, 403, 404].includes(answer.statusCode), answer.body)
  }
  assert.deepEqual(await written(api), before)
})

test('addresses written in another way lead nowhere without a key', async () => {
  let tried = 0
  for (const path of [
    '//announcements',
    '/announcements/',
    '/Announcements',
    '/%61nnouncements',
    '/../v1/cities',
    '/cities/..%2fkeys',
    '/nix',
  ])
    for (const method of ['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'] as const) {
      const answer = await api.app.inject({ method, url: `/api/v1${path}`, remoteAddress: `10.9.${tried++}.1` })
      assert.ok([401, 404].includes(answer.statusCode), `${method} ${path}: ${answer.statusCode}`)
    }
  const overridden = await api.app.inject({ method: 'GET', url: '/api/v1/cities', headers: { 'x-http-method-override': 'POST' } })
  assert.equal(overridden.statusCode, 401)
})
