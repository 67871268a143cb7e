// Claiming and delivering: the two statements on the hot path, gathered for all running deliveries of a worker.
import { type Kysely, sql } from 'kysely'
import type { Post, Receipt } from '../connector/connector.ts'
import type { Action } from '../planning/plan.ts'
import { queueNext } from './deliveries.ts'
import { gather } from './gather.ts'
import { type Earlier, openEarlier } from './guard.ts'
import { byKey, nothingBefore, onSuspendedChannel, sendingRests, spent } from './order.ts'
import { factsOf, type Proof, receiptMac, timeOf } from './proof.ts'
import type { Database } from './tables.ts'

type Way = 'urgent' | 'routine'

export interface Wish {
  readonly id: string
  readonly turn: number
  readonly way: Way
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
  readonly way: Way
  readonly action: Action
  readonly post: Post | null
  readonly doubles: 'avoid' | 'tolerate'
  readonly attempts: number
  /** Attempts that ended unclear before this one. */
  readonly unclears: number
  readonly firstAt: Date
  readonly plannedAt: Date
  /** Since the first attempt began. */
  readonly ageMs: number
  /** Milliseconds from the claim until it runs out, by database time; zero or less: it has; null: it holds for ever. */
  readonly expiresInMs: number | null
  /** True when an earlier attempt may have left something there. */
  readonly unclear: boolean
  readonly memory: Readonly<Record<string, string>>
  /** What is updated, answered or retracted; null where nothing of it stands. */
  readonly target: Receipt | null
  /** False: what would be sent, or the receipt that it works on, is not what Rundruf wrote into the store. It must not leave. */
  readonly genuine: boolean
  /** True: it was settled, and somebody has opened it again in the store. It must not leave a second time; never `genuine`. */
  readonly reopened: boolean
}

interface Delivered {
  readonly id: string
  readonly fence: number
  readonly way: Way
  /** Null for a retraction. */
  readonly receipt: Receipt | null
}

/** `late`: the fence was no longer held. */
type Settlement = { readonly late: true } | { readonly late: false; readonly milliseconds: number }

export interface Claims {
  /** Undefined: a stale job; somebody else has it, it is not due, or it is settled. */
  claim(wish: Wish): Promise<Claim | undefined>
  delivered(done: Delivered): Promise<Settlement>
}

/**
 * One statement at a time: what arrives while it runs makes the next one, so that under load few statements carry many rows. A
 * warning waits neither for more of its kind nor behind the everyday ones.
 */
const limits = {
  urgent: { max: 500, withinMs: 1, parallel: 2 },
  routine: { max: 500, withinMs: 12, parallel: 1 },
} as const

export const openClaims = (db: Kysely<Database>, proof: Proof): Claims => {
  const store = { db, proof, earlier: openEarlier(db, proof) }
  const claim = byWay((way) => gather((wishes: readonly Wish[]) => claimAll(store, wishes), limits[way]))
  const delivered = byWay((way) => gather((done: readonly Delivered[]) => deliverAll(store, done), limits[way]))
  return { claim: (wish) => claim[wish.way](wish), delivered: (done) => delivered[done.way](done) }
}

const byWay = <T>(make: (way: Way) => T): Readonly<Record<Way, T>> => ({ urgent: make('urgent'), routine: make('routine') })

interface Store {
  readonly db: Kysely<Database>
  readonly proof: Proof
  readonly earlier: Earlier
}

interface ClaimRow extends Omit<Claim, 'target' | 'unclear' | 'genuine' | 'reopened'> {
  /** A receipt of its own: it was delivered. */
  readonly receipted: boolean
  readonly revision: number
  readonly targetId: string | null
  readonly notBefore: Date | null
  readonly expiresAt: Date | null
  readonly mac: string | null
  readonly unclearSince: Date | null
  readonly receiptId: string | null
  readonly receiptUrl: string | null
  readonly receiptAt: Date | null
  readonly receiptDetail: Record<string, string> | null
  readonly receiptMac: string | null
}

// Both statements name their columns as the code does: renaming them row by row costs more than reading them. And each of their
// joins can only be made by an index, row by row: they are planned once, perhaps while the tables are empty.

const claimAll = async ({ db, proof, earlier }: Store, wishes: readonly Wish[]): Promise<(Claim | undefined)[]> => {
  const { rows } = await sql<ClaimRow>`
    with wish as (
      select * from unnest(${wishes.map((wish) => wish.id)}::uuid[], ${wishes.map((wish) => wish.turn)}::int[],
        ${wishes.map((wish) => wish.leaseSeconds)}::int[]) as w (id, turn, seconds)
    ), claimed as (
      update delivery d
      set state = 'sending', fence = d.fence + 1, attempts = d.attempts + 1, first_at = coalesce(d.first_at, now()),
        lease_until = now() + make_interval(secs => w.seconds)
      from wish w
      where d.id = w.id and d.turn = w.turn and d.state in ('queued', 'waiting', 'looking') and d.due_at <= now()
        and (d.not_before is null or d.not_before <= now())
        and (d.expires_at is null or d.expires_at > now() or d.unclear_since is not null)
        and ${nothingBefore} and not ${onSuspendedChannel} and not ${sendingRests}
      returning d.*
    ), began as (
      insert into attempt (delivery_id, fence, event) select id, fence, 'began' from claimed
    )
    select c.id, c.fence, c.announcement_id as "announcementId", c.city, c.channel, c.platform, c.way, c.action, c.post, c.doubles, c.attempts,
      c.revision, c.target as "targetId", c.not_before as "notBefore", c.expires_at as "expiresAt", c.mac,
      c.unclears, c.first_at as "firstAt", c.planned_at as "plannedAt", c.memory, c.unclear_since as "unclearSince",
      (extract(epoch from c.expires_at - now()) * 1000)::float8 as "expiresInMs", (extract(epoch from now() - c.first_at) * 1000)::float8 as "ageMs",
      exists (select 1 from receipt o where o.delivery_id = c.id ${byKey}) as receipted, r.id as "receiptId", r.url as "receiptUrl", r.at as "receiptAt", r.detail as "receiptDetail", r.mac as "receiptMac"
    from claimed c left join lateral (
      select t.* from receipt t where t.delivery_id = c.target and t.retracted_at is null ${byKey}
    ) r on true`.execute(db.withoutPlugins())
  const withoutMac = rows.some(({ mac, receiptId, receiptMac }) => mac === null || (receiptId !== null && receiptMac === null))
  const trusting = withoutMac && (await earlier.isAtWork())
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wishes.map((wish) => {
    const row = byId.get(wish.id)
    byId.delete(wish.id)
    return row && toClaim(row, !isReopened(row) && isGenuine(row, proof, trusting))
  })
}

/** No claim comes after a receipt, and none after its proof was spent. */
const isReopened = ({ receipted, mac }: ClaimRow): boolean => receipted || mac === spent

/** @param trusting what has no MAC is of a process of the version before */
const isGenuine = (row: ClaimRow, proof: Proof, trusting: boolean): boolean => {
  const { targetId, receiptId, receiptUrl, receiptAt, receiptDetail } = row
  const delivery = { ...row, target: targetId, notBefore: timeOf(row.notBefore), expiresAt: timeOf(row.expiresAt) }
  if (!(trusting && row.mac === null) && !proof.holds('delivery', factsOf(delivery), row.mac)) return false
  if (receiptId === null || receiptAt === null || targetId === null || (trusting && row.receiptMac === null)) return true
  const receipt = { deliveryId: targetId, id: receiptId, url: receiptUrl, at: receiptAt.toISOString(), detail: receiptDetail ?? {} }
  return proof.holds('receipt', receipt, row.receiptMac)
}

const toClaim = (row: ClaimRow, genuine: boolean): Claim => {
  const { unclearSince, receiptId, receiptUrl, receiptAt, receiptDetail, receiptMac: _receiptMac, ...rest } = row
  const {
    revision: _revision,
    targetId: _targetId,
    notBefore: _notBefore,
    expiresAt: _expiresAt,
    mac: _mac,
    receipted: _receipted,
    ...facts
  } = rest
  return {
    ...facts,
    genuine,
    reopened: isReopened(row),
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

const deliverAll = async ({ db, proof }: Store, all: readonly Delivered[]): Promise<Settlement[]> => {
  const { rows } = await sql<DeliveredRow>`
    with done as (
      select * from unnest(${all.map((one) => one.id)}::uuid[], ${all.map((one) => one.fence)}::int[],
        ${all.map((one) => one.receipt?.id ?? null)}::text[], ${all.map((one) => one.receipt?.url ?? null)}::text[],
        ${all.map((one) => one.receipt?.at ?? null)}::timestamptz[],
        ${all.map((one) => JSON.stringify(one.receipt?.detail ?? {}))}::jsonb[],
        ${all.map((one) => one.receipt && receiptMac(proof, one.id, one.receipt))}::text[]) as o (id, fence, receipt, url, at, detail, mac)
    ), settled as (
      update delivery d
      set state = 'delivered', settled_at = now(), mac = ${spent}, lease_until = null, unclear_since = null, reason = null
      from done o where d.id = o.id and d.fence = o.fence and d.state = 'sending'
      returning d.id, d.fence, d.announcement_id, d.channel, d.action, d.target, d.planned_at, d.not_before,
        o.receipt, o.url, o.at, o.detail, o.mac
    ), put as (
      insert into receipt (delivery_id, id, url, at, detail, mac)
      select id, receipt, url, at, detail, mac from settled where receipt is not null
      on conflict (delivery_id) do nothing
    ), gone as (
      update receipt set retracted_at = now() where delivery_id = any (array(select target from settled where action = 'retract'))
    ), noted as (
      insert into attempt (delivery_id, fence, event) select id, fence, 'delivered' from settled
    )
    select s.id, s.announcement_id as "announcementId", s.channel, (extract(epoch from now() - greatest(planned_at, not_before)) * 1000)::float8 as milliseconds,
      exists (
        select 1 from delivery n
        where n.announcement_id = s.announcement_id and n.channel = s.channel and n.state = 'planned' and n.queued_at is null and n.settled_at is null ${byKey}
      ) or exists (
        select 1 from delivery n where n.follows = s.announcement_id and n.channel = s.channel and n.state = 'planned' ${byKey}
      ) as awaited
    from settled s`.execute(db.withoutPlugins())
  for (const row of rows) if (row.awaited) await db.transaction().execute((trx) => queueNext(trx, row))
  const byId = new Map(rows.map((row) => [row.id, row.milliseconds]))
  return all.map(({ id }) => {
    const milliseconds = byId.get(id)
    return milliseconds === undefined ? { late: true } : { late: false, milliseconds }
  })
}
