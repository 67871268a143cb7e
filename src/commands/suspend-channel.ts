// Suspends a channel, so that nothing more goes there, and resumes it; what was on its way is held meanwhile.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { audit } from '../store/audit.ts'
import { channelStates, resume, suspend } from '../store/channels.ts'
import { type ChannelView, channelView } from './channels.ts'
import { type Actor, type Desk, transact } from './desk.ts'

interface Where {
  readonly city: string
  readonly channel: string
}

/** Refuses with `unknown-city`, `unknown-channel`, `not-allowed` or `reason-missing`. Suspending twice keeps the first reason. */
export const suspendChannel = async (desk: Desk, actor: Actor, where: Where, because: string): Promise<ChannelView> => {
  const reason = because.normalize('NFC').trim()
  demandChannel(desk, actor, where)
  if (reason === '')
    throw new Refusal({
      code: 'reason-missing',
      de: 'Bitte sagen Sie in einem Satz, warum der Kanal gesperrt wird.',
      en: 'Please say in one sentence why the channel is suspended.',
      place: 'because',
    })
  await transact(desk, async (trx) => {
    if (!(await suspend(trx, where, { by: actor.name, because: reason, proof: desk.proof }))) return
    await audit(trx, { actor: actor.id, action: 'suspend-channel', subject: `${where.city}/${where.channel}`, facts: { because: reason } })
  })
  return viewOf(desk, where)
}

/** Resumes the channel; its held deliveries go on (or expire). */
export const resumeChannel = async (desk: Desk, actor: Actor, where: Where): Promise<ChannelView> => {
  demandChannel(desk, actor, where)
  await transact(desk, async (trx) => {
    if (!(await resume(trx, where))) return
    await audit(trx, { actor: actor.id, action: 'resume-channel', subject: `${where.city}/${where.channel}`, facts: {} })
  })
  return viewOf(desk, where)
}

const viewOf = async (desk: Desk, { city, channel }: Where): Promise<ChannelView> => {
  const policy = desk.cities.get(city)
  const named = policy?.channels.find(({ name }) => name === channel)
  if (!policy || !named) throw unknownChannel({ city, channel })
  return channelView(policy, named, await channelStates(desk.db, city))
}

const demandChannel = (desk: Desk, actor: Actor, where: Where): void => {
  demand(actor, 'suspend', where.city)
  const known = desk.cities.get(where.city)?.channels.some(({ name }) => name === where.channel)
  if (!known) throw unknownChannel(where)
}

const unknownChannel = ({ city, channel }: Where): Refusal =>
  new Refusal({
    code: 'unknown-channel',
    de: `Den Kanal „${channel.slice(0, 60)}“ gibt es bei ${city.slice(0, 60)} nicht. Die Kanäle zeigt \`rundruf channels list\`.`,
    en: `There is no channel “${channel.slice(0, 60)}” of ${city.slice(0, 60)}.`,
    place: 'channel',
  })
