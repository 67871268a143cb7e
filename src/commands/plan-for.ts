// The plan of an announcement as the city and its channels stand now; what it follows decides whether it corrects, answers or is new.
import type { Kysely } from 'kysely'
import { unknownCity } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import { planAllClear, planUpdate, type StandingDelivery, standingChannels } from '../planning/follow-up.ts'
import { makePlan, type Plan } from '../planning/plan.ts'
import type { City } from '../policy/policy.ts'
import { databaseNow } from '../store/announcements.ts'
import { channelSituation } from '../store/channels.ts'
import { standingNow } from '../store/deliveries.ts'
import type { Database } from '../store/tables.ts'
import type { Desk } from './desk.ts'

export interface PlanOptions {
  /** Deliveries of earlier revisions: then the plan is one of an update. */
  readonly before?: readonly StandingDelivery[]
  /** Whether this digest has been approved; nothing is, unless said. */
  isApproved?(digest: string): Promise<boolean>
}

export interface PlanNow {
  readonly plan: Plan
  /** The city's suspended channels with the reason. */
  readonly suspended: ReadonlyMap<string, string>
}

/** @param db the transaction in which the plan will be released, or the store for a preview */
export const planFor = async (
  desk: Desk,
  db: Kysely<Database>,
  announcement: Announcement,
  { before, isApproved }: PlanOptions = {},
): Promise<PlanNow> => {
  const { city, digest } = policyOf(desk, announcement.city)
  const { suspended, learned } = await channelSituation(db, city.key)
  const offers = { connectors: desk.connectors, learned }
  const earlier = before ?? (announcement.references === null ? [] : await standingNow(db, announcement.references))
  const situation = {
    now: await databaseNow(db),
    suspended,
    connected: new Set(desk.connectors.keys()),
    standing: standingChannels(earlier),
  }
  const follow = before ? planUpdate : planAllClear
  const planned = (approved: boolean): Plan =>
    follow(earlier, makePlan(announcement, city, digest, offers, { ...situation, approved }), { city, offers })
  const plan = planned(false)
  const approved = plan.needsApproval && (await isApproved?.(plan.digest))
  return { plan: approved ? planned(true) : plan, suspended }
}

/** The city's policy; its announcements stay when a city file goes, but nothing can be planned for it any more. */
export const policyOf = (desk: Desk, key: string): { readonly city: City; readonly digest: string } => {
  const city = desk.cities.get(key)
  const digest = desk.policyDigests.get(key)
  if (!city || digest === undefined) throw unknownCity(key)
  return { city, digest }
}
