// What `verify` reads of the cities' own pages: items that readers see otherwise than they were sent there.
import { type Kysely, sql } from 'kysely'
import { byKey } from './order.ts'
import type { Database } from './tables.ts'
import type { Place } from './verifying.ts'

/** Items of one statement. */
const examined = 500

interface Item extends Place {
  /** The last delivery that is settled and changed it, or put it there, sent what it shows; it stands or is taken back as was ordered. */
  readonly agrees: boolean
}

/** Items that no delivery put there, that show other words than were delivered last, or that were hidden or brought back by somebody else. */
export const changedOnPages = async (db: Kysely<Database>): Promise<readonly Place[]> => {
  const found: Place[] = []
  for (let last = { city: '', id: '00000000-0000-0000-0000-000000000000' }; ; ) {
    const { rows } = await sql<Item>`
      select n.key as id, n.city, coalesce(d.announcement_id, n.key) as announcement_id, coalesce(d.channel, '') as channel, 'newsroom' as platform,
        d.id is not null and (exists (
          select 1 from delivery w where w.target = d.id and w.state not in ('delivered', 'given-up', 'expired', 'superseded') ${byKey}
        ) or d.state <> 'delivered' or (
          n.post = coalesce((
            select u.post from delivery u where u.target = d.id and u.action = 'update' and u.state = 'delivered' order by u.sequence desc limit 1
          ), d.post)
          and (n.retracted_at is not null) = exists (
            select 1 from delivery t where t.target = d.id and t.action = 'retract' and t.state = 'delivered' ${byKey})
        )) as agrees
      from (
        select * from newsroom where (city, key) > (${last.city}, ${last.id}::uuid) order by city, key limit ${examined}
      ) n left join lateral (select * from delivery o where o.id = n.key and o.city = n.city ${byKey}) d on true
      order by n.city, n.key`.execute(db)
    found.push(...rows.filter(({ agrees }) => !agrees).map(({ agrees: _, ...place }) => place))
    const end = rows.at(-1)
    if (end === undefined || rows.length < examined) return found
    last = end
  }
}
