// What of an announcement stands on a channel, what is on its way there, and what has not left yet.
import type { Post } from '../connector/connector.ts'
import { isSettled, type State } from '../delivery/delivery.ts'
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
}

/** How things stand on each channel that has deliveries. */
export const standingOf = (before: readonly StandingDelivery[]): ReadonlyMap<string, Standing> => {
  const channels = new Set(before.map(({ channel }) => channel))
  return new Map([...channels].map((channel) => [channel, standingOn(before.filter((delivery) => delivery.channel === channel))]))
}

/** Names of the channels on which something stands or may be standing: for `Situation.standing`. */
export const standingChannels = (before: readonly StandingDelivery[]): ReadonlySet<string> =>
  new Set([...standingOf(before)].filter(([, { posts }]) => posts.length > 0).map(([channel]) => channel))

export const nothingStands: Standing = { platform: '', posts: [], newest: undefined, waiting: [] }

const standingOn = (deliveries: readonly StandingDelivery[]): Standing => {
  const wordings = deliveries.filter((delivery) => delivery.action !== 'retract')
  const there = wordings.filter((delivery) => isThere(delivery) || isUnderWay(delivery))
  const posts = there.filter(({ action }) => action === 'publish' || action === 'reply')
  return {
    platform: deliveries[0]?.platform ?? '',
    posts,
    newest: posts.length === 0 ? undefined : there.at(-1),
    waiting: wordings.filter((delivery) => !isSettled(delivery.state) && !isUnderWay(delivery)).map(({ id }) => id),
  }
}

const isThere = ({ receipt, retracted }: StandingDelivery): boolean => receipt && !retracted

/** May be there: being sent, being looked for, or in front of a person who is asked. What follows waits behind it. */
const isUnderWay = ({ state, unclear, receipt }: StandingDelivery): boolean =>
  !receipt && !isSettled(state) && (state === 'sending' || state === 'looking' || (unclear ?? state === 'held'))
