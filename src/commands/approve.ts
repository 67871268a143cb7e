// A second person approves a plan: the approval holds for its digest, and for nothing else.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { findAnnouncement, lockAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { insertApproval, isApproved } from '../store/plans.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { demandReference } from './read-input.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/**
 * Refuses with `unknown-announcement`, `not-allowed`, `already-released`, `own-announcement` (who approves has neither begun it nor written
 * its last wording), `digest-mismatch` (the plan has changed since it was read) or `already-approved`.
 */
export const approve = async (desk: Desk, actor: Actor, id: string, digest: string): Promise<AnnouncementView> => {
  const { city, content } = await demandAnnouncement(desk, actor, id)
  demand(actor, 'approve', city, () => unknownAnnouncement(id))
  await prepareMedia(desk, content)
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.releasedAt !== null) throw alreadyReleased()
    await demandReference(trx, locked.content)
    if ([locked.createdBy, locked.writtenBy].includes(actor.id)) throw ownAnnouncement()
    const { plan } = await planFor(desk, trx, locked.content)
    if (plan.digest !== digest) throw digestMismatch()
    if (await isApproved(trx, id, digest)) throw alreadyApproved()
    await insertApproval(trx, { announcementId: id, revision: locked.revision, digest, actor: actor.id })
    await audit(trx, { actor: actor.id, action: 'approve', subject: id, facts: { digest, revision: locked.revision } })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw unknownAnnouncement(id)
  return viewOf(desk, stored)
}

export const alreadyReleased = (): Refusal =>
  new Refusal({
    code: 'already-released',
    de: 'Diese Meldung ist schon veröffentlicht. Änderungen gehen mit `rundruf amend`.',
    en: 'This announcement has been released already.',
  })

export const digestMismatch = (): Refusal =>
  new Refusal({
    code: 'digest-mismatch',
    de: 'Der Sendeplan hat sich geändert, seit Sie ihn gelesen haben. Bitte lesen Sie ihn noch einmal und geben Sie den neuen frei.',
    en: 'The plan has changed since you read it. Please read it again and use its new digest.',
    place: 'digest',
  })

const ownAnnouncement = (): Refusal =>
  new Refusal({
    code: 'own-announcement',
    de: 'Die eigene Meldung kann man nicht selbst freigeben. Bitte fragen Sie eine Kollegin oder einen Kollegen.',
    en: 'Nobody can approve their own announcement.',
  })

const alreadyApproved = (): Refusal =>
  new Refusal({ code: 'already-approved', de: 'Dieser Sendeplan ist schon freigegeben.', en: 'This plan has been approved already.' })
