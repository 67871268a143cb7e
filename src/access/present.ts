// Turns a presented API key into the actor it stands for.
import type { Actor, Desk } from '../commands/desk.ts'
import { findKey, isGenuine, type StoredKey } from '../store/api-keys.ts'
import { readKey, sameHash } from './keys.ts'

/** Where keys are looked up, and what proves that they are as Rundruf wrote them. */
export type KeyRing = Pick<Desk, 'db' | 'proof'>

export type KeyState = 'valid' | 'expired' | 'revoked' | 'changed'

/** `changed`: role, cities, person or expiry are not the ones that Rundruf wrote. */
export const stateOf = (proof: Desk['proof'], key: StoredKey): KeyState => {
  if (key.revokedAt !== null) return 'revoked'
  if (!isGenuine(proof, key)) return 'changed'
  return key.expired ? 'expired' : 'valid'
}

/**
 * The actor of the key; undefined when it is unknown, wrong, revoked, expired or was changed in the store (which of these is not told).
 * @param changed hears of a right key whose row was changed
 */
export const actorOfKey = async ({ db, proof }: KeyRing, text: string, changed?: (id: string) => void): Promise<Actor | undefined> => {
  const presented = readKey(text)
  if (!presented) return undefined
  const key = await findKey(db, presented.id)
  if (!key || !sameHash(key.hash, presented.hash)) return undefined
  const state = stateOf(proof, key)
  if (state === 'changed') changed?.(key.id)
  if (state !== 'valid') return undefined
  return { id: key.id, name: key.name, role: key.role, cities: key.cities, ...(key.person !== null && { person: key.person }) }
}

/** True as long as the key of that id is valid. */
export const keyHolds = async ({ db, proof }: KeyRing, id: string): Promise<boolean> => {
  const key = await findKey(db, id)
  return key !== undefined && stateOf(proof, key) === 'valid'
}
