// Gives up an amendment that waits: what is released stays as it is.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { dropAmendment as drop, findAnnouncement, lockAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** Refuses with `unknown-announcement`, `not-allowed` or `nothing-waits`. */
export const dropAmendment = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementView> => {
  const { city } = await demandAnnouncement(desk, actor, id)
  demand(actor, 'draft', city, () => unknownAnnouncement(id))
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.amendment === null) throw nothingWaits()
    await drop(trx, id)
    await audit(trx, { actor: actor.id, action: 'drop-amendment', subject: id, facts: { revision: locked.amendment.revision } })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw unknownAnnouncement(id)
  return viewOf(desk, stored)
}

const nothingWaits = (): Refusal =>
  new Refusal({
    code: 'nothing-waits',
    de: 'Zu dieser Meldung wartet keine Berichtigung.',
    en: 'No amendment of this announcement waits.',
  })
