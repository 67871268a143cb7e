// How the deliveries stand, by platform and way: what the gauges of the metrics show.
import { type Kysely, sql } from 'kysely'
import type { Standing } from '../observing/metrics.ts'
import type { Database } from './tables.ts'

export const standingByLane = (db: Kysely<Database>): Promise<Standing[]> =>
  db
    .selectFrom('delivery')
    .select(['platform', 'way'])
    .select(sql<number>`(count(*) filter (where state <> 'held' and due_at <= now()))::int`.as('depth'))
    .select(sql<number>`coalesce(extract(epoch from now() - min(due_at) filter (where state <> 'held')), 0)::float8`.as('oldest'))
    .select(sql<number>`(count(*) filter (where state = 'held'))::int`.as('held'))
    .where('state', 'in', ['queued', 'sending', 'waiting', 'looking', 'held'])
    .groupBy(['platform', 'way'])
    .execute()
    .then((rows) => rows.map(({ oldest, ...row }) => ({ ...row, oldestSeconds: Math.max(oldest, 0) })))
