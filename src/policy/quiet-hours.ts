// When people are left in peace: the next instant at which a routine announcement may go out, by the clocks of Germany.
import { Temporal } from 'temporal-polyfill'
import type { Urgent } from '../announcement/announcement.ts'
import { instantsOf, utcOf, zone } from '../announcement/local-time.ts'
import type { QuietHours } from './policy.ts'

export type { QuietHours } from './policy.ts'

/**
 * The first allowed instant from `at` on (ISO 8601 UTC); `at` itself when it is allowed. What is urgent is never delayed.
 * A night has one end: a quiet time that ends in the hour that comes twice in autumn ends at its second coming, one that would end
 * in the hour that is skipped in spring ends when the clock changes.
 */
export const nextAllowed = (at: string, quiet: QuietHours | null, way: Urgent): string => {
  if (quiet === null || way === 'urgent' || quiet.from === quiet.to) return at
  const instant = Temporal.Instant.from(at)
  const today = instant.toZonedDateTimeISO(zone).toPlainDate()
  for (const day of [today.subtract({ days: 1 }), today]) {
    const { from, to } = periodOf(day, quiet)
    if (Temporal.Instant.compare(from, instant) <= 0 && Temporal.Instant.compare(instant, to) < 0) return nextAllowed(utcOf(to), quiet, way)
  }
  return at
}

/** The quiet time that begins on that day. */
const periodOf = (day: Temporal.PlainDate, { from, to }: QuietHours): { from: Temporal.Instant; to: Temporal.Instant } => {
  const lastDay = from < to ? day : day.add({ days: 1 })
  return {
    from: instantsOf(day.toPlainDateTime(Temporal.PlainTime.from(from))).earlier,
    to: instantsOf(lastDay.toPlainDateTime(Temporal.PlainTime.from(to))).later,
  }
}
