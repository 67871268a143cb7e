// Times as people in Germany write and read them.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { germanDate, localTime, readTime } from '../../src/announcement/local-time.ts'

describe('reading a time', () => {
  const rows: readonly [written: string, read: string][] = [
    ['2026-01-15T18:00', '2026-01-15T17:00:00.000Z'],
    ['2026-07-15T18:00', '2026-07-15T16:00:00.000Z'],
    ['2026-07-15T18:00:30', '2026-07-15T16:00:30.000Z'],
    ['2026-07-15T18:00:30.123456789', '2026-07-15T16:00:30.123Z'],
    ['2026-07-15T18:00Z', '2026-07-15T18:00:00.000Z'],
    ['2026-07-15T18:00-05:30', '2026-07-15T23:30:00.000Z'],
    ['2026-10-25T02:30+02:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00.000Z'],
    ['2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
    ['2028-02-29T12:00', '2028-02-29T11:00:00.000Z'],
  ]
  for (const [written, utc] of rows) it(`takes ${written}`, () => assert.deepEqual(readTime(written), { utc }))

  const faults: readonly [written: string, fault: string][] = [
    ['2026-03-29T02:00', 'skipped'],
    ['2026-03-29T02:30', 'skipped'],
    ['2026-03-29T02:59:59', 'skipped'],
    ['2026-10-25T02:00', 'ambiguous'],
    ['2026-10-25T02:59', 'ambiguous'],
    ['', 'malformed'],
    ['morgen', 'malformed'],
    ['2026-07-15', 'malformed'],
    ['15.07.2026 18:00', 'malformed'],
    ['2026-02-30T12:00', 'malformed'],
    ['2026-02-30T12:00Z', 'malformed'],
    ['2027-02-29T12:00', 'malformed'],
    ['2026-13-01T12:00', 'malformed'],
    ['2026-07-15T24:00', 'malformed'],
    ['2026-07-15T12:60', 'malformed'],
    ['2026-07-15T12:00:60', 'malformed'],
    ['2026-07-15T12:00+25:00', 'malformed'],
    ['2026-07-15T12:00[America/New_York]', 'malformed'],
    ['+012026-07-15T12:00', 'malformed'],
    ['1784116800', 'malformed'],
  ]
  for (const [written, fault] of faults)
    it(`refuses ${JSON.stringify(written)} as ${fault}`, () => assert.deepEqual(readTime(written), { fault }))

  it('reads back any instant that was written with its offset, and without it unless that hour comes twice', () => {
    const berlin = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' })
    const moments = fc.integer({ min: Date.parse('2024-01-01T00:00Z') / 1000, max: Date.parse('2030-01-01T00:00Z') / 1000 })
    fc.assert(
      fc.property(moments, (seconds) => {
        const utc = new Date(seconds * 1000).toISOString()
        assert.deepEqual(readTime(utc), { utc })
        const read = readTime(berlin.format(seconds * 1000).replace(' ', 'T'))
        if ('utc' in read) assert.equal(read.utc, utc)
        else assert.match(`${read.fault} ${utc}`, /^ambiguous \d{4}-10-(2[5-9]|3[01])T0[01]:/)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('showing a time', () => {
  it('says dates and times as people do', () => {
    assert.equal(germanDate('2025-02-14'), '14. Februar 2025')
    assert.equal(germanDate('2024-03-01'), '1. März 2024')
    assert.equal(localTime('2026-07-15T16:05:00.000Z'), '15. Juli 2026, 18:05 Uhr')
    assert.equal(localTime('2026-12-31T23:00:00.000Z'), '1. Januar 2027, 00:00 Uhr')
    assert.equal(localTime('2026-12-31T23:00:00.000Z', 'en'), '1 January 2027, 00:00')
  })

  it('names the zone in the hour that comes twice, and only there', () => {
    const shown: readonly [utc: string, de: string, en: string][] = [
      ['2026-10-24T23:59:00.000Z', '25. Oktober 2026, 01:59 Uhr', '25 October 2026, 01:59'],
      ['2026-10-25T00:00:00.000Z', '25. Oktober 2026, 02:00 Uhr (MESZ)', '25 October 2026, 02:00 (CEST)'],
      ['2026-10-25T00:30:00.000Z', '25. Oktober 2026, 02:30 Uhr (MESZ)', '25 October 2026, 02:30 (CEST)'],
      ['2026-10-25T01:30:00.000Z', '25. Oktober 2026, 02:30 Uhr (MEZ)', '25 October 2026, 02:30 (CET)'],
      ['2026-10-25T02:00:00.000Z', '25. Oktober 2026, 03:00 Uhr', '25 October 2026, 03:00'],
      ['2026-03-29T01:00:00.000Z', '29. März 2026, 03:00 Uhr', '29 March 2026, 03:00'],
    ]
    for (const [utc, de, en] of shown) assert.deepEqual([localTime(utc), localTime(utc, 'en')], [de, en])
  })

  it('never shows two different minutes alike', () => {
    const minutes = fc.integer({ min: Date.parse('2026-01-01T00:00Z') / 60_000, max: Date.parse('2028-01-01T00:00Z') / 60_000 })
    fc.assert(
      fc.property(minutes, fc.constantFrom(-60, 60), (minute, apart) => {
        const at = (of: number) => localTime(new Date(of * 60_000).toISOString())
        assert.notEqual(at(minute), at(minute + apart))
      }),
      { numRuns: 5_000, seed: 25_102_026, examples: [[Date.parse('2026-10-25T00:30Z') / 60_000, 60]] },
    )
  })
})
