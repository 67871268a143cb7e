// P26: what is expensive, what is stored and what arrives slowly has a measure for each key and city, and a warning stands behind none of it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { openBudgets } from '../../src/http/budgets.ts'
import { openMemory } from '../../src/http/remembered.ts'
import { anApi, apiOfThisFile, aWish } from '../support/api.ts'
import { aPng } from '../support/png.ts'
import { poll } from '../support/poll.ts'

const warning = (over = {}) => aWish({ kind: 'warning', severity: 'Severe', ...over })

test('P26: a key that writes drafts without end is told when to come again; its warnings, and everybody else, are not', async () => {
  await using api = await anApi()
  const drafted = async (as: 'author' | 'duty-officer', wish: object) => (await api.call(as, 'POST /announcements', wish)).statusCode
  // what is refused counts as well
  for (let number = 0; number < 120; number++) assert.equal(await drafted('duty-officer', {}), 422)
  const refused = await api.call('duty-officer', 'POST /announcements', aWish())
  assert.deepEqual([refused.statusCode, refused.json().code], [429, 'too-many-requests'])
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.equal(await drafted('author', aWish()), 201)
  assert.equal(await drafted('duty-officer', warning({ release: true })), 201)
  assert.equal(await drafted('duty-officer', warning()), 201)
})

test('what an approver releases at once is no draft, and counts for no quota of drafts', async () => {
  await using api = await anApi()
  for (let number = 0; number < 125; number++) {
    const answer = await api.call('approver', 'POST /announcements', aWish({ title: `Nr. ${number}`, release: true }))
    assert.equal(answer.statusCode, 201, answer.body)
  }
})

test('P26: a key that rewrites its draft without end is told when to come again; corrections of a warning are not', async () => {
  await using api = await anApi()
  const { id } = (await api.call('author', 'POST /announcements', aWish())).json()
  const amended = async (as: 'author' | 'duty-officer', of: string, change: object) =>
    (await api.call(as, `POST /announcements/${of}/amend`, change)).statusCode
  for (let number = 0; number < 119; number++) assert.equal(await amended('author', id, {}), 409)
  assert.equal(await amended('author', id, { title: 'Noch ein Titel' }), 429)
  const officer = (await api.call('duty-officer', 'POST /announcements', warning({ release: true }))).json()
  for (let number = 0; number < 125; number++)
    assert.equal(await amended('duty-officer', officer.id, { text: `Die Brücke ist gesperrt, Stand ${number}.` }), 200)
})

test('P26: a key that fetches files without end is told when to come again, and other keys are not', async () => {
  await using api = await anApi()
  const { id } = (await api.call('author', 'POST /media', aPng(), { 'content-type': 'image/png' })).json()
  for (let number = 0; number < 300; number++) assert.equal((await api.call('author', `GET /media/${id}/file`)).statusCode, 200)
  assert.equal((await api.call('author', `GET /media/${id}/file`)).statusCode, 429)
  assert.equal((await api.call('approver', `GET /media/${id}/file`)).statusCode, 200)
})

test('P26: expensive reads that hang up do nothing, and a release goes before those that wait', async () => {
  await using api = await anApi()
  const held = Promise.withResolvers<void>()
  let begun = 0
  const read = openBudgets().read
  const request = { getDecorator: () => ({ id: 'k', name: 'k', role: 'author', cities: ['bonn'] }) } as never
  const reply = (destroyed: boolean) => ({ header: () => {}, raw: { destroyed, once: () => {} } }) as never
  const work = async () => {
    begun++
    await held.promise
  }
  const reads = [false, false, true, true].map((gone) => read({ request, reply: reply(gone), what: 'list' }, work).catch(() => 'refused'))
  assert.equal(begun, 2, 'two of one key at once')
  assert.equal((await api.call('duty-officer', 'POST /announcements', warning({ release: true }))).statusCode, 201)
  held.resolve()
  assert.deepEqual((await Promise.all(reads)).slice(2), ['refused', 'refused'])
  assert.equal(begun, 2, 'who has gone has nothing done')
})

test('a key that lists without end is put off, and its releases are not', async () => {
  await using api = await anApi()
  let refused = 0
  for (let number = 0; number < 310; number++)
    if ((await api.call('approver', 'GET /announcements?limit=1&city=bonn')).statusCode === 429) refused++
  assert.equal(refused, 10)
  assert.equal((await api.call('approver', 'POST /announcements', warning({ release: true }))).statusCode, 201)
})

test('what a person asks of a platform within a minute is asked there once', async () => {
  let asked = 0
  await using api = await anApi({
    askChannel: async () => {
      asked++
      return { account: '@bonn', url: null, until: null }
    },
  })
  let counted = 0
  const newsroom = {
    ...(api.desk.connectors.get('newsroom') as AnyConnector),
    insights: async () => {
      counted++
      return { followers: 7 }
    },
  }
  Object.assign(api.desk, { connectors: new Map([['newsroom', newsroom]]) })
  for (let time = 0; time < 3; time++) {
    assert.equal((await api.call('admin', 'POST /channels/bonn/newsroom/check', {})).json().works, true)
    assert.equal((await api.call('author', 'GET /channels/bonn/newsroom/insights')).json().insights.followers, 7)
  }
  assert.deepEqual([asked, counted], [1, 1])
})

test('an answer is remembered for a minute, a failure for some seconds, and each under its own name', async () => {
  let now = 0
  const remember = openMemory(() => now)
  let asked = 0
  const ask = async () => ++asked
  assert.deepEqual([await remember('a', ask), await remember('a', ask), await remember('b', ask)], [1, 1, 2])
  now = 60_001
  assert.equal(await remember('a', ask), 3)
  const fail = async () => Promise.reject(new Error(`Nein ${++asked}`))
  await assert.rejects(remember('c', fail), /Nein 4/)
  await assert.rejects(remember('c', fail), /Nein 4/)
  now += 5_001
  assert.equal(await remember('c', ask), 5)
})

const slow = await apiOfThisFile({ bodyPatienceMs: 200 })
await slow.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = slow.app.server.address() as AddressInfo

/** Sends the head and a byte, and gives what comes back until the other side ends it. */
const trickled = async (head: readonly string[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (piece) => {
    heard += piece
  })
  socket.on('error', () => {})
  socket.write(`${[...head, 'host: x', 'content-length: 1000'].join('\r\n')}\r\n\r\n{`)
  await once(socket, 'close')
  return heard
}

test('a body that trickles in without a key ends with its connection: refused, or given up', async () => {
  assert.match(await trickled(['POST /api/v1/announcements HTTP/1.1', 'content-type: application/json']), /^HTTP\/1\.1 401 /)
  assert.match(await trickled(['POST /ops/login HTTP/1.1', 'content-type: application/x-www-form-urlencoded']), /^HTTP\/1\.1 408 /)
})

test('a body of somebody with a key may take its time', async () => {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (piece) => {
    heard += piece
  })
  const body = Buffer.from(JSON.stringify(aWish()))
  const head = ['POST /api/v1/announcements HTTP/1.1', 'host: x', 'content-type: application/json', `content-length: ${body.length}`]
  socket.write(`${[...head, `authorization: Bearer ${slow.keys.author}`].join('\r\n')}\r\n\r\n{`)
  // a stranger's body that began later is given up first
  await trickled(['POST /ops/login HTTP/1.1', 'content-type: application/x-www-form-urlencoded'])
  socket.write(body.subarray(1))
  await poll('the answer', () => Promise.resolve(/^HTTP\/1\.1 201 /.test(heard)))
  socket.destroy()
})
