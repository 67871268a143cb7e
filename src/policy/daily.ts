// A channel's daily maximum: so many everyday announcements a calendar day, and when the next one may come.
import { Temporal } from 'temporal-polyfill'
import { utcOf, zone } from '../announcement/local-time.ts'
import type { Channel, City } from './policy.ts'
import { hoursOf, nextAllowed } from './quiet-hours.ts'
import * as reasons from './reasons.ts'

export interface DailyMaximum {
  readonly perDay: number
  /** When the next one may come that found the day of this instant full (both ISO 8601 UTC). */
  nextAt(now: string): string
  /** Why one waits until that instant, one German sentence. */
  reason(next: string): string
}

/** The channel's daily maximum; null: it has none. */
export const dailyOf = (channel: Channel, city: City): DailyMaximum | null => {
  const { perDay } = channel
  if (perDay === null) return null
  return {
    perDay,
    nextAt: (now) => nextAllowed(midnightAfter(now), hoursOf(channel, city), city.ars),
    reason: (next) => reasons.fullDay(channel, perDay, next),
  }
}

/** Not at midnight itself where people are left in peace then: `nextAllowed` has the last word. */
const midnightAfter = (now: string): string =>
  utcOf(Temporal.Instant.from(now).toZonedDateTimeISO(zone).toPlainDate().add({ days: 1 }).toZonedDateTime(zone).toInstant())
