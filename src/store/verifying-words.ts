// What `verify` reads of words and approvals: where somebody else than Rundruf has written them, or turned what is said of a release.
import { type Kysely, sql } from 'kysely'
import { openEarlierWords } from './guard-words.ts'
import { byKey } from './order.ts'
import type { ApprovalFacts, Proof } from './proof.ts'
import { rangesOf, within } from './ranges.ts'
import type { RevisionRow } from './stored.ts'
import type { Database } from './tables.ts'
import { isGenuineRevision } from './words.ts'

/** Announcements of which one statement reads all revisions: few of them have more than three. */
const examined = 500

export interface ChangedWords {
  readonly announcementId: string
  readonly city: string
  /** `revision`: its words or their writer; `approval`: somebody is said to have approved; `release`: whether and how it was released. */
  readonly what: 'revision' | 'approval' | 'release'
  /** The revision of which this is true. */
  readonly revision: number
}

/** All that no decision will rest on. */
export const changedAnnouncements = async (db: Kysely<Database>, proof: Proof): Promise<readonly ChangedWords[]> => {
  const trusting = await openEarlierWords(db, proof).isAtWork()
  const plain = db.withoutPlugins()
  const found: ChangedWords[] = []
  for await (const range of rangesOf(db, { table: 'announcement', size: examined })) {
    const among = within(range, 'a.id')
    const { rows: revisions } = await sql<RevisionRow & Of>`
      select a.id as "announcementId", a.city, r.number, r.base, r.content, r.created_by as "createdBy", r.person, r.mac
      from announcement a join revision r on r.announcement_id = a.id where ${among} order by a.id, r.number`.execute(plain)
    for (const { announcementId, city, ...row } of revisions)
      if (!(trusting && row.mac === null) && (!isGenuineRevision(proof, announcementId, row) || row.content.city !== city))
        found.push({ announcementId, city, what: 'revision', revision: row.number })
    const { rows: approvals } = await sql<Approval>`
      select a.id as "announcementId", a.city, p.revision, p.digest, p.actor, p.person, p.mac
      from announcement a join approval p on p.announcement_id = a.id where ${among} order by a.id`.execute(plain)
    for (const { city, mac, ...facts } of approvals)
      if (!(trusting && mac === null) && !proof.holds('approval', facts, mac))
        found.push({ announcementId: facts.announcementId, city, what: 'approval', revision: facts.revision })
    const { rows: releases } = await sql<Of & { revision: number }>`
      select a.id as "announcementId", a.city, a.revision
      from announcement a left join lateral (
        select revision from plan where announcement_id = a.id order by revision desc limit 1
      ) p on true
      where ${among} and (case when a.released_at is null
        then p.revision is null and not exists (select 1 from delivery d where d.announcement_id = a.id ${byKey}) else p.revision = a.revision and (a.retracted_at is not null or not exists (
          select 1 from delivery d where d.announcement_id = a.id and d.action = 'retract' ${byKey})) end) is not true
      order by a.id`.execute(plain)
    for (const row of releases) found.push({ ...row, what: 'release' })
  }
  return found
}

interface Of {
  readonly announcementId: string
  readonly city: string
}

type Approval = Of & ApprovalFacts & { readonly mac: string | null }
