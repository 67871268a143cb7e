// Who may do what, and what a key is: roles deny by default, a foreign city does not exist, keys are hashed.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { demand, everyCity, may, roles, sees, theHouse, type Verb, verbs } from '../../src/access/actor.ts'
import { newKey, readKey, sameHash } from '../../src/access/keys.ts'
import { openSessions } from '../../src/access/session.ts'
import { Refusal } from '../../src/announcement/refusal.ts'
import type { Actor, Role } from '../../src/commands/desk.ts'

const of = (role: Role, cities: Actor['cities'] = ['bonn']): Actor => ({ id: 'k', name: 'Test', role, cities })

/** The whole table, written down a second time: a change of rights must be made in two places on purpose. */
const table: Readonly<Record<Role, string>> = {
  author: 'read plan draft',
  approver: 'read plan draft approve release release-warning amend retract',
  'duty-officer': 'read plan draft release-warning retract resolve',
  operator: 'read resolve suspend operate metrics',
  admin: verbs.join(' '),
}

for (const role of roles)
  test(`the role ${role} may exactly what the table says`, () => {
    const may_ = verbs.filter((verb) => may(of(role), verb, 'bonn'))
    assert.deepEqual(
      may_,
      verbs.filter((verb) => table[role].split(' ').includes(verb)),
    )
  })

test('a role or a verb that nobody knows is denied', () => {
  assert.equal(may(of('owner' as Role), 'read', 'bonn'), false)
  assert.equal(may(of('admin'), 'fly' as Verb, 'bonn'), false)
  assert.equal(may(of('constructor' as Role), 'read', 'bonn'), false)
})

test('a foreign city does not exist, whatever the role', () => {
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.constantFrom(...verbs), fc.string(), (role, verb, city) => {
      const actor = of(role, ['bonn', 'mainz'])
      fc.pre(!['bonn', 'mainz', everyCity].includes(city))
      assert.equal(may(actor, verb, city), false)
      assert.throws(() => demand(actor, verb, city), { code: 'unknown-city' })
    }),
  )
})

test('what belongs to no single city is reached by an actor for all cities only', () => {
  assert.equal(sees(of('admin', ['bonn']), everyCity), false)
  assert.equal(sees(of('admin', [everyCity]), everyCity), false)
  assert.equal(may(of('operator', '*'), 'operate', everyCity), true)
  assert.throws(() => demand(of('operator', ['bonn']), 'operate', everyCity), { code: 'not-allowed' })
  assert.equal(may(theHouse, 'keys', 'anywhere'), true)
})

test('the refusal of a stored thing in a foreign city is the one for a thing that is not there', () => {
  const unknown = new Refusal({ code: 'unknown-announcement', de: 'Gibt es nicht.', en: 'None.' })
  assert.throws(() => demand(of('author'), 'read', 'mainz', () => unknown), unknown)
  assert.throws(() => demand(of('author'), 'approve', 'bonn', () => unknown), { code: 'not-allowed' })
})

test('a new key has its id in it, 256 bits that are never the same, and is read back to its hash', () => {
  const made = Array.from({ length: 200 }, () => newKey())
  assert.equal(new Set(made.map(({ key }) => key)).size, made.length)
  for (const { id, key, hash } of made) {
    assert.match(key, /^rr_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/)
    assert.deepEqual(readKey(key), { id, hash })
    assert.equal(hash.includes(key.slice(-43)), false)
  }
})

test('what does not have the form of a key is no key', () => {
  const { key } = newKey()
  for (const wrong of ['', 'rr_', key.slice(1), `${key}A`, key.slice(0, -1), key.toUpperCase(), ` ${key}`, `${key}\n`])
    assert.equal(readKey(wrong), undefined, JSON.stringify(wrong))
  fc.assert(fc.property(fc.string(), (text) => assert.equal(readKey(text), undefined)))
})

test('hashes are the same only when every byte is', () => {
  const { hash } = newKey()
  assert.equal(sameHash(hash, hash), true)
  assert.equal(sameHash(hash, newKey().hash), false)
  assert.equal(sameHash(hash, ''), false)
  assert.equal(sameHash('', ''), true)
})

test('a session is found by its id, and dies by logout, after 30 idle minutes and after 12 hours', () => {
  let now = 0
  const sessions = openSessions(() => now)
  const session = { actor: of('operator', '*'), keyId: 'k' }
  const minutes = (count: number) => count * 60_000

  const closed = sessions.open(session)
  assert.equal(sessions.find(closed)?.keyId, 'k')
  sessions.close(closed)
  assert.equal(sessions.find(closed), undefined)

  const idle = sessions.open(session)
  now += minutes(30)
  assert.ok(sessions.find(idle))
  now += minutes(30) + 1
  assert.equal(sessions.find(idle), undefined)

  const busy = sessions.open(session)
  for (let used = 0; used < 24; used++) {
    now += minutes(29)
    assert.ok(sessions.find(busy))
  }
  now += minutes(25)
  assert.equal(sessions.find(busy), undefined)
})

test('sessions cannot be guessed, and there is an end to their number', () => {
  const sessions = openSessions(() => 0)
  const session = { actor: of('operator', '*'), keyId: 'k' }
  const first = sessions.open(session)
  const later = Array.from({ length: 200 }, () => sessions.open(session))
  assert.equal(new Set(later).size, 200)
  assert.equal(sessions.find(first), undefined)
  assert.ok(sessions.find(later.at(-1) ?? ''))
  assert.equal(sessions.find(''), undefined)
})
