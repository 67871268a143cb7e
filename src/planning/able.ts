// Who does what on a channel: the program, a person, or nobody. Pure.
import type { AnyConnector } from '../connector/connector.ts'
import type { Channel } from '../policy/policy.ts'
import type { Action } from './plan.ts'

type Abilities = Pick<AnyConnector, 'update' | 'retract' | 'reply' | 'byHand'>

/** A change that needs a person there: because all of this channel is made by hand, or because no program can do this on its platform. */
export const isByHand = ({ by }: Pick<Channel, 'by'>, connector: Abilities, action: Action): boolean => {
  if (by === 'hand') return true
  if (action !== 'update' && action !== 'retract') return false
  return connector[action] === undefined && (connector.byHand?.includes(action) ?? false)
}

/** Whether it can be done there at all, by whomever. A person does not answer but changes, deletes or publishes anew. */
export const isAble = (channel: Pick<Channel, 'by'>, connector: Abilities, action: 'update' | 'retract' | 'reply'): boolean => {
  if (action === 'reply') return channel.by === 'program' && connector.reply !== undefined
  return connector[action] !== undefined || isByHand(channel, connector, action)
}
