// What `verify` reads of the store: how every delivery stands, and where the store itself says that something is amiss.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Post, Receipt } from '../connector/connector.ts'
import type { HeldFor, State } from '../delivery/delivery.ts'
import type { Action } from '../planning/plan.ts'
import { openEarlier } from './guard.ts'
import { byKey, nothingBefore, spent } from './order.ts'
import { factsOf, type Proof, receiptMac, timeOf } from './proof.ts'
import { rangesOf, within } from './ranges.ts'
import type { Database } from './tables.ts'

/** Rows that one statement looks at: far less than what may take two seconds. */
const examined = 2_000
/** A plan holds every channel's post. */
const examinedPlans = 250
/** In an index alone. */
const counted = 20_000

/** Which delivery something is said of. */
export interface Place {
  readonly id: string
  readonly announcementId: string
  readonly city: string
  readonly channel: string
  readonly platform: string
}

/** A delivery that is not settled. */
export interface Open extends Place {
  readonly turn: number
  readonly way: 'urgent' | 'routine'
  readonly action: Action
  readonly state: State
  readonly heldFor: HeldFor | null
  readonly question: string | null
  readonly reason: string | null
  /** Nobody knows whether it is there. */
  readonly unclear: boolean
  /** Seconds since it was due; negative: not yet. */
  readonly lateSeconds: number
  /** It waits behind another of its channel. */
  readonly behind: boolean
  /** In the outbox, so the relay knows it. */
  readonly handedOver: boolean
  readonly post: Post | null
  readonly plannedAt: Date
  readonly firstAt: Date
  readonly revision: number
  readonly target: string | null
  readonly notBefore: Date | null
  readonly expiresAt: Date | null
  readonly mac: string | null
  /** It has a receipt of its own, or its proof was spent: it was settled, and somebody has opened it again. */
  readonly reopened: boolean
  /** Milliseconds since `firstAt` when it was read, by the store's clock. */
  readonly ageMs: number
  /** When it was read, or a moment before, on the clock of `performance.now()`. */
  readonly askedAt: number
}

/** Those of these deliveries that are not as Rundruf wrote them. */
export const changedOnes = async (db: Kysely<Database>, proof: Proof, open: readonly Open[]): Promise<ReadonlySet<string>> => {
  const trusting = await openEarlier(db, proof).isAtWork()
  const genuine = (one: Open): boolean => {
    const facts = factsOf({ ...one, notBefore: timeOf(one.notBefore), expiresAt: timeOf(one.expiresAt) })
    return (trusting && one.mac === null) || proof.holds('delivery', facts, one.mac)
  }
  return new Set(open.filter((one) => one.reopened || !genuine(one)).map(({ id }) => id))
}

/** Receipts of posts that stand and are not as Rundruf wrote them: a change or a retraction would be done to another post. */
export const changedReceipts = async (db: Kysely<Database>, proof: Proof, which: Which): Promise<readonly Place[]> => {
  const trusting = await openEarlier(db, proof).isAtWork()
  const rows = await standingPosts(db, which)
  return rows.filter(({ id, receipt, mac }) => !(trusting && mac === null) && receiptMac(proof, id, receipt) !== mac)
}

const firstAt = sql`coalesce(d.first_at, d.planned_at)`
const ageMs = sql`(extract(epoch from now() - coalesce(d.first_at, d.planned_at)) * 1000)::float8`

export const openDeliveries = async (db: Kysely<Database>): Promise<readonly Open[]> => {
  const askedAt = performance.now()
  const { rows } = await sql<Omit<Open, 'askedAt'>>`
    select d.id, d.announcement_id, d.city, d.channel, d.platform, d.turn, d.way, d.action, d.state, d.held_for, d.question, d.reason,
      d.unclear_since is not null as unclear, extract(epoch from now() - greatest(d.due_at, d.lease_until))::float8 as late_seconds,
      not (${nothingBefore}) as behind, exists (select 1 from outbox o where o.delivery_id = d.id) as handed_over,
      d.post, d.planned_at, ${firstAt} as first_at, ${ageMs} as age_ms,
      d.revision, d.target, d.not_before, d.expires_at, d.mac,
      coalesce(d.mac = ${spent}, false) or exists (select 1 from receipt o where o.delivery_id = d.id ${byKey}) as reopened
    from delivery d where d.settled_at is null and d.state not in ('delivered', 'given-up', 'expired', 'superseded') order by d.id`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, askedAt }))
}

/** A post of ours that should stand: its receipt, and the wording that readers see last. */
export interface Standing extends Place {
  readonly post: Post
  readonly receipt: Receipt
  readonly plannedAt: Date
  readonly firstAt: Date
  /** Of the receipt. */
  readonly mac: string | null
  /** Milliseconds since `firstAt` when it was read, by the store's clock. */
  readonly ageMs: number
  /** When it was read, or a moment before, on the clock of `performance.now()`. */
  readonly askedAt: number
}

/** Of the last days, or of one announcement. */
export type Which = { readonly days: number } | { readonly announcementId: string }

/** Delivered, and neither retracted nor being changed at this moment. */
export const standingPosts = async (db: Kysely<Database>, which: Which): Promise<readonly Standing[]> => {
  if ('announcementId' in which) return standingAmong(db, sql`d.announcement_id = ${which.announcementId}`)
  const standing: Standing[] = []
  for await (const range of rangesOf(db, { table: 'delivery', size: examined }))
    standing.push(
      ...(await standingAmong(db, sql`${within(range, 'd.id')} and d.settled_at > now() - make_interval(days => ${which.days})`)),
    )
  return standing
}

const standingAmong = async (db: Kysely<Database>, which: RawBuilder<unknown>): Promise<readonly Standing[]> => {
  const askedAt = performance.now()
  const { rows } = await sql<
    Omit<Standing, 'receipt' | 'askedAt'> & { receiptId: string; url: string | null; at: Date; detail: Record<string, string> }
  >`
    select d.id, d.announcement_id, d.city, d.channel, d.platform, d.planned_at, ${firstAt} as first_at, ${ageMs} as age_ms,
      coalesce((
        select u.post from delivery u where u.target = d.id and u.action = 'update' and u.state = 'delivered' order by u.sequence desc limit 1
      ), d.post) as post, r.id as receipt_id, r.url, r.at, r.detail, r.mac
    from delivery d join receipt r on r.delivery_id = d.id
    where d.state = 'delivered' and d.post is not null and r.retracted_at is null
      and (d.action in ('publish', 'reply')
        or (d.action = 'update' and not exists (select 1 from receipt t where t.delivery_id = d.target ${byKey})))
      and ${which}
      and not exists (
        select 1 from delivery w where w.target = d.id and w.state not in ('delivered', 'given-up', 'expired', 'superseded') ${byKey})
    order by d.id`.execute(db)
  return rows.map(({ receiptId, url, at, detail, ...row }) => ({
    ...row,
    askedAt,
    receipt: { id: receiptId, url, at: at.toISOString(), detail },
  }))
}

/** Every id that a receipt names on this channel: what else is found there with the same text belongs to another announcement. */
export const receiptIds = async (
  db: Kysely<Database>,
  where: { readonly city: string; readonly channel: string },
): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>()
  for await (const range of rangesOf(db, { table: 'receipt', key: 'delivery_id', size: examined })) {
    const { rows } = await sql<{ id: string }>`
      select r.id from receipt r join delivery d on d.id = r.delivery_id
      where ${within(range, 'r.delivery_id')} and d.city = ${where.city} and d.channel = ${where.channel}`.execute(db)
    for (const { id } of rows) ids.add(id)
  }
  return ids
}

/** Decisions of released plans to send of which there is no delivery. `id` is the plan's. */
export const decidedWithoutDelivery = async (db: Kysely<Database>): Promise<readonly Place[]> => {
  const found: Place[] = []
  for await (const range of rangesOf(db, { table: 'plan', size: examinedPlans })) {
    const { rows } = await sql<Place>`
      select p.id, p.announcement_id, a.city, decision->>'channel' as channel, decision->>'platform' as platform
      from plan p join announcement a on a.id = p.announcement_id, jsonb_array_elements(p.content->'decisions') as decision
      where ${within(range, 'p.id')} and decision->>'verdict' <> 'omit' and decision->>'action' is not null and not exists (
        select 1 from delivery d
        where d.announcement_id = p.announcement_id and d.channel = decision->>'channel' and d.action = decision->>'action' ${byKey})
      order by p.id`.execute(db)
    found.push(...rows)
  }
  return found
}

/** Delivered, and nothing proves it. */
export const deliveredWithoutReceipt = async (db: Kysely<Database>): Promise<readonly Place[]> => {
  const found: Place[] = []
  for await (const range of rangesOf(db, { table: 'delivery', size: examined })) {
    const { rows } = await sql<Place>`
      select d.id, d.announcement_id, d.city, d.channel, d.platform from delivery d
      where ${within(range, 'd.id')} and d.state = 'delivered' and d.action <> 'retract'
        and not exists (select 1 from receipt r where r.delivery_id = d.id ${byKey})
      order by d.id`.execute(db)
    found.push(...rows)
  }
  return found
}

/** Settled, and yet in a state in which it may be sent; what says nothing of its end any more is `reopened` in `openDeliveries`. */
export const settledAndOpen = async (db: Kysely<Database>): Promise<readonly Place[]> => {
  const found: Place[] = []
  for await (const range of rangesOf(db, { table: 'delivery', size: examined })) {
    const { rows } = await sql<Place>`
      select d.id, d.announcement_id, d.city, d.channel, d.platform from delivery d
      where ${within(range, 'd.id')} and d.settled_at is not null and d.state not in ('delivered', 'given-up', 'expired', 'superseded')
      order by d.id`.execute(db)
    found.push(...rows)
  }
  return found
}

/** An attempt that lost its claim reported another post than the receipt names. `second` is that post. */
export const reportedTwice = async (db: Kysely<Database>): Promise<readonly (Place & { readonly second: string })[]> => {
  const { rows } = await sql<Place & { readonly second: string }>`
    select distinct d.id, d.announcement_id, d.city, d.channel, d.platform, a.detail as second
    from attempt a join delivery d on d.id = a.delivery_id join receipt r on r.delivery_id = d.id
    where a.event = 'late' and a.failure is null and a.detail is not null and d.action in ('publish', 'reply')
      and a.detail not in (r.id, coalesce(r.url, ''))
    order by d.id`.execute(db)
  return rows
}

/** How many deliveries the store knows. */
export const countDeliveries = async (db: Kysely<Database>): Promise<number> => {
  let count = 0
  for await (const range of rangesOf(db, { table: 'delivery', size: counted })) {
    const { rows } = await sql<{ count: string }>`select count(*) as count from delivery d where ${within(range, 'd.id')}`.execute(db)
    count += Number(rows[0]?.count ?? 0)
  }
  return count
}
