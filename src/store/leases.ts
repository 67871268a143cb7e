// Renewing claims: the heartbeat of a process, one statement for all that it holds, on the database's clock.
import { type Kysely, sql } from 'kysely'
import type { Database } from './tables.ts'

export interface Renewal {
  readonly id: string
  readonly fence: number
  /** From now on, by database time. */
  readonly seconds: number
}

/** `lost`: somebody else has it, or it is settled. `busy`: its row is being written at this moment; nothing is known, nothing was renewed. */
export type Renewed = 'renewed' | 'lost' | 'busy'

interface RenewedRow {
  readonly id: string
  readonly renewed: boolean
  readonly held: boolean
}

/**
 * Renews the leases of these claims, also of one that has run out and that nobody has noticed yet: whoever ends a silent claim looks at
 * its lease again in the same statement. Waits for no row, so it never stands in the way of the endings that are just being written.
 */
export const renew = async (db: Kysely<Database>, claims: readonly Renewal[]): Promise<readonly Renewed[]> => {
  const { rows } = await sql<RenewedRow>`
    with wish as (
      select * from unnest(${claims.map(({ id }) => id)}::uuid[], ${claims.map(({ fence }) => fence)}::int[],
        ${claims.map(({ seconds }) => seconds)}::float8[]) as w (id, fence, seconds)
    ), mine as (
      select d.id, w.seconds from delivery d join wish w on w.id = d.id and w.fence = d.fence
      where (d.state = 'sending') is true
      for update of d skip locked
    ), again as (
      update delivery d set lease_until = now() + make_interval(secs => m.seconds) from mine m where d.id = m.id
      returning d.id
    )
    select w.id, again.id is not null as renewed, coalesce(d.fence = w.fence and d.state = 'sending', false) as held
    from wish w left join delivery d on d.id = w.id left join again on again.id = w.id`.execute(db.withoutPlugins())
  const byId = new Map(rows.map((row) => [row.id, row]))
  return claims.map(({ id }) => {
    const row = byId.get(id)
    if (row?.renewed) return 'renewed'
    return row?.held ? 'busy' : 'lost'
  })
}
