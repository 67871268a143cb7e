// The keys of the pictures of a post: one for each, and the id itself for the first of an id, so that older receipts stay good.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pictureKeys } from '../../../src/connector/picture-keys.ts'

test('every picture of a post has a key of its own, whatever comes twice', () => {
  assert.deepEqual(pictureKeys(['a', 'b', 'a', 'a'].map((id) => ({ id }))), ['a', 'b', 'a-2', 'a-3'])
  const id = fc.constantFrom('a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64))
  fc.assert(
    fc.property(fc.array(id, { maxLength: 20 }), (ids) => {
      const keys = pictureKeys(ids.map((one) => ({ id: one })))
      assert.equal(new Set(keys).size, ids.length)
      for (const [at, one] of ids.entries()) assert.equal(keys[at] === one, ids.indexOf(one) === at)
    }),
    { seed: 9 },
  )
})
