// A WhatsApp channel's settings: which channel, and which web page stands for WhatsApp.
import { z } from 'zod'

/** How the channel is known: by its own id, or by the code of its invitation. */
export type ChannelName = { readonly by: 'id'; readonly id: string } | { readonly by: 'invite'; readonly code: string }

export interface WhatsappSettings {
  /** `1203…@newsletter`, an invite code, or `https://whatsapp.com/channel/<code>`. */
  readonly channel: ChannelName
  /** Where WhatsApp Web is, without a closing slash. */
  readonly base: string
}

/** The page that whatsapp-web.js knows by heart; every other address is a page that is shown in its place. */
export const officialBase = 'https://web.whatsapp.com'

const id = /^\d{6,30}@newsletter$/
const invitation = /^(?:(?:https:\/\/)?(?:www\.)?whatsapp\.com\/channel\/)?([\w-]{10,40})\/?$/

const nameOf = (written: string): ChannelName | undefined => {
  if (id.test(written)) return { by: 'id', id: written }
  const code = invitation.exec(written)?.[1]
  return code === undefined ? undefined : { by: 'invite', code }
}

export const whatsappSettings: z.ZodType<WhatsappSettings> = z
  .strictObject({
    channel: z
      .string()
      .refine((written) => nameOf(written) !== undefined, {
        error: 'erwartet wird die Nummer des Kanals (1203…@newsletter), sein Einladungscode oder https://whatsapp.com/channel/<Code>',
      })
      // an invitation is a name here, also where it is written as an address: only its code is used
      .meta({ address: false }),
    base: z.url({ protocol: /^https?$/ }).default(officialBase),
  })
  .transform(({ channel, base }) => ({ channel: nameOf(channel) as ChannelName, base: base.replace(/\/+$/, '') }))
