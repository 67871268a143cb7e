// Turns a presented API key into the actor it stands for.
import type { Kysely } from 'kysely'
import type { Actor } from '../commands/desk.ts'
import { findKey } from '../store/api-keys.ts'
import type { Database } from '../store/tables.ts'
import { readKey, sameHash } from './keys.ts'

/** The actor of the key; undefined when it is unknown, wrong or revoked (which of these is not told). */
export const actorOfKey = async (db: Kysely<Database>, text: string): Promise<Actor | undefined> => {
  const presented = readKey(text)
  if (!presented) return undefined
  const key = await findKey(db, presented.id)
  if (!key || key.revokedAt !== null || !sameHash(key.hash, presented.hash)) return undefined
  return { id: key.id, name: key.name, role: key.role, cities: key.cities, ...(key.person !== null && { person: key.person }) }
}

/** True as long as the key of that id has not been revoked. */
export const keyHolds = async (db: Kysely<Database>, id: string): Promise<boolean> => {
  const key = await findKey(db, id)
  return key !== undefined && key.revokedAt === null
}
