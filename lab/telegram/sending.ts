// New messages on Telegram: text, one photo or video, an album; nothing here knows a message that was sent twice.
import { fileTypeFromBuffer } from 'file-type'
import { fetchMedia } from '../fetching.ts'
import type { LedgerImage } from '../ledger.ts'
import type { Answer, Parts } from '../room.ts'
import { bad, done } from './answers.ts'
import type { Bot } from './chats.ts'
import { messageJson, record } from './messages.ts'
import type { Params } from './params.ts'
import type { Attachment, Chat, Group, Message } from './shapes.ts'
import { attachmentOf } from './uploads.ts'

/** A call in a channel in which the bot may do what it asks. */
export interface Sending {
  readonly parts: Parts
  readonly bot: Bot
  readonly chat: Chat
  readonly params: Params
}

/** "1-4096 characters after entities parsing" and "0-1024 characters": https://core.telegram.org/bots/api#sendmessage and #sendphoto */
const longest = { text: 4096, caption: 1024 }

/** A text as Telegram keeps it: without white space around it. */
export const textOf = (text: string | undefined): string => {
  const kept = (text ?? '').trim()
  if (kept === '') throw bad('message text is empty')
  if (kept.length > longest.text) throw bad('message is too long')
  return kept
}

export const captionOf = (caption: string | undefined): string => {
  const kept = (caption ?? '').trim()
  if (kept.length > longest.caption) throw bad('message caption is too long')
  return kept
}

export const sendMessage = async (sending: Sending): Promise<Answer> => {
  const text = textOf(sending.params.text('text'))
  const preview = await previewOf(sending)
  const [message] = put(sending, [{ text, attachment: null, preview }])
  return done(messageJson(message!))
}

export const sendOne = async (sending: Sending, kind: Attachment['kind']): Promise<Answer> => {
  const { parts, params } = sending
  const text = captionOf(params.text('caption'))
  const attachment = await attachmentOf(parts, kind, params.file(params.text(kind)?.replace(/^attach:\/\//, '') ?? kind))
  const [message] = put(sending, [{ text, attachment, preview: null }])
  return done(messageJson(message!))
}

/** https://core.telegram.org/bots/api#inputmediaphoto, as far as it is played here. */
export interface InputMedia {
  readonly type?: string
  readonly media?: string
  readonly caption?: string
}

export const attached = (parts: Parts, params: Params, { type, media }: InputMedia): Promise<Attachment> => {
  if (type !== 'photo' && type !== 'video') throw bad("can't parse InputMedia: unsupported type")
  return attachmentOf(parts, type, params.file(media?.replace(/^attach:\/\//, '') ?? ''))
}

export const sendMediaGroup = async (sending: Sending): Promise<Answer> => {
  const { parts, params } = sending
  const media = params.json<readonly InputMedia[]>('media') ?? []
  if (media.length < 2 || media.length > 10) throw bad('media group must include 2-10 items')
  const pieces: Piece[] = []
  for (const one of media) pieces.push({ text: captionOf(one.caption), attachment: await attached(parts, params, one), preview: null })
  return done(put(sending, pieces).map(messageJson))
}

type Piece = Pick<Message, 'text' | 'attachment' | 'preview'>

const put = ({ parts, bot, chat, params }: Sending, pieces: readonly Piece[]): readonly Message[] => {
  const replyTo = repliedTo(chat, params)
  const group: Group = { id: pieces.length > 1 ? `${chat.id}${chat.last}` : null, messages: [], page: null }
  for (const piece of pieces) {
    chat.last += 1
    const message: Message = { id: chat.last, chat, sentAt: parts.now(), editedAt: null, replyTo, group, ...piece }
    chat.messages.set(message.id, message)
    group.messages.push(message)
  }
  record(parts, bot.account, group)
  return group.messages
}

/** https://core.telegram.org/bots/api#replyparameters */
const repliedTo = (chat: Chat, params: Params): Message | null => {
  const wish = params.json<{ message_id?: number; allow_sending_without_reply?: boolean }>('reply_parameters')
  if (wish?.message_id === undefined) return null
  const message = chat.messages.get(Number(wish.message_id))
  if (!message && !wish.allow_sending_without_reply) throw bad('message to be replied not found')
  return message ?? null
}

/** The largest picture of a preview that is played here, in bytes. */
const maxPreviewBytes = 10_485_760

/** The picture of the preview that is wished for; where nothing comes from its address the message goes without. */
export const previewOf = async ({ parts: { ledger }, params }: Sending): Promise<LedgerImage | null> => {
  const wish = params.json<{ url?: string; is_disabled?: boolean }>('link_preview_options')
  const bytes = wish?.url && !wish.is_disabled ? await fetchMedia(params.ask, wish.url, maxPreviewBytes) : undefined
  const type = bytes && (await fileTypeFromBuffer(bytes))?.mime
  return bytes && type?.startsWith('image/') ? { alt: '', sha256: ledger.keep(bytes, type), size: bytes.length, type } : null
}
