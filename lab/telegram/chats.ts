// The channels of Telegram's stand-in, and what our bot may do in them.
import { createHash } from 'node:crypto'
import { bad, forbidden } from './answers.ts'
import type { Chat } from './shapes.ts'

/** What an administrator of a channel may do: https://core.telegram.org/bots/api#chatmemberadministrator */
export interface Rights {
  readonly can_post_messages: boolean
  readonly can_edit_messages: boolean
  readonly can_delete_messages: boolean
}

export interface TelegramSettings {
  /** What the bot is in every channel: an administrator with these rights, or somebody from outside. */
  readonly bot: Rights | 'left' | 'kicked'
  /** Channels that do not exist: `@nobody`. Every other name is a public channel, every number below -100… a private one. */
  readonly missing: readonly string[]
  /** Messages to one channel; false: not counted. "20 messages per minute": https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
  readonly messages: false | { readonly points: number; readonly seconds: number }
}

export const telegramDefaults: TelegramSettings = {
  bot: { can_post_messages: true, can_edit_messages: true, can_delete_messages: true },
  missing: [],
  messages: { points: 20, seconds: 60 },
}

/** A bot and the channels in which it was seen. */
export interface Bot {
  /** As the ledger names it. */
  readonly account: string
  readonly id: number
  readonly chats: Map<string, Chat>
}

const numberOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE()

export const newBot = (account: string): Bot => ({ account, id: 1_000_000_000 + numberOf(account), chats: new Map() })

/** The channel that a call names; throws Telegram's words where there is none, or the bot is not in it. */
export const chatOf = (bot: Bot, settings: TelegramSettings, name: string | undefined): Chat => {
  if (name === undefined || name === '') throw bad('chat_id is empty')
  if (settings.missing.includes(name) || !/^(@[A-Za-z]\w{3,31}|-100\d{5,})$/.test(name)) throw bad('chat not found')
  if (settings.bot === 'left') throw forbidden('bot is not a member of the channel chat')
  if (settings.bot === 'kicked') throw forbidden('bot was kicked from the channel chat')
  const known = bot.chats.get(name.toLowerCase())
  if (known) return known
  const username = name.startsWith('@') ? name.slice(1) : null
  const chat: Chat = { id: username ? -(1_000_000_000_000 + numberOf(username)) : Number(name), username, messages: new Map(), last: 0 }
  bot.chats.set(name.toLowerCase(), chat)
  return chat
}

export const rightsOf = ({ bot }: TelegramSettings): Rights =>
  typeof bot === 'string' ? { can_post_messages: false, can_edit_messages: false, can_delete_messages: false } : bot

export const chatJson = ({ id, username }: Chat) => ({
  id,
  type: 'channel',
  title: username ?? 'Privater Kanal',
  ...(username && { username }),
})

export const botJson = ({ id, account }: Bot) => ({
  id,
  is_bot: true,
  first_name: account,
  username: `${account.replace(/\W/g, '_')}_bot`,
})

export const memberJson = (bot: Bot, settings: TelegramSettings) => ({
  ...(typeof settings.bot === 'string' ? { status: settings.bot } : { status: 'administrator', ...administrator, ...settings.bot }),
  user: botJson(bot),
})

const administrator = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_manage_video_chats: false,
  can_restrict_members: false,
  can_promote_members: false,
  can_change_info: false,
  can_invite_users: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
}

/** Always the same for a channel. */
export const membersOf = ({ id }: Chat): number => Math.abs(id) % 20_000
