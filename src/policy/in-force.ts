// What a channel is for on a day: what a city announces for a date holds from that date on, and until then the opposite.
import { Temporal } from 'temporal-polyfill'
import type { Announcement } from '../announcement/announcement.ts'
import { zone } from '../announcement/local-time.ts'
import type { Channel, City, Use } from './policy.ts'

/** The day in Germany, ISO 8601. */
export const dayOf = (at: string): string => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().toString()

const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString()

/** When it would go out, were there nothing to wait for: at the wished time, or now. ISO 8601 UTC. */
export const plannedAt = ({ publishAt }: Pick<Announcement, 'publishAt'>, now: string): string =>
  publishAt !== null && Date.parse(publishAt) > Date.parse(now) ? publishAt : now

/** The city with every channel as it is on the day of that instant (ISO 8601 UTC). */
export const cityAt = (city: City, at: string): City => {
  const day = dayOf(at)
  return { ...city, channels: city.channels.map((channel) => channelOn(channel, day)) }
}

/**
 * The channel as it is on that day. Where its `use` holds from a day on or until one, `use`, `since` and `because` are those of the
 * day, and `ahead` says what comes: a channel that is left from January on is open in December, one that begins then rests.
 */
export const channelOn = (channel: Channel, day: string): Channel => {
  const begins = channel.from ?? channel.since
  if (begins !== null && day < begins) return before(channel, begins)
  if (channel.until !== null && day > channel.until) return after(channel, dayAfter(channel.until))
  const ahead = channel.until === null ? {} : { ahead: { on: dayAfter(channel.until), use: otherwise[channel.use].after } }
  return { ...channel, since: begins, ...ahead }
}

/** What a channel is for while its `use` does not hold. */
const otherwise: Readonly<Record<Use, { readonly before: Use; readonly after: Use }>> = {
  all: { before: 'dormant', after: 'left' },
  standby: { before: 'dormant', after: 'left' },
  'emergency-only': { before: 'all', after: 'all' },
  dormant: { before: 'all', after: 'all' },
  left: { before: 'all', after: 'all' },
}

const before = (channel: Channel, begins: string): Channel => {
  const use = otherwise[channel.use].before
  const because = use === 'dormant' ? 'Dieser Kanal hat noch nicht begonnen.' : null
  return { ...channel, use, since: null, because, ahead: { on: begins, use: channel.use } }
}

const after = (channel: Channel, since: string): Channel => {
  const use = otherwise[channel.use].after
  return { ...channel, use, since: use === 'left' ? since : null, because: use === 'left' ? channel.because : null }
}
