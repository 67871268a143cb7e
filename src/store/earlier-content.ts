// Announcements that an earlier version stored, as this one would have stored them.
import type { Announcement } from '../announcement/announcement.ts'

/** What was stored before the fields came that are optional here. */
type Stored = Omit<Announcement, 'topics' | 'districts'> & Partial<Pick<Announcement, 'topics' | 'districts'>>

/** Fields that came later have the values that say the same: `topics` had one topic, or none; all was for the whole city. */
export const asItWouldBeNow = (stored: Stored): Announcement => ({
  ...stored,
  districts: stored.districts ?? [],
  topics: stored.topics ?? (stored.topic === null ? [] : [stored.topic]),
})
