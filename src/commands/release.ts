// Sends an announcement on its way: plan, deliveries, outbox and audit in one transaction. Nothing gets out in any other way.
import type { Transaction } from 'kysely'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { findAnnouncement, lockAnnouncement, markReleased } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { insertDeliveries, standing, supersede } from '../store/deliveries.ts'
import { ring } from '../store/outbox.ts'
import { insertPlan, isApproved } from '../store/plans.ts'
import type { Database } from '../store/tables.ts'
import { alreadyReleased, digestMismatch } from './approve.ts'
import type { Actor, Desk } from './desk.ts'
import { planFor } from './plan-for.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** Warnings may be released by a duty officer; everything else takes an approver. */
export const demandRelease = (actor: Actor, announcement: Pick<Announcement, 'kind' | 'city'>, id: string): void =>
  demand(actor, wayOf(announcement) === 'urgent' ? 'release-warning' : 'release', announcement.city, () => unknownAnnouncement(id))

/**
 * With a digest the plan must still be that one. Refuses with `unknown-announcement`, `not-allowed`, `already-released`,
 * `digest-mismatch`, `needs-approval`, `announcement-expired` or `nothing-to-send`.
 */
export const release = async (desk: Desk, actor: Actor, id: string, digest?: string): Promise<AnnouncementView> => {
  const { content } = await demandAnnouncement(desk, actor, id)
  demandRelease(actor, content, id)
  await desk.db.transaction().execute(async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.releasedAt !== null) throw alreadyReleased()
    const { plan, suspended } = await planFor(desk, trx, locked.content, { isApproved: (sum) => isApproved(trx, id, sum) })
    if (digest !== undefined && plan.digest !== digest) throw digestMismatch()
    if (plan.decisions.some(({ because }) => because === 'approval')) throw needsApproval()
    if (content.references !== null) await supersedeEarlier(trx, content.references, plan)
    const {
      revision,
      city,
      content: { expires, references: follows },
    } = locked
    const made = await insertDeliveries(trx, { announcementId: id, revision, city, expires, follows, suspended }, plan.decisions)
    if (made.length === 0) throw nothingToSend()
    await insertPlan(trx, id, locked.revision, plan)
    await markReleased(trx, id)
    await ring(trx)
    await audit(trx, { actor: actor.id, action: 'release', subject: id, facts: { digest: plan.digest, deliveries: made.length } })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw unknownAnnouncement(id)
  return viewOf(desk, stored)
}

/** An all-clear stops what of its warning has not left yet. */
const supersedeEarlier = async (trx: Transaction<Database>, references: string, plan: Plan): Promise<void> => {
  await standing(trx, references)
  const ids = plan.decisions.flatMap((decision) => decision.supersedes)
  await supersede(trx, ids, 'Die Entwarnung kam, bevor die Warnung hier erschien.')
}

const needsApproval = (): Refusal =>
  new Refusal({
    code: 'needs-approval',
    de: 'Diese Meldung braucht erst eine Freigabe durch eine zweite Person (`rundruf approve`).',
    en: 'This announcement needs the approval of a second person first.',
  })

const nothingToSend = (): Refusal =>
  new Refusal({
    code: 'nothing-to-send',
    de: 'Kein Kanal würde diese Meldung tragen. Der Sendeplan (`rundruf plan`) sagt zu jedem, warum.',
    en: 'No channel would carry this announcement. The plan says why for each.',
  })
