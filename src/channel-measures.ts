// What the city files say of how workers treat a channel: its pace, its daily maximum, and whether a person publishes there.
import type { AnyConnector } from './connector/connector.ts'
import { UnreachableError } from './connector/errors.ts'
import type { Pace } from './connector/limits.ts'
import { isByHand } from './planning/able.ts'
import type { Action } from './planning/plan.ts'
import { type DailyMaximum, dailyOf } from './policy/daily.ts'
import type { Channel, City } from './policy/policy.ts'

/** A channel and its city, by their keys. Throws UnreachableError where the files have it no longer. */
export type ChannelOf = (city: string, channel: string) => { readonly policy: City; readonly found: Channel }

export interface Measures {
  paceOf(city: string, channel: string, connector: AnyConnector): Pace
  dailyOf(city: string, channel: string): DailyMaximum | null
  isByHand(city: string, channel: string, connector: AnyConnector, action: Action): boolean
}

export const channelsIn =
  (cities: ReadonlyMap<string, City>): ChannelOf =>
  (city, channel) => {
    const policy = cities.get(city)
    const found = policy?.channels.find(({ name }) => name === channel)
    // it may come back with the next start: what is meant for it waits
    if (!policy || !found) throw new UnreachableError(`Der Kanal »${channel}« steht nicht mehr in der Datei der Stadt (${city}).`)
    return { policy, found }
  }

export const measuresOf = (channelOf: ChannelOf): Measures => ({
  paceOf: (city, channel, connector) => channelOf(city, channel).found.pace ?? connector.limits.pace,
  dailyOf: (city, channel) => {
    const { policy, found } = channelOf(city, channel)
    return dailyOf(found, policy)
  },
  isByHand: (city, channel, connector, action) => isByHand(channelOf(city, channel).found, connector, action),
})
