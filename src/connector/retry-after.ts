// When a platform says "not now": how long to wait, read from whatever form it says it in.

const second = 1000
const day = 86_400 * second

/** The first of these that an answer carries is believed. */
const fields = ['retry-after', 'x-ratelimit-reset-after', 'x-ratelimit-reset', 'ratelimit-reset', 'x-rate-limit-reset'] as const

/** What is waited when the platform gives no time, in milliseconds. */
export const defaultRetryMs = 60 * second

/** Numbers from 2001 on are a point in time (seconds; from 1e12 on milliseconds), smaller ones a span in seconds. */
const spanOfNumber = (value: number, now: number): number => {
  if (value >= 1e12) return value - now
  return value >= 1e9 ? value * second - now : value * second
}

/** RFC 9110 section 5.6.7: IMF-fixdate, RFC 850 and asctime (which names no zone and means GMT); ISO 8601 beside them. */
const pointInTime = (value: string): number => {
  const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(value)
  return Date.parse(asctime ? `${value} GMT` : value)
}

const spanOf = (value: string, now: number): number =>
  /^-?\d+(\.\d+)?$/.test(value) ? spanOfNumber(Number(value), now) : pointInTime(value) - now

/**
 * Milliseconds to wait, at least 1 second and at most 24 hours; one minute when the headers say nothing readable. Points in time are
 * measured against the platform's own clock (its `Date`) where it shows it, else against `now` (epoch milliseconds).
 */
export const retryAfterMs = (headers: Headers, now: number): number => {
  const there = Date.parse(headers.get('date') ?? '')
  const clock = Number.isNaN(there) ? now : there
  for (const field of fields) {
    const span = spanOf((headers.get(field) ?? '').trim(), clock)
    if (!Number.isNaN(span)) return Math.min(Math.max(Math.ceil(span), second), day)
  }
  return defaultRetryMs
}
