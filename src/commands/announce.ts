// Draft and release in one request: the words that the caller has just sent, and no others.
import type { Actor, Desk } from './desk.ts'
import { draft } from './draft.ts'
import { preview } from './preview.ts'
import { asksApproval, demandRelease, demandSending, needsApproval, release } from './release.ts'
import type { AnnouncementView } from './view.ts'

export interface Wish {
  readonly input: unknown
  /** What the announcement will be called; the same when the request is repeated. */
  readonly id: string
}

/**
 * What would refuse the release is asked before anything is stored, so that a refusal leaves no draft behind; only what changes between
 * the two may still refuse it. Refuses as `draft` and `release` do.
 */
export const announce = async (desk: Desk, actor: Actor, { input, id }: Wish): Promise<AnnouncementView> => {
  const plan = await preview(desk, actor, input)
  demandRelease(actor, plan.announcement, id)
  if (asksApproval(plan)) throw needsApproval()
  demandSending(plan)
  await draft(desk, actor, input, id)
  // No digest: what it answers may arrive at this very moment, and that is no reason to refuse words that nobody has changed.
  return release(desk, actor, id, { sent: plan.announcement })
}
