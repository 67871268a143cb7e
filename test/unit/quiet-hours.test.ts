// When people are left in peace, over both changes of the clock.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isHoliday } from '../../src/policy/holidays.ts'
import type { QuietWindow } from '../../src/policy/policy.ts'
import { isEndless, nextAllowed, quietAt } from '../../src/policy/quiet-hours.ts'

const bonn = '053140000000'
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
    it(what, () => assert.equal(nextAllowed(at, [{ ...quiet, on: null }], bonn), next))
  }

  it('is always at once where there are no quiet hours', () => {
    assert.equal(nextAllowed('2026-01-15T23:30:00.000Z', [], bonn), '2026-01-15T23:30:00.000Z')
  })
})

const berlin = '110000000000'
const augsburg = '097610000000'
const dresden = '146120000000'
const potsdam = '120540000000'
const bremen = '040110000000'

describe('with days of their own', () => {
  const nights = { from: '20:00', to: '08:00', on: null }
  const off = { from: '00:00', to: '24:00', on: ['sat', 'sun', 'holiday'] }
  const rows: readonly [what: string, at: string, quiet: readonly QuietWindow[], next: string, ars?: string][] = [
    ['a weekday is as every day', '2026-11-25T12:00:00Z', [nights, off], '2026-11-25T12:00:00Z'],
    ['Friday evening waits for Monday morning', '2026-11-27T19:30:00Z', [nights, off], '2026-11-30T07:00:00.000Z'],
    ['Christmas Eve 2026 waits over two holidays and a Sunday', '2026-12-24T20:00:00Z', [nights, off], '2026-12-28T07:00:00.000Z'],
    [
      'Maundy Thursday waits for the Tuesday after Easter, over the change of clocks',
      '2024-03-28T20:00:00Z',
      [nights, off],
      '2024-04-02T06:00:00.000Z',
    ],
    ['the weekend of the change in autumn ends an hour later by UTC', '2026-10-23T18:30:00Z', [nights, off], '2026-10-26T07:00:00.000Z'],
    ['a night belongs to the day on which it begins', '2026-11-27T23:30:00Z', [{ ...night, on: ['fri'] }], '2026-11-28T05:00:00.000Z'],
    ['and not to the day on which it ends', '2026-11-27T23:30:00Z', [{ ...night, on: ['sat'] }], '2026-11-27T23:30:00Z'],
    ['the night before a holiday is none of its own', '2026-09-30T23:00:00Z', [{ ...night, on: ['holiday'] }], '2026-09-30T23:00:00Z'],
    ['a whole day ends at midnight', '2026-11-29T12:00:00Z', [{ ...off, on: ['sun'] }], '2026-11-29T23:00:00.000Z'],
    ['Christmas Eve of any year', '2031-12-24T12:00:00Z', [{ ...off, on: ['12-24'] }], '2031-12-24T23:00:00.000Z'],
    ['one day of one year', '2028-06-17T12:00:00Z', [{ ...off, on: ['2028-06-17'] }], '2028-06-17T22:00:00.000Z'],
    ['and no other', '2029-06-17T12:00:00Z', [{ ...off, on: ['2028-06-17'] }], '2029-06-17T12:00:00Z'],
    ['29 February', '2028-02-29T12:00:00Z', [{ ...off, on: ['02-29'] }], '2028-02-29T23:00:00.000Z'],
    ['Fronleichnam in Bonn', '2026-06-04T12:00:00Z', [off], '2026-06-04T22:00:00.000Z'],
    ['and not in Dresden', '2026-06-04T12:00:00Z', [off], '2026-06-04T12:00:00Z', dresden],
    ['Buß- und Bettag in Dresden alone', '2026-11-18T12:00:00Z', [off], '2026-11-18T23:00:00.000Z', dresden],
    ['hours that never end make nothing wait', '2026-11-18T12:00:00Z', [{ ...off, on: null }], '2026-11-18T12:00:00Z'],
  ]
  for (const [what, at, quiet, next, ars = bonn] of rows) it(what, () => assert.equal(nextAllowed(at, quiet, ars), next))

  it('a public holiday is one by the law of the Land', () => {
    const asked: readonly [day: string, ars: string, is: boolean][] = [
      ['2026-08-08', augsburg, true],
      ['2026-08-08', '091620000000', false],
      ['2026-08-15', augsburg, true],
      ['2026-10-31', bremen, true],
      ['2026-10-31', bonn, false],
      ['2026-11-01', bonn, true],
      ['2026-11-01', bremen, false],
      ['2026-03-08', berlin, true],
      ['2026-04-05', potsdam, true],
      ['2026-12-24', bonn, false],
      ['2026-12-26', berlin, true],
    ]
    for (const [day, ars, is] of asked) assert.equal(isHoliday(day, ars), is, `${day} ${ars}`)
    for (let land = 1; land <= 16; land += 1) assert.ok(isHoliday('2027-10-03', `${String(land).padStart(2, '0')}0000000000`))
  })

  it('hours are endless where no weekday has a free minute, however they are put together', () => {
    assert.ok(isEndless([{ ...off, on: null }], bonn))
    assert.ok(isEndless([{ from: '08:00', to: '20:00', on: null }, nights], bonn))
    assert.ok(isEndless([off, { ...off, on: ['mon', 'tue', 'wed', 'thu', 'fri'] }], bonn))
    assert.ok(!isEndless([off, { ...off, on: ['mon', 'tue', 'thu', 'fri'] }, { from: '00:01', to: '24:00', on: ['wed'] }], bonn))
    assert.ok(!isEndless([nights, off], bonn))
    assert.ok(!isEndless([], bonn))
  })
})

/** What clocks and calendars in Germany show at an instant (milliseconds). */
const clock = new Intl.DateTimeFormat('en-CA', {
  ...{ timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short', hour: '2-digit', minute: '2-digit' },
  hourCycle: 'h23',
})
const shows = (instant: number): { day: string; weekday: string; time: string } => {
  const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, value]))
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    weekday: String(part.weekday).slice(0, 3).toLowerCase(),
    time: `${part.hour}:${part.minute}`,
  }
}
const dayBefore = (day: string): { day: string; weekday: string } => shows(Date.parse(`${day}T12:00:00Z`) - 86_400_000)

/** By the shown clock alone, minute by minute; written without the code it judges. */
const isQuiet = (instant: number, windows: readonly QuietWindow[], ars: string): boolean => {
  const now = shows(instant)
  const begins = ({ on }: QuietWindow, { day, weekday }: { day: string; weekday: string }): boolean =>
    on === null || on.includes(weekday) || on.includes(day.slice(5)) || (on.includes('holiday') && isHoliday(day, ars))
  return windows.some((window) => {
    const { from, to } = window
    if (from < to) return from <= now.time && now.time < to && begins(window, now)
    return from !== to && ((now.time >= from && begins(window, now)) || (now.time < to && begins(window, dayBefore(now.day))))
  })
}

describe('at any time of the year, for any windows outside the hours that change', () => {
  const time = fc
    .tuple(fc.integer({ min: 4, max: 25 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${String(hour % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  const on = fc.option(fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday', '12-24', '10-24'], { minLength: 1 }), {
    nil: null,
  })
  const window = fc.oneof(
    fc.record({ from: time, to: time, on }),
    on.map((days) => ({ from: '00:00', to: '24:00', on: days ?? ['holiday'] })),
  )
  const centres = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-07-01T01:00:00Z', '2026-12-26T01:00:00Z', '2027-03-27T01:00:00Z']
  const centre = fc.constantFrom(...centres).map((change) => Date.parse(change))
  const at = fc.tuple(centre, fc.integer({ min: -2880, max: 2880 })).map(([change, minutes]) => change + minutes * 60_000)
  const windows = fc.array(window, { minLength: 1, maxLength: 3 })

  it('it is quiet by the clock from then until the answer, and not at the answer', () => {
    fc.assert(
      fc.property(at, windows, fc.constantFrom(bonn, augsburg, dresden), (instant, quiet, ars) => {
        fc.pre(!isEndless(quiet, ars))
        const answer = Date.parse(nextAllowed(new Date(instant).toISOString(), quiet, ars))
        assert.ok(answer >= instant && !isQuiet(answer, quiet, ars))
        assert.equal(quietAt(new Date(answer).toISOString(), quiet, ars), null)
        for (let moment = instant; moment < answer; moment += 60_000) assert.ok(isQuiet(moment, quiet, ars), new Date(moment).toISOString())
      }),
      { numRuns: 300, seed: 20_261_224 },
    )
  })
})
