// The operators' window: signing in with a key, a strict session, and queues to look at only, on a real Redis.
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { theHouse } from '../../src/access/actor.ts'
import { createKey } from '../../src/commands/keys.ts'
import { openQueues } from '../../workers/queue.ts'
import { anApi, apiOfThisFile, type Caller } from '../support/api.ts'
import { aRedis, redisMissing } from '../support/redis.ts'

const skip = redisMissing()
const redis = skip ? undefined : await aRedis()
const queues = redis && openQueues({ kind: 'redis-socket', path: redis.path }, ['mastodon'], () => {})
const api = await apiOfThisFile({ trustProxy: ['10.9.0.1'], ...(queues && { operations: { queues: () => queues.forBoard() } }) })
after(async () => {
  await queues?.close()
  await redis?.[Symbol.asyncDispose]()
})

let visitor = 0
const signIn = (key: string, headers: Record<string, string> = {}, remoteAddress = `10.1.0.${visitor++}`) =>
  api.app.inject({
    method: 'POST',
    url: '/ops/login',
    payload: new URLSearchParams({ key }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    remoteAddress,
  })

const cookieOf = (answer: LightMyRequestResponse) => String(answer.headers['set-cookie'] ?? '')
const sessionFor = async (as: Caller) => cookieOf(await signIn(api.keys[as])).split(';')[0] ?? ''
const look = (url: string, cookie: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' = 'GET') =>
  api.app.inject({ method, url, headers: { cookie } })

test('without a session every page of operations leads to the sign-in', async () => {
  for (const url of [
    '/ops/queues',
    '/ops/queues/',
    '/ops/queues/api/queues',
    '/ops//queues',
    '/ops/%71ueues',
    '/ops/queues/static/../api/queues',
  ]) {
    const answer = await api.app.inject(url)
    assert.ok([303, 404].includes(answer.statusCode), `${url}: ${answer.statusCode}`)
    assert.doesNotMatch(answer.body, /deliver-mastodon/)
  }
  assert.equal((await api.app.inject('/ops/queues')).headers.location, '/ops/login')
})

test('operators and admins for every city get in, with a cookie that no script reads and no other site sends', async () => {
  for (const as of ['operator of all', 'admin of all'] as const) {
    const answer = await signIn(api.keys[as])
    assert.equal(answer.statusCode, 303, answer.body)
    assert.equal(answer.headers.location, '/ops/queues')
    assert.match(cookieOf(answer), /^rundruf-ops=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  }
})

test('with https the cookie is Secure and bound to this host', async () => {
  await using secure = await anApi({ publicUrl: 'https://rundruf.example' })
  const answer = await secure.app.inject({
    method: 'POST',
    url: '/ops/login',
    payload: `key=${secure.keys['admin of all']}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://rundruf.example' },
  })
  assert.match(cookieOf(answer), /^__Host-rundruf-ops=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  assert.match(String(answer.headers['strict-transport-security']), /max-age=63072000/)
})

for (const as of ['author of all', 'approver of all', 'duty-officer of all', 'operator', 'admin', 'admin of mainz'] as const)
  test(`a key as ${as} does not open the window`, async () => {
    const answer = await signIn(api.keys[as])
    assert.equal(answer.statusCode, 403)
    assert.equal(cookieOf(answer), '')
    assert.match(answer.body, /Rolle „operator“ oder „admin“/)
  })

test('a wrong key is refused in words, and what was typed is not shown again', async () => {
  const typed = '<script>alert(1)</script>'
  const answer = await signIn(typed)
  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /Dieser Schlüssel gilt nicht/)
  assert.equal(answer.body.includes(typed), false)
})

test('after ten wrong keys an address has to wait with wrong ones; a right key gets in from there, too', async () => {
  for (let attempt = 0; attempt < 10; attempt++) assert.equal((await signIn('falsch', {}, '10.2.0.1')).statusCode, 403)
  const eleventh = await signIn('falsch', {}, '10.2.0.1')
  assert.equal(eleventh.statusCode, 429)
  assert.ok(Number(eleventh.headers['retry-after']) > 0)
  assert.equal((await signIn(api.keys['admin of all'], {}, '10.2.0.1')).statusCode, 303)
  assert.equal((await signIn(api.keys['admin of all'], {}, '10.2.0.2')).statusCode, 303)
})

/** A key of the same id with another secret. */
const guessed = (key: string): string => `${key.slice(0, -8)}${randomBytes(6).toString('base64url')}`

test('of two hundred guesses of one key at the same time ten are looked at, and its owner gets in from elsewhere, and where it was right before', async () => {
  await using house = await anApi()
  const { key } = await createKey(house.desk, theHouse, { name: 'Erst gestern angelegt', role: 'operator', cities: '*' })
  const tried = (payload: string, remoteAddress: string) =>
    house.app.inject({
      ...{ method: 'POST', url: '/ops/login', remoteAddress, payload: new URLSearchParams({ key: payload }).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  const guesses = await Promise.all(Array.from({ length: 200 }, () => tried(guessed(key), '192.0.2.66')))
  assert.ok(guesses.filter(({ statusCode }) => statusCode === 403).length <= 10)
  assert.equal((await tried(key, '192.0.2.66')).statusCode, 429, 'counted before it is looked at')
  assert.equal((await tried(key, '192.0.2.67')).statusCode, 303)
  await Promise.all(Array.from({ length: 30 }, () => tried(guessed(key), '192.0.2.67')))
  assert.equal((await tried(key, '192.0.2.67')).statusCode, 303)
  assert.equal((await tried(house.keys['admin of all'], '192.0.2.66')).statusCode, 303, 'another account of the same address')
})

test('the addresses of one IPv6 network are one caller to the sign-in', async () => {
  const from = (host: number) => signIn('falsch', {}, `2001:db8:7:7::${host.toString(16)}`)
  for (let host = 1; host <= 10; host++) assert.equal((await from(host)).statusCode, 403)
  assert.equal((await from(11)).statusCode, 429)
  assert.equal((await signIn('falsch', {}, '2001:db8:7:8::1')).statusCode, 403)
})

test('an address cannot be forged by a header that nobody was told to believe', async () => {
  for (let attempt = 0; attempt < 10; attempt++) await signIn('falsch', { 'x-forwarded-for': `192.0.2.${attempt}` }, '10.2.0.3')
  assert.equal((await signIn('falsch', { 'x-forwarded-for': '192.0.2.99' }, '10.2.0.3')).statusCode, 429)
})

test('a proxy that is named is believed: who comes through it waits for nobody else', async () => {
  const through = (caller: string, key = 'falsch') => signIn(key, { 'x-forwarded-for': caller }, '10.9.0.1')
  for (let attempt = 0; attempt < 10; attempt++) assert.equal((await through('192.0.2.1')).statusCode, 403)
  assert.equal((await through('192.0.2.1')).statusCode, 429)
  assert.equal((await through('192.0.2.2', api.keys['admin of all'])).statusCode, 303)
})

const foreign: readonly Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site', origin: 'http://sub.127.0.0.1:8080' },
]
for (const headers of foreign)
  test(`a form from another site is refused: ${JSON.stringify(headers)}`, async () => {
    const answer = await signIn(api.keys['admin of all'], headers)
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'foreign-origin'])
    assert.equal(cookieOf(answer), '')
  })

test('every sign-in has a session id of its own; one that was planted before is worth nothing', async () => {
  const planted = `rundruf-ops=${'A'.repeat(43)}`
  const answer = await signIn(api.keys['admin of all'], { cookie: planted })
  assert.equal(cookieOf(answer).includes('A'.repeat(43)), false)
  assert.equal((await look('/ops/queues', planted)).statusCode, 303)
})

test('who is signed in is told as whom, and offered the way out', async () => {
  const page = await look('/ops/login', await sessionFor('operator of all'))
  assert.match(page.body, /angemeldet als operator of all/)
  assert.match(page.body, /action="\/ops\/logout"/)
  assert.match((await look('/ops/login', '')).body, /action="\/ops\/login"/)
})

test('signing out ends the session, and so does revoking the key', async () => {
  const cookie = await sessionFor('operator of all')
  assert.equal((await look('/ops/queues', cookie)).statusCode, 200)
  assert.equal((await look('/ops/logout', cookie, 'POST')).statusCode, 303)
  assert.equal((await look('/ops/queues', cookie)).statusCode, 303)

  const made = (await api.call('admin of all', 'POST /keys', { name: 'Kurz', role: 'operator', cities: '*' })).json()
  const other = cookieOf(await signIn(made.key)).split(';')[0] ?? ''
  assert.equal((await look('/ops/queues', other)).statusCode, 200)
  await api.call('admin of all', `DELETE /keys/${made.id}`)
  assert.equal((await look('/ops/queues', other)).statusCode, 303)
})

test('the queues are shown with their jobs, and nothing of the page is fetched from elsewhere', { skip }, async () => {
  const deliveryId = randomUUID()
  await queues?.add([{ id: '1', deliveryId, turn: 1, platform: 'mastodon', way: 'urgent', dueAt: new Date() }] as never)
  const cookie = await sessionFor('operator of all')
  const page = await look('/ops/queues', cookie)
  assert.doesNotMatch(page.body, /googleapis|gstatic|https?:\/\/(?!www\.w3\.org)/)
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'; script-src 'self';/)
  assert.equal(page.headers['cache-control'], 'no-store')
  const listed = await look('/ops/queues/api/queues?activeQueue=deliver-mastodon-urgent&status=latest&page=1&jobsPerPage=10', cookie)
  assert.equal(listed.statusCode, 200, listed.body)
  assert.match(listed.body, /deliver-mastodon-urgent/)
  assert.ok(listed.json().queues.every((queue: { readOnlyMode: boolean }) => queue.readOnlyMode))
})

test('the queues are to be looked at only, whoever asks', { skip }, async () => {
  const cookie = await sessionFor('admin of all')
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
    for (const path of [
      '/api/queues/deliver-mastodon-urgent/pause',
      '/api/queues/deliver-mastodon-urgent/empty',
      '/api/queues/deliver-mastodon-urgent/1/retry/failed',
      '/api/queues/deliver-mastodon-urgent/obliterate',
      '/api/queues/deliver-mastodon-urgent/add',
    ]) {
      const answer = await look(`/ops/queues${path}`, cookie, method)
      assert.ok([404, 405].includes(answer.statusCode), `${method} ${path}: ${answer.statusCode} ${answer.body}`)
    }
  assert.equal((await look('/ops/queues/api/queues/deliver-mastodon-urgent/pause', cookie, 'PUT')).json().code, 'method-not-allowed')
})

test('a sign-in form of 1 MB is refused', async () => {
  assert.equal((await signIn('a'.repeat(1_000_000))).statusCode, 413)
})
