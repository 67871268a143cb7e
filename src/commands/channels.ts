// How a city's channels stand: what each is for by policy, whether it is suspended, and what its platform last said.
import { sees, unknownCity } from '../access/actor.ts'
import type { Identity } from '../connector/connector.ts'
import { channelOn, dayOf } from '../policy/in-force.ts'
import type { Channel, City } from '../policy/policy.ts'
import { type ChannelState, channelStates } from '../store/channels.ts'
import type { Actor, Desk } from './desk.ts'

export interface ChannelView {
  readonly city: string
  readonly name: string
  readonly platform: string
  readonly title: string | null
  readonly url: string | null
  readonly use: Channel['use']
  readonly by: Channel['by']
  readonly since: string | null
  /** The city's own reason for `use`. */
  readonly because: string | null
  readonly suspended: { readonly at: string; readonly by: string; readonly because: string } | null
  /** Who we are there, as of the last check; null before the first. */
  readonly identity: { readonly account: string; readonly url: string | null; readonly until: string | null } | null
  readonly checkedAt: string | null
}

/** The channels of one city, or of all cities that the actor sees. Refuses with `unknown-city`. */
export const listChannels = async (desk: Desk, actor: Actor, city?: string): Promise<readonly ChannelView[]> => {
  const cities = city === undefined ? [...desk.cities.values()].filter(({ key }) => sees(actor, key)) : [cityOf(desk, actor, city)]
  const states = await channelStates(desk.db, city)
  return cities.flatMap((one) => one.channels.map((channel) => channelView(one, channel, states)))
}

/** One channel as it is today and stands among the states of the store. */
export const channelView = (city: City, channel: Channel, states: readonly ChannelState[]): ChannelView => {
  const { name, platform, title, url, use, by, since, because } = channelOn(channel, dayOf(new Date().toISOString()))
  const state = states.find((one) => one.city === city.key && one.channel === name)
  return {
    ...{ city: city.key, name, platform, title, url, use, by, since, because },
    suspended: suspensionOf(state),
    identity: identityOf(state?.identity),
    checkedAt: state?.checkedAt?.toISOString() ?? null,
  }
}

/** The city, if the actor sees it; otherwise it does not exist. */
export const cityOf = (desk: Desk, actor: Actor, key: string): City => {
  const city = desk.cities.get(key)
  if (!city || !sees(actor, key)) throw unknownCity(key)
  return city
}

const suspensionOf = (state: ChannelState | undefined): ChannelView['suspended'] =>
  state?.suspendedAt ? { at: state.suspendedAt.toISOString(), by: state.suspendedBy ?? '', because: state.suspendedBecause ?? '' } : null

const identityOf = (identity: Identity | null | undefined): ChannelView['identity'] =>
  identity ? { account: identity.account, url: identity.url, until: identity.until } : null
