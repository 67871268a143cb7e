// The verbs that put something on its way, so that a repeated request finds their effect instead of making a second one.
import { demand } from '../access/actor.ts'
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Actor, Desk } from '../commands/desk.ts'
import { draft } from '../commands/draft.ts'
import { preview } from '../commands/preview.ts'
import { release } from '../commands/release.ts'
import { show } from '../commands/show.ts'
import type { AnnouncementView } from '../commands/view.ts'

/** The right that releasing this announcement takes. */
const rightFor = (announcement: Pick<Announcement, 'kind'>) => (wayOf(announcement) === 'urgent' ? 'release-warning' : 'release')

export interface Wish {
  readonly input: unknown
  /** What the announcement will be called; the same when the request is repeated. */
  readonly id: string
}

/** What an earlier try of the same request has stored under this id; undefined when it did not get that far. */
export const storedBefore = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementView | undefined> => {
  try {
    return await show(desk, actor, id)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unknown-announcement') return undefined
    throw error
  }
}

/**
 * Draft and release in one request. What would refuse the release is asked before anything is stored, so that a refusal leaves
 * no draft behind: `not-allowed`, `needs-approval`.
 */
export const draftAndRelease = async (desk: Desk, actor: Actor, { input, id }: Wish): Promise<AnnouncementView> => {
  const plan = await preview(desk, actor, input)
  demand(actor, rightFor(plan.announcement), plan.city)
  if (plan.needsApproval) throw needsApproval()
  await draft(desk, actor, input, id)
  // Nobody has read this plan yet: what it answers may arrive at this very moment, and that is no reason to refuse.
  return release(desk, actor, id)
}

/** Does it; when an earlier try of the same request got through already (`code`), shows what stands. */
export const orShow = async (
  deed: () => Promise<AnnouncementView>,
  earlier: { readonly desk: Desk; readonly actor: Actor; readonly id: string; readonly again: boolean; readonly code: string },
): Promise<AnnouncementView> => {
  const { desk, actor, id, again, code } = earlier
  try {
    return await deed()
  } catch (error) {
    if (again && error instanceof Refusal && error.code === code) return await show(desk, actor, id)
    throw error
  }
}

const needsApproval = (): Refusal =>
  new Refusal({
    code: 'needs-approval',
    de: 'Diese Meldung braucht erst eine Freigabe. Bitte als Entwurf speichern (ohne „release“) und freigeben lassen.',
    en: 'This announcement needs an approval first. Store it as a draft (without “release”) and have it approved.',
  })
