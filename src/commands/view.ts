// How an announcement and its deliveries are shown: the same shape in the API, on the command line and in pages.
import type { Announcement } from '../announcement/announcement.ts'
import type { AnnouncementState, State } from '../delivery/delivery.ts'
import type { Action, PlannedDecision } from '../planning/plan.ts'

export interface ReceiptView {
  readonly id: string
  readonly url: string | null
  readonly at: string
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
  readonly reason: string | null
  readonly revision: number
  /** ISO 8601: not before. */
  readonly dueAt: string
  /** Milliseconds from release (or due time, if later) to the receipt; null until then. */
  readonly milliseconds: number | null
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
  /** The decisions of the newest plan; empty for a draft. */
  readonly decisions: readonly PlannedDecision[]
  readonly deliveries: readonly DeliveryView[]
}

/** With the history of every attempt. */
export interface AnnouncementDetail extends AnnouncementView {
  readonly deliveries: readonly (DeliveryView & { readonly history: readonly AttemptView[] })[]
}
