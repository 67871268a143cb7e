// Posting to a channel: done only when WhatsApp has given the post a number, or when it is found there.
import type { Attempt, Post, PostImage, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Message, type OpenChannel, openChannel, post as postOnPage, readOnly } from './channel.ts'
import type { WhatsappClient } from './client.ts'
import { unclear } from './failures.ts'
import { findMessages, receiptOf } from './find.ts'
import type { Session } from './session.ts'
import { dropSession } from './sessions.ts'

/** What the composer of WhatsApp Web lets people write below a picture, in UTF-16 units (its constant MAX_CAPTION_LENGTH). */
const captionMax = 1024

export const publishOn = async (client: WhatsappClient, session: Session, post: Post, attempt: Attempt): Promise<Receipt> => {
  const channel = await openChannel(session, client.settings.channel, attempt.signal)
  if (!channel.mayPost) throw readOnly(channel)
  const media = post.video ?? post.images[0]
  const sender = { client, session, channel, attempt }
  if (media === undefined) return receiptOf(await sent(sender, { text: post.text }), channel, client.settings.base)
  const file = await fileOf(sender, media)
  if (post.text.length <= captionMax)
    return receiptOf(await sent(sender, { media: file, caption: post.text }), channel, client.settings.base)
  await pictureFirst(sender, file, media.id)
  return receiptOf(await sent(sender, { text: post.text }), channel, client.settings.base)
}

interface Sender {
  readonly client: WhatsappClient
  readonly session: Session
  readonly channel: OpenChannel
  readonly attempt: Attempt
}

const fileOf = async ({ client, session }: Sender, { id, type }: PostImage | PostVideo): Promise<object> => {
  const bytes = await client.tools.media(id)
  return new session.library.MessageMedia(type, Buffer.from(bytes).toString('base64'), `${id}.${type.split('/')[1]}`)
}

/** A text too long for a caption follows its picture; the picture goes once, however many attempts the text takes. */
const pictureFirst = async (sender: Sender, media: object, id: string): Promise<void> => {
  const name = `picture-${id}`
  if (sender.attempt.memory[name] !== undefined) return
  const { serverId } = await sent(sender, { media, caption: '' })
  await sender.attempt.remember({ [name]: String(serverId) })
}

/**
 * The confirmed post. A page that failed in the midst of it is not asked again: the next look gets a new one, which shows what WhatsApp
 * has and not what the old one had begun.
 */
const sent = async (
  { client, session, channel, attempt }: Sender,
  content: { readonly text: string } | { readonly media: object; readonly caption: string },
): Promise<Message> => {
  if (attempt.signal.aborted) throw new UnreachableError('Die Zeit war um, bevor etwas gesendet wurde.')
  let message: Message | null
  try {
    message = await postOnPage(session, channel, content, attempt.signal)
  } catch (error) {
    dropSession(client.key)
    throw unclear(error)
  }
  if (message === null) throw new UnreachableError('WhatsApp Web hat nichts gesendet und nicht gesagt, warum.')
  if (message.serverId !== null) return message
  const text = 'text' in content ? content.text : content.caption
  const [found] = text === '' ? [] : await findMessages(session, channel, { text, base: client.settings.base, attempt }).catch(() => [])
  if (found) return found
  dropSession(client.key)
  throw new UnclearError('WhatsApp hat den Beitrag nicht bestätigt; er steht (noch) nicht im Kanal.')
}
