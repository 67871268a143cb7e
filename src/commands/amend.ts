// A new wording of something that was said: a draft is rewritten, what is released is corrected at once, or the amendment waits to be approved.
import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { databaseNow, findAnnouncement, lockAnnouncement, revise, type StoredAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { standing, standingNow } from '../store/deliveries.ts'
import { isApproved } from '../store/plans.ts'
import type { Database } from '../store/tables.ts'
import { alreadyReleased } from './approve.ts'
import { type Actor, type Desk, transact, writerOf } from './desk.ts'
import { follow } from './follow.ts'
import { type PlanNow, planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { readInput } from './read-input.ts'
import { asksApproval, needsApproval } from './release.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/** When an amendment of something released goes out. */
export type When =
  /** At once where it is a correction and nobody has to approve it; else it waits. */
  | 'if-it-may'
  /** At once, also where it is a new release (a raised severity, another topic, a new audience): what the caller has just written. */
  | 'now'
  /** Not before somebody releases it. */
  | 'later'

/**
 * Takes the fields that change, laid over the draft, the amendment that waits, or else what is released.
 * Refuses as `readInput` does, and with `unknown-announcement`, `not-allowed`, `unchanged`, `changed-meanwhile`, `already-released` (a draft,
 * in the meantime), `already-retracted`, `needs-approval` (only where it should go out now), `media-fits-nowhere` or `fixed-field` (city,
 * kind and status never change; what is referenced does not once it is released).
 */
export const amend = async (
  desk: Desk,
  actor: Actor,
  id: string,
  changes: unknown,
  when: When = 'if-it-may',
): Promise<AnnouncementView> => {
  const stored = await demandAnnouncement(desk, actor, id)
  demand(actor, verbFor(stored, when), stored.city, () => unknownAnnouncement(id))
  const content = await readInput(desk, actor, await merged(desk, stored, changes), { known: knownTopics(stored) })
  if (stored.releasedAt !== null)
    await prepareMedia(desk, content, { amends: { content: stored.content, before: await standingNow(desk.db, id) } })
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.retractedAt !== null) throw alreadyRetracted()
    // released in the meantime: now the change would go to the public at once, which takes another right and another intention
    if (stored.releasedAt === null && locked.releasedAt !== null) throw alreadyReleased()
    // a repeated request finds its own words here: they are no change of somebody else's
    if (sameContent(newestOf(locked), content) && !movesEmbargo(locked, content, changes)) throw unchanged()
    if (revisionOf(locked) !== revisionOf(stored)) throw changedMeanwhile()
    const facts = await write(desk, trx, { locked, content, actor, when })
    await audit(trx, { actor: actor.id, action: 'amend', subject: id, facts })
  })
  const now = await findAnnouncement(desk.db, id)
  if (!now) throw unknownAnnouncement(id)
  return viewOf(desk, now)
}

interface Rewritten {
  readonly locked: StoredAnnouncement
  readonly content: Announcement
  readonly actor: Actor
  readonly when: When
}

/** Stores the revision and lets it out if it may go; returns what the audit keeps. */
const write = async (desk: Desk, trx: Transaction<Database>, { locked, content, actor, when }: Rewritten) => {
  const { id, releasedAt } = locked
  const by = writerOf(actor)
  if (releasedAt === null) return { revision: await revise(trx, locked, { content, by, as: 'newest' }) }
  const amends = { content: locked.content, before: await standing(trx, id) }
  const now = await planFor(desk, trx, content, { amends, isApproved: (sum) => isApproved(trx, id, sum) })
  if (when === 'now' && asksApproval(now.plan)) throw needsApproval()
  if (!goesNow(now, when)) return waiting(now, await revise(trx, locked, { content, by, as: 'amendment' }))
  const revision = await revise(trx, locked, { content, by, as: 'newest' })
  return { revision, ...(await follow(trx, { id, revision, content, now })) }
}

const goesNow = ({ plan, widened }: PlanNow, when: When): boolean =>
  when !== 'later' && !asksApproval(plan) && (when === 'now' || widened.length === 0)

const waiting = ({ plan, widened }: { readonly plan: Plan; readonly widened: PlanNow['widened'] }, revision: number) => ({
  revision,
  waits: asksApproval(plan) ? 'approval' : 'release',
  ...(widened.length > 0 && { widened }),
})

/** A released warning may be corrected by whoever may release one; a draft, and an amendment that waits, is written by authors. */
const verbFor = ({ releasedAt, content }: StoredAnnouncement, when: When) => {
  if (releasedAt === null || when === 'later') return 'draft'
  return wayOf(content) === 'urgent' ? 'release-warning' : 'amend'
}

/** A topic that the city has given up since must not keep a published announcement from being corrected. */
export const knownTopics = ({ releasedAt, content }: StoredAnnouncement): readonly string[] => (releasedAt === null ? [] : content.topics)

/** What is written last: the amendment that waits, else the newest revision. */
export const newestOf = ({ content, amendment }: StoredAnnouncement): Announcement => amendment?.content ?? content

const revisionOf = ({ revision, amendment }: StoredAnnouncement): number => amendment?.revision ?? revision

/** The stored announcement with the changes laid over it, as if it had arrived like that. */
export const merged = async ({ db }: Desk, stored: StoredAnnouncement, changes: unknown): Promise<unknown> => {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes
  const content = newestOf(stored)
  for (const field of stored.releasedAt === null ? fixed : fixedOnceReleased)
    if (field in changes && (changes as Record<string, unknown>)[field] !== content[field]) throw fixedField(field)
  const publishAt = content.publishAt !== null && content.publishAt > (await databaseNow(db)) ? content.publishAt : null
  const { topic: _, topics, ...rest } = content
  const about = 'topic' in changes || 'topics' in changes ? {} : { topics }
  return { ...rest, ...about, publishAt, ...changes }
}

/** A draft may be given a time, another one, or none, with nothing else changed. */
const movesEmbargo = (locked: StoredAnnouncement, { publishAt }: Announcement, changes: unknown): boolean =>
  locked.releasedAt === null && Object.hasOwn(changes as object, 'publishAt') && locked.content.publishAt !== publishAt

/** They belong to the announcement for life: above all, an exercise never becomes earnest, nor the other way round. */
const fixed = ['city', 'kind', 'status'] as const
const fixedOnceReleased = [...fixed, 'references'] as const

export const sameContent = (one: Announcement, other: Announcement): boolean =>
  (Object.keys(other) as (keyof Announcement)[]).every((key) => key === 'publishAt' || isDeepStrictEqual(one[key], other[key]))

const fixedField = (field: (typeof fixedOnceReleased)[number]): Refusal =>
  new Refusal({
    code: 'fixed-field',
    de: 'Stadt, Art und Status (Ernstfall, Übung, Test) einer Meldung lassen sich nicht ändern, und nach der Veröffentlichung auch nicht, worauf sie sich bezieht. Bitte nehmen Sie sie zurück und schreiben Sie eine neue.',
    en: 'City, kind and status of an announcement cannot change, nor can its reference once it is released. Please retract it and write a new one.',
    place: field,
  })

const unchanged = (): Refusal =>
  new Refusal({
    code: 'unchanged',
    de: 'Es hat sich nichts geändert: Die Meldung lautet schon so.',
    en: 'Nothing has changed: the announcement reads like this already.',
  })

const changedMeanwhile = (): Refusal =>
  new Refusal({
    code: 'changed-meanwhile',
    de: 'Jemand anderes hat diese Meldung gerade geändert. Bitte lesen Sie sie noch einmal und ändern Sie dann die neue Fassung.',
    en: 'Somebody else has just changed this announcement. Please read it again and change the new revision.',
  })

export const alreadyRetracted = (): Refusal =>
  new Refusal({
    code: 'already-retracted',
    de: 'Diese Meldung ist schon zurückgenommen.',
    en: 'This announcement has been retracted already.',
  })
