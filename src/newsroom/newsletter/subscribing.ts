// What citizens do with a newsletter: ask for it, confirm, leave. Whether an address is known is told to its mailbox alone.
import type { Kysely } from 'kysely'
import { openLane } from '../../access/lane.ts'
import type { Letter } from '../../connector/mailing.ts'
import type { City } from '../../policy/policy.ts'
import { askSubscriber, confirmSubscriber, isAsked, leave, letterFailed } from '../../store/subscribers.ts'
import type { Database } from '../../store/tables.ts'
import { addressOf } from './address.ts'
import { nameOf, newsletterOf } from './channel.ts'
import { alreadyLetter, confirmLetter } from './letters.ts'
import { hashOf, type Links, newToken } from './links.ts'

/** Which channel writes a letter. */
interface Sender {
  readonly city: string
  readonly channel: string
  readonly platform: string
}

export interface SubscribingParts {
  readonly db: Kysely<Database>
  readonly links: Links
  /** Sends one letter at once; rejects where it could not be sent. */
  write(sender: Sender, letter: Letter): Promise<void>
}

/** `no-letter`: it could not be sent just now; who asks again later gets one. */
type Answered = 'asked' | 'no-address' | 'no-letter'

export interface Subscribing {
  /** @param failed hears why a letter could not be sent */
  ask(city: City, typed: string, failed: (error: unknown) => void): Promise<Answered>
  /** True while this token may confirm. */
  isOpen(city: City, token: string): Promise<boolean>
  confirm(city: City, token: string): Promise<boolean>
  /** False: not one of our tokens. */
  leave(token: string): Promise<boolean>
  isOurs(token: string): boolean
}

/** Forms of strangers take one connection of the pages, whatever comes. */
const oneAtATime = { atOnce: 1, waiting: 100 } as const

export const openSubscribing = ({ db, links, write }: SubscribingParts): Subscribing => {
  const turn = openLane(oneAtATime)
  return {
    ask: async (city, typed, failed) => {
      const channel = newsletterOf(city)
      const address = addressOf(typed)
      if (channel === undefined || address === undefined) return 'no-address'
      const sender: Sender = { city: city.key, channel: channel.name, platform: channel.platform }
      const { token, hash } = newToken()
      const asked = await turn(() => askSubscriber(db, sender, address, hash))
      if (asked === 'lately') return 'asked'
      const facts = { to: address, name: nameOf(city, channel) }
      const letter =
        asked === 'ask'
          ? confirmLetter({ ...facts, url: links.confirm(city.key, token) })
          : alreadyLetter({ ...facts, url: links.page(city.key) })
      try {
        await write(sender, letter)
        return 'asked'
      } catch (error) {
        failed(error)
        await turn(() => letterFailed(db, sender, address))
        return 'no-letter'
      }
    },
    isOpen: (city, token) => turn(() => isAsked(db, city.key, hashOf(token))),
    confirm: (city, token) => turn(() => confirmSubscriber(db, city.key, hashOf(token))),
    leave: async (token) => {
      const id = links.subscriberOf(token)
      if (id !== undefined) await turn(() => leave(db, id))
      return id !== undefined
    },
    isOurs: (token) => links.subscriberOf(token) !== undefined,
  }
}
