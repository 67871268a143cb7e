// What the house must have made before a plan can be the best one: images made to fit, and picture cards. Pure.
import type { Announcement } from '../announcement/announcement.ts'
import type { Situation } from '../policy/decide.ts'
import type { City } from '../policy/policy.ts'
import type { Derivation } from '../rendering/derive.ts'
import { wishes } from '../rendering/render.ts'
import { type Offers, offerFor, possible, standsBy } from './plan.ts'

/** For all channels that may carry it. */
export const wishesFor = (announcement: Announcement, city: City, offers: Offers, situation: Situation): readonly Derivation[] => {
  if (!mayWish(announcement, city, offers)) return []
  const carrying = possible(announcement, city, situation).filter((decision) => decision.verdict !== 'omit' || standsBy(decision))
  const wished = city.channels
    .filter(({ name, platform }) => offers.connectors.has(platform) && carrying.some(({ channel }) => channel === name))
    .flatMap((channel) => wishes(announcement, channel, offerFor(channel, city, offers)))
  return [...new Map(wished.map((wish) => [wish.name, wish])).values()]
}

/** False for most announcements: they have no picture, and no channel needs one. */
export const mayWish = ({ media }: Announcement, { channels }: City, { connectors }: Pick<Offers, 'connectors'>): boolean =>
  media.length > 0 || channels.some(({ platform }) => connectors.get(platform)?.limits.needsMedia)
