// Asks a channel's platform who we are there and whether it still works; what it says of its limits is kept for the planning.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { Identity } from '../connector/connector.ts'
import { channelStates, keepIdentity } from '../store/channels.ts'
import { type ChannelView, channelView, cityOf } from './channels.ts'
import type { Actor, Desk } from './desk.ts'

export interface ChannelCheck extends ChannelView {
  /** False where the platform or the credential said no; `problem` then says what and what to do, in German. */
  readonly works: boolean
  readonly problem: string | null
}

/** Connects to the channel and asks; rejects with a connector's error. */
export type AskChannel = (city: string, channel: string, signal: AbortSignal) => Promise<Identity>

const patienceMs = 15_000

/**
 * Refuses with `unknown-city`, `unknown-channel`, `not-allowed` or `no-connector`; a platform's no is an answer, not a refusal. Where a
 * person publishes nobody is asked.
 */
export const checkChannel = async (
  desk: Desk,
  actor: Actor,
  where: { readonly city: string; readonly channel: string },
  ask: AskChannel,
): Promise<ChannelCheck> => {
  const city = cityOf(desk, actor, where.city)
  demand(actor, 'suspend', where.city)
  const channel = city.channels.find(({ name }) => name === where.channel)
  if (!channel) throw refusal('unknown-channel', `Den Kanal „${where.channel.slice(0, 60)}“ gibt es bei ${city.city} nicht.`)
  if (!desk.connectors.has(channel.platform))
    throw refusal('no-connector', `Für die Plattform des Kanals „${channel.name}“ gibt es hier noch keine Anbindung.`)
  const problem = channel.by === 'hand' ? null : await asked(desk, where, ask)
  return { ...channelView(city, channel, await channelStates(desk.db, city.key)), works: problem === null, problem }
}

/** Null when all is well, else what is wrong. */
const asked = async (desk: Desk, where: { readonly city: string; readonly channel: string }, ask: AskChannel): Promise<string | null> => {
  try {
    await keepIdentity(desk.db, where, await ask(where.city, where.channel, AbortSignal.timeout(patienceMs)))
    return null
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : 'Die Plattform hat nicht verständlich geantwortet.'
  }
}

const refusal = (code: string, de: string): Refusal =>
  new Refusal({ code, de, en: `The channel cannot be checked (${code}).`, place: 'channel' })
