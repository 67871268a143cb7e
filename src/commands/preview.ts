// The plan of an announcement that nobody has stored: what would go where, how it would read, and why.
import { demand } from '../access/actor.ts'
import type { Plan } from '../planning/plan.ts'
import type { Actor, Desk } from './desk.ts'
import { planFor } from './plan-for.ts'
import { prepareMedia } from './prepare-media.ts'
import { readInput } from './read-input.ts'

/** Stores nothing of it; images made to fit are kept, they are the same for everybody. Refuses as `readInput` does. */
export const preview = async (desk: Desk, actor: Actor, input: unknown): Promise<Plan> => {
  const content = await readInput(desk, actor, input, { verb: 'plan' })
  demand(actor, 'plan', content.city)
  await prepareMedia(desk, content)
  return (await planFor(desk, desk.db, content)).plan
}
