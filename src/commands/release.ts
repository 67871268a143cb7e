// Sends an announcement on its way: plan, deliveries, outbox and audit in one transaction. Nothing gets out in any other way.
import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { findAnnouncement, lockAnnouncement, markReleased, promote } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { insertDeliveries, standing, standingNow, supersede } from '../store/deliveries.ts'
import { insertPlan } from '../store/plans.ts'
import type { StoredAnnouncement } from '../store/stored.ts'
import type { Database } from '../store/tables.ts'
import { isApproved } from '../store/words.ts'
import { alreadyReleased, amendsOf, candidateOf, digestMismatch } from './approve.ts'
import { demandAsWritten } from './demand-as-written.ts'
import { demandHomes } from './demand-homes.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { follow } from './follow.ts'
import { type PlanNow, planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { demandKeys, demandReference } from './read-input.ts'
import { demandAnnouncement, toView, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** Warnings may be released by a duty officer; everything else takes an approver. */
export const demandRelease = (actor: Actor, announcement: Pick<Announcement, 'kind' | 'city'>, id: string): void =>
  demand(actor, wayOf(announcement) === 'urgent' ? 'release-warning' : 'release', announcement.city, () => unknownAnnouncement(id))

/** What the caller knows of what is to be released: the plan that was read, or the words that the caller has just sent. */
export type Seen = { readonly digest: string | undefined } | { readonly sent: Announcement }

/**
 * Releases the draft, or the amendment that waits; exactly what the caller has seen. Refuses with `unknown-announcement`, `not-allowed`,
 * `digest-missing`, `already-released` (and nothing waits), `digest-mismatch`, `needs-approval`, `media-fits-nowhere`, `nothing-to-send`, or
 * as `demandAsWritten` and `demandReference` do.
 */
export const release = async (desk: Desk, actor: Actor, id: string, seen: Seen): Promise<AnnouncementView> => {
  const stored = await demandAnnouncement(desk, actor, id)
  demandRelease(actor, stored.content, id)
  const check = checkFor(seen)
  await prepareMedia(desk, candidateOf(stored).content, await amendsOf(stored, () => standingNow(desk.db, id)))
  return transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    const { revision, content } = candidateOf(locked)
    await demandAsWritten(desk, trx, locked)
    await demandReference(desk, trx, content)
    demandKeys(desk, content, locked.releasedAt === null ? null : locked.content)
    // what it ends is looked at while it cannot move: what fails at this moment must not be tried again after it
    if (content.references !== null) await standing(trx, content.references)
    const amends = await amendsOf(locked, () => standing(trx, id))
    const given = (sum: string) => isApproved(trx, desk.proof, { id, revision, digest: sum })
    const now = await planFor(desk, trx, content, { ...amends, isApproved: given })
    check(locked, now.plan)
    if (asksApproval(now.plan)) throw needsApproval()
    if (locked.releasedAt === null) return first(trx, { locked, now, actor })
    await promote(trx, id, revision)
    const facts = { revision, ...(await follow(trx, { id, revision, content, now })) }
    await audit(trx, { actor: actor.id, action: 'release-amendment', subject: id, facts })
    const amended = await findAnnouncement(trx, id)
    if (!amended) throw unknownAnnouncement(id)
    return viewOf({ ...desk, db: trx }, amended)
  })
}

/** Swapped words do not go out: neither under a digest that somebody has read, nor in place of those that were just sent. */
const checkFor = (seen: Seen): ((locked: StoredAnnouncement, plan: Plan) => void) => {
  if ('sent' in seen) {
    const { sent } = seen
    return ({ releasedAt, revision, content }) => {
      if (releasedAt !== null) throw alreadyReleased()
      if (revision !== 1 || !isDeepStrictEqual(content, sent)) throw digestMismatch()
    }
  }
  const { digest } = seen
  if (digest === undefined) throw digestMissing()
  return (_, plan) => {
    if (plan.digest !== digest) throw digestMismatch()
  }
}

interface First {
  readonly locked: StoredAnnouncement
  readonly now: PlanNow
  readonly actor: Actor
}

const first = async (trx: Transaction<Database>, { locked, now, actor }: First): Promise<AnnouncementView> => {
  const { plan, suspended, proof, exempt } = now
  const { id, revision, city, content } = locked
  demandSending(plan)
  await supersedeEarlier(trx, plan)
  const { expires, references: follows } = content
  const release = { announcementId: id, revision, city, expires, follows, suspended, proof }
  const made = await insertDeliveries(trx, release, plan.decisions)
  await insertPlan(trx, release, plan)
  const releasedAt = await markReleased(trx, id)
  const facts = { digest: plan.digest, deliveries: made.length, ...(exempt && { exempt }) }
  await audit(trx, { actor: actor.id, action: 'release', subject: id, facts })
  return toView({ ...locked, releasedAt }, made, plan)
}

/** An all-clear stops what of its warning has not left yet. */
const supersedeEarlier = async (trx: Transaction<Database>, plan: Plan): Promise<void> => {
  const ids = plan.decisions.flatMap((decision) => decision.supersedes)
  await supersede(trx, ids, 'Die Entwarnung kam, bevor die Warnung hier erschien.')
}

/** True while a second person has to approve the plan first. */
export const asksApproval = (plan: Plan): boolean => plan.decisions.some(({ because }) => because === 'approval')

export const needsApproval = (): Refusal =>
  new Refusal({
    code: 'needs-approval',
    de: 'Diese Meldung braucht erst eine Freigabe durch eine zweite Person. Bitte als Entwurf speichern und freigeben lassen; `rundruf show` zeigt dazu den Sendeplan und die Befehle.',
    en: 'This announcement needs the approval of a second person first. Store it as a draft and have it approved; `rundruf show` prints the plan and the commands.',
  })

const digestMissing = (): Refusal =>
  new Refusal({
    code: 'digest-missing',
    de: 'Bitte die Prüfsumme des Sendeplans nennen, den Sie gelesen haben (digest); `rundruf show` zeigt ihn.',
    en: 'Name the digest of the plan that you have read; `rundruf show` prints it.',
    place: 'digest',
  })

/** Refuses with `media-fits-nowhere`, or with `nothing-to-send` where no channel would do anything. */
export const demandSending = (plan: Plan): void => {
  demandHomes(plan)
  if (plan.decisions.every(({ verdict, action }) => verdict === 'omit' || action === null)) throw nothingToSend()
}

const nothingToSend = (): Refusal =>
  new Refusal({
    code: 'nothing-to-send',
    de: 'Kein Kanal würde diese Meldung tragen. Der Sendeplan (`rundruf plan`) sagt zu jedem, warum.',
    en: 'No channel would carry this announcement. The plan says why for each.',
  })
