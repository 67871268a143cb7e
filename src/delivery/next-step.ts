// What follows a failed attempt. Pure: the error's class, the platform's way of repeating and the numbers decide, nothing else.

import type { Repeat } from '../connector/connector.ts'
import type { Failure } from '../connector/errors.ts'
import type { Action } from '../planning/plan.ts'
import type { HeldFor } from './delivery.ts'

export interface FailedAttempt {
  readonly failure: Failure
  /** What went wrong, for people; no secrets. */
  readonly message: string
  /** Only for `not-yet`. */
  readonly retryAfterMs: number | null
  readonly action: Action
  readonly repeat: Repeat
  /** The connector can look whether it is there, and a look can tell. */
  readonly canFind: boolean
  readonly settleMs: number
  readonly doubles: 'avoid' | 'tolerate'
  readonly way: 'urgent' | 'routine'
  /** Attempts that counted so far, this one included. */
  readonly attempts: number
  /** How many attempts ended unclear so far, this one included if it did. */
  readonly unclears: number
  /** An earlier attempt may have left something there, and no look has said that it did not. */
  readonly unclearBefore: boolean
  /** A part of it stands there already, and the rest follows: a mailing to many. */
  readonly some?: boolean
  /** Since the first attempt began, by database time. */
  readonly ageMs: number
  /** 0 to 1; spreads the pauses. */
  readonly random: number
  /** The channel's and the platform's name as people call them. */
  readonly channel: string
}

export type Step =
  | {
      readonly to: 'waiting'
      readonly afterMs: number
      readonly counts: boolean
      readonly unclear: boolean
      readonly reason: string
      /** It waits for a measure of our own, and the platform was not asked: its time to be away or to put us off begins later. */
      readonly ours?: true
    }
  | { readonly to: 'looking'; readonly afterMs: number; readonly reason: string }
  | {
      readonly to: 'held'
      readonly heldFor: HeldFor
      readonly question: string | null
      readonly reason: string
      readonly suspends: boolean
    }
  | { readonly to: 'given-up'; readonly reason: string }

/** How long a platform that is unreachable, or puts us off, is tried again: a day for warnings, two for the rest (an expiry may end it earlier). */
const patienceMs = { urgent: 24 * 3_600_000, routine: 48 * 3_600_000 }
/** The longest pause between two tries: a platform that comes back, after however long, has everything within a minute. */
const longestPauseMs = { urgent: 30_000, routine: 50_000 }
/**
 * After so many unclear endings a person is asked, also where the platform could be asked again and where doubles are tolerated:
 * something is wrong with this delivery, it may even be what kills its workers.
 */
const unclearEndings = 5
/**
 * The longest addition to the settle time after the second, third and fourth unclear ending. Whoever dies with the one that kills
 * its worker parts with it before a person is asked.
 */
const apartMs = [5000, 15_000, 30_000] as const

export const nextStep = (failed: FailedAttempt): Step => {
  switch (failed.failure) {
    case 'rejected':
      if (mayStand(failed)) return ask(failed)
      return { to: 'given-up', reason: `Die Plattform nimmt diesen Beitrag nicht an: ${failed.message}` }
    case 'channel':
      return {
        to: 'held',
        heldFor: 'channel',
        question: null,
        reason: `Der Kanal ${failed.channel} ist gestört und wurde gesperrt: ${failed.message}`,
        suspends: true,
      }
    case 'not-yet':
      return notYet(failed)
    case 'unreachable':
      return unreachable(failed)
    case 'unclear':
      return unclear(failed)
  }
}

/** Never earlier than the platform asks; where that is too late, the press office shall know it now, and not when it is over. */
const notYet = (failed: FailedAttempt): Step => {
  const afterMs = Math.max(failed.retryAfterMs ?? 1000, 100)
  if (failed.ageMs + afterMs <= patienceMs[failed.way])
    return { to: 'waiting', afterMs, counts: false, unclear: false, reason: `Die Plattform bittet um Geduld: ${failed.message}` }
  if (mayStand(failed)) return ask(failed)
  return { to: 'given-up', reason: `Die Plattform bittet um mehr Geduld, als diese Meldung hat: ${failed.message}` }
}

/** Growing pauses with jitter: a half to the whole of 1 s, 2 s, 4 s ... up to the longest. */
export const pauseMs = (attempts: number, way: 'urgent' | 'routine', random: number): number => {
  const whole = Math.min(1000 * 2 ** Math.min(Math.max(attempts, 1) - 1, 20), longestPauseMs[way])
  return Math.round(whole * (0.5 + random / 2))
}

const unreachable = (failed: FailedAttempt): Step => {
  if (failed.ageMs <= patienceMs[failed.way])
    return {
      to: 'waiting',
      afterMs: pauseMs(failed.attempts, failed.way, failed.random),
      counts: true,
      unclear: false,
      reason: `Die Plattform ist nicht erreichbar, wir versuchen es weiter: ${failed.message}`,
    }
  return mayStand(failed) ? ask(failed) : { to: 'given-up', reason: `Die Plattform war zu lange nicht erreichbar: ${failed.message}` }
}

/** A change or a removal repeated is the same change: only what makes something new can double. */
const makesSomethingNew = (action: Action): boolean => action === 'publish' || action === 'reply'

/** Whatever this attempt met, an earlier one may have posted: giving up would leave a post that nobody knows of. */
const mayStand = ({ unclearBefore, some, action }: FailedAttempt): boolean => (unclearBefore || some === true) && makesSomethingNew(action)

const unclear = (failed: FailedAttempt): Step => {
  if (failed.unclears >= unclearEndings) return ask(failed)
  const reason = `Es ist ungeklärt, ob der Beitrag angekommen ist: ${failed.message}`
  const afterMs = failed.settleMs + Math.round((apartMs[failed.unclears - 2] ?? 0) * failed.random)
  const again: Step = { to: 'waiting', afterMs, counts: true, unclear: true, reason }
  if (!makesSomethingNew(failed.action)) return again
  if (failed.canFind && failed.repeat !== 'nothing') return { to: 'looking', afterMs, reason }
  if (failed.repeat === 'key' || failed.repeat === 'id' || failed.doubles === 'tolerate') return again
  return ask(failed)
}

/** What follows when the look itself failed: an error is never taken for "it is not there". */
export const nextLook = (failed: FailedAttempt): Step => {
  if (failed.failure === 'channel') return nextStep(failed)
  if (failed.failure === 'unclear' && !failed.canFind) return ask(failed)
  if (failed.ageMs + (failed.retryAfterMs ?? 0) > patienceMs[failed.way]) return ask(failed)
  return {
    to: 'looking',
    afterMs: Math.max(pauseMs(failed.attempts, failed.way, failed.random), failed.retryAfterMs ?? 0),
    reason: `Es ist ungeklärt, ob der Beitrag angekommen ist, und das Nachsehen misslang: ${failed.message}`,
  }
}

const ask = (failed: FailedAttempt): Step => ({
  to: 'held',
  heldFor: 'answer',
  question: questionFor(failed.action, failed.channel),
  reason: `Niemand außer Ihnen kann klären, ob es angekommen ist: ${failed.message}`,
  suspends: false,
})

/** What a person is to do on a channel where no program does it. */
export const taskFor = (action: Action, channel: string): string => {
  switch (action) {
    case 'publish':
    case 'reply':
      return `Bitte veröffentlichen Sie diesen Beitrag auf dem Kanal ${channel} und geben Sie seine Adresse an.`
    case 'update':
      return `Bitte ändern Sie den Beitrag auf dem Kanal ${channel} in diesen Wortlaut.`
    case 'retract':
      return `Bitte löschen Sie den Beitrag auf dem Kanal ${channel}; geht das nicht mehr, veröffentlichen Sie dort diese Worte.`
  }
}

/** What is asked where the store no longer holds what was released. */
export const changedQuestion = (channel: string): string =>
  `Die Zustellung für den Kanal ${channel} wurde im Speicher geändert und wird so nicht gesendet. Bitte verwerfen Sie sie, berichtigen oder wiederholen Sie die Meldung, und lassen Sie prüfen, wer in die Datenbank schreibt.`

/** For what was settled and is to be sent again by somebody's change of the store. */
export const reopenedQuestion = (channel: string): string =>
  `Die Zustellung für den Kanal ${channel} war abgeschlossen und wurde im Speicher wieder geöffnet; sie wird nicht noch einmal gesendet. Bitte sagen Sie, wo der Beitrag steht, oder verwerfen Sie sie, wenn er dort nicht steht, und lassen Sie prüfen, wer in die Datenbank schreibt.`

/** The question to a person, with what to look for. */
export const questionFor = (action: Action, channel: string): string => {
  switch (action) {
    case 'publish':
      return `Bitte öffnen Sie den Kanal ${channel}: Steht der Beitrag dort?`
    case 'reply':
      return `Bitte öffnen Sie den Kanal ${channel}: Steht die Antwort dort?`
    case 'update':
      return `Bitte öffnen Sie den Kanal ${channel}: Steht dort die neue Fassung?`
    case 'retract':
      return `Bitte öffnen Sie den Kanal ${channel}: Ist der Beitrag dort verschwunden?`
  }
}
