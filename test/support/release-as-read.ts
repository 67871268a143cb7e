// Reads the plan of what would be released next and releases exactly that.
import type { Actor, Desk } from '../../src/commands/desk.ts'
import { previewAmendment } from '../../src/commands/preview-amendment.ts'
import { release } from '../../src/commands/release.ts'
import type { AnnouncementView } from '../../src/commands/view.ts'

export const releaseAsRead = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementView> =>
  release(desk, actor, id, { digest: (await previewAmendment(desk, actor, id, null)).digest })
