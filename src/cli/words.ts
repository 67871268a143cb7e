// The German words of the command line: one word for one thing.
import type { Kind, Status } from '../announcement/announcement.ts'
import { zoneIfTwice } from '../announcement/local-time.ts'
import type { AnnouncementState, State } from '../delivery/delivery.ts'
import type { Action, PlannedDecision } from '../planning/plan.ts'
import type { Colour } from './table.ts'

const kindWords: Readonly<Record<Kind, string>> = {
  warning: 'Warnung',
  'all-clear': 'Entwarnung',
  notice: 'Mitteilung',
  event: 'Termin',
}

/** `Warnung`; what is no real emergency says so first: `ÜBUNG: Warnung`. */
export const kindWord = ({ kind, status }: { readonly kind: Kind; readonly status: Status }): string =>
  `${statusMarks[status]}${kindWords[kind]}`

const statusMarks: Readonly<Record<Status, string>> = { Actual: '', Exercise: 'ÜBUNG: ', Test: 'TEST: ' }

export const stateWords: Readonly<Record<State, string>> = {
  planned: 'geplant',
  queued: 'eingereiht',
  sending: 'wird gesendet',
  waiting: 'wartet',
  looking: 'wird geprüft',
  held: 'zurückgehalten',
  delivered: 'zugestellt',
  'given-up': 'aufgegeben',
  expired: 'verfallen',
  superseded: 'überholt',
}

const stateColours: Readonly<Partial<Record<State, Colour>>> = {
  delivered: 'green',
  held: 'yellow',
  'given-up': 'red',
  expired: 'red',
  superseded: 'dim',
}
export const colourOf = (state: State): Colour | undefined => stateColours[state]

export const announcementWords: Readonly<Record<AnnouncementState, string>> = {
  draft: 'Entwurf',
  'under-way': 'unterwegs',
  'waiting-for-a-person': 'wartet auf eine Antwort',
  delivered: 'zugestellt',
  'partly-delivered': 'teilweise zugestellt',
  failed: 'gescheitert',
  retracted: 'zurückgenommen',
}

export const actionWords: Readonly<Record<Action, string>> = {
  publish: 'senden',
  update: 'ändern',
  reply: 'antworten',
  retract: 'zurücknehmen',
}

/** What is decided for a channel, in one word. */
export const decisionWord = (decision: Pick<PlannedDecision, 'verdict' | 'action'>): string => {
  if (decision.verdict === 'omit') return 'auslassen'
  if (decision.verdict === 'wait') return 'warten'
  return decision.action === null ? 'senden' : actionWords[decision.action]
}

/** `1 Kanal`, `3 Kanäle`. */
export const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`

const berlin = new Intl.DateTimeFormat('de-DE', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Berlin' })
/** An ISO 8601 time as people in Germany write it, in the hour that comes twice with its zone. */
export const when = (iso: string): string => berlin.format(new Date(iso)) + zoneIfTwice(Date.parse(iso))
