// P26: what strangers try at the doors costs the store a number of looks, and a right key is counted nowhere.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import type { KyselyPlugin } from 'kysely'
import { theHouse } from '../../src/access/actor.ts'
import { newKey } from '../../src/access/keys.ts'
import type { Actor, Desk } from '../../src/commands/desk.ts'
import { createKey } from '../../src/commands/keys.ts'
import { openKeyTries } from '../../src/http/key-tries.ts'
import { aCity } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { testProof } from '../support/proof.ts'

const store = await aDatabase()
after(() => store.db.destroy())
const limits = { max: 10, timeWindow: 300_000 }
const tries = () => openKeyTries(limits, () => {})

/** A desk at a store that counts the questions, and answers as `mood` says. */
const aDesk = (mood: (result: () => unknown) => unknown = (result) => result()) => {
  let asked = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      asked++
      await mood(() => result)
      return result
    },
  }
  const desk: Desk = {
    db: store.db.withPlugin(plugin),
    cities: new Map([['bonn', aCity()]]),
    policyDigests: new Map(),
    connectors: new Map(),
    proof: testProof,
  }
  return { desk, asked: () => asked }
}

const aKey = async (): Promise<string> => (await createKey(aDesk().desk, theHouse, { name: 'k', role: 'operator', cities: '*' })).key

/** A key of the same id with another secret. */
const guessed = (key: string): string => `${key.slice(0, -8)}${randomBytes(6).toString('base64url')}`

const isActor = (found: unknown): found is Actor => typeof found === 'object' && found !== null && 'role' in found

test('P26: a right key that was tried again and again while the store was away gets in as soon as the store is back', async () => {
  let away = true
  const { desk } = aDesk(() => {
    if (away) throw new Error('the store is away')
  })
  const [key, { look }] = [await aKey(), tries()]
  for (let number = 0; number < 30; number++) await assert.rejects(look(desk, '192.0.2.1', key), /the store is away/)
  away = false
  assert.ok(isActor(await look(desk, '192.0.2.1', key)))
})

test('P26: hundreds of invented keys of one address are as many looks at the store as its limit, and some', async () => {
  const { desk, asked } = aDesk()
  const { look } = tries()
  const answers = await Promise.all(Array.from({ length: 500 }, () => look(desk, '192.0.2.2', newKey().key)))
  assert.ok(asked() <= 15, `${asked()} looks`)
  assert.ok(answers.filter((answer) => answer === 'wrong').length <= 15)
  assert.equal(await look(desk, '192.0.2.3', newKey().key), 'wrong', 'another address')
})

test('P26: a right key that this process has not seen yet gets in from the address of a stranger who has used up its limit', async () => {
  const { desk } = aDesk()
  const [key, { look }] = [await aKey(), tries()]
  await Promise.all(Array.from({ length: 500 }, () => look(desk, '192.0.2.4', newKey().key)))
  await poll('the right key', async () => isActor(await look(desk, '192.0.2.4', key)))
})

test('a program that begins with a hundred calls at once is told whose key it has a hundred times, with one look', async () => {
  const { desk, asked } = aDesk()
  const [key, { look }] = [await aKey(), tries()]
  const found = await Promise.all(Array.from({ length: 100 }, () => look(desk, '192.0.2.5', key)))
  assert.ok(found.every(isActor))
  assert.equal(asked(), 1)
})

test('P26: who finds the line of strangers full is not counted: a right key gets in when the line is shorter', async () => {
  const held = Promise.withResolvers<void>()
  const { desk } = aDesk(() => held.promise)
  const [key, { look }] = [await aKey(), tries()]
  // each from an address of its own: two are looked at, and a hundred wait
  const flood = Array.from({ length: 102 }, (_, at) => look(desk, `198.51.100.${at}`, newKey().key))
  for (let number = 0; number < 30; number++) assert.deepEqual(await look(desk, '192.0.2.6', key), { againIn: 1 })
  held.resolve()
  await Promise.all(flood)
  assert.ok(isActor(await look(desk, '192.0.2.6', key)))
})

test('guesses of one key are limited for their address, and no other key of that address is', async () => {
  const { desk, asked } = aDesk()
  const [key, other, { look }] = [await aKey(), await aKey(), tries()]
  await Promise.all(Array.from({ length: 200 }, () => look(desk, '192.0.2.7', guessed(key))))
  assert.equal(asked(), limits.max)
  assert.ok(isActor(await look(desk, '192.0.2.7', other)))
  assert.ok(isActor(await look(desk, '192.0.2.8', key)), 'its owner elsewhere')
})

test('what has not the form of a key is limited, costs no look, and uses up nobody’s looks', async () => {
  const { desk, asked } = aDesk()
  const [key, { look }] = [await aKey(), tries()]
  const answers = await Promise.all(Array.from({ length: 30 }, () => look(desk, '192.0.2.9', 'falsch')))
  assert.equal(answers.filter((answer) => answer === 'wrong').length, limits.max)
  assert.equal(asked(), 0)
  assert.ok(isActor(await look(desk, '192.0.2.9', key)))
})
