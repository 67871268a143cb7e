// The German words of the public page.
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
