// Linked devices of WhatsApp's stand-in, and the phones that link them: by a QR code, by a pairing code, or by themselves.
import { createHash, randomBytes } from 'node:crypto'
import { Refusal } from '../room.ts'
import { no } from './answers.ts'

/** What a device hears of itself. */
interface Session {
  /** By which the device is known from now on. */
  readonly token: string
  /** What its QR code begins with. */
  readonly ref: string
  readonly linked: { readonly number: string; readonly name: string } | null
  /** True once: the page shall never answer again. */
  readonly frozen: boolean
}

export interface Devices {
  /** A device connects; `token` is what it kept from the last time. */
  connect(token: string, name: string): Session
  /** How a device stands now. @throws Refusal when nobody knows it */
  look(token: string): Session
  pairingCode(token: string): string
  logOut(token: string): void
  /** The account of a linked device. @throws Refusal for any other */
  accountOf(token: string): string
  /** Null where it is none. */
  accountIfAny(token: string): string | null
  /**
   * What a person does on the phone of an account, and with its page: `freeze` lets it hang. Says whether one is still to freeze.
   * @throws Refusal for a code that nobody shows
   */
  phone(account: string, act: PhoneAct): { readonly freezing: boolean }
}

export interface PhoneAct {
  readonly scan?: string
  readonly code?: string
  readonly unlink?: true
  readonly freeze?: true
}

interface Waiting {
  readonly ref: string
  code: string | null
  /** The token after the link; null before. */
  linkedAs: string | null
}

/** Whoever calls himself so is linked without a person where phones scan by themselves. */
const ownName = /^Rundruf \(([\w-]{1,100})\)$/

/** A linked device's token names its account, so that it is still linked after the lab has been started anew. */
const linkedToken = /^([\w-]{1,100})\.[0-9a-f]{32}$/

const random = (): string => randomBytes(16).toString('hex')

/** @param scans whether phones link a device as soon as it shows its name, as a rehearsal wants it */
export const openDevices = (scans: boolean): Devices => {
  const waiting = new Map<string, Waiting>()
  const unlinked = new Set<string>()
  const linkedAlready = new Set<string>()
  const frozen = new Set<string>()

  const accountIfAny = (token: string): string | null => {
    const account = linkedToken.exec(token)?.[1]
    if (account === undefined || unlinked.has(token)) return null
    linkedAlready.add(token)
    return account
  }
  const sessionOf = (token: string): Session => {
    const known = waiting.get(token)
    const now = known?.linkedAs ?? token
    const account = accountIfAny(now)
    return {
      token: now,
      ref: known?.ref ?? '',
      linked: account === null ? null : { number: numberOf(account), name: account },
      frozen: account !== null && frozen.delete(account),
    }
  }
  const link = (account: string, found: (one: Waiting) => boolean): void => {
    const one = [...waiting.values()].find((candidate) => candidate.linkedAs === null && found(candidate))
    if (!one) throw new Refusal(no(404))
    one.linkedAs = `${account}.${random()}`
  }
  return {
    accountIfAny,
    accountOf: (token) => {
      const account = accountIfAny(token)
      if (account === null) throw new Refusal(no(401))
      return account
    },
    connect: (token, name) => {
      if (accountIfAny(token) !== null) return sessionOf(token)
      const fresh = `new-${random()}`
      waiting.set(fresh, { ref: `2@${random()}`, code: null, linkedAs: null })
      const own = ownName.exec(name)?.[1]
      if (scans && own !== undefined) link(own, (one) => one === waiting.get(fresh))
      return sessionOf(fresh)
    },
    look: (token) => {
      if (!waiting.has(token) && accountIfAny(token) === null) throw new Refusal(no(401))
      return sessionOf(token)
    },
    pairingCode: (token) => {
      const one = waiting.get(token)
      if (!one) throw new Refusal(no(401))
      one.code = random().slice(0, 8).toUpperCase()
      return one.code
    },
    logOut: (token) => void unlinked.add(token),
    phone: (account, { scan, code, unlink, freeze }) => {
      if (scan !== undefined) link(account, ({ ref }) => scan.startsWith(`${ref},`))
      if (code !== undefined) link(account, (one) => one.code === code)
      if (unlink) for (const token of linkedAlready) if (accountIfAny(token) === account) unlinked.add(token)
      if (freeze) frozen.add(account)
      return { freezing: frozen.has(account) }
    },
  }
}

const numberOf = (account: string): string => `49151${createHash('sha256').update(account).digest().readUInt32BE()}`
