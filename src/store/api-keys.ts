// API keys at rest: hashes, roles and cities.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Role } from '../commands/desk.ts'
import type { Database } from './tables.ts'

export interface StoredKey {
  readonly id: string
  readonly name: string
  /** SHA-256 of the key, hex. */
  readonly hash: string
  readonly role: Role
  readonly cities: '*' | readonly string[]
  /** Who holds it, in small letters; null where it names no person. */
  readonly person: string | null
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

/** Stores a new key; false when the id is taken (a repeated request). */
export const insertKey = async (
  trx: Transaction<Database>,
  key: Pick<StoredKey, 'id' | 'name' | 'hash' | 'role' | 'cities' | 'person'>,
): Promise<boolean> => {
  const row = await trx
    .insertInto('apiKey')
    .values({ ...key, cities: JSON.stringify(key.cities === '*' ? ['*'] : key.cities) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export const findKey = async (db: Kysely<Database>, id: string): Promise<StoredKey | undefined> => {
  const row = await db.selectFrom('apiKey').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...row, cities: row.cities.includes('*') ? '*' : row.cities }
}

/** Revokes at once and for good; false when it was revoked before. */
export const markRevoked = async (trx: Transaction<Database>, id: string): Promise<boolean> => {
  const row = await trx
    .updateTable('apiKey')
    .set({ revokedAt: sql`now()` })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
