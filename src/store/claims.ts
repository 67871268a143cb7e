// Claiming and delivering: the two statements on the hot path, gathered for all running deliveries of a worker.
import { type Kysely, sql } from 'kysely'
import type { Post, Receipt } from '../connector/connector.ts'
import type { Action } from '../planning/plan.ts'
import { queueNext } from './deliveries.ts'
import { gather } from './gather.ts'
import { nothingBefore, onSuspendedChannel } from './order.ts'
import type { Database } from './tables.ts'

export interface Wish {
  readonly id: string
  readonly turn: number
  /** How long the claim holds without a word, by database time. */
  readonly leaseSeconds: number
}

/** A delivery in the hands of one worker: only the holder of `fence` may settle it. */
export interface Claim {
  readonly id: string
  readonly fence: number
  readonly announcementId: string
  readonly city: string
  readonly channel: string
  readonly platform: string
  readonly way: 'urgent' | 'routine'
  readonly action: Action
  readonly post: Post | null
  readonly doubles: 'avoid' | 'tolerate'
  readonly severity: string | null
  readonly attempts: number
  /** Attempts that ended unclear before this one. */
  readonly unclears: number
  readonly firstAt: Date
  readonly plannedAt: Date
  /** Since the first attempt began. */
  readonly ageMs: number
  readonly expired: boolean
  /** True when an earlier attempt may have left something there. */
  readonly unclear: boolean
  readonly memory: Readonly<Record<string, string>>
  /** What is updated, answered or retracted; null where nothing of it stands. */
  readonly target: Receipt | null
}

export interface Delivered {
  readonly id: string
  readonly fence: number
  /** Null for a retraction. */
  readonly receipt: Receipt | null
}

/** `late`: the fence was no longer held. */
export type Settlement = { readonly late: true } | { readonly late: false; readonly milliseconds: number }

export interface Claims {
  /** Undefined: a stale job; somebody else has it, it is not due, or it is settled. */
  claim(wish: Wish): Promise<Claim | undefined>
  delivered(done: Delivered): Promise<Settlement>
}

/** One statement at a time: what arrives while it runs makes the next one, so that under load few statements carry many rows. */
const limits = { max: 500, withinMs: 4, parallel: 1 } as const

export const openClaims = (db: Kysely<Database>): Claims => ({
  claim: gather((wishes) => claimAll(db, wishes), limits),
  delivered: gather((done) => deliverAll(db, done), limits),
})

interface ClaimRow extends Omit<Claim, 'target' | 'unclear' | 'expired' | 'severity'> {
  readonly unclearSince: Date | null
  readonly expired: boolean
  readonly receiptId: string | null
  readonly receiptUrl: string | null
  readonly receiptAt: Date | null
  readonly receiptDetail: Record<string, string> | null
}

// Both statements name their columns as the code does: renaming them row by row costs more than reading them.
// `(state …) is true` in both statements: the planner shall go by the primary key, never by the index on states, which is full of
// the dead entries of all that passes through.

const claimAll = async (db: Kysely<Database>, wishes: readonly Wish[]): Promise<(Claim | undefined)[]> => {
  const { rows } = await sql<ClaimRow>`
    with wish as (
      select * from unnest(${wishes.map((wish) => wish.id)}::uuid[], ${wishes.map((wish) => wish.turn)}::int[],
        ${wishes.map((wish) => wish.leaseSeconds)}::int[]) as w (id, turn, seconds)
    ), claimed as (
      update delivery d
      set state = 'sending', fence = d.fence + 1, attempts = d.attempts + 1, first_at = coalesce(d.first_at, now()),
        lease_until = now() + make_interval(secs => w.seconds)
      from wish w
      where d.id = w.id and d.turn = w.turn and (d.state in ('queued', 'waiting', 'looking')) is true and d.due_at <= now()
        and (d.expires_at is null or d.expires_at > now() or d.unclear_since is not null)
        and ${nothingBefore} and not ${onSuspendedChannel}
      returning d.*
    ), began as (
      insert into attempt (delivery_id, fence, event) select id, fence, 'began' from claimed
    )
    select c.id, c.fence, c.announcement_id as "announcementId", c.city, c.channel, c.platform, c.way, c.action, c.post, c.doubles, c.attempts,
      c.unclears, c.first_at as "firstAt", c.planned_at as "plannedAt", c.memory, c.unclear_since as "unclearSince",
      coalesce(c.expires_at <= now(), false) as expired, (extract(epoch from now() - c.first_at) * 1000)::float8 as "ageMs",
      r.id as "receiptId", r.url as "receiptUrl", r.at as "receiptAt", r.detail as "receiptDetail"
    from claimed c left join receipt r on r.delivery_id = c.target and r.retracted_at is null`.execute(db.withoutPlugins())
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wishes.map((wish) => {
    const row = byId.get(wish.id)
    byId.delete(wish.id)
    return row && toClaim(row)
  })
}

const toClaim = (row: ClaimRow): Claim => {
  const { unclearSince, receiptId, receiptUrl, receiptAt, receiptDetail, ...rest } = row
  return {
    ...rest,
    severity: row.post?.severity ?? null,
    unclear: unclearSince !== null,
    target:
      receiptId === null || receiptAt === null
        ? null
        : { id: receiptId, url: receiptUrl, at: receiptAt.toISOString(), detail: receiptDetail ?? {} },
  }
}

interface DeliveredRow {
  readonly id: string
  readonly announcementId: string
  readonly channel: string
  readonly milliseconds: number
  /** Something waits behind it on its channel; should we die before it is queued, the sweep finds it. */
  readonly awaited: boolean
}

const deliverAll = async (db: Kysely<Database>, all: readonly Delivered[]): Promise<Settlement[]> => {
  const { rows } = await sql<DeliveredRow>`
    with done as (
      select * from unnest(${all.map((one) => one.id)}::uuid[], ${all.map((one) => one.fence)}::int[],
        ${all.map((one) => one.receipt?.id ?? null)}::text[], ${all.map((one) => one.receipt?.url ?? null)}::text[],
        ${all.map((one) => one.receipt?.at ?? null)}::timestamptz[],
        ${all.map((one) => JSON.stringify(one.receipt?.detail ?? {}))}::jsonb[]) as o (id, fence, receipt, url, at, detail)
    ), settled as (
      update delivery d
      set state = 'delivered', settled_at = now(), lease_until = null, unclear_since = null, reason = null
      from done o where d.id = o.id and d.fence = o.fence and (d.state = 'sending') is true
      returning d.id, d.fence, d.announcement_id, d.channel, d.action, d.target, d.planned_at, d.not_before
    ), put as (
      insert into receipt (delivery_id, id, url, at, detail)
      select s.id, o.receipt, o.url, o.at, o.detail from settled s join done o on o.id = s.id where o.receipt is not null
      on conflict (delivery_id) do nothing
    ), gone as (
      update receipt r set retracted_at = now() from settled s where s.action = 'retract' and r.delivery_id = s.target
    ), noted as (
      insert into attempt (delivery_id, fence, event) select id, fence, 'delivered' from settled
    )
    select s.id, s.announcement_id as "announcementId", s.channel, (extract(epoch from now() - greatest(planned_at, not_before)) * 1000)::float8 as milliseconds,
      exists (
        select 1 from delivery n
        where n.channel = s.channel and n.state = 'planned' and (n.announcement_id = s.announcement_id or n.follows = s.announcement_id)
      ) as awaited
    from settled s`.execute(db.withoutPlugins())
  for (const row of rows) if (row.awaited) await db.transaction().execute((trx) => queueNext(trx, row))
  const byId = new Map(rows.map((row) => [row.id, row.milliseconds]))
  return all.map(({ id }) => {
    const milliseconds = byId.get(id)
    return milliseconds === undefined ? { late: true } : { late: false, milliseconds }
  })
}
