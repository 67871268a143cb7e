// Sends an announcement on its way: plan, deliveries, outbox and audit in one transaction. Nothing gets out in any other way.
import type { Transaction } from 'kysely'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { lockAnnouncement, markReleased } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { insertDeliveries, standing, supersede } from '../store/deliveries.ts'
import { insertPlan, isApproved } from '../store/plans.ts'
import type { Database } from '../store/tables.ts'
import { alreadyReleased, digestMismatch } from './approve.ts'
import { demandHomes } from './demand-homes.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { demandReference } from './read-input.ts'
import { demandAnnouncement, toView, unknownAnnouncement } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** Warnings may be released by a duty officer; everything else takes an approver. */
export const demandRelease = (actor: Actor, announcement: Pick<Announcement, 'kind' | 'city'>, id: string): void =>
  demand(actor, wayOf(announcement) === 'urgent' ? 'release-warning' : 'release', announcement.city, () => unknownAnnouncement(id))

/**
 * With a digest the plan must still be that one. Refuses with `unknown-announcement`, `not-allowed`, `already-released`,
 * `digest-mismatch`, `needs-approval`, `media-fits-nowhere`, `announcement-expired` or `nothing-to-send`.
 */
export const release = async (desk: Desk, actor: Actor, id: string, digest?: string): Promise<AnnouncementView> => {
  const { content } = await demandAnnouncement(desk, actor, id)
  demandRelease(actor, content, id)
  await prepareMedia(desk, content)
  return transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.releasedAt !== null) throw alreadyReleased()
    await demandReference(trx, locked.content)
    // what it ends is looked at while it cannot move: what fails at this moment must not be tried again after it
    if (content.references !== null) await standing(trx, content.references)
    const { plan, suspended } = await planFor(desk, trx, locked.content, { isApproved: (sum) => isApproved(trx, id, sum) })
    if (digest !== undefined && plan.digest !== digest) throw digestMismatch()
    if (plan.decisions.some(({ because }) => because === 'approval')) throw needsApproval()
    demandHomes(plan)
    await supersedeEarlier(trx, plan)
    const {
      revision,
      city,
      content: { expires, references: follows },
    } = locked
    const made = await insertDeliveries(trx, { announcementId: id, revision, city, expires, follows, suspended }, plan.decisions)
    if (made.length === 0) throw nothingToSend()
    await insertPlan(trx, id, locked.revision, plan)
    const releasedAt = await markReleased(trx, id)
    await audit(trx, { actor: actor.id, action: 'release', subject: id, facts: { digest: plan.digest, deliveries: made.length } })
    return toView({ ...locked, releasedAt }, made, plan)
  })
}

/** An all-clear stops what of its warning has not left yet. */
const supersedeEarlier = async (trx: Transaction<Database>, plan: Plan): Promise<void> => {
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
