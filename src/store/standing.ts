// How the deliveries stand, by platform and way: what the gauges of the metrics show.
import { type Kysely, sql } from 'kysely'
import type { Standing } from '../observing/metrics.ts'
import { nothingBefore, sendingRests } from './order.ts'
import type { Database } from './tables.ts'

/** A delivery that is due for so long, and of which nobody knows why, is overdue. */
const overdueSeconds = 60

/** Due, in nobody's hands, behind nothing on its channel, and sending does not rest. */
const overdue = sql<boolean>`
  (d.state <> 'held' and greatest(d.due_at, d.lease_until) < now() - make_interval(secs => ${overdueSeconds})
    and ${nothingBefore} and not ${sendingRests})`

export const standingByLane = (db: Kysely<Database>): Promise<Standing[]> =>
  db
    .selectFrom('delivery as d')
    .select(['platform', 'way'])
    .select(sql<number>`(count(*) filter (where state not in ('held', 'planned') and due_at <= now()))::int`.as('depth'))
    .select(
      sql<number>`coalesce(extract(epoch from now() - min(due_at) filter (where state not in ('held', 'planned'))), 0)::float8`.as(
        'oldest',
      ),
    )
    .select(sql<number>`(count(*) filter (where ${overdue}))::int`.as('overdue'))
    .select(sql<number>`(count(*) filter (where state = 'held'))::int`.as('held'))
    .where('settledAt', 'is', null)
    .groupBy(['platform', 'way'])
    .execute()
    .then((rows) => rows.map(({ oldest, ...row }) => ({ ...row, oldestSeconds: Math.max(oldest, 0) })))
