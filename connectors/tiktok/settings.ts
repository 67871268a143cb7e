// What a TikTok channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface TiktokSettings {
  /** Of the city's own app: https://developers.tiktok.com/apps */
  readonly clientKey: string
  readonly clientSecret: Secret
  /** Given once by a person who is signed in to the account, for the scope video.publish; TikTok exchanges it with every renewal. */
  readonly refreshToken: Secret
  /** Whether TikTok has audited the app. Until then only the account itself sees what is posted: https://developers.tiktok.com/doc/content-sharing-guidelines */
  readonly audited: boolean
  readonly base: string
  /** Where people watch: receipts point there. */
  readonly web: string
}

const address = () => z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const isHere = (base: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)

export const tiktokSettings: z.ZodType<TiktokSettings> = z
  .strictObject({
    clientKey: z.string().min(1),
    clientSecret: secret(),
    refreshToken: secret(),
    audited: z.boolean().default(false),
    base: address().default('https://open.tiktokapis.com'),
    web: address().optional(),
  })
  .transform(({ web, ...settings }) => ({
    ...settings,
    web: web ?? (isHere(settings.base) ? settings.base : 'https://www.tiktok.com'),
  }))

/** Upload servers have names of their own: `open-upload.tiktokapis.com`, other ones elsewhere in the world. */
export const isUploadServer = (address: string, { base }: TiktokSettings): boolean => {
  if (!URL.canParse(address)) return false
  const [there, here] = [new URL(address), new URL(base)]
  const house = here.hostname.endsWith('.tiktokapis.com') ? '.tiktokapis.com' : here.hostname
  return there.protocol === here.protocol && (there.hostname === here.hostname || (house.startsWith('.') && there.hostname.endsWith(house)))
}
