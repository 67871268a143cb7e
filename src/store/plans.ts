// Plans that were released, and approvals given to a plan's digest.
import { type Kysely, sql, type Transaction } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Plan } from '../planning/plan.ts'
import type { Proof } from './proof.ts'
import type { Database } from './tables.ts'

/** @param of whose plan it is, and what proves later that it was released like this */
export const insertPlan = async (
  trx: Transaction<Database>,
  of: { readonly announcementId: string; readonly revision: number; readonly proof: Proof },
  content: Plan,
): Promise<void> => {
  const { announcementId, revision, proof } = of
  const { digest, policyDigest } = content
  const id = uuid()
  const mac = proof.of('plan', { id, announcementId, revision, content })
  await trx
    .insertInto('plan')
    .values({ id, announcementId, revision, digest, policyDigest, content: JSON.stringify(content), mac })
    .execute()
}

/** The plan that was released last; undefined for a draft. */
export const newestPlan = (
  db: Kysely<Database>,
  announcementId: string,
): Promise<{ id: string; revision: number; digest: string; content: Plan; mac: string | null } | undefined> =>
  db
    .selectFrom('plan')
    .select(['id', 'revision', 'digest', 'content', 'mac'])
    .where('announcementId', '=', announcementId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Whoever has approved the same plan of an earlier revision approves it once more: only the newest approval of theirs counts. */
export const insertApproval = async (
  trx: Transaction<Database>,
  approval: {
    readonly announcementId: string
    readonly revision: number
    readonly digest: string
    readonly actor: string
    readonly person: string
  },
): Promise<void> => {
  await trx
    .insertInto('approval')
    .values(approval)
    .onConflict((conflict) => conflict.columns(['announcementId', 'digest', 'actor']).doUpdateSet({ ...approval, at: sql<Date>`now()` }))
    .execute()
}

/** An approval ends with the revision to which it was given, also where a later one has the same words and so the same digest. */
export const isApproved = async (
  db: Kysely<Database>,
  { id, revision, digest }: { readonly id: string; readonly revision: number; readonly digest: string },
): Promise<boolean> => {
  const row = await db
    .selectFrom('approval')
    .select('actor')
    .where('announcementId', '=', id)
    .where('revision', '=', revision)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
