// What one channel of a city works with: its settings, what the house lends it, and the key of its session.
import type { LinkWish, Tools } from '../../src/connector/connector.ts'
import type { Session } from './session.ts'
import { type Account, endSession, linkSession, withSession } from './sessions.ts'
import type { WhatsappSettings } from './settings.ts'

/** How long a browser stays open: after a post for the next one, after a look hardly, after a link until the page has all it was sent. */
const keepMs = { post: 300_000, look: 10_000, link: 60_000 } as const

export interface WhatsappClient {
  readonly settings: WhatsappSettings
  readonly tools: Tools
  readonly key: string
  /** @throws what `withSession` throws */
  use<T>(what: 'post' | 'look', signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>
  link(wish: LinkWish, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** How many clients of this process share a session; the last one closes it. */
const shared = new Map<string, number>()

/** Nothing is started yet: a browser comes with the first post. */
export const openClient = (settings: WhatsappSettings, tools: Tools): WhatsappClient => {
  const { channel, base } = settings
  const key = `${tools.city} ${channel.by === 'id' ? channel.id : channel.code} ${base}`
  const account: Account = { key, wish: { base, tools } }
  shared.set(key, (shared.get(key) ?? 0) + 1)
  return {
    settings,
    tools,
    key,
    use: (what, signal, work) => withSession(account, { signal, keepMs: keepMs[what] }, work),
    link: (wish, signal) => linkSession(account, wish, { signal, keepMs: keepMs.link }),
    close: async () => {
      const left = (shared.get(key) ?? 1) - 1
      if (left > 0) return void shared.set(key, left)
      shared.delete(key)
      await endSession(key)
    },
  }
}
