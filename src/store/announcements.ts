// Announcements and their revisions.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Announcement } from '../announcement/announcement.ts'
import { asItWouldBeNow } from './earlier-content.ts'
import type { Database } from './tables.ts'

export interface StoredAnnouncement {
  readonly id: string
  readonly city: string
  readonly revision: number
  readonly content: Announcement
  readonly createdAt: Date
  readonly createdBy: string
  readonly releasedAt: Date | null
  readonly retractedAt: Date | null
  /** What was written since the release and is not out yet; null: nothing. */
  readonly amendment: Amendment | null
}

/** A revision of something released that waits to be approved or released. */
export interface Amendment {
  readonly revision: number
  readonly content: Announcement
  readonly writtenAt: Date
}

/** Who wrote: the id of a key, and the person who holds it where the key names one. */
export interface Writer {
  readonly id: string
  readonly person: string | null
}

/** Stores revision 1; false when the id is taken (a repeated request). */
export const insertAnnouncement = async (
  trx: Transaction<Database>,
  draft: { readonly id: string; readonly content: Announcement; readonly by: Writer },
): Promise<boolean> => {
  const { id, content, by } = draft
  const row = await trx
    .insertInto('announcement')
    .values({ id, city: content.city, revision: 1, createdBy: by.id })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) await insertRevision(trx, { id, number: 1, base: null, content, by })
  return row !== undefined
}

const insertRevision = async (
  trx: Transaction<Database>,
  revision: {
    readonly id: string
    readonly number: number
    readonly base: number | null
    readonly content: Announcement
    readonly by: Writer
  },
): Promise<void> => {
  const { id: announcementId, number, base, content, by } = revision
  await trx
    .insertInto('revision')
    .values({ announcementId, number, base, content: JSON.stringify(content), createdBy: by.id, person: by.person })
    .execute()
}

export interface Rewriting {
  readonly content: Announcement
  readonly by: Writer
  /** `newest`: it is what the announcement says from now on; `amendment`: it waits to be released. */
  readonly as: 'newest' | 'amendment'
  /** Number of the revision that it rewrites. */
  readonly base: number
}

/** Stores a new revision of an announcement that this transaction has locked; returns its number. */
export const revise = async (
  trx: Transaction<Database>,
  { id }: StoredAnnouncement,
  { content, by, as, base }: Rewriting,
): Promise<number> => {
  const { last } = await trx
    .selectFrom('revision')
    .select(sql<number>`max(number)::int`.as('last'))
    .where('announcementId', '=', id)
    .executeTakeFirstOrThrow()
  const number = last + 1
  await insertRevision(trx, { id, number, base, content, by })
  if (as === 'newest') await promote(trx, id, number)
  else await trx.updateTable('announcement').set({ amendment: number }).where('id', '=', id).execute()
  return number
}

/** From now on the announcement says what this revision says, and no amendment waits. */
export const promote = async (trx: Transaction<Database>, id: string, revision: number): Promise<void> => {
  await trx.updateTable('announcement').set({ revision, amendment: null }).where('id', '=', id).execute()
}

/** The amendment that waits is given up; its words stay on record. */
export const dropAmendment = async (trx: Transaction<Database>, id: string): Promise<void> => {
  await trx.updateTable('announcement').set({ amendment: null }).where('id', '=', id).execute()
}

/** Everybody who has written the amendment that waits, since the release. */
export const writersOfAmendment = async (
  db: Kysely<Database>,
  { id, revision, amendment }: StoredAnnouncement,
): Promise<readonly Writer[]> => {
  const { rows } = await sql<Writer>`
    with recursive written as (
      select number, base, created_by, person from revision where announcement_id = ${id} and number = ${amendment?.revision ?? 0}
      union
      select b.number, b.base, b.created_by, b.person from written w
      join revision b on b.announcement_id = ${id} and b.number = coalesce(w.base, w.number - 1) and b.number > ${revision}
    ) select distinct created_by as id, person from written`.execute(db)
  return rows
}

/**
 * Everybody who has written words of this revision that have not been approved: its own writer, and those of the revisions it rewrites,
 * back to the last one that was approved.
 */
export const writersSinceApproval = async (trx: Transaction<Database>, id: string, revision: number): Promise<readonly Writer[]> => {
  const { rows } = await sql<{ id: string; person: string | null }>`
    with recursive written as (
      select number, base, created_by, person from revision where announcement_id = ${id} and number = ${revision}
      union
      select b.number, b.base, b.created_by, b.person from written w
      join revision b on b.announcement_id = ${id} and b.number = coalesce(w.base, w.number - 1)
      where not exists (select 1 from approval a where a.announcement_id = ${id} and a.revision = b.number)
    ) select distinct created_by as id, person from written`.execute(trx)
  return rows
}

/** Every announcement with what it says, and what waits to be said. */
export const newest = (db: Kysely<Database>) =>
  db
    .selectFrom('announcement')
    .innerJoin('revision', (join) =>
      join.onRef('revision.announcementId', '=', 'announcement.id').onRef('revision.number', '=', 'announcement.revision'),
    )
    .leftJoin('revision as waiting', (join) =>
      join.onRef('waiting.announcementId', '=', 'announcement.id').onRef('waiting.number', '=', 'announcement.amendment'),
    )
    .select(['announcement.id', 'city', 'announcement.revision', 'revision.content', 'announcement.createdAt', 'announcement.createdBy'])
    .select(['releasedAt', 'retractedAt'])
    .select(['waiting.number as amended', 'waiting.content as amendedContent', 'waiting.createdAt as amendedAt'])

export type Row = Omit<StoredAnnouncement, 'amendment'> & {
  readonly amended: number | null
  readonly amendedContent: Announcement | null
  readonly amendedAt: Date | null
}

/** From a row of `newest`. */
export const stored = ({ amended, amendedContent: content, amendedAt: writtenAt, ...row }: Row): StoredAnnouncement => ({
  ...row,
  content: asItWouldBeNow(row.content),
  amendment:
    amended === null || content === null || writtenAt === null ? null : { revision: amended, content: asItWouldBeNow(content), writtenAt },
})

export const findAnnouncement = async (db: Kysely<Database>, id: string): Promise<StoredAnnouncement | undefined> => {
  const row = await newest(db).where('announcement.id', '=', id).executeTakeFirst()
  return row && stored(row)
}

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

/** The database's clock: the only one that decides about times. */
export const databaseNow = async (db: Kysely<Database>): Promise<string> => {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database did not say what time it is')
  return row.now.toISOString()
}
