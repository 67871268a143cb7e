// What of an announcement stands on a channel, what is on its way there, and what has not left yet.
import type { Post } from '../connector/connector.ts'
import { isSettled, type State } from '../delivery/delivery.ts'
import type { City } from '../policy/policy.ts'
import type { Action } from './plan.ts'

/** A delivery of an earlier revision, as planning a follow-up wants it; in the order in which they were planned. */
export interface StandingDelivery {
  readonly id: string
  readonly channel: string
  readonly platform: string
  readonly action: Action
  readonly state: State
  readonly revision: number
  readonly post: Post | null
  /** True once the platform has confirmed it. */
  readonly receipt: boolean
  /** True once it was taken back. */
  readonly retracted: boolean
  /** True while nobody knows whether it is there. Absent: a held delivery counts as such. */
  readonly unclear?: boolean
}

export interface Standing {
  readonly platform: string
  /** What can be corrected, answered or taken back: posts and answers that are there or may be, in order. */
  readonly posts: readonly StandingDelivery[]
  /** The wording that readers see last: of a post, or of the newest change to it. */
  readonly newest: StandingDelivery | undefined
  /** What has surely not left. */
  readonly waiting: readonly string[]
  /** What readers see or may see yet: the first post in its newest wording, answers, and what waits. */
  readonly seen: readonly StandingDelivery[]
}

/** How things stand on each channel that has deliveries. */
export const standingOf = (before: readonly StandingDelivery[]): ReadonlyMap<string, Standing> => {
  const channels = new Set(before.map(({ channel }) => channel))
  return new Map([...channels].map((channel) => [channel, standingOn(before.filter((delivery) => delivery.channel === channel))]))
}

/** Names of the channels on which something stands or may be standing: for `Situation.standing`. */
export const standingChannels = (before: readonly StandingDelivery[]): ReadonlySet<string> =>
  new Set([...standingOf(before)].filter(([, { posts }]) => posts.length > 0).map(([channel]) => channel))

/**
 * Names of the channels that were to have it, whatever has become of it there: for `Situation.followed`. Without those that only stand
 * by, since what they take over depends on how others fare.
 */
export const followedChannels = (before: readonly StandingDelivery[], { channels }: Pick<City, 'channels'>): ReadonlySet<string> => {
  const standsBy = new Set(channels.filter(({ use }) => use === 'standby').map(({ name }) => name))
  return new Set(before.map(({ channel }) => channel).filter((channel) => !standsBy.has(channel)))
}

export const nothingStands: Standing = { platform: '', posts: [], newest: undefined, waiting: [], seen: [] }

const standingOn = (deliveries: readonly StandingDelivery[]): Standing => {
  const wordings = deliveries.filter((delivery) => delivery.action !== 'retract')
  const there = wordings.filter((delivery) => isThere(delivery) || isUnderWay(delivery))
  const posts = there.filter(({ action }) => action === 'publish' || action === 'reply')
  const waiting = wordings.filter((delivery) => !isSettled(delivery.state) && !isUnderWay(delivery))
  const change = there.findLast((delivery) => delivery.action === 'update' && isThere(delivery))
  return {
    platform: deliveries[0]?.platform ?? '',
    posts,
    newest: posts.length === 0 ? undefined : there.at(-1),
    waiting: waiting.map(({ id }) => id),
    seen: [...(change === undefined ? there : [change, ...posts.slice(1), ...there.slice(there.indexOf(change) + 1)]), ...waiting],
  }
}

const isThere = ({ receipt, retracted }: StandingDelivery): boolean => receipt && !retracted

/** May be there: being sent, being looked for, or in front of a person who is asked. What follows waits behind it. */
const isUnderWay = ({ state, unclear, receipt }: StandingDelivery): boolean =>
  !receipt && !isSettled(state) && (state === 'sending' || state === 'looking' || (unclear ?? state === 'held'))
