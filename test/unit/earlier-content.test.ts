// What an earlier version stored is read as this one would have stored it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asItWouldBeNow } from '../../src/store/earlier-content.ts'
import { anAnnouncement } from '../support/builders.ts'

test('an announcement from before there were several topics has its one topic, or none', () => {
  const { topics: _, ...before } = anAnnouncement()
  assert.deepEqual(asItWouldBeNow({ ...before, topic: 'politics' }).topics, ['politics'])
  assert.deepEqual(asItWouldBeNow(before).topics, [])
  const { districts: __, ...earlier } = before
  assert.deepEqual(asItWouldBeNow(earlier).districts, [], 'and is for the whole city')
  const now = anAnnouncement({ topics: ['politics', 'culture'], districts: ['beuel'] })
  assert.deepEqual(asItWouldBeNow(now), now)
})
