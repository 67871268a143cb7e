// Recognising an own post in a channel: its words, among what WhatsApp has confirmed since the first attempt.
import type { Attempt, Receipt } from '../../src/connector/connector.ts'
import { send } from '../../src/connector/http.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { type OwnPosts, ownPosts } from '../../src/connector/own-posts.ts'
import { type Message, messagesOf, type OpenChannel } from './channel.ts'
import type { Session } from './session.ts'
import { officialBase } from './settings.ts'

/** How many posts are looked through: at our pace an hour and more. */
const newest = 100

export interface Looked {
  readonly text: string
  /** Where WhatsApp Web is. */
  readonly base: string
  readonly attempt: Pick<Attempt, 'firstAt' | 'age' | 'signal'>
}

/** Confirmed posts with these words since the first attempt, newest first. Admins post in the channel's name, so nobody is asked who did. */
export const findMessages = async (
  session: Session,
  channel: OpenChannel,
  { text, base, attempt }: Looked,
): Promise<readonly Message[]> => {
  const { signal } = attempt
  const list: OwnPosts<Message> = {
    title: 'WhatsApp',
    mostPages: 1,
    bornAt: ({ at }) => at * 1000,
    likeness: ({ serverId, text: said }) => (serverId === null ? 'other' : likenessOf(text, said)),
    page: async () => {
      const posts = (await messagesOf(session, channel, newest, signal)).toReversed()
      return { posts, next: posts.length < newest ? undefined : 'more', date: await clockOf(base, signal) }
    },
  }
  return Array.fromAsync(ownPosts(list, attempt))
}

/** The page tells no time; the server that it comes from does, and Meta sets its clocks alike. */
const clockOf = async (base: string, signal: AbortSignal): Promise<string | null> =>
  (await send({ method: 'HEAD', url: `${base}/`, kind: 'read', signal })).headers.get('date')

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
