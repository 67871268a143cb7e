// An announcement as the store holds it, who wrote it, and the rows it was read from.
import type { Announcement } from '../announcement/announcement.ts'
import type { RevisionFacts } from './proof.ts'

export interface StoredAnnouncement {
  readonly id: string
  readonly city: string
  readonly revision: number
  readonly content: Announcement
  readonly createdAt: Date
  readonly createdBy: string
  readonly releasedAt: Date | null
  readonly retractedAt: Date | null
  /** What was written since the release and is not out yet; null: nothing. */
  readonly amendment: Amendment | null
  /** What it was read from. */
  readonly rows: { readonly newest: RevisionRow; readonly amendment: RevisionRow | null }
}

/** A revision of something released that waits to be approved or released. */
export interface Amendment {
  readonly revision: number
  readonly content: Announcement
  readonly writtenAt: Date
}

/** Who wrote: the id of a key, and the person who holds it where the key names one. */
export interface Writer {
  readonly id: string
  readonly person: string | null
}

/** A revision as its row says it, with its proof. */
export interface RevisionRow extends Omit<RevisionFacts, 'announcementId'> {
  readonly mac: string | null
}
