// Shows announcements as they stand: one with every attempt, or a list of them.
import { demand, everyCity, sees } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { isUuid } from '../connector/uuid.ts'
import { announcementState } from '../delivery/announcement-state.ts'
import type { AnnouncementState } from '../delivery/delivery.ts'
import type { Plan } from '../planning/plan.ts'
import { findAnnouncement } from '../store/announcements.ts'
import { listAnnouncements } from '../store/listing.ts'
import { newestPlan } from '../store/plans.ts'
import type { Amendment, StoredAnnouncement } from '../store/stored.ts'
import { type DeliveryOf, deliveriesOf, historyOf } from '../store/views.ts'
import type { Actor, Desk } from './desk.ts'
import type { AmendmentView, AnnouncementDetail, AnnouncementView, DeliveryView } from './view.ts'

/** The announcement with deliveries, attempts and receipts. Refuses with `unknown-announcement`. */
export const show = async (desk: Desk, actor: Actor, id: string): Promise<AnnouncementDetail> => {
  const stored = isUuid(id) ? await findAnnouncement(desk.db, id) : undefined
  if (!stored) throw unknownAnnouncement(id)
  demand(actor, 'read', stored.city, () => unknownAnnouncement(id))
  const view = await viewOf(desk, stored)
  const history = await historyOf(
    desk.db,
    view.deliveries.map((delivery) => delivery.id),
  )
  return { ...view, deliveries: view.deliveries.map((delivery) => ({ ...delivery, history: history.get(delivery.id) ?? [] })) }
}

export interface ListFilter {
  readonly city?: string | undefined
  readonly state?: AnnouncementState | undefined
  /** At most 200. */
  readonly limit?: number | undefined
  /** The id of the last one seen. */
  readonly before?: string | undefined
}

/** Newest first. */
export const list = async (desk: Desk, actor: Actor, filter: ListFilter): Promise<readonly AnnouncementView[]> => {
  if (filter.city !== undefined) demand(actor, 'read', filter.city)
  const cities = filter.city === undefined ? actor.cities : [filter.city]
  if (filter.city === undefined && !sees(actor, everyCity) && actor.cities.length === 0) return []
  const limit = Math.min(Math.max(filter.limit ?? 50, 1), 200)
  const listed = await listAnnouncements(desk.db, { cities, limit, before: filter.before, state: filter.state })
  const deliveries = Map.groupBy(
    await deliveriesOf(
      desk.db,
      listed.map(({ id }) => id),
    ),
    (delivery) => delivery.announcementId,
  )
  return listed.map(({ plan, ...one }) => toView(one, withoutTheirs(deliveries.get(one.id) ?? []), plan ?? undefined))
}

/** The view of one stored announcement. */
export const viewOf = async (desk: Desk, stored: StoredAnnouncement): Promise<AnnouncementView> =>
  toView(stored, withoutTheirs(await deliveriesOf(desk.db, [stored.id])), (await newestPlan(desk.db, stored.id))?.content)

const withoutTheirs = (deliveries: readonly DeliveryOf[]): readonly DeliveryView[] =>
  deliveries.map(({ announcementId: _announcementId, ...delivery }) => delivery)

/** @param plan the newest one; undefined for a draft */
export const toView = (stored: StoredAnnouncement, deliveries: readonly DeliveryView[], plan: Plan | undefined): AnnouncementView => ({
  id: stored.id,
  city: stored.city,
  state: announcementState(stored.releasedAt !== null, stored.retractedAt !== null, deliveries),
  revision: stored.revision,
  announcement: stored.content,
  createdAt: stored.createdAt.toISOString(),
  releasedAt: stored.releasedAt?.toISOString() ?? null,
  retractedAt: stored.retractedAt?.toISOString() ?? null,
  amendment: stored.amendment && amendmentView(stored.amendment),
  decisions: plan?.decisions ?? [],
  deliveries,
})

const amendmentView = ({ revision, content, writtenAt }: Amendment): AmendmentView => ({
  revision,
  announcement: content,
  writtenAt: writtenAt.toISOString(),
})

export const unknownAnnouncement = (id: string): Refusal =>
  new Refusal({
    code: 'unknown-announcement',
    de: `Die Meldung „${id.slice(0, 60)}“ gibt es nicht. Die letzten zeigt \`rundruf list\`.`,
    en: `There is no announcement “${id.slice(0, 60)}”.`,
    place: 'id',
  })

/** The announcement, if it exists for this actor. */
export const demandAnnouncement = async (desk: Desk, actor: Actor, id: string): Promise<StoredAnnouncement> => {
  const stored = isUuid(id) ? await findAnnouncement(desk.db, id) : undefined
  if (!stored || !sees(actor, stored.city)) throw unknownAnnouncement(id)
  return stored
}
