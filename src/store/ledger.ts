// Everything the workers write about deliveries, as one object: main.ts hands it in, and a test can stand between.
import type { Kysely } from 'kysely'
import type { Receipt } from '../connector/connector.ts'
import type { Standing } from '../observing/metrics.ts'
import { holdSuspended } from './channels.ts'
import { type Claims, openClaims } from './claims.ts'
import { givePlaceBack, type PlaceWish, takePlace } from './daily.ts'
import { openEarlier } from './guard.ts'
import { openEarlierWords } from './guard-words.ts'
import { forgetOldKeys } from './idempotency.ts'
import { type Renewal, type Renewed, renew } from './leases.ts'
import { readMedium } from './media.ts'
import { type Namesakes, namesakes } from './namesakes.ts'
import { isOvertaken } from './order.ts'
import { type HandOver, type Handover, takeDue, untilNextDue } from './outbox.ts'
import type { Proof } from './proof.ts'
import { clarified, type Ending, remember, settle, settleLate } from './settling.ts'
import { standingByLane } from './standing.ts'
import { forgetSubscribers } from './subscribers.ts'
import {
  dueUrgent,
  type Expired,
  expireDue,
  handAgain,
  type Overdue,
  type OverdueWish,
  overdue,
  queueMark,
  queueStuck,
  type SilentClaim,
  setQueueMark,
  silentClaims,
} from './sweeping.ts'
import type { Database } from './tables.ts'

type Held = { readonly id: string; readonly fence: number }

export interface Ledger extends Claims {
  /** One answer for each claim, in the same order. */
  renew(claims: readonly Renewal[]): Promise<readonly Renewed[]>
  settle(ending: Ending): Promise<boolean>
  settleLate(done: Held & { readonly receipt: Receipt | null }): Promise<void>
  clarified(claim: Held): Promise<'act' | 'overtaken'>
  isOvertaken(id: string): Promise<boolean>
  /** Undefined: the delivery has a place of today on its channel; else the database's time (ISO 8601 UTC), at which none was left. */
  takePlace(wish: PlaceWish): Promise<string | undefined>
  givePlaceBack(id: string): Promise<void>
  namesakes(id: string, posts: readonly Receipt[]): Promise<Namesakes>
  remember(claim: Held, more: Readonly<Record<string, string>>): Promise<void>
  /** The bytes of an image of a post. */
  media(id: string): Promise<Uint8Array>
  takeDue(way: Handover['way'], most: number, handOver: HandOver): Promise<number>
  untilNextDue(way: Handover['way']): Promise<number | null>
  silentClaims(platforms: readonly string[]): Promise<readonly SilentClaim[]>
  expireDue(): Promise<readonly Expired[]>
  queueStuck(): Promise<number>
  holdSuspended(): Promise<void>
  /** How all deliveries stand, by platform and way. */
  standing(): Promise<readonly Standing[]>
  overdue(wish: OverdueWish): Promise<readonly Overdue[]>
  handAgain(lost: readonly Pick<Overdue, 'id' | 'turn'>[]): Promise<void>
  queueMark(): Promise<string>
  setQueueMark(marks: { old: string; new: string }, refill: boolean): Promise<number | undefined>
  dueUrgent(platforms: readonly string[], most: number): Promise<readonly Overdue[]>
  /** Forgets the Idempotency-Keys of last week. */
  forgetOldKeys(): Promise<number>
  /** Gives rows that a process of the version before has just written the proof that they lack. */
  proveEarlier(): Promise<void>
  /** Forgets who never confirmed a newsletter, and the addresses of those who left long ago. */
  forgetSubscribers(): Promise<number>
}

/**
 * @param proof of the secret key that all processes share
 * @param hot for the two statements of every delivery: a pool of `prepared` statements where speed counts
 */
export const openLedger = (db: Kysely<Database>, proof: Proof, hot = db): Ledger => ({
  ...openClaims(hot, proof),
  renew: (claims) => renew(db, claims),
  settle: (ending) => settle(db, proof, ending),
  settleLate: (done) => settleLate(db, proof, done),
  clarified: (claim) => clarified(db, claim),
  isOvertaken: (id) => isOvertaken(db, id),
  takePlace: (wish) => takePlace(db, wish),
  givePlaceBack: (id) => givePlaceBack(db, id),
  namesakes: (id, posts) => namesakes(db, id, posts),
  remember: (claim, more) => remember(db, claim, more),
  media: (id) => readMedium(db, id),
  takeDue: (way, most, handOver) => takeDue(db, way, most, handOver),
  untilNextDue: (way) => untilNextDue(db, way),
  silentClaims: (platforms) => silentClaims(db, platforms),
  expireDue: () => expireDue(db),
  queueStuck: () => queueStuck(db),
  holdSuspended: () => holdSuspended(db, proof),
  standing: () => standingByLane(db),
  overdue: (wish) => overdue(db, wish),
  handAgain: (lost) => handAgain(db, lost),
  queueMark: () => queueMark(db),
  setQueueMark: (marks, refill) => setQueueMark(db, marks, refill),
  dueUrgent: (platforms, most) => dueUrgent(db, platforms, most),
  forgetOldKeys: () => forgetOldKeys(db),
  proveEarlier: proveEarlier(db, proof),
  forgetSubscribers: () => forgetSubscribers(db),
})

/** What processes of the version before write without a MAC, while they are at work. */
const proveEarlier = (db: Kysely<Database>, proof: Proof): (() => Promise<void>) => {
  const [sent, words] = [openEarlier(db, proof), openEarlierWords(db, proof)]
  return async () => {
    await sent.prove()
    await words.prove()
  }
}
