// Whose key is this? Tries are counted before a key is looked at, and a right key is not locked out by what strangers try.
import { callerAddress } from '../access/caller-address.ts'
import { type PresentedKey, readKey } from '../access/keys.ts'
import { LaneFull, openLane } from '../access/lane.ts'
import { openCounter } from '../access/limiter.ts'
import { actorOfKey } from '../access/present.ts'
import type { Actor, Desk } from '../commands/desk.ts'

export interface KeyTries {
  /** Whose key this text is; `wrong`; or in how many seconds it may be tried again. */
  look(desk: Desk, ip: string, text: string): Promise<Found>
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

/** Milliseconds between two looks for an address that has used up its tries. */
const sparingly = 1_000

/**
 * A try is counted before its key is looked at, for the key at this address and for the address (an IPv6 network is one), and the count is
 * given back unless the key was wrong: a store that is away and a line that is full are not the caller's doing. An address that has used
 * up its tries is looked at once a second: a stranger there can make a right key wait, and cannot lock it out. A key that was right before
 * in this process is not counted at all, and one key that is tried many times at once is one look.
 * @param changed hears of a right key whose row was changed in the store
 */
export const openKeyTries = ({ max, timeWindow }: Limits, changed: (id: string) => void): KeyTries => {
  const [ofKey, ofAddress, unreadable] = [openCounter(max, timeWindow), openCounter(max, timeWindow), openCounter(max, timeWindow)]
  const slow = openCounter(1, sparingly)
  const lane = openLane(unproven)
  const proven = openProven()
  const underWay = new Map<string, Promise<Found>>()

  const first = async (desk: Desk, address: string, { id, hash, text }: Presented): Promise<Found> => {
    const who = `${address} ${id}`
    if (!ofKey.count(who)) return { againIn: ofKey.secondsLeft() }
    const back = [() => ofKey.giveBack(who)]
    let found: Found | undefined
    try {
      if (ofAddress.count(address)) back.push(() => ofAddress.giveBack(address))
      else if (!slow.count(address)) return { againIn: slow.secondsLeft() }
      found = (await lane(() => actorOfKey(desk, text, changed)).catch(busy)) ?? 'wrong'
    } finally {
      if (found !== 'wrong') for (const give of back) give()
    }
    if (found !== 'wrong' && !('againIn' in found)) proven.remember(id, hash)
    return found
  }

  return {
    look: async (desk, ip, text) => {
      const address = callerAddress(ip)
      const presented = readKey(text)
      if (presented === undefined) return unreadable.count(address) ? 'wrong' : { againIn: unreadable.secondsLeft() }
      const { id, hash } = presented
      if (proven.knows(id, hash)) {
        const actor = await actorOfKey(desk, text, changed)
        if (actor) return actor
        proven.forget(id) // it was revoked
      }
      const shared = underWay.get(hash)
      if (shared) return shared
      const found = first(desk, address, { id, hash, text }).finally(() => underWay.delete(hash))
      underWay.set(hash, found)
      return found
    },
  }
}

type Found = Actor | 'wrong' | { readonly againIn: number }

interface Presented extends PresentedKey {
  readonly text: string
}

/** The keys that were right in this process, by id; the oldest is forgotten first. */
const openProven = () => {
  const hashes = new Map<string, string>()
  return {
    knows: (id: string, hash: string): boolean => hashes.get(id) === hash,
    forget: (id: string): void => void hashes.delete(id),
    remember: (id: string, hash: string): void => {
      if (hashes.size >= mostProven) hashes.delete(hashes.keys().next().value ?? '')
      hashes.set(id, hash)
    },
  }
}

const busy = (error: unknown): { readonly againIn: number } => {
  if (error instanceof LaneFull) return { againIn: 1 }
  throw error
}
