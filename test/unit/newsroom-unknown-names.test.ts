// Names that the store did not know: remembered for a moment, and only so many.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openUnknownNames } from '../../src/newsroom/unknown-names.ts'

test('P26: a name that the store did not know is asked for again after five seconds: it may have been released', () => {
  let now = 1_000
  const names = openUnknownNames(() => now)
  names.add('a')
  now += 4_999
  assert.ok(names.has('a'))
  now += 1
  assert.ok(!names.has('a'))
})

test('P26: of a flood of unknown names the oldest are forgotten; one that was asked for again is not the oldest', () => {
  const names = openUnknownNames(() => 0)
  for (const name of ['a', 'b', 'a']) names.add(name)
  for (let at = 0; at < 9_999; at++) names.add(String(at))
  assert.ok(names.has('a'))
  assert.ok(!names.has('b'))
})
