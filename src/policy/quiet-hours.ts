// When people are left in peace: the next instant at which an everyday announcement may go out, by the clocks of Germany.
import { Temporal } from 'temporal-polyfill'
import { instantsOf, utcOf, zone } from '../announcement/local-time.ts'
import { isHoliday } from './holidays.ts'
import { type Channel, type City, type QuietHours, type QuietWindow, weekdays } from './policy.ts'

export type { QuietHours, QuietWindow } from './policy.ts'

/**
 * No quiet time that ends at all is longer: the same day of the week is a holiday three weeks running at most. A walk that comes so far is
 * one through hours that never end, which `cities check` refuses.
 */
const longestDays = 60

/**
 * The first allowed instant from `at` on (ISO 8601 UTC); `at` itself when it is allowed, and where the quiet time would never end.
 * A night has one end: a quiet time that ends in the hour that comes twice in autumn ends at its second coming, one that would end
 * in the hour that is skipped in spring ends when the clock changes.
 * @param ars the city's Regionalschlüssel: holidays are those of its Land
 */
export const nextAllowed = (at: string, quiet: QuietHours, ars: string): string => {
  if (quiet.length === 0) return at
  const limit = Temporal.Instant.from(at).add({ hours: longestDays * 24 })
  let next = at
  for (let span = quietAt(next, quiet, ars); span !== null; span = quietAt(next, quiet, ars)) {
    if (Temporal.Instant.compare(span.to, limit) > 0) return at
    next = utcOf(span.to)
  }
  return next
}

/** The quiet hours of the channel: its own, or the city's. */
export const hoursOf = ({ quietHours }: Pick<Channel, 'quietHours'>, city: Pick<City, 'quietHours'>): QuietHours =>
  quietHours === 'none' ? [] : (quietHours ?? city.quietHours ?? [])

/** True where the quiet time never ends, whatever the day. */
export const isEndless = (quiet: QuietHours, ars: string): boolean => quietAt(nextAllowed(anyTime, quiet, ars), quiet, ars) !== null

const anyTime = '2026-01-05T12:00:00.000Z'

/** The window by which it is quiet at that instant (ISO 8601 UTC), and when it ends; null: it is not quiet. */
export const quietAt = (at: string, quiet: QuietHours, ars: string): { window: QuietWindow; to: Temporal.Instant } | null => {
  const instant = Temporal.Instant.from(at)
  const today = instant.toZonedDateTimeISO(zone).toPlainDate()
  for (const day of [today.subtract({ days: 1 }), today])
    for (const window of quiet) {
      const { from, to } = periodOf(day, window)
      const isWithin = Temporal.Instant.compare(from, instant) <= 0 && Temporal.Instant.compare(instant, to) < 0
      if (isWithin && beginsOn(day, window, ars)) return { window, to }
    }
  return null
}

const beginsOn = (date: Temporal.PlainDate, { on }: QuietWindow, ars: string): boolean => {
  if (on === null) return true
  const day = date.toString()
  const names = [weekdays[date.dayOfWeek - 1]!, day, day.slice('2028-'.length)]
  return on.some((one) => (one === 'holiday' ? isHoliday(day, ars) : names.includes(one)))
}

/** The quiet time that begins on that day; empty where it ends as it begins. */
const periodOf = (day: Temporal.PlainDate, { from, to }: QuietWindow): { from: Temporal.Instant; to: Temporal.Instant } => {
  const begins = at(day, from).earlier
  if (from === to) return { from: begins, to: begins }
  return { from: begins, to: (to === '24:00' ? at(day.add({ days: 1 }), '00:00') : at(from < to ? day : day.add({ days: 1 }), to)).later }
}

const at = (day: Temporal.PlainDate, time: string): ReturnType<typeof instantsOf> =>
  instantsOf(day.toPlainDateTime(Temporal.PlainTime.from(time)))
