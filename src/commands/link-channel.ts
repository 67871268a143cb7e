// Links a channel's account by a person's phone, where the platform knows no credential: begun here, looked at until it is done.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import type { LinkWish } from '../connector/connector.ts'
import { audit } from '../store/audit.ts'
import { type Actor, type Desk, transact } from './desk.ts'

/** How a link stands. `waiting` without a code: the page of the platform is still coming up. */
export interface LinkState {
  readonly state: 'none' | 'waiting' | 'linked' | 'failed'
  /** Text of the QR code that the phone has to see now. */
  readonly qr: string | null
  /** What has to be typed on the phone instead. */
  readonly code: string | null
  /** Why it failed, one German sentence. */
  readonly problem: string | null
}

interface Where {
  readonly city: string
  readonly channel: string
}

/** The links that this process has under way, or had. */
export interface Linking {
  begin(where: Where, phone: string | undefined): LinkState
  look(where: Where): LinkState
  /** Gives up what is under way. */
  close(): Promise<void>
}

/** Connects to the channel and links its account; rejects with a connector's error. */
export type LinkAccount = (where: Where, wish: LinkWish, signal: AbortSignal) => Promise<void>

/** WhatsApp's codes are renewed for so long; after that nobody is standing there with a phone any more. */
const patienceMs = 300_000

const none: LinkState = { state: 'none', qr: null, code: null, problem: null }

export const openLinking = (link: LinkAccount): Linking => {
  const states = new Map<string, LinkState>()
  const running = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const keyOf = ({ city, channel }: Where): string => `${city}/${channel}`

  const run = async (where: Where, phone: string | undefined): Promise<void> => {
    const set = (state: Partial<LinkState>): void => void states.set(keyOf(where), { ...none, state: 'waiting', ...state })
    const wish: LinkWish = { offer: set, ...(phone !== undefined && { phone }) }
    set({})
    try {
      await link(where, wish, AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)]))
      set({ state: 'linked' })
    } catch (error) {
      set({ state: 'failed', problem: error instanceof Error ? error.message.slice(0, 300) : 'Das Verknüpfen ist gescheitert.' })
    }
  }
  const look = (where: Where): LinkState => states.get(keyOf(where)) ?? none
  return {
    look,
    begin: (where, phone) => {
      const key = keyOf(where)
      if (!running.has(key))
        running.set(
          key,
          run(where, phone).finally(() => running.delete(key)),
        )
      return look(where)
    },
    close: async () => {
      closing.abort(new Error('the process stops'))
      await Promise.all(running.values())
    },
  }
}

/**
 * Begins a link, or looks at the one that is under way. `phone`: as people write it, with its country code.
 * Refuses with `unknown-city`, `unknown-channel`, `not-allowed`, `not-linkable` or `wrong-phone`.
 */
export const linkChannel = async (
  desk: Desk,
  actor: Actor,
  { linking, phone, ...where }: Where & { readonly linking: Linking; readonly phone?: string | undefined },
): Promise<LinkState> => {
  demandLinkable(desk, actor, where)
  const digits = phone === undefined ? undefined : digitsOf(phone)
  await transact(desk, (trx) =>
    audit(trx, {
      actor: actor.id,
      action: 'link-channel',
      subject: `${where.city}/${where.channel}`,
      facts: { by: digits ? 'code' : 'qr' },
    }),
  )
  return linking.begin(where, digits)
}

/** Refuses likewise. */
export const linkState = (desk: Desk, actor: Actor, { linking, ...where }: Where & { readonly linking: Linking }): LinkState => {
  demandLinkable(desk, actor, where)
  return linking.look(where)
}

/** The channels whose accounts are linked by a phone, as far as the actor may do it. */
export const linkableChannels = (desk: Desk, may: (city: string) => boolean): readonly (Where & { readonly title: string })[] =>
  [...desk.cities.values()]
    .filter(({ key }) => may(key))
    .flatMap(({ key, city, channels }) =>
      channels
        .filter(({ platform, by }) => by === 'program' && desk.connectors.get(platform)?.link !== undefined)
        .map(({ name, title }) => ({ city: key, channel: name, title: title ?? city })),
    )

const demandLinkable = (desk: Desk, actor: Actor, { city, channel }: Where): void => {
  demand(actor, 'suspend', city)
  const found = desk.cities.get(city)?.channels.find(({ name }) => name === channel)
  if (!found) throw refusal('unknown-channel', `Den Kanal „${channel.slice(0, 60)}“ gibt es bei ${city.slice(0, 60)} nicht.`)
  if (desk.connectors.get(found.platform)?.link === undefined)
    throw refusal(
      'not-linkable',
      `Beim Kanal „${found.name}“ gibt es nichts zu verknüpfen: Sein Zugang steht in den Einstellungen der Stadt.`,
    )
}

const digitsOf = (phone: string): string => {
  const digits = phone.replace(/^\s*\+|[\s()/.-]/g, '')
  if (/^[1-9]\d{6,14}$/.test(digits)) return digits
  throw refusal('wrong-phone', 'Die Rufnummer braucht ihre Landesvorwahl: +49 151 …', 'phone')
}

const refusal = (code: string, de: string, place = 'channel'): Refusal =>
  new Refusal({ code, de, en: `The channel cannot be linked (${code}).`, place })
