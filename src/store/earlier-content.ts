// Announcements that an earlier version stored, as this one would have stored them.
import type { Announcement } from '../announcement/announcement.ts'

/** Fields that came later have the values that say the same: `topics` had one topic, or none. */
export const asItWouldBeNow = (stored: Announcement | Omit<Announcement, 'topics'>): Announcement => ({
  ...stored,
  topics: 'topics' in stored ? stored.topics : stored.topic === null ? [] : [stored.topic],
})
