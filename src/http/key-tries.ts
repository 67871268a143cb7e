// Whose key is this? Tries are counted before a key is looked at, and a right key is not locked out by what strangers try.
import { callerAddress } from '../access/caller-address.ts'
import { readKey } from '../access/keys.ts'
import { LaneFull, openLane } from '../access/lane.ts'
import { openCounter } from '../access/limiter.ts'
import { actorOfKey } from '../access/present.ts'
import type { Actor, Desk } from '../commands/desk.ts'

export interface KeyTries {
  /** Whose key this text is; `wrong`; or in how many seconds it may be tried again. */
  look(desk: Desk, ip: string, text: string): Promise<Actor | 'wrong' | { readonly againIn: number }>
}

/** Looks at keys that nobody has shown here before: they share two connections, and never more than this wait. */
const unproven = { atOnce: 2, waiting: 100 } as const

interface Limits {
  readonly max: number
  /** Milliseconds. */
  readonly timeWindow: number
}

/** So many keys that were right are remembered. */
const mostProven = 5_000

/**
 * Counted are the tries of one key from one address (an IPv6 network is one), and beside them the wrong ones of the address, which lock
 * nobody out but those who show no key that exists. A key that was right before in this process is not counted at all.
 * @param changed hears of a right key whose row was changed in the store
 */
export const openKeyTries = ({ max, timeWindow }: Limits, changed: (id: string) => void): KeyTries => {
  const [ofKey, wrong] = [openCounter(max, timeWindow), openCounter(max, timeWindow)]
  const lane = openLane(unproven)
  const proven = new Map<string, string>()
  const remember = (id: string, hash: string): void => {
    if (proven.size >= mostProven) proven.delete(proven.keys().next().value ?? '')
    proven.set(id, hash)
  }
  return {
    look: async (desk, ip, text) => {
      const address = callerAddress(ip)
      const refused = () => (wrong.count(address) ? ('wrong' as const) : { againIn: wrong.secondsLeft() })
      const presented = readKey(text)
      if (presented === undefined) return refused()
      const { id, hash } = presented
      if (proven.get(id) === hash) {
        const actor = await actorOfKey(desk, text, changed)
        if (actor) return actor
        proven.delete(id) // it was revoked
        return refused()
      }
      const who = `${address} ${id}`
      if (!ofKey.count(who)) return { againIn: ofKey.secondsLeft() }
      const actor = await lane(() => actorOfKey(desk, text, changed)).catch(busy)
      if (actor === 'busy') return { againIn: 1 }
      if (actor === undefined) return refused()
      ofKey.giveBack(who)
      remember(id, hash)
      return actor
    },
  }
}

const busy = (error: unknown): 'busy' => {
  if (error instanceof LaneFull) return 'busy'
  throw error
}
