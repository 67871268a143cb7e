// The words that a picture card brings along, in the two languages that it speaks.
import type { Kind, Severity, Status } from '../announcement/announcement.ts'

interface Words {
  readonly kinds: Readonly<Record<Kind, string>>
  readonly dangers: Readonly<Record<Severity, string>>
  readonly clear: string
  readonly marks: Readonly<Record<Exclude<Status, 'Actual'>, string>>
  readonly until: string
}

const german: Words = {
  kinds: { warning: 'WARNUNG', 'all-clear': 'ENTWARNUNG', notice: 'Mitteilung', event: 'Termin' },
  dangers: { Extreme: 'Extreme Gefahr', Severe: 'Große Gefahr', Moderate: 'Gefahr', Minor: 'Geringe Gefahr' },
  clear: 'Keine Gefahr mehr',
  marks: { Exercise: 'ÜBUNG', Test: 'TEST' },
  until: 'Gültig bis',
}

const english: Words = {
  kinds: { warning: 'WARNING', 'all-clear': 'ALL CLEAR', notice: 'Notice', event: 'Event' },
  dangers: { Extreme: 'Extreme danger', Severe: 'Severe danger', Moderate: 'Danger', Minor: 'Minor danger' },
  clear: 'No more danger',
  marks: { Exercise: 'EXERCISE', Test: 'TEST' },
  until: 'Valid until',
}

/** By BCP 47 tag; German for every other language. */
export const cardWords = (language: string): Words => (/^en\b/i.test(language) ? english : german)
