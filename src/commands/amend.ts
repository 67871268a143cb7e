// A new wording of something that was said: a new revision, and on each channel the change, the correction or the reason why not.
import { isDeepStrictEqual } from 'node:util'
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import { databaseNow, findAnnouncement, lockAnnouncement, revise } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { insertDeliveries, standing, standingNow, supersede } from '../store/deliveries.ts'
import { ring } from '../store/outbox.ts'
import { insertPlan } from '../store/plans.ts'
import { alreadyReleased } from './approve.ts'
import { demandHomes } from './demand-homes.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { readInput } from './read-input.ts'
import { demandAnnouncement, unknownAnnouncement, viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/**
 * Takes the fields that change; a draft is simply rewritten. Whoever may release such an announcement may correct it, at once.
 * Refuses as `readInput` does, and with `unknown-announcement`, `not-allowed`, `unchanged`, `already-released` (a draft, in the meantime),
 * `already-retracted`, `media-fits-nowhere` or `fixed-field` (city, kind and status do not change).
 */
export const amend = async (desk: Desk, actor: Actor, id: string, changes: unknown): Promise<AnnouncementView> => {
  const stored = await demandAnnouncement(desk, actor, id)
  demand(actor, verbFor(stored), stored.city, () => unknownAnnouncement(id))
  const content = await readInput(desk, actor, merged(stored.content, changes, await databaseNow(desk.db)))
  if (stored.releasedAt !== null) await prepareMedia(desk, content, { before: await standingNow(desk.db, id) })
  await transact(desk, async (trx) => {
    const locked = await lockAnnouncement(trx, id)
    if (!locked) throw unknownAnnouncement(id)
    if (locked.retractedAt !== null) throw alreadyRetracted()
    // released in the meantime: now the change would go to the public at once, which takes another right and another intention
    if (stored.releasedAt === null && locked.releasedAt !== null) throw alreadyReleased()
    if (sameContent(locked.content, content)) throw unchanged()
    const revision = await revise(trx, locked, content, actor.id)
    const facts = locked.releasedAt === null ? { revision } : { revision, ...(await follow(desk, trx, { id, revision, content })) }
    await audit(trx, { actor: actor.id, action: 'amend', subject: id, facts })
  })
  const now = await findAnnouncement(desk.db, id)
  if (!now) throw unknownAnnouncement(id)
  return viewOf(desk, now)
}

interface Revised {
  readonly id: string
  readonly revision: number
  readonly content: Announcement
}

/** What the new revision does on each channel. */
const follow = async (desk: Desk, trx: Parameters<typeof standing>[0], { id, revision, content }: Revised) => {
  const before = await standing(trx, id)
  const { plan, suspended } = await planFor(desk, trx, content, { before, isApproved: async () => true })
  demandHomes(plan)
  await supersede(
    trx,
    plan.decisions.flatMap((decision) => decision.supersedes),
    'Eine neuere Fassung ist an ihre Stelle getreten.',
  )
  const release = { announcementId: id, revision, city: content.city, expires: content.expires, follows: content.references, suspended }
  const made = await insertDeliveries(trx, release, plan.decisions)
  await insertPlan(trx, id, revision, plan)
  await ring(trx)
  return { digest: plan.digest, deliveries: made.length }
}

/** A released warning may be corrected by whoever may release one; a draft by its authors. */
const verbFor = ({ releasedAt, content }: { readonly releasedAt: Date | null; readonly content: Announcement }) => {
  if (releasedAt === null) return 'draft'
  return wayOf(content) === 'urgent' ? 'release-warning' : 'amend'
}

/** The stored announcement with the changes laid over it, as if it had arrived like that. */
const merged = (content: Announcement, changes: unknown, now: string): unknown => {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes
  for (const field of fixed) if (field in changes && (changes as Record<string, unknown>)[field] !== content[field]) throw fixedField(field)
  const publishAt = content.publishAt !== null && content.publishAt > now ? content.publishAt : null
  return { ...content, publishAt, ...changes }
}

const sameContent = (one: Announcement, other: Announcement): boolean =>
  (Object.keys(other) as (keyof Announcement)[]).every((key) => key === 'publishAt' || isDeepStrictEqual(one[key], other[key]))

/** They belong to the announcement for life: above all, an exercise never becomes earnest, nor the other way round. */
const fixed = ['city', 'kind', 'status'] as const

const fixedField = (field: (typeof fixed)[number]): Refusal =>
  new Refusal({
    code: 'fixed-field',
    de: 'Stadt, Art und Status (Ernstfall, Übung, Test) einer Meldung lassen sich nicht ändern. Bitte nehmen Sie sie zurück und schreiben Sie eine neue.',
    en: 'City, kind and status of an announcement cannot change. Please retract it and write a new one.',
    place: field,
  })

const unchanged = (): Refusal =>
  new Refusal({
    code: 'unchanged',
    de: 'Es hat sich nichts geändert: Die Meldung lautet schon so.',
    en: 'Nothing has changed: the announcement reads like this already.',
  })

export const alreadyRetracted = (): Refusal =>
  new Refusal({
    code: 'already-retracted',
    de: 'Diese Meldung ist schon zurückgenommen.',
    en: 'This announcement has been retracted already.',
  })
