// Every form in which platforms say how long to wait.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { defaultRetryMs, retryAfterMs } from '../../../src/connector/retry-after.ts'

const now = Date.UTC(2026, 10, 23, 12, 0, 0)
const waits = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now)

test('Retry-After is read as seconds, as any HTTP date, as ISO date and as epoch', () => {
  for (const value of [
    '120',
    '120.0',
    'Mon, 23 Nov 2026 12:02:00 GMT',
    'Monday, 23-Nov-26 12:02:00 GMT',
    'Mon Nov 23 12:02:00 2026',
    '2026-11-23T12:02:00Z',
    '2026-11-23T13:02:00.000+01:00',
    String(now / 1000 + 120),
    String(now + 120_000),
  ])
    assert.equal(waits({ 'retry-after': value }), 120_000, value)
})

test('without Retry-After the reset of the rate limit counts', () => {
  assert.equal(waits({ 'x-ratelimit-reset': '2026-11-23T12:05:00.000Z' }), 300_000)
  assert.equal(waits({ 'ratelimit-reset': String(now / 1000 + 290) }), 290_000)
  assert.equal(waits({ 'ratelimit-reset': '30' }), 30_000)
  assert.equal(waits({ 'x-rate-limit-reset': String(now / 1000 + 900) }), 900_000)
  assert.equal(waits({ 'retry-after': '5', 'x-ratelimit-reset': '2026-11-23T12:05:00Z' }), 5_000)
})

test('points in time are measured against the platform’s own clock', () => {
  const headers = { date: 'Mon, 23 Nov 2026 13:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 13:00:10 GMT' }
  assert.equal(waits(headers), 10_000)
})

test('nonsense is a minute, the past a second, the far future a day', () => {
  assert.equal(waits({}), defaultRetryMs)
  assert.equal(waits({ 'retry-after': 'soon' }), defaultRetryMs)
  assert.equal(waits({ 'retry-after': 'soon', 'ratelimit-reset': '7' }), 7_000)
  assert.equal(waits({ 'retry-after': '-5' }), 1_000)
  assert.equal(waits({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }), 1_000)
  assert.equal(waits({ 'retry-after': '2099-01-01T00:00:00Z' }), 86_400_000)
})

test('whatever a header says, the span is between a second and a day', () => {
  const value = fc.oneof(fc.stringMatching(/^[ -~]{0,40}$/), fc.double().map(String), fc.date({ noInvalidDate: true }).map(String))
  fc.assert(
    fc.property(value, (said) => {
      const span = waits({ 'retry-after': said })
      return span >= 1_000 && span <= 86_400_000
    }),
  )
})
