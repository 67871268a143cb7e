// How the public takes it: followers of a channel, reactions to the posts of one announcement. Asked of the platforms.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Insights, Reactions } from '../connector/connector.ts'
import { type Standing, standingPosts } from '../store/verifying.ts'
import { cityOf } from './channels.ts'
import type { Actor, Desk } from './desk.ts'
import type { Checking } from './findings.ts'
import { demandAnnouncement } from './show.ts'

export interface ChannelInsights {
  readonly city: string
  readonly channel: string
  readonly platform: string
  /** Null where the platform does not count, or did not answer. */
  readonly insights: Insights | null
  /** Why there are none, one German sentence. */
  readonly problem: string | null
}

export interface PostReactions {
  readonly delivery: string
  readonly channel: string
  readonly platform: string
  readonly url: string | null
  /** Null where the platform does not count, or did not answer. */
  readonly reactions: Reactions | null
  /** Why there are none, one German sentence. */
  readonly problem: string | null
}

type Asking = Pick<Checking, 'client' | 'remember'>

const patienceMs = 15_000
const notCounted = 'Diese Plattform nennt keine Zahlen.'

/** Refuses with `unknown-city`, `unknown-channel` or `not-allowed`; a platform that does not answer is told, not thrown. */
export const channelInsights = async (
  desk: Desk,
  actor: Actor,
  where: { readonly city: string; readonly channel: string },
  asking: Asking,
): Promise<ChannelInsights> => {
  const city = cityOf(desk, actor, where.city)
  demand(actor, 'read', city.key)
  const channel = city.channels.find(({ name }) => name === where.channel)
  if (!channel)
    throw new Refusal({ code: 'unknown-channel', de: 'Diesen Kanal gibt es nicht.', en: 'There is no such channel.', place: 'channel' })
  const place = { city: city.key, channel: channel.name, platform: channel.platform }
  const connector = desk.connectors.get(channel.platform)
  if (!connector?.insights || channel.by === 'hand') return { ...place, insights: null, problem: notCounted }
  const ask = async () => connector.insights?.(await asking.client(place), AbortSignal.timeout(patienceMs))
  const [insights, problem] = await told(() => remembered(asking, `insights ${place.city}/${place.channel}`, ask))
  return { ...place, insights, problem }
}

/** One row for each post that stands. Refuses with `unknown-announcement` or `not-allowed`. */
export const announcementReactions = async (desk: Desk, actor: Actor, id: string, asking: Asking): Promise<readonly PostReactions[]> => {
  const { city } = await demandAnnouncement(desk, actor, id)
  demand(actor, 'read', city)
  const posts = await standingPosts(desk.db, { announcementId: id })
  return Promise.all(posts.map((post) => reactionsTo(desk, post, asking)))
}

const reactionsTo = async (desk: Desk, post: Standing, asking: Asking): Promise<PostReactions> => {
  const { id: delivery, city, channel, platform, receipt } = post
  const row = { delivery, channel, platform, url: receipt.url }
  const connector = desk.connectors.get(platform)
  const byHand = desk.cities.get(city)?.channels.find(({ name }) => name === channel)?.by === 'hand'
  if (!connector?.reactions || byHand) return { ...row, reactions: null, problem: notCounted }
  const ask = async () => connector.reactions?.(await asking.client(post), receipt, AbortSignal.timeout(patienceMs))
  const [reactions, problem] = await told(() => remembered(asking, `reactions ${delivery}`, ask))
  return { ...row, reactions, problem }
}

const remembered = <T>({ remember }: Asking, name: string, ask: () => Promise<T>): Promise<T> => (remember ? remember(name, ask) : ask())

const told = async <T>(ask: () => Promise<T | undefined>): Promise<readonly [T | null, string | null]> => {
  try {
    return [(await ask()) ?? null, null]
  } catch (error) {
    return [null, error instanceof Error ? error.message.slice(0, 300) : 'Die Plattform hat nicht verständlich geantwortet.']
  }
}
