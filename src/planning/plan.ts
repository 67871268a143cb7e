// What will be done: decisions and posts, with the digest to which an approval is given. Pure.
import { type Announcement, wayOf } from '../announcement/announcement.ts'
import type { Connectors } from '../connector/connector.ts'
import { type LearnedLimits, learned } from '../connector/limits.ts'
import { asksApproval, type Decision, decide, type Situation } from '../policy/decide.ts'
import { plannedAt } from '../policy/in-force.ts'
import type { Channel, City } from '../policy/policy.ts'
import { costs, byHand as madeByHand, perDay } from '../policy/reasons.ts'
import { templateFor } from '../policy/template-for.ts'
import type { Derived } from '../rendering/derive.ts'
import type { Offer } from '../rendering/offer.ts'
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
  /**
   * SHA-256 over everything that would be sent: channel, post, doubles, and what is done with what is out; not over times, reasons,
   * suspensions, or how far the deliveries of what is out have come.
   */
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
  /** Images made to fit, and picture cards, by their names; absent: none. */
  readonly derived?: Derived
}

/** The plan for an announcement that is sent for the first time; follow-up.ts makes of it one that corrects or answers what stands. */
export const makePlan = (announcement: Announcement, city: City, policyDigest: string, offers: Offers, situation: Situation): Plan => {
  const here = { ...situation, connected: new Set([...situation.connected].filter((platform) => offers.connectors.has(platform))) }
  const printed = memo((name) => print(announcement, city, offers, name, here.standing?.has(name) ? 'follow-up' : 'own'))
  const carrying = possible(announcement, city, here)
  const decided = here.followed === undefined ? carrying : possible(announcement, city, { ...here, standing: here.followed })
  const fallbacks = passing(city, carrying, printed)
  const notes = (name: string, post: PlannedPost): readonly string[] =>
    notesOn(channelNamed(city, name), offers, { ...post, isNew: !situation.standing?.has(name) })
  return {
    city: city.key,
    announcement,
    digest: digestOf(
      announcement,
      policyDigest,
      decided.map((decision) => planned(decision, printed, notes)).filter(({ post }) => post !== null),
    ),
    policyDigest,
    needsApproval: asksApproval(announcement, city, here),
    decisions: decide(announcement, fallbacks, here).map((decision) => planned(decision, printed, notes)),
  }
}

/** The decisions as they would be on a good day: nothing suspended, nothing to wait for. */
export const possible = (announcement: Announcement, city: City, situation: Situation): readonly Decision[] =>
  decide({ ...announcement, expires: null, publishAt: null }, city, {
    ...situation,
    now: plannedAt(announcement, situation.now),
    suspended: new Map(),
    approved: true,
  })

/** A post of its own, one that changes or answers what stands there, or an answer that begins with `Korrektur:`. */
export type PostKind = 'own' | 'follow-up' | 'correction'

/** How the announcement reads on a channel of the city. */
export const print = (announcement: Announcement, city: City, offers: Offers, name: string, kind: PostKind = 'own'): Rendered => {
  const channel = channelNamed(city, name)
  return render(announcement, { ...channel, template: templateFor(channel, announcement) }, offerFor(channel, city, offers, kind))
}

/** What the platform of this channel offers. */
export const offerFor = (
  channel: Channel,
  { city: cityName, colours }: City,
  { connectors, learned: said, derived }: Offers,
  kind: PostKind = 'own',
): Offer => {
  const connector = connectors.get(channel.platform)!
  return {
    connector,
    limits: learned(connector.limits, said.get(channel.name)),
    cityName,
    colours,
    correction: kind === 'correction',
    follows: kind !== 'own',
    ...(derived && { derived }),
  }
}

const channelNamed = (city: City, name: string): Channel => city.channels.find((channel) => channel.name === name) as Channel

/** What whoever releases it should know of this channel beside the post. */
const notesOn = (
  channel: Channel,
  { connectors }: Offers,
  { cost, kind, isNew }: PlannedPost & { readonly isNew: boolean },
): readonly string[] => {
  if (channel.by === 'hand') return [madeByHand(channel)]
  return [
    ...(connectors.get(channel.platform)?.notes?.(channel.settings) ?? []),
    ...(cost === undefined ? [] : [costs(channel, cost)]),
    ...(channel.perDay === null || !isNew || wayOf({ kind }) === 'urgent' ? [] : [perDay(channel, channel.perDay)]),
  ]
}

type Notes = (channel: string, post: PlannedPost) => readonly string[]
type Printed = (channel: string) => Rendered

const memo = (make: Printed): Printed => {
  const made = new Map<string, Rendered>()
  return (name) => {
    const rendered = made.get(name) ?? make(name)
    made.set(name, rendered)
    return rendered
  }
}

export const standsBy = (decision: Decision): boolean => decision.because === 'standby' && decision.standbyFor !== null

const planned = (decision: Decision, printed: Printed, notes: Notes): PlannedDecision => {
  const nothing = { ...decision, action: null, target: null, post: null, supersedes: [] } as const
  if (decision.verdict === 'omit' && !standsBy(decision)) return nothing
  const rendered = printed(decision.channel)
  if (!rendered.fits) return { ...nothing, verdict: 'omit', because: rendered.because, reason: rendered.reason, notBefore: null }
  const reason = [decision.reason, ...rendered.notes, ...notes(decision.channel, rendered.post)].join(' ')
  return { ...nothing, reason, action: decision.verdict === 'omit' ? null : 'publish', post: rendered.post }
}

/** The city without the fallbacks on which the announcement does not fit: theirs are asked instead. */
const passing = (city: City, decisions: readonly Decision[], printed: Printed): City => {
  const carrying = decisions.filter((decision) => decision.verdict !== 'omit' || standsBy(decision))
  const unfit = new Set(carrying.map(({ channel }) => channel).filter((name) => !printed(name).fits))
  if (unfit.size === 0) return city
  const fallbackOf = (name: string | null): string | null => city.channels.find((channel) => channel.name === name)?.fallback ?? null
  const next = (name: string | null, left = city.channels.length): string | null =>
    name === null || left === 0 || !unfit.has(name) ? name : next(fallbackOf(name), left - 1)
  return { ...city, channels: city.channels.map((channel) => ({ ...channel, fallback: next(channel.fallback) })) }
}
