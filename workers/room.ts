// Whether a channel may take one more everyday action now: below the platform's pace, and below what the city wants in a day.
import type { AnyConnector } from '../src/connector/connector.ts'
import { type Failure, failureOf, hasBegun } from '../src/connector/errors.ts'
import type { Pace as Span } from '../src/connector/limits.ts'
import type { Step } from '../src/delivery/next-step.ts'
import type { Action } from '../src/planning/plan.ts'
import type { DailyMaximum } from '../src/policy/daily.ts'
import type { Claim } from '../src/store/claims.ts'
import { insist } from '../src/store/insist.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Pace } from './pace.ts'

export interface RoomParts {
  readonly ledger: Pick<Ledger, 'takePlace' | 'givePlaceBack'>
  readonly pace: Pace
  /** The channel's own pace where the city set one, else the connector's; null: do not pace. */
  paceOf(city: string, channel: string, connector: AnyConnector): Span | null
  /** Null: as many a day as there are. */
  dailyOf(city: string, channel: string): DailyMaximum | null
}

export interface Asking {
  readonly connector: AnyConnector
  readonly claim: Claim
  /** What is done, which for the first post of a correction is another than the claim's. */
  readonly action: Action
  /** Whether an earlier attempt may have posted it, and no look could tell. */
  readonly mayStand: boolean
}

export interface Room {
  /** What becomes of the delivery where there is none, and why in a word for its history; null: there is room, and it is taken. */
  readonly none: { readonly step: Step; readonly detail: string } | null
  /**
   * What is surely not posted counts neither towards the pace nor towards the day.
   * @param error that the action ended with; absent: it never began
   */
  giveBack(error?: unknown): Promise<void>
}

/**
 * Takes room for what is everyday. What is urgent (warnings, all-clears, their corrections, retractions) asks for none and takes none: the
 * platform's own answer is limit enough there. The day counts new announcements alone: a correction must not wait until tomorrow.
 */
export const takeRoom = async (parts: RoomParts, asking: Asking): Promise<Room> => {
  const { connector, claim, action, mayStand } = asking
  const span = claim.way === 'urgent' ? null : parts.paceOf(claim.city, claim.channel, connector)
  const daily = claim.way === 'urgent' || action !== 'publish' ? null : parts.dailyOf(claim.city, claim.channel)
  const wait = span === null ? 0 : await parts.pace.take(paceKey(claim), span)
  if (wait > 0) return { none: paced(wait), giveBack: async () => {} }
  const giveBack = async (error?: unknown): Promise<void> => {
    const failure = error === undefined ? 'unreachable' : failureOf(error)
    if (span !== null && notCounted.has(failure)) await parts.pace.giveBack(paceKey(claim), span)
    // a count that is merely too careful keeps nobody from writing down how the attempt ended
    if (daily !== null && failure !== 'unclear' && !hasBegun(error) && !mayStand) await parts.ledger.givePlaceBack(claim.id).catch(() => {})
  }
  const { id, city, channel } = claim
  const full = daily && (await insist(() => parts.ledger.takePlace({ id, city, channel, perDay: daily.perDay })))
  if (daily === null || !full) return { none: null, giveBack }
  if (span !== null) await parts.pace.giveBack(paceKey(claim), span)
  return { none: tomorrow(daily, full), giveBack: async () => {} }
}

const paceKey = ({ city, channel }: Claim): string => `${city}/${channel}`

/** Failures of an action that the platform has not counted. */
const notCounted: ReadonlySet<Failure> = new Set(['unreachable', 'not-yet'])

/** Our own measure is no fault of the platform's and uses up nobody's patience. */
const waiting = { to: 'waiting', counts: false, unclear: false, ours: true } as const

const paced = (afterMs: number): Room['none'] => ({
  step: { ...waiting, afterMs, reason: `Der Kanal hat sein Tempo erreicht; der Beitrag ist ${whenIn(afterMs)} an der Reihe.` },
  detail: 'der Kanal hat sein Tempo erreicht',
})

const whenIn = (ms: number): string => {
  const minutes = Math.ceil(ms / 60_000)
  if (minutes < 5) return 'bald'
  return minutes < 120 ? `in etwa ${minutes} Minuten` : `in etwa ${Math.round(minutes / 60)} Stunden`
}

const tomorrow = ({ nextAt, reason }: DailyMaximum, now: string): Room['none'] => {
  const next = nextAt(now)
  const step = { ...waiting, afterMs: Date.parse(next) - Date.parse(now), reason: reason(next) }
  return { step, detail: 'der Kanal hat sein Tageshöchstmaß erreicht' }
}
