// What an amendment of something released is: a correction, or a new release; and who is exempt from the second pair of eyes. Pure.
import { type Announcement, severities, wayOf } from '../announcement/announcement.ts'
import { asksApprovalAfterRelease, type Situation } from '../policy/decide.ts'
import type { City } from '../policy/policy.ts'
import { possible } from './plan.ts'

/** What makes a new release of an amendment: it reaches others, or frightens more, than what was released. */
export type Widening = 'severity' | 'topic' | 'audience'

/** @param situation with what stands there: a channel that shows the earlier wording is no new audience */
export const wideningsOf = (earlier: Announcement, now: Announcement, city: City, situation: Situation): readonly Widening[] => {
  const before = new Set(carrying(earlier, city, situation))
  return [
    ...(isRaised(earlier, now) ? (['severity'] as const) : []),
    ...(sameTopics(earlier, now) ? [] : (['topic'] as const)),
    ...(carrying(now, city, situation).every((channel) => before.has(channel)) ? [] : (['audience'] as const)),
  ]
}

const sameTopics = ({ topics: earlier }: Announcement, { topics }: Announcement): boolean =>
  earlier.length === topics.length && earlier.every((topic) => topics.includes(topic))

/** Less is a correction; from none to any is a raise. */
const isRaised = ({ severity: earlier }: Announcement, { severity }: Announcement): boolean =>
  severity !== null && (earlier === null || severities.indexOf(severity) < severities.indexOf(earlier))

const carrying = (announcement: Announcement, city: City, situation: Situation): readonly string[] =>
  possible(announcement, city, situation).flatMap(({ verdict, channel }) => (verdict === 'omit' ? [] : channel))

/** Why no second pair of eyes is needed where a rule asks for one. Stands in the audit. */
export type Exemption = 'all-clear' | 'correction-of-a-warning' | 'retraction'

/**
 * Ending or correcting a warning must not wait for a second person at night, unless the city says so (`approval-after-release`).
 * What reaches others or frightens more than the warning did is no correction.
 * @param widened from `wideningsOf`; null for a first release
 */
export const exemptionOf = (
  announcement: Announcement,
  city: City,
  situation: Situation,
  widened: readonly Widening[] | null,
): Exemption | null => {
  const exemption = widened === null ? ofFirstRelease(announcement) : ofAmendment(announcement, widened)
  return exemption !== null && asksApprovalAfterRelease(announcement, city, situation) ? null : exemption
}

const ofFirstRelease = ({ kind, references }: Announcement): Exemption | null =>
  kind === 'all-clear' && references !== null ? 'all-clear' : null

const ofAmendment = (announcement: Announcement, widened: readonly Widening[]): Exemption | null =>
  wayOf(announcement) === 'urgent' && widened.length === 0 ? 'correction-of-a-warning' : null
