// API keys at rest: hashes, roles and cities, with the proof that Rundruf wrote them.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Role } from '../commands/desk.ts'
import { type KeyFacts, type Proof, timeOf } from './proof.ts'
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
  readonly expiresAt: Date | null
  /** By database time. */
  readonly expired: boolean
  /** To the minute; null: never. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
  readonly mac: string | null
}

export type NewKeyRow = Pick<StoredKey, 'id' | 'name' | 'hash' | 'role' | 'cities' | 'person' | 'expiresAt'>

/** Stores a new key; false when the id is taken (a repeated request). */
export const insertKey = async (trx: Transaction<Database>, proof: Proof, key: NewKeyRow): Promise<boolean> => {
  const row = await trx
    .insertInto('apiKey')
    .values({ ...key, cities: JSON.stringify(listOf(key.cities)), mac: proof.of('key', factsOf(key)) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** True when role, cities, person and expiry are the ones that Rundruf wrote. A revoked key has lost its proof. */
export const isGenuine = (proof: Proof, key: StoredKey): boolean => proof.holds('key', factsOf(key), key.mac)

const factsOf = ({ id, name, hash, role, cities, person, expiresAt }: NewKeyRow): KeyFacts => ({
  ...{ id, name, hash, role, person, cities: listOf(cities) },
  expiresAt: timeOf(expiresAt),
})

const listOf = (cities: StoredKey['cities']): readonly string[] => (cities === '*' ? ['*'] : cities)

const selected = (db: Kysely<Database>) =>
  db.selectFrom('apiKey').selectAll().select(sql<boolean>`coalesce(expires_at <= now(), false)`.as('expired'))

type Row = Omit<StoredKey, 'cities'> & { readonly cities: readonly string[] }

const keyOf = (row: Row): StoredKey => ({ ...row, cities: row.cities.length === 1 && row.cities[0] === '*' ? '*' : row.cities })

export const findKey = async (db: Kysely<Database>, id: string): Promise<StoredKey | undefined> => {
  const row = await selected(db).where('id', '=', id).executeTakeFirst()
  return row && keyOf(row)
}

/** The name of a key; undefined where `id` is none: what is written before there were keys, or by the program itself. */
export const nameOfKey = async (db: Kysely<Database>, id: string): Promise<string | undefined> =>
  (await db.selectFrom('apiKey').select('name').where(sql<string>`id::text`, '=', id).executeTakeFirst())?.name

/** The newest first. */
export const listKeys = async (db: Kysely<Database>, most: number): Promise<readonly StoredKey[]> =>
  (await selected(db).orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(most).execute()).map(keyOf)

/** Revokes at once and for good; false when it was revoked before. */
export const markRevoked = async (trx: Transaction<Database>, id: string): Promise<boolean> => {
  const row = await trx
    .updateTable('apiKey')
    // without its proof it stays useless, whatever becomes of the time
    .set({ revokedAt: sql`now()`, mac: null })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that these keys were used just now. */
export const noteUse = async (db: Kysely<Database>, ids: readonly string[]): Promise<void> => {
  await db
    .updateTable('apiKey')
    .set({ lastUsedAt: sql`now()` })
    .where('id', 'in', [...ids])
    .execute()
}
