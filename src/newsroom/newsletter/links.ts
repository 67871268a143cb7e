// The links of a newsletter: to confirm with a token that is known by its hash alone, to leave with one that is made anew for each letter.
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Links {
  page(city: string): string
  confirm(city: string, token: string): string
  /** Ends the subscription of this subscriber, and proves the right to it. It holds for ever: a letter of years ago must still work. */
  unsubscribe(city: string, subscriber: string): string
  /** The subscriber's id; undefined: not one of our tokens. */
  subscriberOf(token: string): string | undefined
}

/** @param key 32 random bytes that all processes share */
export const openLinks = (publicUrl: string, key: Uint8Array): Links => {
  // of its own: what is proven here proves nothing where the same key seals
  const own = new Uint8Array(hkdfSync('sha256', key, '', 'rundruf newsletter', 32))
  const base = publicUrl.replace(/\/+$/, '')
  const page = (city: string): string => `${base}/${city}/newsletter`
  return {
    page,
    confirm: (city, token) => `${page(city)}/confirm/${token}`,
    unsubscribe: (city, subscriber) => {
      const id = Buffer.from(subscriber.replaceAll('-', ''), 'hex')
      return `${page(city)}/unsubscribe/${Buffer.concat([id, proofOf(own, id)]).toString('base64url')}`
    },
    subscriberOf: (token) => {
      if (!/^[\w-]{43}$/.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      const [id, proof] = [bytes.subarray(0, idBytes), bytes.subarray(idBytes)]
      return timingSafeEqual(proof, proofOf(own, id)) ? uuidOf(id) : undefined
    },
  }
}

const idBytes = 16

/** 128 bits: nobody guesses them, and the address stays short. */
const proofOf = (key: Uint8Array, id: Uint8Array): Buffer =>
  createHmac('sha256', key).update('unsubscribe').update(id).digest().subarray(0, 16)

const uuidOf = (id: Buffer): string => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** A fresh token of 256 bits, and what is stored of it. */
export const newToken = (): { readonly token: string; readonly hash: string } => {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOf(token) }
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
