// What will be done: decisions and posts, with the digest to which an approval is given. Pure.
import type { Announcement } from '../announcement/announcement.ts'
import type { Connectors } from '../connector/connector.ts'
import { type LearnedLimits, learned } from '../connector/limits.ts'
import { asksApproval, type Decision, decide, type Situation } from '../policy/decide.ts'
import type { Channel, City } from '../policy/policy.ts'
import { type PlannedPost, type Rendered, render } from '../rendering/render.ts'
import { digestOf } from './digest.ts'

export type { PlannedPost } from '../rendering/render.ts'

/** What a delivery does on its channel. */
export type Action = 'publish' | 'update' | 'reply' | 'retract'

export interface PlannedDecision extends Decision {
  /** Null where nothing is done. */
  readonly action: Action | null
  /** The delivery whose receipt is updated, answered or retracted; null for a first publish. */
  readonly target: string | null
  /** Null where nothing is sent (omit, retract); a channel that stands by has the post with which it would take over. */
  readonly post: PlannedPost | null
  /** Earlier deliveries on this channel that shall not leave any more. */
  readonly supersedes: readonly string[]
}

export interface Plan {
  readonly city: string
  readonly announcement: Announcement
  /** SHA-256 over everything that would be sent: channel, action, target, post, doubles; not over times, reasons or suspensions. */
  readonly digest: string
  /** SHA-256 of the city's policy. */
  readonly policyDigest: string
  /** True where a rule asks for an approval, whether it has been given or not. */
  readonly needsApproval: boolean
  /** One per channel in the city's order; only a retraction may have several for one channel. */
  readonly decisions: readonly PlannedDecision[]
}

/** What the platforms take. */
export interface Offers {
  readonly connectors: Connectors
  /** What instances said of themselves, by channel name. */
  readonly learned: ReadonlyMap<string, LearnedLimits>
}

/** The plan for an announcement that is sent for the first time; follow-up.ts makes of it one that corrects or answers what stands. */
export const makePlan = (announcement: Announcement, city: City, policyDigest: string, offers: Offers, situation: Situation): Plan => {
  const here = { ...situation, connected: new Set([...situation.connected].filter((platform) => offers.connectors.has(platform))) }
  const printed = memo((name) => print(announcement, city, offers, name))
  const possible = decide({ ...announcement, expires: null, publishAt: null }, city, { ...here, suspended: new Map(), approved: true })
  const fallbacks = passing(city, possible, printed)
  return {
    city: city.key,
    announcement,
    digest: digestOf(
      announcement,
      policyDigest,
      possible.map((decision) => planned(decision, printed)).filter(({ post }) => post !== null),
    ),
    policyDigest,
    needsApproval: asksApproval(announcement, city, here),
    decisions: decide(announcement, fallbacks, here).map((decision) => planned(decision, printed)),
  }
}

/** How the announcement reads on a channel of the city. */
export const print = (announcement: Announcement, city: City, offers: Offers, name: string, correction = false): Rendered => {
  const channel = city.channels.find((each) => each.name === name) as Channel
  const connector = offers.connectors.get(channel.platform)!
  const limits = learned(connector.limits, offers.learned.get(name))
  return render(announcement, channel, { connector, limits, cityName: city.city, correction })
}

type Printed = (channel: string) => Rendered

const memo = (make: Printed): Printed => {
  const made = new Map<string, Rendered>()
  return (name) => {
    const rendered = made.get(name) ?? make(name)
    made.set(name, rendered)
    return rendered
  }
}

const standsBy = (decision: Decision): boolean => decision.because === 'standby' && decision.standbyFor !== null

const planned = (decision: Decision, printed: Printed): PlannedDecision => {
  const nothing = { ...decision, action: null, target: null, post: null, supersedes: [] } as const
  if (decision.verdict === 'omit' && !standsBy(decision)) return nothing
  const rendered = printed(decision.channel)
  if (!rendered.fits) return { ...nothing, verdict: 'omit', because: rendered.because, reason: rendered.reason, notBefore: null }
  const reason = [decision.reason, ...rendered.notes].join(' ')
  return { ...nothing, reason, action: decision.verdict === 'omit' ? null : 'publish', post: rendered.post }
}

/** The city without the fallbacks on which the announcement does not fit: theirs are asked instead. */
const passing = (city: City, possible: readonly Decision[], printed: Printed): City => {
  const carrying = possible.filter((decision) => decision.verdict !== 'omit' || standsBy(decision))
  const unfit = new Set(carrying.map(({ channel }) => channel).filter((name) => !printed(name).fits))
  if (unfit.size === 0) return city
  const fallbackOf = (name: string | null): string | null => city.channels.find((channel) => channel.name === name)?.fallback ?? null
  const next = (name: string | null, left = city.channels.length): string | null =>
    name === null || left === 0 || !unfit.has(name) ? name : next(fallbackOf(name), left - 1)
  return { ...city, channels: city.channels.map((channel) => ({ ...channel, fallback: next(channel.fallback) })) }
}
