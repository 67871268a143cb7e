// Announcements and their revisions.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Announcement } from '../announcement/announcement.ts'
import type { Database } from './tables.ts'

export interface StoredAnnouncement {
  readonly id: string
  readonly city: string
  readonly revision: number
  readonly content: Announcement
  readonly createdAt: Date
  readonly createdBy: string
  /** Who wrote this revision. */
  readonly writtenBy: string
  readonly releasedAt: Date | null
  readonly retractedAt: Date | null
}

/** Stores revision 1; false when the id is taken (a repeated request). */
export const insertAnnouncement = async (
  trx: Transaction<Database>,
  draft: { readonly id: string; readonly content: Announcement; readonly by: string },
): Promise<boolean> => {
  const { id, content, by } = draft
  const row = await trx
    .insertInto('announcement')
    .values({ id, city: content.city, revision: 1, createdBy: by })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) await insertRevision(trx, { id, number: 1, content, by })
  return row !== undefined
}

const insertRevision = async (
  trx: Transaction<Database>,
  revision: { readonly id: string; readonly number: number; readonly content: Announcement; readonly by: string },
): Promise<void> => {
  const { id: announcementId, number, content, by: createdBy } = revision
  await trx
    .insertInto('revision')
    .values({ announcementId, number, content: JSON.stringify(content), createdBy })
    .execute()
}

/** A new revision of an announcement that this transaction has locked. */
export const revise = async (
  trx: Transaction<Database>,
  locked: StoredAnnouncement,
  content: Announcement,
  by: string,
): Promise<number> => {
  const number = locked.revision + 1
  await insertRevision(trx, { id: locked.id, number, content, by })
  await trx.updateTable('announcement').set({ revision: number }).where('id', '=', locked.id).execute()
  return number
}

const newest = (db: Kysely<Database>) =>
  db
    .selectFrom('announcement')
    .innerJoin('revision', (join) =>
      join.onRef('revision.announcementId', '=', 'announcement.id').onRef('revision.number', '=', 'announcement.revision'),
    )
    .select(['announcement.id', 'city', 'announcement.revision', 'content', 'announcement.createdAt', 'announcement.createdBy'])
    .select(['revision.createdBy as writtenBy', 'releasedAt', 'retractedAt'])

export const findAnnouncement = (db: Kysely<Database>, id: string): Promise<StoredAnnouncement | undefined> =>
  newest(db).where('announcement.id', '=', id).executeTakeFirst()

/** The same, locked until the transaction ends: releases, amendments and retractions of one announcement follow one another. */
export const lockAnnouncement = async (trx: Transaction<Database>, id: string): Promise<StoredAnnouncement | undefined> => {
  await trx.selectFrom('announcement').select('id').where('id', '=', id).forUpdate().execute()
  return findAnnouncement(trx, id)
}

/** The moment of its release, by database time. */
export const markReleased = async (trx: Transaction<Database>, id: string): Promise<Date> => {
  const released = trx
    .updateTable('announcement')
    .set({ releasedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .where('releasedAt', 'is', null)
  return (await released.returning(sql<Date>`released_at`.as('at')).executeTakeFirstOrThrow()).at
}

export const markRetracted = async (trx: Transaction<Database>, id: string): Promise<void> => {
  await trx.updateTable('announcement').set({ retractedAt: sql`now()` }).where('id', '=', id).execute()
}

/** Newest first; `before` is an id (UUIDv7, so ordered by time). */
export const listAnnouncements = (
  db: Kysely<Database>,
  filter: { readonly cities: '*' | readonly string[]; readonly limit: number; readonly before?: string },
): Promise<StoredAnnouncement[]> =>
  newest(db)
    .$if(filter.cities !== '*', (query) => query.where('city', 'in', filter.cities === '*' ? [] : [...filter.cities, '']))
    .$if(filter.before !== undefined, (query) => query.where('announcement.id', '<', filter.before as string))
    .orderBy('announcement.id', 'desc')
    .limit(filter.limit)
    .execute()

/** The database's clock: the only one that decides about times. */
export const databaseNow = async (db: Kysely<Database>): Promise<string> => {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database did not say what time it is')
  return row.now.toISOString()
}
