// How many everyday announcements a channel has in a day, and when the next one may come.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dailyOf } from '../../src/policy/daily.ts'
import type { Channel, City } from '../../src/policy/policy.ts'
import { aChannel, aCity } from '../support/builders.ts'

const night = { from: '22:00', to: '06:00', on: null }
const off = { from: '00:00', to: '24:00', on: ['sat', 'sun', 'holiday'] }

describe('what comes after a channel’s last one of the day', () => {
  const next = (now: string, channel: Partial<Channel> = {}, city: Partial<City> = {}): string | undefined =>
    dailyOf(aChannel({ perDay: 3, ...channel }), aCity(city))?.nextAt(now)

  it('comes at midnight where people are never left in peace', () => {
    assert.equal(next('2026-11-25T12:00:00.000Z'), '2026-11-25T23:00:00.000Z')
    assert.equal(next('2026-11-25T22:59:59.999Z'), '2026-11-25T23:00:00.000Z')
    assert.equal(next('2026-11-25T23:00:00.000Z'), '2026-11-26T23:00:00.000Z')
  })

  it('comes at midnight of the day after the clocks have changed', () => {
    assert.equal(next('2026-03-28T23:30:00.000Z'), '2026-03-29T22:00:00.000Z')
    assert.equal(next('2026-10-24T22:30:00.000Z'), '2026-10-25T23:00:00.000Z')
  })

  it('comes at the end of the quiet time, the channel’s or the city’s, whatever the rule says of it', () => {
    assert.equal(next('2026-11-25T12:00:00.000Z', {}, { quietHours: [night] }), '2026-11-26T05:00:00.000Z')
    assert.equal(next('2026-11-25T12:00:00.000Z', { quietHours: 'none' }, { quietHours: [night] }), '2026-11-25T23:00:00.000Z')
    assert.equal(next('2026-12-24T12:00:00.000Z', { quietHours: [night, off] }), '2026-12-28T05:00:00.000Z')
  })

  it('is told in a sentence', () => {
    const of = (perDay: number) => dailyOf(aChannel({ platform: 'x', perDay }), aCity())?.reason('2026-11-26T05:00:00.000Z')
    const then = 'der Beitrag ist am 26. November 2026, 06:00 Uhr an der Reihe.'
    assert.equal(of(3), `Auf X erscheinen höchstens 3 Meldungen am Tag, und so viele sind es heute schon; ${then}`)
    assert.equal(of(1), `Auf X erscheint höchstens eine Meldung am Tag, und so ist es heute schon; ${then}`)
  })

  it('is nothing of a channel without a daily maximum', () => assert.equal(dailyOf(aChannel(), aCity()), null))
})
