// A channel on the page: opened by id or invite code, posted to, and what stands in it.
import { z } from 'zod'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { untilAborted } from '../../src/connector/until-aborted.ts'
import { unreachable, wordsOf } from './failures.ts'
import type { Session } from './session.ts'
import type { ChannelName } from './settings.ts'

export interface OpenChannel {
  /** `1203…@newsletter` */
  readonly id: string
  readonly name: string
  /** By which everybody finds it; null where the page does not say. */
  readonly inviteCode: string | null
  readonly mayPost: boolean
  readonly followers: number | null
}

/** One post as it stands there; `serverId` is null as long as WhatsApp has not confirmed it. */
export interface Message {
  /** The page's own id. */
  readonly id: string
  readonly serverId: number | null
  readonly text: string
  /** Seconds since 1970. */
  readonly at: number
}

/** Fields of https://docs.wwebjs.dev/Channel.html and of the metadata that WhatsApp Web keeps of a channel. */
const channelShape = z.object({
  id: z.object({ _serialized: z.string() }),
  name: z.string(),
  isReadOnly: z.boolean().nullish(),
  channelMetadata: z
    .object({ membershipType: z.string(), inviteCode: z.string(), size: z.number(), subscribersCount: z.number() })
    .partial()
    .nullish(),
})

/** Of https://docs.wwebjs.dev/Message.html; `rawData` is what the page itself keeps of the post. */
const messageShape = z.object({
  id: z.object({ _serialized: z.string() }),
  body: z.string(),
  timestamp: z.number(),
  rawData: z.object({ serverId: z.union([z.number(), z.string()]).nullish() }),
})

/** @throws ChannelError when the account does not know it, UnreachableError when the page does not say */
export const openChannel = async (session: Session, name: ChannelName, signal: AbortSignal): Promise<OpenChannel> => {
  const { client } = session
  const found = await reading(name.by === 'id' ? client.getChatById(name.id) : client.getChannelByInviteCode(name.code), signal)
  if (found === undefined)
    throw (await session.answers()) === 'ready' ? unknownChannel() : new UnreachableError('WhatsApp Web antwortet nicht.')
  const { id, name: title, isReadOnly, channelMetadata } = shaped(channelShape, found)
  const role = channelMetadata?.membershipType
  return {
    id: id._serialized,
    name: title,
    inviteCode: channelMetadata?.inviteCode ?? (name.by === 'invite' ? name.code : null),
    mayPost: role === undefined ? isReadOnly !== true : role === 'owner' || role === 'admin',
    followers: channelMetadata?.size ?? channelMetadata?.subscribersCount ?? null,
  }
}

export const readOnly = ({ name }: OpenChannel): ChannelError =>
  new ChannelError(`Im WhatsApp-Kanal »${name}« darf dieses Konto nur lesen. Die Inhaberin muss es dort zum Admin machen.`)

const unknownChannel = (): ChannelError =>
  new ChannelError('Diesen WhatsApp-Kanal kennt das Konto nicht. Bitte `channel` in der Stadtdatei prüfen.')

/** What stands there, newest last: as much as the page has, and the newest `most` at least. */
export const messagesOf = async (session: Session, { id }: OpenChannel, most: number, signal: AbortSignal): Promise<readonly Message[]> => {
  const channel = (await reading(session.client.getChatById(id), signal)) as { fetchMessages(wish: object): Promise<unknown> } | undefined
  if (channel === undefined) throw new UnreachableError('WhatsApp Web zeigt den Kanal nicht mehr.')
  return shaped(z.array(messageShape), await reading(channel.fetchMessages({ limit: most }), signal)).map(messageOf)
}

/** Null: the library sent nothing at all. @throws what the page threw, or says that the time was up: perhaps it was posted */
export const post = async (
  session: Session,
  { id }: OpenChannel,
  content: { readonly text: string } | { readonly media: object; readonly caption: string },
  signal: AbortSignal,
): Promise<Message | null> => {
  const options = {
    sendSeen: false,
    // a preview is fetched from the city's own site before anything is sent: when everybody looks there, a warning must not wait for it
    linkPreview: false,
    ...('media' in content && { caption: content.caption }),
  }
  const sending = session.client.sendMessage(id, 'media' in content ? content.media : content.text, options)
  const sent = await untilAborted(sending, signal, () => new Error('die Zeit war um'))
  return sent === undefined || sent === null ? null : messageOf(messageShape.parse(sent))
}

const messageOf = ({ id, body, timestamp, rawData }: z.infer<typeof messageShape>): Message => ({
  id: id._serialized,
  serverId: rawData.serverId === undefined || rawData.serverId === null ? null : Number(rawData.serverId),
  text: body,
  at: timestamp,
})

/** A page that hangs shall not take all the time there is: the next one to come starts it anew. */
const readMs = 15_000

const reading = async (asked: Promise<unknown>, signal: AbortSignal): Promise<unknown> => {
  try {
    return (
      (await untilAborted(
        asked,
        AbortSignal.any([signal, AbortSignal.timeout(readMs)]),
        () => new UnreachableError('WhatsApp Web hat nicht rechtzeitig geantwortet.'),
      )) ?? undefined
    )
  } catch (error) {
    throw unreachable(error)
  }
}

const shaped = <T>(shape: z.ZodType<T>, value: unknown): T => {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UnreachableError(`WhatsApp Web antwortet in einer anderen Gestalt: ${wordsOf(parsed.error.issues[0]?.path.join('.'))}`)
}
