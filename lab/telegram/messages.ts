// Messages of a channel on Telegram: what one holds, how it looks in an answer, and how an album becomes one post of the ledger.
import type { Birth, Content } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { chatJson } from './chats.ts'
import { entitiesOf, linkOf } from './entities.ts'
import type { Attachment, Group, Message } from './shapes.ts'

/** The post as the ledger has it: the one caption of an album is its text. */
const contentOf = ({ messages }: Group): Content => {
  const text = messages.find((message) => message.text !== '')?.text ?? ''
  const images = messages.flatMap(({ attachment, preview }) =>
    attachment?.kind === 'photo' ? [attachment.file] : preview ? [preview] : [],
  )
  const video = messages.flatMap(({ attachment }) => (attachment?.kind === 'video' ? [attachment.file] : []))[0]
  return { text, language: null, link: linkOf(text), images, marks: entitiesOf(text).marks, ...(video && { video }) }
}

const seconds = (ms: number): number => Math.floor(ms / 1000)

/** https://core.telegram.org/bots/api#message */
export const messageJson = (message: Message): object => {
  const { id, chat, sentAt, editedAt, replyTo, text, attachment, group } = message
  const { entities } = entitiesOf(text)
  return {
    message_id: id,
    sender_chat: chatJson(chat),
    chat: chatJson(chat),
    date: seconds(sentAt),
    ...(editedAt !== null && { edit_date: seconds(editedAt) }),
    ...(group.id !== null && { media_group_id: group.id }),
    ...(replyTo && { reply_to_message: messageJson({ ...replyTo, replyTo: null }) }),
    ...(attachment && attachmentJson(attachment)),
    ...(text !== '' && (attachment ? { caption: text, caption_entities: entities } : { text, entities })),
  }
}

const attachmentJson = ({ kind, id, width, height, file }: Attachment): object => {
  const size = { file_id: id, file_unique_id: id.slice(0, 16), width, height, file_size: file.size }
  return kind === 'photo' ? { photo: [size] } : { video: { ...size, duration: 1, mime_type: file.type } }
}

/** Puts the post into the ledger, or its new version, or takes it away when nothing of it is left. */
export const record = (parts: Parts, account: string, group: Group): void => {
  const at = new Date(parts.now()).toISOString()
  const first = group.messages[0]
  if (group.page && first) parts.ledger.revise(group.page, contentOf(group), at)
  else if (group.page) parts.ledger.remove(group.page, at)
  else if (first) group.page = parts.ledger.add(birthOf(parts, account, first), contentOf(group), at)
}

/** As t.me has it: public channels by their name, private ones below `c/`. */
const birthOf = ({ url }: Parts, account: string, { id, chat, replyTo }: Message): Birth => ({
  platform: 'telegram',
  account,
  id: String(id),
  url: `${url()}/telegram/${chat.username ?? `c/${String(chat.id).replace(/^-100/, '')}`}/${id}`,
  replyTo: replyTo && String(replyTo.group.messages[0]?.id ?? replyTo.id),
})
