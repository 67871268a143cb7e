// What a Telegram channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface TelegramSettings {
  /** The bot's token from @BotFather. It stands in the path of every address: https://core.telegram.org/bots/api#authorizing-your-bot */
  readonly token: Secret
  /** `@stadt`, or the number of a private channel: `-1001234567890`. The bot must be an administrator there. */
  readonly channel: string
  readonly base: string
  /** Where people read it: receipts point there. https://t.me, except that a server on this machine shows its posts itself. */
  readonly web: string
}

const address = () => z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const isHere = (base: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)

export const telegramSettings: z.ZodType<TelegramSettings> = z
  .strictObject({
    token: secret(),
    channel: z.string().regex(/^(@[A-Za-z]\w{3,31}|-100\d{5,})$/, 'channel: @name oder -100…'),
    base: address().default('https://api.telegram.org'),
    web: address().optional(),
  })
  .transform((settings) => ({ ...settings, web: settings.web ?? (isHere(settings.base) ? settings.base : 'https://t.me') }))
