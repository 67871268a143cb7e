// The plan of an announcement as the city and its channels stand now; what it follows decides whether it corrects, answers or is new.
import type { Kysely } from 'kysely'
import { unknownCity } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import { type Exemption, exemptionOf, type Widening, wideningsOf } from '../planning/amending.ts'
import { followedChannels, planAllClear, planUpdate, type StandingDelivery, standingChannels } from '../planning/follow-up.ts'
import { makePlan, type Offers, type Plan } from '../planning/plan.ts'
import { wishesFor } from '../planning/wishes.ts'
import { asksApproval, type Situation } from '../policy/decide.ts'
import type { City } from '../policy/policy.ts'
import type { Derivation } from '../rendering/derive.ts'
import { databaseNow, findAnnouncement } from '../store/announcements.ts'
import { channelSituation } from '../store/channels.ts'
import { standingNow } from '../store/deliveries.ts'
import { findDerived } from '../store/media.ts'
import { isEnded } from '../store/order.ts'
import type { Proof } from '../store/proof.ts'
import type { Database } from '../store/tables.ts'
import type { Desk } from './desk.ts'

export interface Follows {
  /** What is released already: then the plan is one of an amendment. */
  readonly amends?: Released
}

interface Released {
  readonly id: string
  /** As it was released last. */
  readonly content: Announcement
  /** The deliveries of all its revisions. */
  readonly before: readonly StandingDelivery[]
}

export interface PlanOptions extends Follows {
  /** Whether this digest has been approved; nothing is, unless said. */
  isApproved?(digest: string): Promise<boolean>
}

export interface PlanNow {
  readonly plan: Plan
  /** The city's suspended channels with the reason. */
  readonly suspended: ReadonlyMap<string, string>
  /** Proves later that what comes of it was released like this. */
  readonly proof: Proof
  /** Why no second person is asked although a rule wants one; null: one is asked, or none is wanted. */
  readonly exempt: Exemption | null
  /** What makes a new release of an amendment; empty for a correction and for a first release. */
  readonly widened: readonly Widening[]
}

/** What a plan is made on: the city, its platforms, and how things stand there. */
export interface Ground {
  readonly city: City
  readonly policyDigest: string
  readonly offers: Offers
  readonly earlier: readonly StandingDelivery[]
  readonly situation: Omit<Situation, 'approved'>
}

/**
 * What the house makes for it must have been made before: `prepareMedia`.
 * @param db the transaction in which the plan will be released, or the store for a preview
 */
export const planFor = async (
  desk: Desk,
  db: Kysely<Database>,
  announcement: Announcement,
  { amends, isApproved }: PlanOptions = {},
): Promise<PlanNow> => {
  const ground = await groundFor(desk, db, announcement, { ...(amends && { amends }) })
  const { city, policyDigest, earlier, situation } = ground
  const wishes = wishesOn(ground, announcement).map(({ name }) => name)
  const offers = { ...ground.offers, derived: await findDerived(db, wishes) }
  const follow = amends ? planUpdate : planAllClear
  const ended = amends !== undefined && (await isEnded(db, amends.id))
  const planned = (approved: boolean): Plan =>
    follow(earlier, makePlan(announcement, city, policyDigest, offers, { ...situation, approved }), { city, offers, ended })
  const plan = planned(false)
  const { suspended } = situation
  const here = { ...situation, approved: false }
  const widened = amends ? wideningsOf(amends.content, announcement, city, here) : []
  const { proof } = desk
  if (!plan.needsApproval) return { plan, suspended, proof, exempt: null, widened }
  const warned = amends ? undefined : await warnedChannels(db, announcement, earlier)
  const exempt = exemptionOf(announcement, {
    ...{ city, situation: here },
    ...(amends && { amends: { content: amends.content, widened } }),
    ...(warned && { warned }),
  })
  const approved = exempt !== null || (await isApproved?.(plan.digest))
  return { plan: approved ? planned(true) : plan, suspended, proof, exempt, widened }
}

/** Where the warning that an all-clear ends was sent or was to be sent; undefined where there is none, or it was taken back. */
const warnedChannels = async (
  db: Kysely<Database>,
  { references }: Announcement,
  earlier: readonly StandingDelivery[],
): Promise<ReadonlySet<string> | undefined> => {
  const warning = references === null ? undefined : await findAnnouncement(db, references)
  return warning && warning.retractedAt === null ? new Set(earlier.map(({ channel }) => channel)) : undefined
}

export const groundFor = async (desk: Desk, db: Kysely<Database>, announcement: Announcement, { amends }: Follows): Promise<Ground> => {
  const { city, digest } = policyOf(desk, announcement.city)
  const { suspended, learned } = await channelSituation(db, city.key)
  const earlier = amends?.before ?? (announcement.references === null ? [] : await standingNow(db, announcement.references))
  const situation = {
    now: await databaseNow(db),
    suspended,
    connected: new Set(desk.connectors.keys()),
    standing: standingChannels(earlier),
    followed: followedChannels(earlier, city),
  }
  const heldBefore = amends !== undefined && asksApproval(amends.content, city, { ...situation, approved: false })
  return { city, policyDigest: digest, offers: { connectors: desk.connectors, learned }, earlier, situation: { ...situation, heldBefore } }
}

/** What the house would have to make for a plan on this ground. */
export const wishesOn = ({ city, offers, situation }: Ground, announcement: Announcement): readonly Derivation[] =>
  wishesFor(announcement, city, offers, { ...situation, approved: true })

/** The city's policy; its announcements stay when a city file goes, but nothing can be planned for it any more. */
export const policyOf = (desk: Desk, key: string): { readonly city: City; readonly digest: string } => {
  const city = desk.cities.get(key)
  const digest = desk.policyDigests.get(key)
  if (!city || digest === undefined) throw unknownCity(key)
  return { city, digest }
}
