// A new wording of something that was said: a draft is rewritten, what is released is corrected at once, or the amendment waits to be approved.
import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { databaseNow, findAnnouncement, lockAnnouncement, revise, writersOfAmendment } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { standing, standingNow } from '../store/deliveries.ts'
import type { StoredAnnouncement } from '../store/stored.ts'
import type { Database } from '../store/tables.ts'
import { alreadyReleased, alreadyRetracted } from './approve.ts'
import { changedWords, demandAsWritten } from './demand-as-written.ts'
import { type Actor, type Desk, transact, writerOf } from './desk.ts'
import { follow } from './follow.ts'
import { isSameWriter } from './four-eyes.ts'
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
 * Refuses as `readInput` and `demandAsWritten` do, and with `unknown-announcement`, `not-allowed`, `unchanged`, `changed-meanwhile`, `already-released` (a draft,
 * in the meantime), `still-a-draft` (it cannot go out at once), `already-retracted`, `needs-approval` (only where it should go out now), `media-fits-nowhere` or `fixed-field` (city,
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
  if (stored.releasedAt === null && when === 'now') throw stillADraft()
  const base = await baseFor(desk, actor, stored, when)
  const content = await readInput(desk, actor, await merged(desk, stored, base, changes), { known: knownKeys(stored) })
  if (stored.releasedAt !== null)
    await prepareMedia(desk, content, { amends: { id, content: stored.content, before: await standingNow(desk.db, id) } })
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.retractedAt !== null) throw alreadyRetracted()
    // released in the meantime: now the change would go to the public at once, which takes another right and another intention
    if (stored.releasedAt === null && locked.releasedAt !== null) throw alreadyReleased()
    await demandAsWritten(desk, trx, locked)
    // a repeated request finds its own words here: they are no change of somebody else's
    if (!isSameVersion(locked, stored) && sameContent(newestOf(locked), content)) throw unchanged()
    if (sameContent(base.content, content) && !movesEmbargo({ locked, base, content, changes, now: await databaseNow(trx) }))
      throw unchanged()
    if (!isSameVersion(locked, stored)) throw changedMeanwhile()
    const facts = await write(desk, trx, { locked, content, actor, when, base })
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
  readonly base: Base
}

/** Stores the revision and lets it out if it may go; returns what the audit keeps. */
const write = async (desk: Desk, trx: Transaction<Database>, { locked, content, actor, when, base }: Rewritten) => {
  const { id, releasedAt, amendment } = locked
  const written = { content, by: writerOf(actor), base: base.revision, proof: desk.proof }
  if (releasedAt === null) return { revision: await revise(trx, locked, { ...written, as: 'newest' }) }
  const amends = { id, content: locked.content, before: await standing(trx, id) }
  if (wayOf(content) === 'urgent' && isLater(content, locked.content)) throw warningDelayed()
  // no approval is looked for: nobody can have given one to words that are being written
  const now = await planFor(desk, trx, content, { amends })
  if (when === 'now' && asksApproval(now.plan)) throw needsApproval()
  const passes = amendment !== null && base.revision !== amendment.revision
  if (!goesNow(now, when)) {
    if (passes) throw amendmentWaits()
    return waiting(now, await revise(trx, locked, { ...written, as: 'amendment' }))
  }
  const revision = await revise(trx, locked, { ...written, as: 'newest' })
  return { revision, ...(passes && { drops: amendment.revision }), ...(await follow(trx, { id, revision, content, now })) }
}

/** What waits would be superseded, and the warning said hours later. */
const isLater = ({ publishAt }: Announcement, { publishAt: before }: Announcement): boolean =>
  publishAt !== null && (before === null || publishAt > before)

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

/** A topic or an area that the city has given up since must not keep a published announcement from being corrected. */
export const knownKeys = ({ releasedAt, content }: StoredAnnouncement): Announcement | null => (releasedAt === null ? null : content)

/** The revision over which changes are laid. */
export type Base = Pick<StoredAnnouncement, 'revision' | 'content'>

/**
 * A draft, or what is released. An amendment that waits is written on by whoever wants it to wait, and by those who alone have written it;
 * with anybody else's correction the words of others that wait do not ride out.
 */
export const baseFor = async (desk: Desk, actor: Actor, stored: StoredAnnouncement, when: When): Promise<Base> => {
  const { amendment } = stored
  if (amendment === null) return stored
  if (when === 'later') return amendment
  const writers = await writersOfAmendment(desk.db, desk.proof, stored)
  if (writers === undefined) throw changedWords()
  return writers.every((writer) => isSameWriter(writer, actor)) ? amendment : stored
}

/** What is written last: the amendment that waits, else the newest revision. */
const newestOf = ({ content, amendment }: StoredAnnouncement): Announcement => amendment?.content ?? content

/** Nothing was written, released or dropped between: an amendment that waits is another version than the same words released. */
const isSameVersion = (one: StoredAnnouncement, other: StoredAnnouncement): boolean =>
  one.revision === other.revision && one.amendment?.revision === other.amendment?.revision

/** The stored announcement with the changes laid over it, as if it had arrived like that. */
export const merged = async ({ db, cities }: Desk, stored: StoredAnnouncement, { content }: Base, changes: unknown): Promise<unknown> => {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes
  for (const field of stored.releasedAt === null ? fixed : fixedOnceReleased)
    if (field in changes && (changes as Record<string, unknown>)[field] !== content[field]) throw fixedField(field)
  const publishAt = content.publishAt !== null && content.publishAt > (await databaseNow(db)) ? content.publishAt : null
  const { topic: _, topics, ...rest } = content
  const about = 'topic' in changes || 'topics' in changes ? {} : { topics }
  const channels = new Set(cities.get(content.city)?.channels.map(({ name }) => name))
  // what was written for a channel that the city has given up since is nobody's fault now
  const channelTexts = Object.fromEntries(Object.entries(rest.channelTexts).filter(([name]) => channels.has(name)))
  return { ...rest, ...about, channelTexts, publishAt, ...changes }
}

interface Moving extends Pick<Rewritten, 'locked' | 'base' | 'content'> {
  readonly changes: unknown
  /** By database time. */
  readonly now: string
}

/**
 * A draft may be given a time, another one, or none, with nothing else changed. So may what is released and still waits for its hour: a later
 * hour is a correction, an earlier one a new release (`wideningsOf`). What is out has no hour any more.
 */
const movesEmbargo = ({ locked, base, content: { publishAt }, changes, now }: Moving): boolean => {
  const until = locked.content.publishAt
  const waits = locked.releasedAt === null || (until !== null && until > now)
  return waits && Object.hasOwn(changes as object, 'publishAt') && base.content.publishAt !== publishAt
}

/** They belong to the announcement for life: above all, an exercise never becomes earnest, nor the other way round. */
const fixed = ['city', 'kind', 'status'] as const
const fixedOnceReleased = [...fixed, 'references'] as const

const sameContent = (one: Announcement, other: Announcement): boolean =>
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

const stillADraft = (): Refusal =>
  new Refusal({
    code: 'still-a-draft',
    de: 'Diese Meldung ist noch ein Entwurf und geht mit einer Änderung nicht hinaus. Bitte ohne `--release` ändern und danach veröffentlichen (`rundruf show`, `rundruf release`).',
    en: 'This announcement is still a draft, and a change does not send it. Change it without release, then release it.',
    place: 'release',
  })

const changedMeanwhile = (): Refusal =>
  new Refusal({
    code: 'changed-meanwhile',
    de: 'Jemand anderes hat diese Meldung gerade geändert. Bitte lesen Sie sie noch einmal und ändern Sie dann die neue Fassung.',
    en: 'Somebody else has just changed this announcement. Please read it again and change the new revision.',
  })

const warningDelayed = (): Refusal =>
  new Refusal({
    code: 'warning-delayed',
    de: 'Eine veröffentlichte Warnung lässt sich nicht auf später verschieben. Bitte publishAt weglassen, oder die Warnung zurücknehmen und neu schreiben.',
    en: 'A released warning cannot be put off. Leave publishAt out, or retract the warning and write it again.',
    place: 'publishAt',
  })

const amendmentWaits = (): Refusal =>
  new Refusal({
    code: 'amendment-waits',
    de: 'Zu dieser Meldung wartet schon eine Berichtigung, an der andere geschrieben haben, und Ihre Änderung kann nicht gleich hinaus. Bitte die wartende zuerst veröffentlichen, verwerfen oder an ihr weiterschreiben (`--no-release`).',
    en: 'An amendment that others have written waits for this announcement, and your change cannot go out at once. Release it, drop it, or write on it (release: false).',
  })
