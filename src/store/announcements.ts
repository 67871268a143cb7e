// Announcements and their revisions.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Announcement } from '../announcement/announcement.ts'
import { asItWouldBeNow } from './earlier-content.ts'
import type { Proof } from './proof.ts'
import type { StoredAnnouncement, Writer } from './stored.ts'
import type { Database } from './tables.ts'
import { approvalsOf, writersOf } from './words.ts'

/** Stores revision 1; false when the id is taken (a repeated request). */
export const insertAnnouncement = async (
  trx: Transaction<Database>,
  draft: { readonly id: string; readonly content: Announcement; readonly by: Writer; readonly proof: Proof },
): Promise<boolean> => {
  const { id, content, by, proof } = draft
  const row = await trx
    .insertInto('announcement')
    .values({ id, city: content.city, revision: 1, createdBy: by.id })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row) await insertRevision(trx, { id, number: 1, base: null, content, by, proof })
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
    readonly proof: Proof
  },
): Promise<void> => {
  const { id: announcementId, number, base, content, by, proof } = revision
  const facts = { announcementId, number, base, createdBy: by.id, person: by.person }
  await trx
    .insertInto('revision')
    .values({ ...facts, content: JSON.stringify(content), mac: proof.of('revision', { ...facts, content }) })
    .execute()
}

export interface Rewriting {
  readonly content: Announcement
  readonly by: Writer
  /** `newest`: it is what the announcement says from now on; `amendment`: it waits to be released. */
  readonly as: 'newest' | 'amendment'
  /** Number of the revision that it rewrites. */
  readonly base: number
  /** Proves later that it was written like this. */
  readonly proof: Proof
}

/** Stores a new revision of an announcement that this transaction has locked; returns its number. */
export const revise = async (
  trx: Transaction<Database>,
  { id }: StoredAnnouncement,
  { content, by, as, base, proof }: Rewriting,
): Promise<number> => {
  const { last } = await trx
    .selectFrom('revision')
    .select(sql<number>`max(number)::int`.as('last'))
    .where('announcementId', '=', id)
    .executeTakeFirstOrThrow()
  const number = last + 1
  await insertRevision(trx, { id, number, base, content, by, proof })
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

/** Everybody who has written the amendment that waits, since the release; undefined where that was changed in the store. */
export const writersOfAmendment = (
  db: Kysely<Database>,
  proof: Proof,
  { id, revision, amendment }: StoredAnnouncement,
): Promise<readonly Writer[] | undefined> =>
  writersOf(db, proof, { id, revision: amendment?.revision ?? 0, isEnough: (number) => number <= revision })

/**
 * Everybody who has written words of this revision that have not been approved: its own writer, and those of the revisions it rewrites,
 * back to the last one that was approved. Undefined where that was changed in the store.
 */
export const writersSinceApproval = async (
  trx: Transaction<Database>,
  proof: Proof,
  { id, revision }: { readonly id: string; readonly revision: number },
): Promise<readonly Writer[] | undefined> => {
  const approved = new Set((await approvalsOf(trx, proof, id)).map((approval) => approval.revision))
  return writersOf(trx, proof, { id, revision, isEnough: (number) => approved.has(number) })
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
    .select(['revision.base', 'revision.createdBy as writtenBy', 'revision.person', 'revision.mac'])
    .select([
      'waiting.base as amendedBase',
      'waiting.createdBy as amendedBy',
      'waiting.person as amendedPerson',
      'waiting.mac as amendedMac',
    ])

export type Row = Omit<StoredAnnouncement, 'amendment' | 'rows'> & {
  readonly base: number | null
  readonly writtenBy: string
  readonly person: string | null
  readonly mac: string | null
  readonly amended: number | null
  readonly amendedContent: Announcement | null
  readonly amendedAt: Date | null
  readonly amendedBase: number | null
  readonly amendedBy: string | null
  readonly amendedPerson: string | null
  readonly amendedMac: string | null
}

/** From a row of `newest`. */
export const stored = (row: Row): StoredAnnouncement => {
  const { id, city, revision, content, createdAt, createdBy, releasedAt, retractedAt, base, writtenBy, person, mac } = row
  const { amended, amendedContent, amendedAt: writtenAt, amendedBase, amendedBy, amendedPerson, amendedMac } = row
  const waits = amended !== null && amendedContent !== null && writtenAt !== null && amendedBy !== null
  return {
    ...{ id, city, revision, createdAt, createdBy, releasedAt, retractedAt },
    content: asItWouldBeNow(content),
    amendment: waits ? { revision: amended, content: asItWouldBeNow(amendedContent), writtenAt } : null,
    rows: {
      newest: { number: revision, base, content, createdBy: writtenBy, person, mac },
      amendment: waits
        ? { number: amended, base: amendedBase, content: amendedContent, createdBy: amendedBy, person: amendedPerson, mac: amendedMac }
        : null,
    },
  }
}

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
  const set = { retractedAt: sql<Date>`now()`, releasedAt: sql<Date>`coalesce(released_at, now())` }
  await trx.updateTable('announcement').set(set).where('id', '=', id).execute()
}

/** The database's clock: the only one that decides about times. */
export const databaseNow = async (db: Kysely<Database>): Promise<string> => {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database did not say what time it is')
  return row.now.toISOString()
}
