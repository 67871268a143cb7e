// The German words of the public page, and its times as people in Germany write them.
import type { Kind, Severity, Status } from '../announcement/announcement.ts'
import type { Post } from '../connector/connector.ts'

export const kindWords: Readonly<Record<Kind, string>> = {
  warning: 'Warnung',
  'all-clear': 'Entwarnung',
  notice: 'Mitteilung',
  event: 'Termin',
}

export const severityWords: Readonly<Record<Severity, string>> = {
  Extreme: 'Extreme Gefahr',
  Severe: 'Große Gefahr',
  Moderate: 'Mäßige Gefahr',
  Minor: 'Geringe Gefahr',
}

/** What must be said of everything that is not meant seriously; null for the real thing. */
export const statusWords: Readonly<Record<Status, string | null>> = { Actual: null, Exercise: 'ÜBUNG', Test: 'TEST (ÜBUNG)' }

/** `Warnung: Extreme Gefahr`, `Mitteilung`. */
export const kindLine = ({ kind, severity }: Pick<Post, 'kind' | 'severity'>): string =>
  kind === 'warning' && severity ? `${kindWords[kind]}: ${severityWords[severity]}` : kindWords[kind]

const zone = 'Europe/Berlin'
const dayFormat = new Intl.DateTimeFormat('de-DE', { timeZone: zone, day: 'numeric', month: 'long', year: 'numeric' })
const clockFormat = new Intl.DateTimeFormat('de-DE', { timeZone: zone, hour: '2-digit', minute: '2-digit' })

/** `14. Februar 2025` of an ISO date or time. */
export const germanDay = (iso: string): string => dayFormat.format(new Date(iso))

/** `14. Februar 2025, 10:30 Uhr` of an ISO time, in German time. */
export const germanTime = (iso: string): string => `${germanDay(iso)}, ${clockFormat.format(new Date(iso))} Uhr`
