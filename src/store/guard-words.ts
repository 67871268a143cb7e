// How revisions and approvals of the version before, which wrote no MAC, come by theirs.
import { type Kysely, sql } from 'kysely'
import type { Plan } from '../planning/plan.ts'
import { type Earlier, foreignKey, isOurs, type Mark, readMark, rollingMinutes, untilOver } from './guard.ts'
import type { Proof, RevisionFacts } from './proof.ts'
import type { Database } from './tables.ts'

/**
 * Gives what the version before has written and approved its MACs: in the migration's own transaction, so that it happens once. Refuses
 * with `foreign-secret-key` where the rows are guarded with another key.
 * @param minutes how long processes of the version before may go on
 */
export const guardEarlierWords = async (db: Kysely<Database>, proof: Proof, minutes = rollingMinutes): Promise<void> => {
  const mark = await readMark(db)
  if (mark && !isOurs(mark, proof)) throw foreignKey()
  if (await isUnwritten(db)) return
  await writeWordsMark(db, proof, minutes)
  await proveWords(db, proof)
  await proveSettledPlans(db, proof)
}

/** Guards the words that were taken over on an operator's word; see `guardTaken`. A store of an older version is left to its migration. */
export const guardTakenWords = async (db: Kysely<Database>, proof: Proof): Promise<void> => {
  if (!(await keepsProofs(db))) return
  await sql`update revision set mac = null where mac is not null`.execute(db)
  await sql`update approval set mac = null where mac is not null`.execute(db)
  await sql`update guard set words_until = null, words_mac = null`.execute(db)
  await proveWords(db, proof)
  await proveSettledPlans(db, proof)
}

/** As `openEarlier` for revisions and approvals. */
export const openEarlierWords = (db: Kysely<Database>, proof: Proof): Earlier => {
  const isAtWork = untilOver(async () => {
    const { rows } = await sql<Mark>`
      select words_until as until, words_mac as mac, words_until <= now() as over from guard where words_until is not null`.execute(db)
    const [mark] = rows
    return mark === undefined || mark.over || !proof.holds('words', { earlierUntil: mark.until.toISOString() }, mark.mac)
  })
  return {
    isAtWork,
    prove: async () => {
      if (await isAtWork()) await proveWords(db, proof)
    },
  }
}

const keepsProofs = async (db: Kysely<Database>): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from information_schema.columns
    where table_schema = current_schema() and table_name = 'revision' and column_name = 'mac'`.execute(db)
  return rows.length > 0
}

const isUnwritten = async (db: Kysely<Database>): Promise<boolean> =>
  (await sql`select 1 from revision limit 1`.execute(db)).rows.length === 0

const writeWordsMark = async (db: Kysely<Database>, proof: Proof, minutes: number): Promise<void> => {
  const { rows } = await sql<{ until: Date }>`
    update guard set words_until = date_trunc('milliseconds', now() + make_interval(mins => ${minutes})) returning words_until as until`.execute(
    db,
  )
  for (const { until } of rows)
    await sql`update guard set words_mac = ${proof.of('words', { earlierUntil: until.toISOString() })}`.execute(db)
}

/** At most so many rows in one statement. */
const atOnce = 1000

const proveWords = async (db: Kysely<Database>, proof: Proof): Promise<void> => {
  await proveRevisions(db.withoutPlugins(), proof)
  const { rows } = await sql<{ announcementId: string; revision: number; digest: string; actor: string; person: string | null }>`
    select announcement_id as "announcementId", revision, digest, actor, person from approval where mac is null`.execute(
    db.withoutPlugins(),
  )
  for (const row of rows)
    await sql`update approval set mac = ${proof.of('approval', row)}
      where announcement_id = ${row.announcementId} and digest = ${row.digest} and actor = ${row.actor} and mac is null`.execute(db)
}

const proveRevisions = async (plain: Kysely<Database>, proof: Proof): Promise<void> => {
  let after = { announcementId: '00000000-0000-0000-0000-000000000000', number: 0 }
  for (;;) {
    const { rows } = await sql<RevisionFacts>`
      select announcement_id as "announcementId", number, base, content, created_by as "createdBy", person from revision
      where mac is null and (announcement_id, number) > (${after.announcementId}::uuid, ${after.number}::int)
      order by announcement_id, number limit ${atOnce}`.execute(plain)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last
    await sql`update revision r set mac = p.mac
      from unnest(${rows.map((row) => row.announcementId)}::uuid[], ${rows.map((row) => row.number)}::int[],
        ${rows.map((row) => proof.of('revision', row))}::text[]) as p (of, number, mac)
      where r.announcement_id = p.of and r.number = p.number and r.mac is null`.execute(plain)
  }
}

/** Plans of which nothing was on its way when plans were guarded first: an amendment looks which revision was released last. */
const proveSettledPlans = async (db: Kysely<Database>, proof: Proof): Promise<void> => {
  const plain = db.withoutPlugins()
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; announcementId: string; revision: number; content: Plan }>`
      select id, announcement_id as "announcementId", revision, content from plan p
      where mac is null and id > ${after} and not exists (
        select 1 from delivery d where d.announcement_id = p.announcement_id and d.settled_at is null)
      order by id limit ${atOnce}`.execute(plain)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    await sql`update plan t set mac = p.mac
      from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map((row) => proof.of('plan', row))}::text[]) as p (of, mac)
      where t.id = p.of and t.mac is null`.execute(plain)
  }
}
