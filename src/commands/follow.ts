// Lets a new revision of something released out: on each channel the change, the correction, or the reason why not.
import type { Transaction } from 'kysely'
import type { Announcement } from '../announcement/announcement.ts'
import type { Exemption } from '../planning/amending.ts'
import { insertDeliveries, supersede } from '../store/deliveries.ts'
import { ring } from '../store/outbox.ts'
import { insertPlan } from '../store/plans.ts'
import type { Database } from '../store/tables.ts'
import { demandHomes } from './demand-homes.ts'
import type { PlanNow } from './plan-for.ts'

export interface Revised {
  readonly id: string
  readonly revision: number
  readonly content: Announcement
  /** From `planFor`, with what it amends. */
  readonly now: PlanNow
}

/** What the audit keeps of a release. */
export interface ReleaseFacts {
  readonly digest: string
  readonly deliveries: number
  readonly exempt?: Exemption
  readonly widened?: PlanNow['widened']
}

/** Refuses with `media-fits-nowhere`. */
export const follow = async (trx: Transaction<Database>, { id, revision, content, now }: Revised): Promise<ReleaseFacts> => {
  const { plan, suspended, proof, exempt, widened } = now
  demandHomes(plan)
  await supersede(
    trx,
    plan.decisions.flatMap((decision) => decision.supersedes),
    'Eine neuere Fassung ist an ihre Stelle getreten.',
  )
  const release = {
    announcementId: id,
    revision,
    city: content.city,
    expires: content.expires,
    follows: content.references,
    suspended,
    proof,
  }
  const made = await insertDeliveries(trx, release, plan.decisions)
  await insertPlan(trx, release, plan)
  await ring(trx)
  return { digest: plan.digest, deliveries: made.length, ...(exempt && { exempt }), ...(widened.length > 0 && { widened }) }
}
