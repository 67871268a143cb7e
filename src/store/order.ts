// The order on a channel: what comes later waits until everything before it is settled. One rule, used wherever something may go.
import { sql } from 'kysely'

/**
 * True when nothing before `d` is open on its channel: no earlier delivery of its announcement, none of the announcement it follows.
 * For raw statements in which the delivery's row is called `d`.
 */
export const nothingBefore = sql<boolean>`
  not exists (
    select 1 from delivery e
    where e.announcement_id = d.announcement_id and e.channel = d.channel and e.sequence < d.sequence
      and e.state not in ('delivered', 'given-up', 'expired', 'superseded'))
  and (d.follows is null or not exists (
    select 1 from delivery e
    where e.announcement_id = d.follows and e.channel = d.channel
      and e.state not in ('delivered', 'given-up', 'expired', 'superseded')))`
