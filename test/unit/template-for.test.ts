// A channel's wording by severity, topic and whatever else a condition names.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePlan } from '../../src/planning/plan.ts'
import { platforms } from '../../src/policy/platforms.ts'
import { aChannel, aCity, anAnnouncement, aRule } from '../support/builders.ts'
import { offersOf } from '../support/offers.ts'

const when = aRule().when
const channel = aChannel({
  name: 'mastodon',
  platform: 'mastodon',
  template: { notice: 'NORMAL {title}\n{text}' },
  templates: [
    { when: { ...when, severity: 'Extreme' }, text: 'SOFORT {title}\n{text}' },
    { when: { ...when, topic: ['culture'] }, text: 'KULTUR {title}\n{text}' },
  ],
})
const city = aCity({ channels: [channel], rules: [aRule(), aRule({ name: 'Probe', when: { ...when, status: ['Exercise'] } })] })
const beginsWith = (over: Parameters<typeof anAnnouncement>[0]): string => {
  const situation = { now: '2026-11-30T12:00:00.000Z', suspended: new Map(), connected: new Set(platforms.keys()), approved: false }
  const text = makePlan(anAnnouncement({ link: null, ...over }), city, 'policy', offersOf(), situation).decisions[0]?.post?.text ?? ''
  return text.replace(/^ÜBUNG – ÜBUNG – ÜBUNG\n\n/, '').split(' ')[0] ?? ''
}

test('the first template whose condition fits is taken, and the usual one of the channel where none does', () => {
  assert.equal(beginsWith({}), 'NORMAL')
  assert.equal(beginsWith({ topic: 'culture' }), 'KULTUR')
  assert.equal(beginsWith({ kind: 'warning', severity: 'Extreme', topic: 'culture' }), 'SOFORT')
  assert.equal(beginsWith({ kind: 'warning', severity: 'Severe' }), 'WARNUNG:')
})

test('an exercise reads as the earnest would', () => {
  assert.equal(beginsWith({ kind: 'warning', severity: 'Extreme', status: 'Exercise' }), 'SOFORT')
})
