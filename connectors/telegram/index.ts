// Telegram: a bot that is an administrator of one channel, over the Bot API with plain HTTP. https://core.telegram.org/bots/api
import { z } from 'zod'
import type { Attempt, Connector, Identity, Insights, Post, Receipt } from '../../src/connector/connector.ts'
import { openClient, type TelegramClient } from './client.ts'
import { remove, update } from './edit.ts'
import { formOf, formWith, inputMedia, message, previewOf, receiptOf, standingOf, videoFields } from './message.ts'
import { type TelegramSettings, telegramSettings } from './settings.ts'

const photoSize = { maxWidth: 5_000, maxHeight: 5_000, minRatio: 1 / 20, maxRatio: 20 }

export const telegram: Connector<TelegramSettings, TelegramClient> = {
  platform: 'telegram',
  title: 'Telegram',
  settings: telegramSettings,
  limits: {
    // "1-4096 characters after entities parsing": https://core.telegram.org/bots/api#sendmessage
    text: { max: 4_096 },
    // An album has up to 10 items: https://core.telegram.org/bots/api#sendmediagroup; of a photo: at most 10 MB, "width and height must not
    // exceed 10000 in total. Width and height ratio must be at most 20". Alternative texts do not exist there: none is too long.
    images: { max: 10, maxBytes: 10_000_000, types: ['image/jpeg', 'image/png'], altMax: 0, ...photoSize },
    // "MPEG4 videos […] of up to 50 MB": https://core.telegram.org/bots/api#sendvideo; a length is not named there.
    video: { maxBytes: 50_000_000, types: ['video/mp4'], minSeconds: 0, maxSeconds: 86_400, altMax: 0, captions: 0 },
    needsMedia: false,
    // 20 messages a minute: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    pace: { actions: 20, perSeconds: 60 },
  },
  // No key, no id of ours, and a bot cannot read its channel: after a lost answer a person looks.
  repeat: 'nothing',
  settleSeconds: 30,
  // Ten images of 10 MB or a video of 50 MB over a city's line; a plain text takes under a second.
  budgetSeconds: 60,
  // Telegram counts offsets and lengths in UTF-16 units: https://core.telegram.org/bots/api#messageentity
  measure: (text) => text.length,
  notes: () => ['Telegram kennt keine Alternativtexte; zu einem Text von mehr als 1.024 Zeichen zeigt es nur das erste Bild.'],
  connect: openClient,
  check,
  publish: (client, post, attempt) => create(client, post, attempt),
  reply: (client, receipt, post, attempt) => create(client, post, attempt, { message_id: standingOf(receipt).parts[0] }),
  update,
  retract: async (client, receipt, { signal }) => {
    for (const id of standingOf(receipt).parts) await remove(client, id, signal)
  },
  insights,
}

const bot = z.object({ id: z.number() })
const chat = z.object({ title: z.string().optional(), username: z.string().optional() })
const rights = ['can_post_messages', 'can_edit_messages', 'can_delete_messages'] as const
const member = z.object({
  status: z.string(),
  can_post_messages: z.boolean().optional(),
  can_edit_messages: z.boolean().optional(),
  can_delete_messages: z.boolean().optional(),
})

/** Posting needs the first right alone; with all three, posts of any age can be corrected and deleted, whoever wrote them. */
async function check(client: TelegramClient, signal: AbortSignal): Promise<Identity> {
  const chat_id = client.settings.channel
  const read = { kind: 'read', signal } as const
  const { id } = await client.call({ ...read, method: 'getMe', params: {} }, bot)
  const { username, title = chat_id } = await client.call({ ...read, method: 'getChat', params: { chat_id } }, chat)
  const held = await client.call({ ...read, method: 'getChatMember', params: { chat_id, user_id: id } }, member)
  return {
    account: username ? `@${username}` : title,
    url: username ? `${client.settings.web}/${username}` : null,
    until: null,
    missing: rights.filter((right) => held.status !== 'creator' && held[right] !== true),
  }
}

async function insights(client: TelegramClient, signal: AbortSignal): Promise<Insights> {
  const params = { chat_id: client.settings.channel }
  return { followers: await client.call({ method: 'getChatMemberCount', params, kind: 'read', signal }, z.number()) }
}

interface ReplyParameters {
  readonly message_id: number | undefined
}

/** Sends plain text without `parse_mode`: what the city writes is never taken for formatting. */
async function create(client: TelegramClient, post: Post, attempt: Attempt, reply_parameters?: ReplyParameters): Promise<Receipt> {
  const common = { chat_id: client.settings.channel, reply_parameters }
  const { method, params } = await messageOf(client, post, common)
  const call = { method, params, kind: 'write', signal: attempt.signal } as const
  if (method === 'sendMediaGroup') return receiptOf(client, await client.call(call, z.tuple([message], message)), post)
  return receiptOf(client, [await client.call(call, message)], post)
}

const messageOf = async (client: TelegramClient, post: Post, common: Readonly<Record<string, unknown>>) => {
  const { text, images, video } = post
  const form = formOf(post)
  switch (form) {
    case 'text':
      return { method: 'sendMessage', params: { ...common, text, link_preview_options: previewOf(client, post) } }
    case 'photo':
      return { method: 'sendPhoto', params: await formWith(client, { ...common, caption: text }, new Map([['photo', images[0]!]])) }
    case 'video': {
      const fields = { ...common, caption: text, ...videoFields(video!) }
      return { method: 'sendVideo', params: await formWith(client, fields, new Map([['video', video!]])) }
    }
    case 'album': {
      const media = images.map((image, index) => inputMedia(image, `image${index}`, index === 0 ? text : undefined))
      const files = new Map(images.map((image, index) => [`image${index}`, image]))
      return { method: 'sendMediaGroup', params: await formWith(client, { ...common, media }, files) }
    }
  }
}
