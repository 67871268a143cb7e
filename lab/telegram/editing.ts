// Messages on Telegram that are changed or taken away.
import type { Answer, Parts } from '../room.ts'
import { bad, done } from './answers.ts'
import { type Rights, rightsOf, type TelegramSettings } from './chats.ts'
import { messageJson, record } from './messages.ts'
import { attached, captionOf, type InputMedia, previewOf, type Sending, textOf } from './sending.ts'
import type { Message } from './shapes.ts'

const messageIn = ({ chat, params }: Sending, missing: string): Message => {
  const message = chat.messages.get(params.number('message_id') ?? 0)
  if (!message) throw bad(missing)
  return message
}

const edited = ({ parts, bot }: Sending, message: Message, changes: Partial<Message>): Answer => {
  const same = Object.entries(changes).every(([name, value]) => JSON.stringify(message[name as keyof Message]) === JSON.stringify(value))
  if (same) throw bad('message is not modified: specified new message content and reply markup are exactly the same as a current content')
  Object.assign(message, changes, { editedAt: parts.now() })
  record(parts, bot.account, message.group)
  return done(messageJson(message))
}

export const editMessageText = async (sending: Sending): Promise<Answer> => {
  const message = messageIn(sending, 'message to edit not found')
  if (message.attachment) throw bad('there is no text in the message to edit')
  const text = textOf(sending.params.text('text'))
  return edited(sending, message, { text, preview: await previewOf(sending) })
}

export const editMessageCaption = async (sending: Sending): Promise<Answer> => {
  const message = messageIn(sending, 'message to edit not found')
  if (!message.attachment) throw bad('there is no caption in the message to edit')
  return edited(sending, message, { text: captionOf(sending.params.text('caption')) })
}

export const editMessageMedia = async (sending: Sending): Promise<Answer> => {
  const message = messageIn(sending, 'message to edit not found')
  const wish = sending.params.json<InputMedia>('media') ?? {}
  const text = captionOf(wish.caption)
  return edited(sending, message, { text, attachment: await attached(sending.parts, sending.params, wish), preview: null })
}

const twoDaysMs = 48 * 3_600_000

/** "A message can only be deleted if it was sent less than 48 hours ago", except by who may delete any: https://core.telegram.org/bots/api#deletemessage */
export const deleteMessage = (sending: Sending, settings: TelegramSettings): Answer => {
  const { parts, bot, chat } = sending
  const message = messageIn(sending, 'message to delete not found')
  if (!mayDelete(parts, rightsOf(settings), message)) throw bad("message can't be deleted")
  chat.messages.delete(message.id)
  message.group.messages.splice(message.group.messages.indexOf(message), 1)
  record(parts, bot.account, message.group)
  return done(true)
}

const mayDelete = ({ now }: Parts, rights: Rights, { sentAt }: Message): boolean => rights.can_delete_messages || now() - sentAt < twoDaysMs
