// The plan of what would be released next: of a draft, of the amendment that waits, or of changes that nobody has stored.
import { demand } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import type { Plan } from '../planning/plan.ts'
import { standingNow } from '../store/deliveries.ts'
import type { StoredAnnouncement } from '../store/stored.ts'
import { isApproved } from '../store/words.ts'
import { baseFor, knownKeys, merged } from './amend.ts'
import { amendsOf, candidateOf } from './approve.ts'
import { demandAsWritten } from './demand-as-written.ts'
import type { Actor, Desk } from './desk.ts'
import { planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { readInput } from './read-input.ts'
import { demandAnnouncement, unknownAnnouncement } from './show.ts'

/**
 * Its digest is what an approval and a release are given to; with changes, what they would be given to. Stores nothing of it.
 * @param changes as for `amend`; null or an empty object: as it is written now
 * Refuses with `unknown-announcement`, `not-allowed`, `already-released` (nothing is written that could be released), or as `readInput`
 * and `demandAsWritten` do.
 */
export const previewAmendment = async (desk: Desk, actor: Actor, id: string, changes: unknown): Promise<Plan> => {
  const stored = await demandAnnouncement(desk, actor, id)
  demand(actor, 'plan', stored.city, () => unknownAnnouncement(id))
  await demandAsWritten(desk, desk.db, stored)
  // words that nobody has stored have no revision, and no approval
  const { revision, content } = isNothing(changes)
    ? candidateOf(stored)
    : { revision: 0, content: await changed(desk, actor, stored, changes) }
  const amends = await amendsOf(stored, () => standingNow(desk.db, id))
  await prepareMedia(desk, content, amends)
  const given = (digest: string) => isApproved(desk.db, desk.proof, { id, revision, digest })
  return (await planFor(desk, desk.db, content, { ...amends, isApproved: given })).plan
}

const changed = async (desk: Desk, actor: Actor, stored: StoredAnnouncement, changes: unknown): Promise<Announcement> =>
  readInput(desk, actor, await merged(desk, stored, await baseFor(desk, actor, stored, 'if-it-may'), changes), {
    verb: 'plan',
    known: knownKeys(stored),
  })

const isNothing = (changes: unknown): boolean => changes === null || (typeof changes === 'object' && Object.keys(changes).length === 0)
