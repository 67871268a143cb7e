// Images, stored once each under the SHA-256 of their bytes.
import type { Kysely, Transaction } from 'kysely'
import type { Medium } from '../announcement/announcement.ts'
import type { Database } from './tables.ts'

/** What the store knows of an image; its alternative text belongs to the announcement. */
export type StoredMedium = Omit<Medium, 'alt'>

/** Stores the image; false when the same bytes were there before. */
export const insertMedium = async (trx: Transaction<Database>, medium: StoredMedium, bytes: Uint8Array, by: string): Promise<boolean> => {
  const { id, type, width, height } = medium
  const row = await trx
    .insertInto('media')
    .values({ id, type, width, height, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), createdBy: by })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The bytes of an image. Throws when it is not there: an announcement can only carry what was kept before. */
export const readMedium = async (db: Kysely<Database>, id: string): Promise<Uint8Array> => {
  const { bytes } = await db.selectFrom('media').select('bytes').where('id', '=', id).executeTakeFirstOrThrow()
  return bytes
}

/** What the store knows of these images; what is not there is missing from the answer. */
export const findMedia = async (db: Kysely<Database>, ids: readonly string[]): Promise<StoredMedium[]> => {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('media')
    .select((row) => ['id', 'type', 'width', 'height', row.fn<number>('octet_length', ['bytes']).as('size')])
    .where('id', 'in', [...ids])
    .execute()
  return rows
}
