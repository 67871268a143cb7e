// Times as people write and read them: Europe/Berlin outside, ISO 8601 UTC inside.
import { Temporal } from 'temporal-polyfill'

export const zone = 'Europe/Berlin'

/** Why a written time names no single instant. */
export type TimeFault = 'malformed' | 'skipped' | 'ambiguous'

const written = /^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/

/**
 * Reads `2026-03-29T10:00`, with or without seconds, with or without an offset (`Z`, `+02:00`); without one it is Europe/Berlin.
 * Gives the instant as ISO 8601 UTC with milliseconds, or says why there is none: a time in the hour that is skipped in spring
 * does not exist, one in the hour that comes twice in autumn must name its offset.
 */
export const readTime = (text: string): { readonly utc: string } | { readonly fault: TimeFault } => {
  const [, local, offset] = written.exec(text) ?? []
  if (local === undefined) return { fault: 'malformed' }
  try {
    if (offset !== undefined) return { utc: utcOf(Temporal.Instant.from(local + offset)) }
    return readLocal(Temporal.PlainDateTime.from(local, { overflow: 'reject' }))
  } catch {
    return { fault: 'malformed' }
  }
}

const readLocal = (local: Temporal.PlainDateTime): { readonly utc: string } | { readonly fault: TimeFault } => {
  const { earlier, later, skipped } = instantsOf(local)
  if (skipped) return { fault: 'skipped' }
  return earlier.equals(later) ? { utc: utcOf(earlier) } : { fault: 'ambiguous' }
}

/** The instants at which clocks in Germany show this local time; around a skipped hour, both are the moment of the change. */
export const instantsOf = (local: Temporal.PlainDateTime): { earlier: Temporal.Instant; later: Temporal.Instant; skipped: boolean } => {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(local)) {
    return { earlier: earlier.toInstant(), later: local.toZonedDateTime(zone, { disambiguation: 'later' }).toInstant(), skipped: false }
  }
  const change = earlier.getTimeZoneTransition('next')!.toInstant()
  return { earlier: change, later: change, skipped: true }
}

/** ISO 8601 UTC with milliseconds: all times inside have this one form, so that they sort as text. */
export const utcOf = (instant: Temporal.Instant): string => new Date(instant.epochMilliseconds).toISOString()

const months = {
  de: ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
}

/** `2025-02-14` as `14. Februar 2025`. */
export const germanDate = (isoDate: string): string => {
  const [year, month, day] = isoDate.split('-')
  return `${Number(day)}. ${months.de[Number(month) - 1]} ${year}`
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/**
 * An instant as clocks in Germany show it: `14. Februar 2025, 18:00 Uhr`, in English `14 February 2025, 18:00`; in the hour that comes
 * twice in autumn with its zone: `25. Oktober 2026, 02:30 Uhr (MEZ)`.
 */
export const localTime = (utc: string, language: 'de' | 'en' = 'de'): string => {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  const at = Date.parse(utc)
  for (const { type, value } of clock.formatToParts(at)) part[type] = value
  const month = months[language][Number(part.month) - 1]
  const time = `${part.hour}:${part.minute}`
  return language === 'de'
    ? `${Number(part.day)}. ${month} ${part.year}, ${time} Uhr${zoneIfTwice(at)}`
    : `${Number(part.day)} ${month} ${part.year}, ${time}${zoneIfTwice(at, 'CEST', 'CET')}`
}

const hourMs = 3_600_000

/** ` (MEZ)`, where clocks show the same an hour later or have shown it an hour before; else nothing. `at` in milliseconds. */
export const zoneIfTwice = (at: number, summer = 'MESZ', winter = 'MEZ'): string => {
  const shown = clock.format(at)
  if (clock.format(at + hourMs) === shown) return ` (${summer})`
  return clock.format(at - hourMs) === shown ? ` (${winter})` : ''
}
