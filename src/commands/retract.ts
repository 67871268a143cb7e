// Takes an announcement back everywhere: one person, at once. What has not left never leaves; what stands is taken down.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Exemption } from '../planning/amending.ts'
import { planRetraction } from '../planning/follow-up.ts'
import { databaseNow, dropAmendment, findAnnouncement, lockAnnouncement, markRetracted } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { channelSituation } from '../store/channels.ts'
import { insertDeliveries, standing, supersede } from '../store/deliveries.ts'
import { ring } from '../store/outbox.ts'
import { insertPlan, newestPlan } from '../store/plans.ts'
import { alreadyRetracted } from './approve.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { policyOf } from './plan-for.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** Refuses with `unknown-announcement`, `not-allowed`, `not-released` or `already-retracted`. */
export const retract = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementView> => {
  const { city } = await demandAnnouncement(desk, actor, id)
  demand(actor, 'retract', city, () => unknownAnnouncement(id))
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    const before = await standing(trx, id)
    // what has deliveries was released, whatever somebody has made of its row: to take it back is right at any time
    if (locked.releasedAt === null && before.length === 0) throw notReleased()
    if (locked.retractedAt !== null) throw alreadyRetracted()
    const policy = policyOf(desk, city)
    const situation = await channelSituation(trx, city)
    const exempt = (await newestPlan(trx, id))?.content.needsApproval ? { exempt: 'retraction' satisfies Exemption } : {}
    const plan = planRetraction(before, {
      announcement: locked.content,
      city: policy.city,
      policyDigest: policy.digest,
      connectors: desk.connectors,
      situation: { ...situation, now: await databaseNow(trx) },
    })
    const superseded = await supersede(
      trx,
      plan.decisions.flatMap((decision) => decision.supersedes),
      'Die Meldung wurde zurückgenommen, bevor sie hier erschien.',
    )
    const { revision } = locked
    const release = { announcementId: id, revision, city, expires: null, follows: null, suspended: situation.suspended, proof: desk.proof }
    const made = await insertDeliveries(trx, release, plan.decisions)
    await insertPlan(trx, release, plan)
    await dropAmendment(trx, id)
    await markRetracted(trx, id)
    await ring(trx)
    await audit(trx, {
      actor: actor.id,
      action: 'retract',
      subject: id,
      facts: { deliveries: made.length, superseded: superseded.length, ...exempt },
    })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw unknownAnnouncement(id)
  return viewOf(desk, stored)
}

const notReleased = (): Refusal =>
  new Refusal({
    code: 'not-released',
    de: 'Diese Meldung ist noch nicht veröffentlicht; es gibt nichts zurückzunehmen.',
    en: 'This announcement has not been released; there is nothing to retract.',
  })
