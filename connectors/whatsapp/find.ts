// Recognising an own post in a channel: its words, among what WhatsApp has confirmed since the first attempt.
import type { Attempt, Receipt } from '../../src/connector/connector.ts'
import { type Message, messagesOf, type OpenChannel } from './channel.ts'
import type { Session } from './session.ts'
import { officialBase } from './settings.ts'

/** How far WhatsApp's clock may be behind ours, in milliseconds. */
const slackMs = 60_000
/** How many posts are looked through: at our pace an hour and more. */
const newest = 100

/** Confirmed posts with these words since the first attempt, newest first. Admins post in the channel's name, so nobody is asked who did. */
export const findMessages = async (
  session: Session,
  channel: OpenChannel,
  { text, attempt }: { readonly text: string; readonly attempt: Pick<Attempt, 'firstAt' | 'signal'> },
): Promise<readonly Message[]> => {
  const since = Date.parse(attempt.firstAt) - slackMs
  const wanted = comparable(text)
  const all = await messagesOf(session, channel, newest, attempt.signal)
  return all.filter(({ serverId, at, text: said }) => serverId !== null && at * 1000 >= since && comparable(said) === wanted).reverse()
}

/** What survives on the way: everything but white space. */
export const comparable = (text: string): string => text.normalize('NFC').replace(/\s+/gu, '')

export const receiptOf = ({ serverId, at, id }: Message, { inviteCode }: OpenChannel, base: string): Receipt => {
  const channel = addressOf(inviteCode, base)
  return {
    id: String(serverId),
    url: channel === null ? null : `${channel}/${serverId}`,
    at: new Date(at * 1000).toISOString(),
    detail: { message: id },
  }
}

/** Of a channel, as WhatsApp Web copies it (a post's is the same with its number behind); null where the invite code is not known. */
export const addressOf = (inviteCode: string | null, base: string): string | null =>
  inviteCode === null ? null : `${base === officialBase ? 'https://whatsapp.com' : base}/channel/${inviteCode}`
