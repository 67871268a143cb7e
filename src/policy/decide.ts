// Which channel carries an announcement, and why. Pure: the same input gives the same decisions; every channel gets one.
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import { type Course, closedFor, coursesOf } from './course.ts'
import type { Decision, Situation } from './decision.ts'
import { channelOn, dayOf, plannedAt } from './in-force.ts'
import type { Channel, City, Rule } from './policy.ts'
import { hoursOf, nextAllowed, quietAt } from './quiet-hours.ts'
import * as reasons from './reasons.ts'
import { names } from './rules.ts'
import { type Place, standInsOf } from './standing-in.ts'

export type { Because, Decision, Situation } from './decision.ts'

interface Circumstances {
  readonly announcement: Announcement
  readonly city: City
  readonly situation: Situation
}

/** One decision per channel of the city, in the city's order, each with its reason in German. */
export const decide = (announcement: Announcement, city: City, situation: Situation): readonly Decision[] => {
  const circumstances = { announcement, city, situation }
  const courses = coursesOf(announcement, city, situation)
  const { coveredBy, takesOver, standsBy } = standInsOf(announcement, courses, situation.suspended)
  return courses.map((course) => {
    const { channel } = course
    const replaced = takesOver.get(channel.name)
    if (replaced !== undefined) return timed(standIn('send', course, replaced, circumstances), replaced.course, circumstances)
    const backed = standsBy.get(channel.name)
    if (backed !== undefined) return standIn('omit', course, backed, circumstances)
    const decision = decisionOf(announcement, course)
    if (!course.carries) return decision
    const timely = timed(decision, course, circumstances)
    const why = situation.suspended.get(channel.name)
    if (why === undefined || timely.verdict === 'omit') return timely
    // Where the earlier wording stands, no fallback can correct it: the change waits for the channel.
    const cover = situation.standing?.has(channel.name) ? undefined : coveredBy.get(channel.name)
    const reason = reasons.suspended(channel, why, cover?.channel ?? null)
    if (cover !== undefined) return { ...decision, verdict: 'omit', because: 'suspended', reason }
    // Whoever releases looks for missing approvals: a suspension must not hide one.
    if (timely.because === 'approval') return { ...timely, reason: `${timely.reason} ${reason}` }
    return { ...timely, verdict: 'wait', because: 'suspended', reason }
  })
}

/** True when a channel may carry it only after an approval, whether it has been given or not. */
export const asksApproval = (announcement: Announcement, city: City, situation: Situation): boolean =>
  coursesOf(announcement, city, situation).some((course) => course.carries && course.needsApproval)

/** True when the city asks for an approval even where a follow-up of something released is exempt from it. */
export const asksApprovalAfterRelease = (announcement: Announcement, city: City, situation: Situation): boolean =>
  coursesOf(announcement, city, situation).some(
    ({ carries, channel, rule, asks }) =>
      carries && (rule === null ? city.rules.filter((each) => names(each, channel.name)) : [rule, ...asks]).some(demandsAfterRelease),
  )

const demandsAfterRelease = ({ hold }: Rule): boolean => hold.includes('approval-after-release')

const decisionOf = (announcement: Announcement, course: Course): Decision => ({
  channel: course.channel.name,
  platform: course.channel.platform,
  verdict: course.carries ? 'send' : 'omit',
  because: course.because,
  reason: course.reason,
  rule: course.rule?.name ?? null,
  notBefore: null,
  doubles: course.rule?.doubles ?? 'avoid',
  way: wayOf(announcement),
  standbyFor: null,
})

/** `send`: takes the place of a suspended channel, under that channel's rule; `omit`: stands by for it. */
const standIn = (verdict: 'send' | 'omit', { channel }: Course, place: Place, { announcement }: Circumstances): Decision => ({
  ...decisionOf(announcement, { ...place.course, channel }),
  verdict,
  because: verdict === 'send' ? 'fallback' : 'standby',
  reason: (verdict === 'send' ? reasons.takesOver : reasons.standsBy)(channel, place.of),
  standbyFor: place.of.name,
})

/** What clocks and approvals do to a decision to send: nothing, wait, or too late. */
const timed = (decision: Decision, course: Course, { announcement, city, situation }: Circumstances): Decision => {
  const { expires } = announcement
  const { now } = situation
  const channel = city.channels.find(({ name }) => name === decision.channel)!
  const planned = plannedAt(announcement, now)
  const wished = situation.standing?.has(channel.name) ? planned : delayed(planned, channel, decision.way)
  const hours = course.minds === 'quiet-hours' && decision.way === 'routine' ? hoursOf(channel, city) : []
  const allowed = nextAllowed(wished, hours, city.ars)
  const notBefore = isAfter(allowed, now) ? allowed : null
  if (expires !== null && !isAfter(expires, allowed))
    return { ...decision, verdict: 'omit', because: 'expired', reason: reasons.expired(expires, notBefore) }
  const then = channelOn(channel, dayOf(allowed))
  const closed = closedFor(announcement, { channel: then, city }, situation.standing?.has(channel.name) ?? false)
  if (closed !== null)
    return { ...decision, verdict: 'omit', because: closed, reason: reasons.barred(closed, announcement, { channel: then, city }) }
  const note = decision.because === 'fallback' ? `${decision.reason} ` : ''
  const wait = { ...decision, verdict: 'wait', notBefore } as const
  if (course.needsApproval && !situation.approved) {
    const reason = note + reasons.approval(course.asks) + (notBefore === null ? '' : reasons.andThen(notBefore))
    return { ...wait, because: 'approval', reason }
  }
  if (notBefore === null) return decision
  const quiet = allowed === wished ? null : quietAt(wished, hours, city.ars)
  if (quiet !== null) return { ...wait, because: 'quiet-hours', reason: note + reasons.quiet(allowed, quiet.window) }
  return wished === planned
    ? { ...wait, because: 'scheduled', reason: note + reasons.scheduled(allowed) }
    : { ...wait, because: 'delayed', reason: note + reasons.delayed(allowed, channel) }
}

/** Some channels come after the city's own page; what is urgent comes everywhere at once. */
const delayed = (at: string, { delayMinutes }: Channel, way: Decision['way']): string =>
  delayMinutes === 0 || way === 'urgent' ? at : new Date(Date.parse(at) + delayMinutes * 60_000).toISOString()

const isAfter = (time: string, other: string): boolean => Date.parse(time) > Date.parse(other)
