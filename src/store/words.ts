// Whether words and approvals are as Rundruf wrote them, and with them what an announcement says of its release.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Plan } from '../planning/plan.ts'
import { openEarlier } from './guard.ts'
import { openEarlierWords } from './guard-words.ts'
import { byKey } from './order.ts'
import type { Proof } from './proof.ts'
import type { RevisionRow, StoredAnnouncement, Writer } from './stored.ts'
import type { Database } from './tables.ts'

/**
 * True when a decision may rest on it: the words are as they were written; it is of the city that they name; a draft has never been
 * sent, what is released says what was released last, and what was taken back is said to be.
 */
export const isAsWritten = async (db: Kysely<Database>, proof: Proof, stored: StoredAnnouncement): Promise<boolean> => {
  const { id, city, content, amendment, rows } = stored
  if (city !== content.city || (amendment && amendment.content.city !== city)) return false
  if (!(await areGenuine(db, proof, { id, rows: [rows.newest, ...(rows.amendment ? [rows.amendment] : [])] }))) return false
  return isReleasedSo(db, proof, stored)
}

/** Everybody who wrote these rows and what they rewrite, down to the row that `isEnough` names; undefined where one is changed or missing. */
export const writersOf = async (
  db: Kysely<Database>,
  proof: Proof,
  of: { readonly id: string; readonly revision: number; isEnough(number: number): boolean },
): Promise<readonly Writer[] | undefined> => {
  const { id, revision, isEnough } = of
  const { rows } = await sql<RevisionRow>`
    select number, base, content, created_by as "createdBy", person, mac from revision where announcement_id = ${id} and number <= ${revision}`.execute(
    db.withoutPlugins(),
  )
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  const chain: RevisionRow[] = []
  for (let number = revision; number >= 1 && (number === revision || !isEnough(number)); ) {
    const row = byNumber.get(number)
    if (row === undefined) return undefined
    chain.push(row)
    // a base is always older
    number = Math.min(row.base ?? number - 1, number - 1)
  }
  if (!(await areGenuine(db, proof, { id, rows: chain }))) return undefined
  return chain.map(({ createdBy, person }) => ({ id: createdBy, person }))
}

const areGenuine = async (
  db: Kysely<Database>,
  proof: Proof,
  { id, rows }: { readonly id: string; readonly rows: readonly RevisionRow[] },
): Promise<boolean> => {
  const trusting = rows.some(({ mac }) => mac === null) && (await openEarlierWords(db, proof).isAtWork())
  return rows.every((row) => (trusting && row.mac === null) || isGenuineRevision(proof, id, row))
}

export const isGenuineRevision = (proof: Proof, announcementId: string, { mac, ...row }: RevisionRow): boolean => {
  const { number, base, content, createdBy, person } = row
  return proof.holds('revision', { announcementId, number, base, content, createdBy, person }, mac)
}

interface Released {
  readonly planId: string | null
  readonly revision: number
  readonly content: Plan
  readonly mac: string | null
  readonly sent: boolean
  /** It was taken back where it stood. */
  readonly takenBack: boolean
}

const isReleasedSo = async (
  db: Kysely<Database>,
  proof: Proof,
  { id, revision, releasedAt, retractedAt }: StoredAnnouncement,
): Promise<boolean> => {
  const { rows } = await sql<Released>`
    select p.id as "planId", p.revision, p.content, p.mac, exists (select 1 from delivery d where d.announcement_id = a.id ${byKey}) as sent,
      exists (select 1 from delivery d where d.announcement_id = a.id and d.action = 'retract' ${byKey}) as "takenBack"
    from announcement a left join lateral (
      select * from plan where announcement_id = a.id order by revision desc, id desc limit 1
    ) p on true where a.id = ${id}`.execute(db.withoutPlugins())
  const [last] = rows
  if (last === undefined) return false
  if (releasedAt === null || last.planId === null) return releasedAt === null && last.planId === null && !last.sent
  if (last.revision !== revision || (last.takenBack && retractedAt === null)) return false
  const plan = { id: last.planId, announcementId: id, revision, content: last.content }
  return (last.mac === null && (await openEarlier(db, proof).isAtWork())) || proof.holds('plan', plan, last.mac)
}

interface ApprovalRow {
  readonly revision: number
  readonly digest: string
  readonly actor: string
  readonly person: string | null
  readonly mac: string | null
}

/** The approvals of an announcement that Rundruf wrote; what somebody else has put there counts for nothing. */
export const approvalsOf = async (db: Kysely<Database>, proof: Proof, announcementId: string): Promise<readonly ApprovalRow[]> => {
  const rows = await db
    .selectFrom('approval')
    .select(['revision', 'digest', 'actor', 'person', 'mac'])
    .where('announcementId', '=', announcementId)
    .execute()
  const trusting = rows.some(({ mac }) => mac === null) && (await openEarlierWords(db, proof).isAtWork())
  return rows.filter(({ mac, ...facts }) => (trusting && mac === null) || proof.holds('approval', { announcementId, ...facts }, mac))
}

/** The same person approves the same plan of a later revision once more; what somebody else has put in its place is replaced. */
export const insertApproval = async (
  trx: Transaction<Database>,
  proof: Proof,
  approval: {
    readonly announcementId: string
    readonly revision: number
    readonly digest: string
    readonly actor: string
    readonly person: string
  },
): Promise<void> => {
  const { revision, person } = approval
  const mac = proof.of('approval', approval)
  await trx
    .insertInto('approval')
    .values({ ...approval, mac })
    .onConflict((conflict) =>
      conflict.columns(['announcementId', 'digest', 'actor']).doUpdateSet({ revision, person, mac, at: sql<Date>`now()` }),
    )
    .execute()
}

/** An approval ends with the revision to which it was given, also where a later one has the same words and so the same digest. */
export const isApproved = async (
  db: Kysely<Database>,
  proof: Proof,
  of: { readonly id: string; readonly revision: number; readonly digest: string },
): Promise<boolean> => (await approvalsOf(db, proof, of.id)).some((one) => one.digest === of.digest && one.revision === of.revision)
