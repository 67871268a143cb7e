// Telegram's stand-in, Bot API 10.1, written from https://core.telegram.org/bots/api: a bot in channels, its rights, albums, edits, errors.
import { counter } from './rate.ts'
import type { Answer, Ask, Call, Operation, Parts, Room } from './room.ts'
import { bad, done, failed, telegramAnswers, tooMany } from './telegram/answers.ts'
import {
  type Bot,
  botJson,
  chatJson,
  chatOf,
  memberJson,
  membersOf,
  newBot,
  rightsOf,
  type TelegramSettings,
  telegramDefaults,
} from './telegram/chats.ts'
import { deleteMessage, editMessageCaption, editMessageMedia, editMessageText } from './telegram/editing.ts'
import { type Params, paramsOf } from './telegram/params.ts'
import { type Sending, sendMediaGroup, sendMessage, sendOne } from './telegram/sending.ts'

export type { TelegramSettings } from './telegram/chats.ts'

/** Opens the room. A token `rehearsal-<account>` is good for that account; every other one is refused. */
export const openTelegram = (parts: Parts, wanted: Partial<TelegramSettings> = {}): Room => {
  const desk = openDesk(parts, { ...telegramDefaults, ...wanted })
  return {
    platform: 'telegram',
    answers: telegramAnswers,
    call: (ask) => callOf(desk, ask),
    clear: () => {
      for (const bot of desk.bots.values()) bot.chats.clear()
    },
  }
}

type Desk = ReturnType<typeof openDesk>

const openDesk = (parts: Parts, settings: TelegramSettings) => ({
  parts,
  settings,
  bots: new Map<string, Bot>(),
  counted: settings.messages ? counter(settings.messages, parts.now, false) : null,
})

/** What a method does. */
interface Method {
  readonly operation: Operation
  act(desk: Desk, bot: Bot, params: Params): Answer | Promise<Answer>
}

const callOf = (desk: Desk, ask: Ask): Call | undefined => {
  const [, token, name] = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(ask.path) ?? []
  if (token === undefined || name === undefined) return undefined
  const account = /^rehearsal-(.{1,200})$/.exec(decodeURIComponent(token))?.[1] ?? null
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  return {
    operation: method?.operation ?? 'read',
    account,
    act: async () => {
      if (account === null) return failed(401, 'Unauthorized')
      return method ? method.act(desk, botNamed(desk, account), await paramsOf(ask)) : telegramAnswers.notFound()
    },
  }
}

const botNamed = ({ bots }: Desk, account: string): Bot => {
  const known = bots.get(account)
  if (known) return known
  const bot = newBot(account)
  bots.set(account, bot)
  return bot
}

const read = (act: Method['act']): Method => ({ operation: 'read', act })

/** A method that changes a channel: only with the right to post there. */
const changing = (operation: Operation, act: (sending: Sending, desk: Desk) => Answer | Promise<Answer>): Method => ({
  operation,
  act: (desk, bot, params) => {
    const { settings, counted, parts } = desk
    const chat = chatOf(bot, settings, params.text('chat_id'))
    if (!rightsOf(settings).can_post_messages) throw bad('need administrator rights in the channel chat')
    const count = operation === 'publish' ? counted?.take(String(chat.id)) : undefined
    if (count && !count.allowed) return tooMany(Math.max(1, Math.ceil((count.resetAt - parts.now()) / 1000)))
    return act({ parts, bot, chat, params }, desk)
  },
})

const methods: Readonly<Record<string, Method>> = {
  getMe: read((_, bot) => done(botJson(bot))),
  getChat: read(({ settings }, bot, params) =>
    done({
      ...chatJson(chatOf(bot, settings, params.text('chat_id'))),
      accent_color_id: 0,
      max_reaction_count: 11,
      accepted_gift_types: {},
    }),
  ),
  getChatMember: read(({ settings }, bot, params) => {
    chatOf(bot, settings, params.text('chat_id'))
    if (params.number('user_id') !== bot.id) throw bad('member not found')
    return done(memberJson(bot, settings))
  }),
  getChatMemberCount: read(({ settings }, bot, params) => done(membersOf(chatOf(bot, settings, params.text('chat_id'))))),
  sendMessage: changing('publish', sendMessage),
  sendPhoto: changing('publish', (sending) => sendOne(sending, 'photo')),
  sendVideo: changing('publish', (sending) => sendOne(sending, 'video')),
  sendMediaGroup: changing('publish', sendMediaGroup),
  editMessageText: changing('update', editMessageText),
  editMessageCaption: changing('update', editMessageCaption),
  editMessageMedia: changing('update', editMessageMedia),
  deleteMessage: changing('delete', (sending, { settings }) => deleteMessage(sending, settings)),
}
