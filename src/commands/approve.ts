// A second person approves a plan: the approval holds for its digest, and for nothing else.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { StandingDelivery } from '../planning/standing.ts'
import { findAnnouncement, lockAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { standing, standingNow } from '../store/deliveries.ts'
import type { StoredAnnouncement } from '../store/stored.ts'
import { insertApproval, isApproved } from '../store/words.ts'
import { demandAsWritten } from './demand-as-written.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { demandOtherWriters, demandPerson } from './four-eyes.ts'
import { type Follows, planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { demandKeys, demandReference } from './read-input.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/**
 * Approves the draft, or the amendment that waits. Refuses with `unknown-announcement`, `not-allowed`, `already-released` (and nothing
 * waits), `person-missing` (the key names no person), `own-announcement` (this person has written words that were not approved since),
 * `writer-unknown` (a key that names no person has), `digest-mismatch` (the plan has changed since it was read), `already-approved`, or as
 * `demandAsWritten` and `demandReference` do.
 */
export const approve = async (desk: Desk, actor: Actor, id: string, digest: string): Promise<AnnouncementView> => {
  const stored = await demandAnnouncement(desk, actor, id)
  demand(actor, 'approve', stored.city, () => unknownAnnouncement(id))
  const person = demandPerson(actor)
  await prepareMedia(desk, candidateOf(stored).content, await amendsOf(stored, () => standingNow(desk.db, id)))
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    const { revision, content } = candidateOf(locked)
    await demandAsWritten(desk, trx, locked)
    await demandReference(desk, trx, content)
    demandKeys(desk, content, locked.releasedAt === null ? null : locked.content)
    await demandOtherWriters(desk, trx, { id, revision, actor })
    const { plan } = await planFor(desk, trx, content, await amendsOf(locked, () => standing(trx, id)))
    if (plan.digest !== digest) throw digestMismatch()
    if (await isApproved(trx, desk.proof, { id, revision, digest })) throw alreadyApproved()
    await insertApproval(trx, desk.proof, { announcementId: id, revision, digest, actor: actor.id, person })
    await audit(trx, { actor: actor.id, action: 'approve', subject: id, facts: { digest, revision, person } })
  })
  const now = await findAnnouncement(desk.db, id)
  if (!now) throw unknownAnnouncement(id)
  return viewOf(desk, now)
}

/** The revision that may be approved and released: a draft's newest, or the amendment that waits. Refuses with `already-released`. */
export const candidateOf = (stored: StoredAnnouncement): Pick<StoredAnnouncement, 'revision' | 'content'> => {
  if (stored.releasedAt === null) return stored
  if (stored.retractedAt !== null) throw alreadyRetracted()
  if (stored.amendment === null) throw alreadyReleased()
  return stored.amendment
}

/** What its plan amends: nothing, for a draft. */
export const amendsOf = async (
  { id, releasedAt, content }: StoredAnnouncement,
  before: () => Promise<readonly StandingDelivery[]>,
): Promise<Follows> => (releasedAt === null ? {} : { amends: { id, content, before: await before() } })

export const alreadyReleased = (): Refusal =>
  new Refusal({
    code: 'already-released',
    de: 'Diese Meldung ist schon veröffentlicht. Änderungen gehen mit `rundruf amend`.',
    en: 'This announcement has been released already.',
  })

export const alreadyRetracted = (): Refusal =>
  new Refusal({
    code: 'already-retracted',
    de: 'Diese Meldung ist schon zurückgenommen.',
    en: 'This announcement has been retracted already.',
  })

export const digestMismatch = (): Refusal =>
  new Refusal({
    code: 'digest-mismatch',
    de: 'Der Sendeplan hat sich geändert, seit Sie ihn gelesen haben. Bitte lesen Sie ihn noch einmal und geben Sie den neuen frei.',
    en: 'The plan has changed since you read it. Please read it again and use its new digest.',
    place: 'digest',
  })

const alreadyApproved = (): Refusal =>
  new Refusal({ code: 'already-approved', de: 'Dieser Sendeplan ist schon freigegeben.', en: 'This plan has been approved already.' })
