// Posts of announcements on a platform with room for so many characters.
import assert from 'node:assert/strict'
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { Limits } from '../../src/connector/limits.ts'
import type { Destination, Offer } from '../../src/rendering/offer.ts'
import { type PlannedPost, type Rendered, render } from '../../src/rendering/render.ts'
import { aChannel, anAnnouncement } from './builders.ts'

/** A platform that takes `max` UTF-16 units of text. */
export const room = (max: number, over: Partial<Limits> = {}): Offer => {
  const limits: Limits = {
    text: { max },
    images: { max: 4, maxBytes: 1_000_000, types: ['image/png'], altMax: 1_500 },
    needsMedia: false,
    pace: { actions: 1, perSeconds: 1 },
    ...over,
  }
  return { connector: { platform: 'bluesky', title: 'Bluesky', limits, measure: (text) => text.length }, limits, cityName: 'Bonn' }
}

const rendered = (announcement: Partial<Announcement>, offer: Offer, channel: Partial<Destination>): Rendered =>
  render(anAnnouncement(announcement), aChannel(channel), offer)

/** The post, with what the plan says of it. */
export const posted = (
  announcement: Partial<Announcement>,
  offer: Offer,
  channel: Partial<Destination> = {},
): PlannedPost & { readonly notes: readonly string[] } => {
  const made = rendered(announcement, offer, channel)
  assert.ok(made.fits, made.fits ? '' : made.reason)
  return { ...made.post, notes: made.notes }
}

/** Why there is no post. */
export const refused = (announcement: Partial<Announcement>, offer: Offer, channel: Partial<Destination> = {}): string => {
  const made = rendered(announcement, offer, channel)
  assert.ok(!made.fits)
  return made.reason
}
