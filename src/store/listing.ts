// The list of announcements: one statement, by key, whatever it is filtered by.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { AnnouncementState } from '../delivery/delivery.ts'
import type { Plan } from '../planning/plan.ts'
import { newest, stored } from './announcements.ts'
import type { StoredAnnouncement } from './stored.ts'
import type { Database } from './tables.ts'

export interface Listing {
  readonly cities: '*' | readonly string[]
  readonly limit: number
  /** An id (UUIDv7, so ordered by time): only what is older. */
  readonly before?: string | undefined
  readonly state?: AnnouncementState | undefined
}

/** An announcement with its newest plan; null: it has none. */
export interface Listed extends StoredAnnouncement {
  readonly plan: Plan | null
}

/** Newest first. */
export const listAnnouncements = async (db: Kysely<Database>, { cities, limit, before, state }: Listing): Promise<readonly Listed[]> => {
  const rows = await newest(db)
    .select(newestPlan)
    .$if(cities !== '*', (query) => query.where('city', 'in', cities === '*' ? [] : [...cities, '']))
    .$if(before !== undefined, (query) => query.where('announcement.id', '<', before as string))
    .$if(state !== undefined, (query) => query.where(inState(state as AnnouncementState)))
    .orderBy('announcement.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ plan, ...row }) => ({ ...stored(row), plan }))
}

const newestPlan = sql<Plan | null>`
  (select p.content from plan p where p.announcement_id = announcement.id order by p.created_at desc, p.id desc limit 1)`.as('plan')

/**
 * `announcementState` of `src/delivery`, in SQL: both say the same of every announcement (there is a test). A draft is known by its own row;
 * of the others their deliveries are read by key.
 */
const inState = (state: AnnouncementState): RawBuilder<boolean> => {
  if (state === 'draft') return sql<boolean>`announcement.released_at is null`
  return sql<boolean>`(announcement.released_at is not null and ${state} = (
    select case
      when count(*) filter (where d.state = 'held') > 0 then 'waiting-for-a-person'
      when count(*) filter (where d.state not in ('delivered', 'given-up', 'expired', 'superseded')) > 0 then 'under-way'
      when announcement.retracted_at is not null then
        case when count(*) filter (where d.action = 'retract' and d.state = 'given-up') > 0 then 'partly-delivered' else 'retracted' end
      when count(*) filter (where d.state <> 'superseded') = 0 then 'failed'
      when count(*) filter (where d.state = 'delivered') = count(*) filter (where d.state <> 'superseded') then 'delivered'
      when count(*) filter (where d.state = 'delivered') > 0 then 'partly-delivered'
      else 'failed' end
    from delivery d where d.announcement_id = announcement.id))`
}
