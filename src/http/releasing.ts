// The verbs that put something on its way, so that a repeated request finds their effect instead of making a second one.
import { Refusal } from '../announcement/refusal.ts'
import type { Actor, Desk } from '../commands/desk.ts'
import { show } from '../commands/show.ts'
import type { AnnouncementView } from '../commands/view.ts'

/** What an earlier try of the same request has stored under this id; undefined when it did not get that far. */
export const storedBefore = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementView | undefined> => {
  try {
    return await show(desk, actor, id)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unknown-announcement') return undefined
    throw error
  }
}

interface Earlier {
  readonly desk: Desk
  readonly actor: Actor
  readonly id: string
  readonly again: boolean
  /** An earlier try of the same request was committed. */
  readonly done: boolean
  /** The refusal that says the same, where an older version took the earlier try. */
  readonly code: string
}

/** Does it; when an earlier try of the same request got through already, shows how things are now, and changes nothing. */
export const orShow = async (
  deed: () => Promise<AnnouncementView>,
  { desk, actor, id, again, done, code }: Earlier,
): Promise<AnnouncementView> => {
  if (done) return show(desk, actor, id)
  try {
    return await deed()
  } catch (error) {
    if (again && error instanceof Refusal && error.code === code) return await show(desk, actor, id)
    throw error
  }
}
