// What the policy alone says of one channel: whether it carries the announcement, before suspensions and clocks come into it.
import { type Announcement, atLeast, isVideo, type Severity, wayOf } from '../announcement/announcement.ts'
import { wordingIn } from '../announcement/wording.ts'
import { isChosen } from './choice.ts'
import type { Bar, Because, Situation } from './decision.ts'
import { reaches } from './districts.ts'
import { cityAt, plannedAt } from './in-force.ts'
import { platforms } from './platforms.ts'
import type { Channel, City, Rule } from './policy.ts'
import * as reasons from './reasons.ts'
import { fits, names } from './rules.ts'

export interface Course {
  readonly channel: Channel
  readonly carries: boolean
  readonly because: Because
  readonly reason: string
  readonly rule: Rule | null
  readonly needsApproval: boolean
  /** All rules that ask for an approval; empty where none does, or where it follows what stands there. */
  readonly asks: readonly Rule[]
  readonly minds: 'quiet-hours' | 'nothing'
  /** What `use`, connector, kind and topic say: false when the channel could not even stand in for another. */
  readonly able: boolean
}

type Known = Pick<Situation, 'connected' | 'standing' | 'now' | 'heldBefore'>

/** The course of every channel of the city, in the city's order, as the channels are on the day for which it is planned. */
export const coursesOf = (announcement: Announcement, policy: City, known: Known): readonly Course[] => {
  const city = cityAt(policy, plannedAt(announcement, known.now))
  const fitting = city.rules.filter((rule) => fits(rule.when, announcement))
  return city.channels.map((channel) => {
    const barred = bar(announcement, { channel, city }, known)
    if (barred !== null)
      return { ...nothing(channel), because: barred, reason: reasons.barred(barred, announcement, { channel, city }), able: false }
    const course = heldAsBefore(wanted(announcement, channel, { city, fitting, known }), known)
    if (known.connected.has(channel.platform)) return course
    // The city's own wish is the better reason where there is one: only what it wants and cannot have is for want of a connector.
    const unable = { ...nothing(channel), because: course.because, reason: course.reason, able: false }
    if (course.because === 'no-rule') return unable
    return { ...unable, because: 'no-connector', reason: reasons.barred('no-connector', announcement, { channel, city }) }
  })
}

const heldAsBefore = (course: Course, { heldBefore = false }: Known): Course =>
  heldBefore && course.carries ? { ...course, needsApproval: true } : course

interface Wishes {
  readonly city: City
  /** The rules that fit the announcement, in order. */
  readonly fitting: readonly Rule[]
  readonly known: Known
}

/** What the rules want of a channel that nothing bars. */
const wanted = (announcement: Announcement, channel: Channel, { city, fitting, known }: Wishes): Course => {
  const stands = known.standing?.has(channel.name) ?? false
  if (channel.use === 'standby' && !stands) return { ...nothing(channel), because: 'standby', reason: reasons.standsBy(channel) }
  const rule = fitting.find((each) => names(each, channel.name))
  if (rule !== undefined) return byRule(announcement, channel, [rule, ...ofOneAlone(announcement, channel, city)])
  if (stands) return following(announcement, channel, city)
  return { ...nothing(channel), because: 'no-rule', reason: reasons.noRule(announcement, channel) }
}

const nothing = (channel: Channel) =>
  ({ channel, carries: false, rule: null, needsApproval: false, asks: [], minds: 'nothing', able: true }) as const

/**
 * Of an announcement with several topics, areas, languages or kinds of files: the rules that would decide for one of each alone, in the
 * language that goes to this channel. Their holds count too, so that a second topic or a picture beside a film gets nothing past an approval.
 */
const ofOneAlone = (announcement: Announcement, channel: Channel, city: City): readonly Rule[] => {
  const { topics, districts, media, language, variants } = announcement
  const kinds = [media.filter(isVideo), media.filter((file) => !isVideo(file))].filter((files) => files.length > 0)
  if (topics.length < 2 && districts.length < 2 && kinds.length < 2 && Object.keys(variants).length === 0) return []
  const there = wordingIn(announcement, channel.language)
  const said = there.language === language ? announcement : { ...announcement, language: there.language }
  return oneByOne(topics).flatMap((topic) =>
    oneByOne(districts).flatMap((district) =>
      (kinds.length === 0 ? [[]] : kinds).flatMap((files) => {
        const alone = { ...said, topics: topic, districts: district, media: files, variants: {} }
        return city.rules.find((rule) => names(rule, channel.name) && fits(rule.when, alone)) ?? []
      }),
    ),
  )
}

const oneByOne = (keys: readonly string[]): readonly (readonly string[])[] => (keys.length === 0 ? [[]] : keys.map((key) => [key]))

/** The first rule decides; what any of them wants awaited is awaited. */
const byRule = (announcement: Announcement, channel: Channel, rules: readonly [Rule, ...Rule[]]): Course => {
  const [rule] = rules
  const asks = [...new Set(rules)].filter(({ hold }) => hold.includes('approval'))
  return {
    channel,
    carries: true,
    because: 'rule',
    reason: reasons.byRule(announcement, channel, rule),
    rule,
    needsApproval: asks.length > 0,
    asks,
    minds: rules.some(({ hold }) => hold.includes('quiet-hours')) ? 'quiet-hours' : 'nothing',
    able: true,
  }
}

/** No rule fits any more, yet the earlier text stands there: it must not stay uncorrected. The approval duty of the channel's rules still holds. */
const following = (announcement: Announcement, channel: Channel, city: City): Course => ({
  channel,
  carries: true,
  because: 'follows',
  reason: reasons.follows(announcement, channel),
  rule: null,
  needsApproval: city.rules.some((rule) => names(rule, channel.name) && rule.hold.includes('approval') && concerns(rule, announcement)),
  asks: [],
  minds: 'nothing',
  able: true,
})

/** The approval duty of politics is none of warnings; that of all that is said, or of all warnings, is. */
const concerns = ({ when }: Rule, announcement: Announcement): boolean =>
  wayOf(announcement) === 'routine' ||
  (when.topic === null &&
    (when.district === null || reaches(when.district, announcement)) &&
    (when.kind === null || when.kind.includes(announcement.kind)))

/** What keeps the channel from carrying it whatever the rules say, in the order of weight; null: nothing. */
const bar = (announcement: Announcement, { channel, city }: reasons.Spot, { standing }: Known): Bar | null => {
  if (platforms.get(channel.platform)?.discontinued) return 'discontinued'
  const follows = standing?.has(channel.name) ?? false
  const closed = closedFor(announcement, { channel, city }, follows)
  if (closed !== null) return closed
  if (follows) return null
  if (channel.kinds !== null && !channel.kinds.includes(announcement.kind)) return 'kind'
  if (channel.topics !== null && wayOf(announcement) === 'routine' && !isChosen(channel.topics, announcement.topics)) return 'topic'
  if (channel.districts !== null && !reaches(channel.districts, announcement)) return 'district'
  return null
}

/** What the channel's `use` says against it; null: nothing. `follows`: what this corrects or ends stands there. */
export const closedFor = (
  announcement: Announcement,
  { channel: { use }, city }: reasons.Spot,
  follows: boolean,
): Extract<Bar, 'left' | 'dormant' | 'emergency-only'> | null => {
  if (use === 'left' || use === 'dormant') return use
  return use === 'emergency-only' && !isEmergency(announcement, follows, city.emergency) ? use : null
}

/** Warnings and all-clears from the city's threshold on, for real; and what follows one that stands there already. */
const isEmergency = (announcement: Announcement, follows: boolean, threshold: Severity): boolean =>
  wayOf(announcement) === 'urgent' && announcement.status === 'Actual' && (follows || atLeast(announcement.severity, threshold))
