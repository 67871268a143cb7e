// When people are left in peace, over both changes of the clock.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { nextAllowed } from '../../src/policy/quiet-hours.ts'

const night = { from: '22:00', to: '06:00' }

describe('the next allowed instant', () => {
  const rows: readonly [what: string, at: string, quiet: { from: string; to: string }, next: string][] = [
    ['is at once by day', '2026-01-15T12:00:00.000Z', night, '2026-01-15T12:00:00.000Z'],
    ['is the morning for the evening', '2026-01-15T22:30:00.000Z', night, '2026-01-16T05:00:00.000Z'],
    ['is the same morning after midnight', '2026-01-15T23:30:00.000Z', night, '2026-01-16T05:00:00.000Z'],
    ['begins on the minute', '2026-01-15T21:00:00.000Z', night, '2026-01-16T05:00:00.000Z'],
    ['is at once on the minute when it ends', '2026-01-16T05:00:00.000Z', night, '2026-01-16T05:00:00.000Z'],
    ['is at once a second before it begins', '2026-01-15T20:59:59.000Z', night, '2026-01-15T20:59:59.000Z'],
    ['comes an hour sooner in the night in which clocks go forward', '2026-03-28T21:30:00.000Z', night, '2026-03-29T04:00:00.000Z'],
    ['comes an hour later in the night in which clocks go back', '2026-10-24T20:30:00.000Z', night, '2026-10-25T05:00:00.000Z'],
    ['is within the day when the quiet time is', '2026-07-01T11:00:00.000Z', { from: '12:00', to: '14:30' }, '2026-07-01T12:30:00.000Z'],
    [
      'is the change itself when the end is skipped',
      '2026-03-28T22:00:00.000Z',
      { from: '22:00', to: '02:30' },
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'is the second coming when the end comes twice',
      '2026-10-24T21:00:00.000Z',
      { from: '22:00', to: '02:30' },
      '2026-10-25T01:30:00.000Z',
    ],
    ['is not between the two comings', '2026-10-25T00:45:00.000Z', { from: '22:00', to: '02:30' }, '2026-10-25T01:30:00.000Z'],
    [
      'counts from the change when the beginning is skipped',
      '2026-03-29T01:10:00.000Z',
      { from: '02:30', to: '06:00' },
      '2026-03-29T04:00:00.000Z',
    ],
    [
      'counts from the first coming when the beginning comes twice',
      '2026-10-25T01:10:00.000Z',
      { from: '02:30', to: '06:00' },
      '2026-10-25T05:00:00.000Z',
    ],
    ['is at once where from and to are one', '2026-01-15T22:30:00.000Z', { from: '22:00', to: '22:00' }, '2026-01-15T22:30:00.000Z'],
  ]
  for (const [what, at, quiet, next] of rows) {
    it(what, () => assert.equal(nextAllowed(at, quiet, 'routine'), next))
  }

  it('is always at once for what is urgent, and where there are no quiet hours', () => {
    assert.equal(nextAllowed('2026-01-15T23:30:00.000Z', night, 'urgent'), '2026-01-15T23:30:00.000Z')
    assert.equal(nextAllowed('2026-01-15T23:30:00.000Z', null, 'routine'), '2026-01-15T23:30:00.000Z')
  })
})

/** Minutes since midnight, by the clocks of Germany. */
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const shows = (instant: number): string => clock.format(instant)

describe('at any time of the year, for any quiet time outside the hours that change', () => {
  const time = fc
    .tuple(fc.integer({ min: 4, max: 25 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${String(hour % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  const changes = fc
    .constantFrom('2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-07-01T01:00:00Z')
    .map((change) => Date.parse(change))
  const at = fc.tuple(changes, fc.integer({ min: -2880, max: 2880 })).map(([change, minutes]) => change + minutes * 60_000)

  it('it is quiet by the clock from then until the answer, and not at the answer', () => {
    fc.assert(
      fc.property(at, time, time, (instant, from, to) => {
        const isQuiet = (moment: number): boolean => {
          const now = shows(moment)
          return from < to ? from <= now && now < to : from !== to && (now >= from || now < to)
        }
        const answer = Date.parse(nextAllowed(new Date(instant).toISOString(), { from, to }, 'routine'))
        assert.ok(answer >= instant && !isQuiet(answer))
        for (let moment = instant; moment < answer; moment += 60_000) assert.ok(isQuiet(moment), new Date(moment).toISOString())
      }),
      { numRuns: 300 },
    )
  })
})
