// How an announcement and its deliveries are shown: the same shape in the API, on the command line and in pages.
import type { Announcement } from '../announcement/announcement.ts'
import type { AnnouncementState, State } from '../delivery/delivery.ts'
import type { Action, PlannedDecision } from '../planning/plan.ts'

/** What a person needs who publishes, changes or deletes by hand. */
export interface TaskView {
  /** To paste; where a post is to be deleted, the words to publish if that cannot be done any more. */
  readonly text: string | null
  readonly link: string | null
  /** In their order; `path` is below the service's address. */
  readonly media: readonly { readonly path: string; readonly alt: string }[]
  /** Where the post stands that is to be changed or deleted; null: none, or nobody knows. */
  readonly at: string | null
}

interface ReceiptView {
  readonly id: string
  readonly url: string | null
  readonly at: string
  /** One German sentence for people: how many letters a mailing has sent. */
  readonly note?: string
}

export interface AttemptView {
  readonly at: string
  readonly event: string
  readonly failure: string | null
  readonly detail: string | null
}

export interface DeliveryView {
  readonly id: string
  readonly channel: string
  readonly platform: string
  readonly action: Action
  readonly state: State
  /** Attempts that counted. */
  readonly attempts: number
  readonly receipt: ReceiptView | null
  /** Set while the delivery is held in front of a person. */
  readonly question: string | null
  /** Set while a person is to do it by hand. */
  readonly task: TaskView | null
  readonly reason: string | null
  readonly revision: number
  /** ISO 8601: not before. */
  readonly dueAt: string
  /** Milliseconds from release (or due time, if later) to the receipt; null until then. */
  readonly milliseconds: number | null
}

export interface AmendmentView {
  readonly revision: number
  readonly announcement: Announcement
  readonly writtenAt: string
}

export interface AnnouncementView {
  readonly id: string
  readonly city: string
  readonly state: AnnouncementState
  readonly revision: number
  readonly announcement: Announcement
  readonly createdAt: string
  readonly releasedAt: string | null
  readonly retractedAt: string | null
  /** What was written since the release and waits to be approved or released; null: nothing. Its plan: `POST /announcements/<id>/plan`. */
  readonly amendment: AmendmentView | null
  /** The decisions of the newest plan; empty for a draft. */
  readonly decisions: readonly PlannedDecision[]
  readonly deliveries: readonly DeliveryView[]
}

/** With the history of every attempt. */
export interface AnnouncementDetail extends AnnouncementView {
  readonly deliveries: readonly (DeliveryView & { readonly history: readonly AttemptView[] })[]
}
