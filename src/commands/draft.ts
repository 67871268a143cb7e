// Stores what the city wants to say: revision 1, not released.
import { v7 as uuid } from 'uuid'
import { findAnnouncement, insertAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { type Actor, type Desk, transact, writerOf } from './desk.ts'
import { readInput } from './read-input.ts'
import { viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/**
 * Parses and stores. With an `id` that exists already (a repeated request) the stored one is shown and nothing is written.
 * Refuses as `readInput` does.
 */
export const draft = async (desk: Desk, actor: Actor, input: unknown, id: string = uuid()): Promise<AnnouncementView> => {
  const content = await readInput(desk, actor, input)
  await transact(desk, async (trx) => {
    const fresh = await insertAnnouncement(trx, { id, content, by: writerOf(actor), proof: desk.proof })
    if (fresh) await audit(trx, { actor: actor.id, action: 'draft', subject: id, facts: { city: content.city, kind: content.kind } })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw new Error('the announcement was stored a moment ago')
  return viewOf(desk, stored)
}
