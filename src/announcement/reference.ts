// What may follow what: an exercise never touches the real thing, and an all-clear ends a warning. Pure.
import type { Announcement } from './announcement.ts'
import { type Problem, Refusal } from './refusal.ts'

type Head = Pick<Announcement, 'kind' | 'status'>
type OfStatus = Pick<Announcement, 'status'>

/**
 * Whether an announcement may reference another one of the same city.
 * Refuses with `status-mismatch` or `reference-not-a-warning`.
 */
export const demandMayFollow = (following: Head, referenced: Head): void => {
  demandSameStatus(following, referenced)
  if (following.kind === 'all-clear' && referenced.kind !== 'warning') throw new Refusal(notAWarning)
}

/** Refuses with `status-mismatch`: nothing of another status is changed, answered or ended. */
export const demandSameStatus = (following: OfStatus, earlier: OfStatus): void => {
  if (following.status !== earlier.status) throw new Refusal(statusMismatch(following, earlier))
}

const german = { Actual: 'Ernstfall', Exercise: 'Übung', Test: 'Test' } as const

const statusMismatch = (following: OfStatus, referenced: OfStatus): Problem => ({
  code: 'status-mismatch',
  de: `Übung, Test und Ernstfall dürfen sich nicht berühren: Diese Meldung hat den Status »${german[following.status]}«, die genannte den Status »${german[referenced.status]}«. Bitte eine Meldung mit demselben Status nennen.`,
  en: `Exercise, test and actual must not touch: this announcement has the status ${following.status}, the one it references ${referenced.status}. Reference one of the same status.`,
  place: 'references',
})

const notAWarning: Problem = {
  code: 'reference-not-a-warning',
  de: 'Eine Entwarnung beendet eine Warnung; die genannte Meldung ist keine. Bitte die Warnung nennen, oder die Meldung berichtigen oder zurücknehmen.',
  en: 'An all-clear ends a warning, and the announcement it references is none. Reference the warning, or amend or retract that announcement.',
  place: 'references',
}
