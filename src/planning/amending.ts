// What an amendment of something released is: a correction, or a new release; and who is exempt from the second pair of eyes. Pure.
import { type Announcement, severities, wayOf } from '../announcement/announcement.ts'
import { asksApprovalAfterRelease, type Situation } from '../policy/decide.ts'
import type { City } from '../policy/policy.ts'
import { possible } from './plan.ts'

/** What makes a new release of an amendment: it reaches others, or frightens more, than what was released. */
export type Widening = 'severity' | 'topic' | 'audience' | 'embargo'

/** @param situation with what stands there: a channel that shows the earlier wording is no new audience */
export const wideningsOf = (earlier: Announcement, now: Announcement, city: City, situation: Situation): readonly Widening[] => {
  const before = new Set(carrying(earlier, city, situation))
  const isWider = isForMore(earlier, now) || carrying(now, city, situation).some((channel) => !before.has(channel))
  return [
    ...(isRaised(earlier, now) ? (['severity'] as const) : []),
    ...(sameTopics(earlier, now) ? [] : (['topic'] as const)),
    ...(isWider ? (['audience'] as const) : []),
    ...(isEarlier(earlier, now, situation) ? (['embargo'] as const) : []),
  ]
}

const sameTopics = ({ topics: earlier }: Announcement, { topics }: Announcement): boolean =>
  earlier.length === topics.length && earlier.every((topic) => topics.includes(topic))

/** For another area, or for the whole city; for fewer of the same areas is a correction. */
const isForMore = ({ districts: earlier }: Announcement, { districts }: Announcement): boolean =>
  earlier.length > 0 && (districts.length === 0 || districts.some((one) => !earlier.includes(one)))

/** Said before the hour until which it was to be kept. */
const isEarlier = ({ publishAt: until }: Announcement, { publishAt }: Announcement, { now }: Situation): boolean =>
  until !== null && until > now && (publishAt === null || publishAt < until)

/** Less is a correction; from none to any is a raise. */
const isRaised = ({ severity: earlier }: Announcement, { severity }: Announcement): boolean =>
  severity !== null && (earlier === null || severities.indexOf(severity) < severities.indexOf(earlier))

const carrying = (announcement: Announcement, city: City, situation: Situation): readonly string[] =>
  possible(announcement, city, situation).flatMap(({ verdict, channel }) => (verdict === 'omit' ? [] : channel))

/** Why no second pair of eyes is needed where a rule asks for one. Stands in the audit. */
export type Exemption = 'all-clear' | 'correction-of-a-warning' | 'retraction'

export interface Exempting {
  readonly city: City
  readonly situation: Situation
  /** An amendment: what is released, and `wideningsOf`. */
  readonly amends?: { readonly content: Announcement; readonly widened: readonly Widening[] }
  /** An all-clear: the channels that had the warning or were to have it; absent where the warning was taken back. */
  readonly warned?: ReadonlySet<string>
}

/**
 * Ending or correcting a warning must not wait for a second person at night, unless the city says so (`approval-after-release`). What
 * reaches others or frightens more than the warning did is no correction; and an all-clear goes to those who were warned.
 */
export const exemptionOf = (announcement: Announcement, exempting: Exempting): Exemption | null => {
  const { city, situation, amends } = exempting
  const exemption = amends ? ofAmendment(announcement, amends.widened) : ofAllClear(announcement, exempting)
  if (exemption === null) return null
  const asked = [announcement, ...(amends ? [amends.content] : [])].some((one) => asksApprovalAfterRelease(one, city, situation))
  return asked ? null : exemption
}

const ofAllClear = (announcement: Announcement, { city, situation, warned }: Exempting): Exemption | null =>
  announcement.kind === 'all-clear' && warned && carrying(announcement, city, situation).every((channel) => warned.has(channel))
    ? 'all-clear'
    : null

const ofAmendment = (announcement: Announcement, widened: readonly Widening[]): Exemption | null =>
  wayOf(announcement) === 'urgent' && widened.length === 0 ? 'correction-of-a-warning' : null
