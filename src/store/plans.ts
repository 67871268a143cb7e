// Plans that were released.
import type { Kysely, Transaction } from 'kysely'
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
