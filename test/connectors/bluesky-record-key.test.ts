// Record keys: valid TIDs, the same for the same delivery, in the order of the deliveries.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { recordKey } from '../../connectors/bluesky/record-key.ts'

/** Whole milliseconds until 2255: their last microsecond must fit into the 53 bits of a TID, so the one in which 2^53 lies is too late. */
const moment = fc.integer({ min: 0, max: Math.floor(2 ** 53 / 1000) - 1 })
const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
const keyAt = (msecs: number, random: Uint8Array, seq = 0) => v7({ msecs, random, seq })

test('every UUIDv7 gives a TID as the protocol wants it, always the same one', () => {
  fc.assert(
    fc.property(moment, bytes, (msecs, random) => {
      const key = keyAt(msecs, random)
      assert.match(recordKey(key), /^[234567abcdefghij][234567a-z]{12}$/)
      assert.equal(recordKey(key), recordKey(key.toUpperCase()))
    }),
  )
})

test('later deliveries have later record keys', () => {
  fc.assert(
    fc.property(moment, moment, bytes, bytes, (one, other, random, otherRandom) => {
      fc.pre(one !== other)
      const [first, second] = [recordKey(keyAt(one, random)), recordKey(keyAt(other, otherRandom))]
      assert.equal(first < second, one < other)
    }),
  )
})

test('a hundred deliveries of one millisecond have a hundred record keys', () => {
  const keys = Array.from({ length: 100 }, (_, seq) => recordKey(keyAt(1_795_000_000_123, new Uint8Array(16), seq)))
  assert.equal(new Set(keys).size, keys.length)
})

test('a TID reads back as the time of its UUID', () => {
  const digits = '234567abcdefghijklmnopqrstuvwxyz'
  const value = [...recordKey(keyAt(1_795_000_000_123, new Uint8Array(16)))].reduce(
    (sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)),
    0n,
  )
  assert.equal((value >> 10n) / 1000n, 1_795_000_000_123n)
})

test('anything but a UUIDv7 is refused', () => {
  assert.throws(() => recordKey('7f0c0f8e-3c52-4c5e-9f0a-000000000000'), TypeError)
})

test('the last millisecond whose microseconds fit into 53 bits has a later key than the one before, whatever its hash draws', () => {
  const last = Math.floor(2 ** 53 / 1000) - 1
  for (let drawn = 0; drawn < 200; drawn++) {
    const random = new Uint8Array(16).fill(drawn)
    assert.ok(recordKey(keyAt(last - 1, random)) < recordKey(keyAt(last, random)))
  }
})
