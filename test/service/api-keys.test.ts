// Keys are as Rundruf wrote them, or useless; they can be listed, they expire, and they show when they were used last.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { newKey } from '../../src/access/keys.ts'
import type { KeyView } from '../../src/commands/keys.ts'
import { makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics } from '../../src/observing/metrics.ts'
import { apiOfThisFile } from '../support/api.ts'
import { poll } from '../support/poll.ts'

const lines: string[] = []
const log = makeLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } as never })
const api = await apiOfThisFile({ events: makeEvents(log, makeMetrics({ withProcess: false })) })
const { db } = api.store

const aKey = async (wish: object = {}): Promise<{ id: string; key: string }> => {
  const made = await api.call('admin of all', 'POST /keys', { name: 'Leitstelle', role: 'author', cities: ['bonn'], ...wish })
  assert.equal(made.statusCode, 201, made.body)
  return made.json()
}
const statusWith = async (key: string): Promise<number> =>
  (await api.call(null, 'GET /cities', undefined, { authorization: `Bearer ${key}` })).statusCode
const listed = async (id: string): Promise<KeyView | undefined> =>
  (await api.call('admin of all', 'GET /keys')).json().find((one: KeyView) => one.id === id)

const changes: readonly (readonly [what: string, statement: string])[] = [
  ['role', `role = 'admin'`],
  ['cities', `cities = '["*"]'`],
  ['name', `name = 'Jemand'`],
  ['person', `person = 'jemand'`],
  ['expiry', `expires_at = now() + interval '10 years'`],
  ['proof', `mac = null`],
  ['proof, taken from another key', `mac = (select o.mac from api_key o where o.id <> api_key.id and o.mac is not null limit 1)`],
]
for (const [what, statement] of changes)
  test(`a key whose ${what} is changed in PostgreSQL is refused like an unknown one, and the log says why`, async () => {
    const { id, key } = await aKey({ person: 'anna.muster', expires: new Date(Date.now() + 3_600_000).toISOString() })
    assert.equal(await statusWith(key), 200)
    lines.length = 0
    await sql`update api_key set ${sql.raw(statement)} where id = ${id}`.execute(db)
    assert.equal(await statusWith(key), 401)
    assert.ok(
      lines.some((line) => line.includes('key was changed in the store') && line.includes(id)),
      lines.join(''),
    )
    assert.equal((await listed(id))?.state, 'changed')
  })

test('a hash that somebody puts into the row of an admin opens nothing', async () => {
  const { id, key } = await aKey({ role: 'admin' })
  const forged = `${key.slice(0, -43)}${'A'.repeat(43)}`
  const hash = createHash('sha256').update(forged).digest('hex')
  await sql`update api_key set hash = ${hash} where id = ${id}`.execute(db)
  assert.equal(await statusWith(forged), 401)
  assert.equal(await statusWith(key), 401)
})

test('a revoked key stays useless when its revocation is taken out of PostgreSQL', async () => {
  const { id, key } = await aKey()
  await api.call('admin of all', `DELETE /keys/${id}`)
  await sql`update api_key set revoked_at = null where id = ${id}`.execute(db)
  assert.equal(await statusWith(key), 401)
})

test('a row that somebody else inserts is no key', async () => {
  const { id, key, hash } = newKey()
  await sql`insert into api_key (id, name, hash, role, cities) values (${id}, 'Fremd', ${hash}, 'admin', '["*"]')`.execute(db)
  assert.equal(await statusWith(key), 401)
})

test('a key expires by the clock of the database, and one that would have expired is not made', async () => {
  const { id, key } = await aKey({ expires: new Date(Date.now() + 4000).toISOString() })
  assert.equal(await statusWith(key), 200)
  await poll('the key to expire', async () => (await statusWith(key)) === 401)
  assert.equal((await listed(id))?.state, 'expired')
  const wish = { name: 'Zu spät', role: 'author', cities: ['bonn'], expires: '2020-01-01T00:00:00Z' }
  const late = await api.call('admin of all', 'POST /keys', wish)
  assert.deepEqual([late.statusCode, late.json().code], [422, 'expires-past'])
  assert.equal((await api.call('admin of all', 'POST /keys', { ...wish, expires: 'morgen' })).statusCode, 400)
})

test('a list names the keys of the own cities alone, with person and state and without a hash', async () => {
  const { id } = await aKey({ person: 'anna.muster' })
  const all = await api.call('admin of all', 'GET /keys')
  const found: KeyView = all.json().find((one: KeyView) => one.id === id)
  assert.deepEqual(
    { ...found, createdAt: '' },
    {
      ...{ id, name: 'Leitstelle', role: 'author', cities: ['bonn'], person: 'anna.muster', state: 'valid' },
      ...{ createdAt: '', expiresAt: null, lastUsedAt: null },
    },
  )
  assert.equal(/[0-9a-f]{64}/.test(all.body), false)
  const mainz: readonly KeyView[] = (await api.call('admin of mainz', 'GET /keys')).json()
  assert.ok(mainz.length > 0 && mainz.every(({ cities }) => cities !== '*' && cities.join() === 'mainz'))
  for (const role of ['author', 'approver', 'duty-officer', 'operator'] as const)
    assert.equal((await api.call(role, 'GET /keys')).statusCode, 403, role)
})

test('the last use of a key is noted, and not with each request', async () => {
  const { id, key } = await aKey()
  assert.equal((await listed(id))?.lastUsedAt, null)
  await statusWith(key)
  const first = await poll('the use to be noted', async () => (await listed(id))?.lastUsedAt ?? undefined)
  await sql`update api_key set last_used_at = '2026-01-01' where id = ${id}`.execute(db)
  for (let used = 0; used < 5; used++) await statusWith(key)
  const { id: other, key: second } = await aKey()
  await statusWith(second)
  await poll('another use to be noted', async () => (await listed(other))?.lastUsedAt ?? undefined)
  assert.equal((await listed(id))?.lastUsedAt, '2026-01-01T00:00:00.000Z', `it was noted at ${first}, and is noted again after a minute`)
})
