// Corrections on Telegram: the same messages say something else. A text stays a text, an album never grows.
import type { Attempt, Post, PostImage, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import type { TelegramClient } from './client.ts'
import { detailOf, formWith, inputMedia, longestCaption, mediaIds, previewOf, type Standing, standingOf } from './message.ts'

/** What an edit of a message is made with. */
interface Edit {
  readonly client: TelegramClient
  readonly post: Post
  readonly signal: AbortSignal
}

/** Editing is not limited in time for a channel's own posts; what is said already counts as done. */
export const update = async (client: TelegramClient, receipt: Receipt, post: Post, { signal }: Attempt): Promise<Receipt> => {
  const standing = standingOf(receipt)
  const edit = { client, post, signal }
  const isText = standing.form === 'text' || (standing.form === 'unknown' && mediaIds(post).length === 0)
  const now = isText ? await editText(edit, standing) : await editMedia(edit, standing)
  return { id: String(now.parts[0]), url: receipt.url, at: new Date().toISOString(), detail: detailOf(now) }
}

/** https://core.telegram.org/bots/api#editmessagetext */
const editText = async ({ client, post, signal }: Edit, { parts }: Standing): Promise<Standing> => {
  const params = { text: post.text, link_preview_options: previewOf(client, post) }
  await changed({ client, signal }, 'editMessageText', addressed(client, parts[0], params))
  return { form: 'text', parts, media: [] }
}

const editMedia = async (edit: Edit, standing: Standing): Promise<Standing> => {
  const { images, video, text } = edit.post
  const media = video ? [video] : images
  refuseImpossible(media, text, standing)
  for (const [index, medium] of media.entries()) await editPart(edit, standing, { index, medium })
  for (const surplus of standing.parts.slice(media.length)) await remove(edit.client, surplus, edit.signal)
  return { form: standing.form, parts: standing.parts.slice(0, media.length), media: mediaIds(edit.post) }
}

const refuseImpossible = (media: readonly unknown[], text: string, { parts }: Standing): void => {
  const refuse = (why: string): never => {
    throw new RejectedError(`Telegram kann diesen Beitrag nicht so ändern: ${why} Bitte löschen und neu veröffentlichen.`)
  }
  if (media.length === 0) refuse('Ein Beitrag mit Bild oder Video bleibt dort einer.')
  if (media.length > parts.length) refuse('Bilder kommen dort nicht hinzu.')
  if (text.length > longestCaption) refuse(`Unter einem Bild haben höchstens ${longestCaption.toLocaleString('de-DE')} Zeichen Platz.`)
}

/** The first part of an album carries its text. */
const editPart = async ({ client, post, signal }: Edit, standing: Standing, part: { index: number; medium: PostImage | PostVideo }) => {
  const { index, medium } = part
  const id = standing.parts[index]
  const caption = index === 0 ? post.text : undefined
  if (standing.media[index] !== medium.id) {
    const form = await formWith(
      client,
      addressed(client, id, { media: inputMedia(medium, 'medium', caption) }),
      new Map([['medium', medium]]),
    )
    await changed({ client, signal }, 'editMessageMedia', form)
  } else if (caption !== undefined) await changed({ client, signal }, 'editMessageCaption', addressed(client, id, { caption }))
}

const addressed = ({ settings }: TelegramClient, message_id: number | undefined, more: object) => ({
  chat_id: settings.channel,
  message_id,
  ...more,
})

const changed = ({ client, signal }: Pick<Edit, 'client' | 'signal'>, method: string, params: object): Promise<void> =>
  client.change({ method, params, signal }, 'message is not modified')

/** https://core.telegram.org/bots/api#deletemessage; what is gone already is as good. */
export const remove = (client: TelegramClient, id: number, signal: AbortSignal): Promise<void> =>
  client.change({ method: 'deleteMessage', params: addressed(client, id, {}), signal }, 'message to delete not found')
