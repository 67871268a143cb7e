// What a city announces for a date holds from that date on, by the clocks of Germany, and says so before.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makePlan } from '../../src/planning/plan.ts'
import { type Decision, decide, type Situation } from '../../src/policy/decide.ts'
import { channelOn } from '../../src/policy/in-force.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City } from '../../src/policy/policy.ts'
import { aChannel, aCity, anAnnouncement, aRule } from '../support/builders.ts'
import { offersOf, someConnectors } from '../support/offers.ts'

const at = (now: string): Situation => ({ now, suspended: new Map(), connected: new Set(platforms.keys()), approved: false })
const x = (over: Partial<Channel>): City => aCity({ channels: [aChannel({ name: 'x', platform: 'x', ...over })] })
const decided = (city: City, now: string, over: Parameters<typeof anAnnouncement>[0] = {}): Decision =>
  decide(anAnnouncement(over), city, at(now))[0]!
const outcome = ({ verdict, because }: Decision): string => `${verdict} ${because}`

/** The last minute of the year and the first of the next, in Germany. */
const before = '2026-12-31T22:59:00.000Z'
const after = '2026-12-31T23:00:00.000Z'

describe('a channel that changes on a day', () => {
  const rows: readonly [what: string, over: Partial<Channel>, before: string, after: string, ahead: RegExp][] = [
    [
      'is left from it on',
      { use: 'left', from: '2027-01-01' },
      'send rule',
      'omit left',
      /Ab 1\. Januar 2027 ist dieser Kanal geschlossen\.$/,
    ],
    ['is left since a day that is still to come', { use: 'left', since: '2027-01-01' }, 'send rule', 'omit left', /Ab 1\. Januar 2027/],
    ['rests from it on', { use: 'dormant', from: '2027-01-01' }, 'send rule', 'omit dormant', /Ab 1\. Januar 2027 ruht dieser Kanal\.$/],
    [
      'is for emergencies from it on',
      { use: 'emergency-only', from: '2027-01-01' },
      'send rule',
      'omit emergency-only',
      /Ab 1\. Januar 2027 ist dieser Kanal nur noch für den Notfall da\.$/,
    ],
    [
      'begins on it',
      { from: '2027-01-01' },
      'omit dormant',
      'send rule',
      /noch nicht begonnen\. Ab 1\. Januar 2027 ist dieser Kanal offen\.$/,
    ],
    ['ends on the day before', { until: '2026-12-31' }, 'send rule', 'omit left', /Ab 1\. Januar 2027 ist dieser Kanal geschlossen\.$/],
    [
      'rests until the day before',
      { use: 'dormant', until: '2026-12-31' },
      'omit dormant',
      'send rule',
      /Ab 1\. Januar 2027 ist dieser Kanal offen\.$/,
    ],
  ]
  for (const [what, over, then, now, ahead] of rows)
    it(`${what}: ${then} in the last minute of the year, ${now} in the first of the next`, () => {
      const [early, late] = [decided(x(over), before), decided(x(over), after)]
      assert.deepEqual([outcome(early), outcome(late)], [then, now])
      assert.match(early.reason, ahead)
      assert.doesNotMatch(late.reason, /Ab 1\. Januar/)
    })

  it('says since when it is closed', () => {
    assert.match(
      decided(x({ use: 'left', from: '2027-01-01', since: '2010-05-01' }), after).reason,
      /^X ist seit 1\. Januar 2027 geschlossen/,
    )
    assert.match(decided(x({ until: '2026-12-31', since: '2010-05-01' }), after).reason, /^X ist seit 1\. Januar 2027 geschlossen/)
  })

  it('carries an announcement by the day on which that appears, not by the day on which it is released', () => {
    const publishAt = '2027-01-02T09:00:00.000Z'
    assert.equal(outcome(decided(x({ use: 'left', from: '2027-01-01' }), before, { publishAt })), 'omit left')
    assert.equal(outcome(decided(x({ from: '2027-01-01' }), before, { publishAt })), 'wait scheduled')
  })

  it('carries nothing that its quiet hours would let out only after it has closed', () => {
    const city = {
      ...x({ until: '2026-12-31' }),
      quietHours: [{ from: '22:00', to: '06:00', on: null }],
      rules: [aRule({ hold: ['quiet-hours'] })],
    }
    assert.equal(outcome(decided(city, before)), 'omit left')
    assert.equal(outcome(decided(city, before, { kind: 'warning', severity: 'Severe' })), 'send rule')
  })

  it('carries nothing everyday that would come only on the day from which it is for emergencies', () => {
    const emergencies = { use: 'emergency-only', from: '2027-01-01' } as const
    const quiet = { quietHours: [{ from: '22:00', to: '06:00', on: null }], rules: [aRule({ hold: ['quiet-hours'] })] }
    assert.equal(outcome(decided({ ...x(emergencies), ...quiet }, before)), 'omit emergency-only')
    assert.equal(outcome(decided(x({ ...emergencies, delayMinutes: 60 }), before)), 'omit emergency-only')
    assert.equal(outcome(decided(x(emergencies), before)), 'send rule')
    assert.equal(outcome(decided(x({ ...emergencies, delayMinutes: 60 }), before, { kind: 'warning', severity: 'Extreme' })), 'send rule')
  })

  it('rests over a span and is open on both sides of it', () => {
    const holidays = aChannel({ use: 'dormant', from: '2026-12-24', until: '2027-01-02' })
    const uses = ['2026-12-23', '2026-12-24', '2027-01-02', '2027-01-03'].map((day) => channelOn(holidays, day).use)
    assert.deepEqual(uses, ['all', 'dormant', 'dormant', 'all'])
  })

  it('that opens by the time an announcement appears is part of what is approved', () => {
    const city = x({ name: 'bluesky', platform: 'bluesky', from: '2027-01-01' })
    const planned = (text: string) =>
      makePlan(anAnnouncement({ text, publishAt: '2027-01-02T09:00:00.000Z' }), city, 'policy', offersOf(someConnectors), at(before))
    assert.equal(planned('Eins.').decisions[0]?.post?.text.includes('Eins.'), true)
    const closed = makePlan(anAnnouncement({ text: 'Eins.' }), city, 'policy', offersOf(someConnectors), at(before))
    assert.notEqual(planned('Eins.').digest, closed.digest)
  })
})
