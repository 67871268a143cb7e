// Areas of a city: which channel an announcement for some of them reaches. A warning must not be lost on anybody whom it concerns.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Announcement, kinds } from '../../src/announcement/announcement.ts'
import { type Decision, decide, type Situation } from '../../src/policy/decide.ts'
import { reaches } from '../../src/policy/districts.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City, Rule } from '../../src/policy/policy.ts'
import { aChannel, aCity, anAnnouncement, aRule } from '../support/builders.ts'

const noon: Situation = {
  now: '2025-03-06T11:00:00.000Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}

interface Given {
  readonly channel?: Partial<Channel>
  readonly city?: Partial<City>
  readonly situation?: Partial<Situation>
}

const decided = (announcement: Partial<Announcement>, { channel, city, situation }: Given): Decision => {
  const policy = aCity({ channels: [aChannel({ name: 'it', platform: 'x', ...channel })], ...city })
  const [decision] = decide(anAnnouncement(announcement), policy, { ...noon, ...situation })
  assert.ok(decision)
  return decision
}
const outcome = ({ verdict, because }: Decision): string => `${verdict} ${because}`
const when = (over: Partial<Rule['when']>): Rule['when'] => ({ ...aRule().when, ...over })

describe('a channel for some areas', () => {
  const beuel = { districts: ['beuel'] }
  const rows: readonly [string, Partial<Announcement>, Channel['districts'], string][] = [
    ['a notice for its area', beuel, ['beuel'], 'send rule'],
    ['a notice for its area and another', { districts: ['beuel', 'bad-godesberg'] }, ['beuel'], 'send rule'],
    ['a notice for another area', { districts: ['bad-godesberg'] }, ['beuel'], 'omit district'],
    ['a notice for the whole city', {}, ['beuel'], 'omit district'],
    ['a notice for the whole city, where it says so', {}, ['beuel', 'none'], 'send rule'],
    ['a notice for the whole city, beside one area left out', {}, { not: ['beuel'] }, 'send rule'],
    ['a notice for an area that is left out', beuel, { not: ['beuel'] }, 'omit district'],
    ['a notice for an area that is left out and another', { districts: ['beuel', 'bad-godesberg'] }, { not: ['beuel'] }, 'send rule'],
    ['a warning for its area', { kind: 'warning', severity: 'Severe', ...beuel }, ['beuel'], 'send rule'],
    ['a warning for the whole city', { kind: 'warning', severity: 'Severe' }, ['beuel'], 'send rule'],
    ['a warning for another area', { kind: 'warning', severity: 'Extreme', districts: ['bad-godesberg'] }, ['beuel'], 'omit district'],
    ['a warning for an area, on a channel of the whole city', { kind: 'warning', severity: 'Minor', ...beuel }, null, 'send rule'],
    ['an all-clear for the whole city', { kind: 'all-clear' }, { not: ['none'] }, 'send rule'],
  ]
  for (const [what, announcement, districts, expected] of rows)
    it(`has ${what}: ${expected}`, () => assert.equal(outcome(decided(announcement, { channel: { districts } })), expected))

  it('tells whom it is for, and for whom the announcement is', () => {
    const reason = (over: Partial<Announcement>, districts: Channel['districts']) => decided(over, { channel: { districts } }).reason
    assert.equal(reason({ districts: ['bad-godesberg'] }, ['beuel']), 'X ist nur für »Beuel« da; diese Meldung gilt für »Bad Godesberg«.')
    assert.equal(reason({}, ['beuel']), 'X ist nur für »Beuel« da; diese Meldung nennt kein Gebiet.')
    assert.equal(reason(beuel, { not: ['beuel'] }), 'X ist für alles da außer für »Beuel«; diese Meldung gilt für »Beuel«.')
    assert.equal(reason(beuel, ['none']), 'X ist nur für Meldungen ohne Gebiet da; diese Meldung gilt für »Beuel«.')
  })

  it('has the correction of what stands there, also when it is for another area now', () => {
    const decision = decided(
      { kind: 'warning', severity: 'Severe', districts: ['bad-godesberg'] },
      { channel: { districts: ['beuel'] }, situation: { standing: new Set(['it']) } },
    )
    assert.equal(outcome(decision), 'send rule')
  })
})

describe('rules', () => {
  it('ask for an area: one of several is enough, and a warning without one is for each', () => {
    const rules = [aRule({ when: when({ district: ['beuel'] }) })]
    const at = (over: Partial<Announcement>) => outcome(decided(over, { city: { rules } }))
    assert.equal(at({ districts: ['bad-godesberg', 'beuel'] }), 'send rule')
    assert.equal(at({ districts: ['bad-godesberg'] }), 'omit no-rule')
    assert.equal(at({}), 'omit no-rule')
    assert.equal(at({ kind: 'warning', severity: 'Minor' }), 'send rule')
  })

  it('hold what is for several areas as strictly as the strictest of them, whatever the topics beside', () => {
    const rules = [
      aRule({ name: 'Godesberg', when: when({ district: ['bad-godesberg'] }) }),
      aRule({ name: 'Beuel', when: when({ district: ['beuel'], topic: ['politics'] }), hold: ['approval'] }),
      aRule({ name: 'Alles' }),
    ]
    const at = (over: Partial<Announcement>) => outcome(decided(over, { city: { rules } }))
    assert.equal(at({ districts: ['bad-godesberg', 'beuel'], topics: ['culture', 'politics'] }), 'wait approval')
    assert.equal(at({ districts: ['bad-godesberg', 'beuel'], topics: ['culture'] }), 'send rule')
    assert.equal(at({ districts: ['bad-godesberg'], topics: ['culture', 'politics'] }), 'send rule')
  })
})

describe('whatever a channel’s areas, whatever an announcement’s', () => {
  const keys = ['a', 'b', 'c', 'd']
  const list = fc.subarray([...keys, 'none'], { minLength: 1 })
  const choice = fc.oneof(
    list,
    list.map((not) => ({ not })),
  )

  it('P25: a warning for an area reaches every channel that a notice for that area alone would reach, and one for all reaches all', () => {
    fc.assert(
      fc.property(choice, fc.subarray(keys), fc.constantFrom(...kinds), (districts, named, kind) => {
        const isUrgent = kind === 'warning' || kind === 'all-clear'
        const alone = named.some((one) => reaches(districts, { kind: 'notice', districts: [one] }))
        if (named.length > 0) assert.equal(reaches(districts, { kind, districts: named }), alone)
        else if (isUrgent) assert.ok(reaches(districts, { kind, districts: named }))
      }),
      { numRuns: 300, seed: 20_261_203 },
    )
  })
})
