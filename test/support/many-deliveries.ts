// A store as it is after years: one released announcement again and again, with deliveries, receipts and attempts by the ten thousands.
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../src/store/tables.ts'

export interface Size {
  readonly announcements: number
  /** Deliveries of each, one a channel: `channel-1`, … */
  readonly channels: number
}

/** In the order of their time, as UUIDv7 are. */
const idOf = (kind: number, number: string) => `(lpad(to_hex(${number}), 12, '0') || '7000800000000000000${kind}')::uuid`

/**
 * Copies the released announcement `id`, minute after minute: every hundredth is a draft, every tenth was corrected on its first channel,
 * every seventh is a warning that has expired, and of the newest twenty the deliveries are on their way. Half of them are Mainz's.
 */
export const multiply = async (db: Kysely<Database>, id: string, { announcements, channels }: Size): Promise<void> => {
  const run = (text: string) => sql.raw(text).execute(db)
  const series = `generate_series(1, ${announcements}) n, lateral (select now() - make_interval(mins => ${announcements} - n) as at) t`
  const city = `case when n % 2 = 0 then 'bonn' else 'mainz' end`
  await run(`insert into announcement (id, city, revision, created_at, created_by, released_at)
    select ${idOf(1, 'n')}, ${city}, 1, at, 'test', case when n % 100 <> 0 then at end from ${series}`)
  await run(`insert into revision (announcement_id, number, content, created_by)
    select ${idOf(1, 'n')}, 1, r.content, 'test' from ${series}, revision r where r.announcement_id = '${id}'`)
  await run(`insert into plan (id, announcement_id, revision, digest, policy_digest, content)
    select ${idOf(3, 'n')}, ${idOf(1, 'n')}, 1, p.digest, p.policy_digest, p.content from ${series}, plan p
    where n % 100 <> 0 and p.announcement_id = '${id}'`)
  await run(`insert into delivery (id, announcement_id, revision, city, channel, platform, way, action, post, sequence, state, due_at, settled_at,
      planned_at, first_at, turn, fence)
    select ${idOf(2, 'n * 100 + c')}, ${idOf(1, 'n')}, 1, ${city}, 'channel-' || c, d.platform, d.way, 'publish',
      case when n % 7 = 0 then d.post || jsonb_build_object('kind', 'warning', 'severity', 'Severe', 'expires', at + interval '1 second') else d.post end,
      1, case when n > ${announcements} - 20 then 'queued' else 'delivered' end, at, case when n <= ${announcements} - 20 then at end, at, at, 1, 1
    from ${series}, generate_series(1, ${channels}) c, delivery d where n % 100 <> 0 and d.announcement_id = '${id}'`)
  await run(`insert into delivery (id, announcement_id, revision, city, channel, platform, way, action, target, post, sequence, state, due_at,
      settled_at, planned_at, first_at, turn, fence)
    select (overlay(id::text placing '4' from 36))::uuid, announcement_id, 2, city, channel, platform, way, 'update', id, post, 2, state, due_at,
      settled_at, planned_at, first_at, 1, 1
    from delivery where channel = 'channel-1' and extract(minute from planned_at)::int % 10 = 0`)
  await run(`insert into receipt (delivery_id, id, url, at) select id, 'r' || id, 'https://social.example/' || id, settled_at
    from delivery where state = 'delivered' on conflict do nothing`)
  await run(`insert into attempt (delivery_id, fence, event) select id, 1, e from delivery, unnest(array['began', 'delivered']) e`)
  await run(`insert into newsroom (city, key, post, published_at)
    select city, id, post, planned_at from delivery where channel = 'channel-1' and action = 'publish' and state = 'delivered'`)
  await run('vacuum analyze')
}
