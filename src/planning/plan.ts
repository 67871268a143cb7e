// What will be done: decisions and posts, with the digest to which an approval is given. Pure.
import type { Announcement } from '../announcement/announcement.ts'
import type { Post } from '../connector/connector.ts'
import type { Decision } from '../policy/decide.ts'

/** What a delivery does on its channel. */
export type Action = 'publish' | 'update' | 'reply' | 'retract'

export interface PlannedPost extends Post {
  /** What the text measures in the platform's unit. */
  readonly length: number
  /** The most it may measure there. */
  readonly max: number
}

export interface PlannedDecision extends Decision {
  /** Null where nothing is done. */
  readonly action: Action | null
  /** The delivery whose receipt is updated, answered or retracted; null for a first publish. */
  readonly target: string | null
  /** Null where nothing is sent (omit, retract). */
  readonly post: PlannedPost | null
}

export interface Plan {
  readonly city: string
  readonly announcement: Announcement
  /** SHA-256 over everything that would be sent: channel, action, target, post, doubles; not over times or reasons. */
  readonly digest: string
  /** SHA-256 of the city's policy. */
  readonly policyDigest: string
  readonly needsApproval: boolean
  readonly decisions: readonly PlannedDecision[]
}
