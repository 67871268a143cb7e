// A post as Telegram takes it: always one message (or one album), because nothing can be looked up there and nothing repeated.
import { z } from 'zod'
import type { Post, PostImage, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { UnreachableError } from '../../src/connector/errors.ts'
import { FormData } from '../../src/connector/http.ts'
import type { TelegramClient } from './client.ts'

/** "0-1024 characters after entities parsing": https://core.telegram.org/bots/api#sendphoto */
export const longestCaption = 1_024

/** What a post becomes. `text`: also with images or a video, which a preview shows where the text is longer than a caption may be. */
export type Form = 'text' | 'photo' | 'video' | 'album'

export const formOf = ({ text, images, video }: Pick<Post, 'text' | 'images' | 'video'>): Form => {
  if (text.length > longestCaption) return 'text'
  if (video) return 'video'
  if (images.length > 1) return 'album'
  return images.length === 1 ? 'photo' : 'text'
}

/** The fields we read of https://core.telegram.org/bots/api#message. */
export const message = z.object({
  message_id: z.number(),
  date: z.number(),
  edit_date: z.number().optional(),
  chat: z.object({ username: z.string().optional() }),
})
export type Message = z.infer<typeof message>

/** What stands there, from its receipt; a person may have given the post's address instead. */
export interface Standing {
  readonly form: Form | 'unknown'
  /** The ids of all its messages; an album has several. */
  readonly parts: readonly number[]
  /** The ids of the images or the video, in their order. */
  readonly media: readonly string[]
}

export const standingOf = ({ id, detail }: Receipt): Standing => ({
  form: (detail?.form ?? 'unknown') as Standing['form'],
  parts: (detail?.parts ?? idIn(id)).split(',').map(Number),
  media: detail?.media?.split(',') ?? [],
})

/** The message's number at the end of an address: `https://t.me/stadt/12`. */
const idIn = (address: string): string =>
  address
    .replace(/[/?#]+$/, '')
    .split('/')
    .at(-1) ?? address

export const mediaIds = ({ images, video }: Pick<Post, 'images' | 'video'>): readonly string[] =>
  video ? [video.id] : images.map(({ id }) => id)

export const detailOf = ({ form, parts, media }: Standing): Record<string, string> => ({
  form,
  parts: parts.join(','),
  ...(media.length > 0 && { media: media.join(',') }),
})

/** Private channels have no address that everybody could open. */
export const receiptOf = ({ settings }: TelegramClient, messages: readonly [Message, ...Message[]], post: Post): Receipt => {
  const [{ message_id, date, chat }] = messages
  const form = formOf(post)
  const parts = messages.map((one) => one.message_id)
  return {
    id: String(message_id),
    url: chat.username ? `${settings.web}/${chat.username}/${message_id}` : null,
    at: new Date(date * 1000).toISOString(),
    detail: detailOf({ form, parts, media: form === 'text' ? [] : mediaIds(post) }),
  }
}

/** https://core.telegram.org/bots/api#linkpreviewoptions: of the image or video that a long text cannot carry, else of the post's own link. */
export const previewOf = ({ tools }: TelegramClient, { link, ...post }: Post): object | undefined => {
  const [first] = mediaIds(post)
  if (first !== undefined) return { url: tools.mediaUrl(first, 'readers'), prefer_large_media: true, show_above_text: true }
  return link === null ? undefined : { url: link }
}

/** https://core.telegram.org/bots/api#inputmediaphoto and #inputmediavideo, the bytes under `attach`. There is no field for alternative texts. */
export const inputMedia = (medium: PostImage | PostVideo, attach: string, caption: string | undefined): object => ({
  type: 'seconds' in medium ? 'video' : 'photo',
  media: `attach://${attach}`,
  ...(caption && { caption }),
  ...('seconds' in medium && videoFields(medium)),
})

export const videoFields = ({ width, height, seconds }: PostVideo) => ({
  width,
  height,
  duration: Math.round(seconds),
  supports_streaming: true,
})

/** A form of fields, objects as JSON, and the bytes of media by their field's name. */
export const formWith = async (
  { tools }: TelegramClient,
  fields: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<string, PostImage | PostVideo>,
): Promise<FormData> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  for (const [name, { id, type }] of files) {
    const bytes = await tools.media(id).catch(unread)
    form.set(name, new Blob([Uint8Array.from(bytes)], { type }), `${id}.${type.split('/')[1]}`)
  }
  return form
}

/** Nothing has left yet: without this it would count as perhaps posted, and a person would be asked. */
const unread = (cause: unknown): never => {
  throw new UnreachableError('Bild oder Video waren gerade nicht zu lesen; gesendet wurde noch nichts.', { cause })
}
