// What a Bluesky channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface BlueskySettings {
  /** `bonn.de` or `bonn.bsky.social`; a leading @ is dropped. */
  readonly handle: string
  /** An app password of the account: https://bsky.app/settings/app-passwords */
  readonly appPassword: Secret
  /** Where the account signs in and writes. Nothing else is ever spoken to: the entryway passes on to the account's own server. */
  readonly base: string
  /** Where people read it: receipts point there. https://bsky.app, except that a server on this machine shows its posts itself. */
  readonly web: string
  /**
   * A post shows images or a link card, never both. `without-images`: the card only where there are no images. `prefer`: the card
   * wherever there is a link, with the first image as its thumbnail.
   */
  readonly card: 'without-images' | 'prefer'
}

const address = () => z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const isHere = (base: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)

export const blueskySettings: z.ZodType<BlueskySettings> = z
  .strictObject({
    handle: z
      .string()
      .min(1)
      .transform((handle) => handle.replace(/^@/, '')),
    appPassword: secret(),
    base: address().default('https://bsky.social'),
    web: address().optional(),
    card: z.enum(['without-images', 'prefer']).default('without-images'),
  })
  .transform((settings) => ({ ...settings, web: settings.web ?? (isHere(settings.base) ? settings.base : 'https://bsky.app') }))
