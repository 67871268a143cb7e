// API keys: how they are made, read and compared. A key is 256 random bits, so its SHA-256 is enough at rest.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 } from 'uuid'

/** `rr_<id: 32 hex digits>_<43 characters base64url>`: the id finds the row, the rest proves the right to it. */
const form = /^rr_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/

export interface NewKey {
  readonly id: string
  /** Shown once, never stored. */
  readonly key: string
  /** What is stored: SHA-256 of the key, hex. */
  readonly hash: string
}

export interface PresentedKey {
  readonly id: string
  readonly hash: string
}

export const newKey = (id: string = v7()): NewKey => {
  const key = `rr_${id.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`
  return { id, key, hash: hashOf(key) }
}

/** Reads what somebody presented; undefined when it does not have a key's form. */
export const readKey = (text: string): PresentedKey | undefined => {
  const parts = form.exec(text)
  return parts ? { id: parts.slice(1, 6).join('-'), hash: hashOf(text) } : undefined
}

/** Compares two hashes in constant time. */
export const sameHash = (a: string, b: string): boolean => {
  const left = Buffer.from(a, 'hex')
  const right = Buffer.from(b, 'hex')
  return left.length === right.length && timingSafeEqual(left, right)
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')
