// Plans that were released, and approvals given to a plan's digest.
import type { Kysely, Transaction } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Plan } from '../planning/plan.ts'
import type { Database } from './tables.ts'

export const insertPlan = async (trx: Transaction<Database>, announcementId: string, revision: number, plan: Plan): Promise<void> => {
  const { digest, policyDigest } = plan
  await trx
    .insertInto('plan')
    .values({ id: uuid(), announcementId, revision, digest, policyDigest, content: JSON.stringify(plan) })
    .execute()
}

/** The plan that was released last; undefined for a draft. */
export const newestPlan = (
  db: Kysely<Database>,
  announcementId: string,
): Promise<{ revision: number; digest: string; content: Plan } | undefined> =>
  db
    .selectFrom('plan')
    .select(['revision', 'digest', 'content'])
    .where('announcementId', '=', announcementId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

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
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export const isApproved = async (db: Kysely<Database>, announcementId: string, digest: string): Promise<boolean> => {
  const row = await db
    .selectFrom('approval')
    .select('actor')
    .where('announcementId', '=', announcementId)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
