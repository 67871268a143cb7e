// What a YouTube channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface YoutubeSettings {
  /** Of the OAuth client of the city's own project: https://console.cloud.google.com/apis/credentials */
  readonly clientId: string
  readonly clientSecret: Secret
  /** Given once by a person who is signed in to the channel, for the scope youtube.force-ssl. */
  readonly refreshToken: Secret
  /** Who may watch. */
  readonly privacy: 'public' | 'unlisted' | 'private'
  /** Whether Google has audited the project. Until then all its uploads are private: https://developers.google.com/youtube/v3/docs/videos/insert */
  readonly audited: boolean
  /** https://developers.google.com/youtube/v3/docs/videoCategories/list: 25 is News & Politics, 28 Science & Technology. */
  readonly category: string
  readonly base: string
  /** Where access tokens come from. */
  readonly authBase: string
  /** Where people watch: receipts point there. */
  readonly web: string
}

const address = () => z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const isHere = (base: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)

export const youtubeSettings: z.ZodType<YoutubeSettings> = z
  .strictObject({
    clientId: z.string().min(1),
    clientSecret: secret(),
    refreshToken: secret(),
    privacy: z.enum(['public', 'unlisted', 'private']).default('public'),
    audited: z.boolean().default(false),
    category: z.string().regex(/^\d+$/).default('25'),
    base: address().default('https://www.googleapis.com'),
    authBase: address().optional(),
    web: address().optional(),
  })
  .transform(({ authBase, web, ...settings }) => {
    // a server on this machine is all of it
    const own = isHere(settings.base) ? settings.base : undefined
    return { ...settings, authBase: authBase ?? own ?? 'https://oauth2.googleapis.com', web: web ?? own ?? 'https://youtu.be' }
  })
