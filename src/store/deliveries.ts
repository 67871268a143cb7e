// The rows of deliveries: made by a release, ordered per (announcement, channel), superseded by what comes after them.
import { type Kysely, sql, type Transaction } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { DeliveryView } from '../commands/view.ts'
import type { Post } from '../connector/connector.ts'
import type { StandingDelivery } from '../planning/follow-up.ts'
import type { Action, PlannedDecision } from '../planning/plan.ts'
import type { PlannedPost } from '../rendering/render.ts'
import { nothingBefore, spent } from './order.ts'
import { ring } from './outbox.ts'
import { type Proof, timeOf } from './proof.ts'
import type { Database } from './tables.ts'

export interface ReleaseOf {
  readonly announcementId: string
  readonly revision: number
  readonly city: string
  readonly expires: string | null
  /** The announcement that this one answers or ends. */
  readonly follows: string | null
  /** Names of channels that are suspended now: their deliveries are held until the channel is resumed. */
  readonly suspended: ReadonlyMap<string, string>
  /** Proves at the claim that the post is the one of this release; null: it is doubted, and a person is asked at the claim. */
  readonly proof: Proof | null
}

const notLeft = ['planned', 'queued', 'waiting', 'held'] as const

/**
 * Marks deliveries that surely have not left as superseded. One that is being sent, or of which nobody knows, is not touched:
 * what follows waits behind it.
 */
export const supersede = async (trx: Transaction<Database>, ids: readonly string[], reason: string): Promise<readonly string[]> => {
  if (ids.length === 0) return []
  const rows = await trx
    .updateTable('delivery')
    .set({
      state: 'superseded',
      reason,
      settledAt: sql`now()`,
      mac: spent,
      turn: sql`turn + 1`,
      heldFor: null,
      question: null,
      leaseUntil: null,
    })
    .where('id', 'in', ids)
    .where('state', 'in', [...notLeft])
    .where('unclearSince', 'is', null)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/**
 * One delivery for each decision that acts; the first of each chain goes to the outbox, the others wait behind it. Returns them as they
 * were made, in the order of the decisions.
 */
export const insertDeliveries = async (
  trx: Transaction<Database>,
  release: ReleaseOf,
  decisions: readonly PlannedDecision[],
): Promise<readonly DeliveryView[]> => {
  const acting = decisions.filter((decision) => decision.verdict !== 'omit' && decision.action !== null)
  if (acting.length === 0) return []
  const taken = await sequences(trx, release.announcementId)
  const rows = acting.map((decision) => {
    const sequence = (taken.get(decision.channel) ?? 0) + 1
    taken.set(decision.channel, sequence)
    return rowOf(release, decision, sequence)
  })
  const { announcementId, revision, city, follows } = release
  const due = await sql<{ id: string; dueAt: Date }>`
    with made as (
      insert into delivery (id, announcement_id, revision, city, channel, platform, way, action, target, follows, post, doubles, standby_for,
        sequence, state, held_for, reason, turn, queued_at, due_at, not_before, expires_at, mac)
      select id, ${announcementId}, ${revision}, ${city}, channel, platform, way, action, target, ${follows}, post, doubles, standby_for,
        sequence, state, case when state = 'held' then 'channel' end, reason, case when state = 'queued' then 1 else 0 end,
        case when state = 'queued' then now() end, coalesce(not_before, now()), not_before, expires_at, mac
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, channel text, platform text, way text, action text, target uuid,
        post jsonb, doubles text, standby_for text, sequence int, state text, reason text, not_before timestamptz, expires_at timestamptz, mac text)
      returning id, turn, platform, way, due_at, state
    ), sent as (
      insert into outbox (delivery_id, turn, platform, way, due_at) select id, turn, platform, way, due_at from made where state = 'queued'
    ) select id, due_at as "dueAt" from made`.execute(trx)
  for (const way of new Set(rows.map((row) => row.way))) await ring(trx, way)
  if (rows.some(({ state }) => state === 'planned')) await queueReady(trx, announcementId)
  const dueAt = new Map(due.rows.map((row) => [row.id, row.dueAt.toISOString()]))
  return rows.map(({ id, channel, platform, action, state, reason }) => ({
    ...{ id, channel, platform, action, state, attempts: 0, receipt: null, question: null, task: null, reason, revision },
    ...{ dueAt: dueAt.get(id) as string, milliseconds: null },
  }))
}

/** As the statement above reads it; what comes first on its channel, and follows nothing, is queued at once. */
const rowOf = (release: ReleaseOf, decision: PlannedDecision, sequence: number) => {
  const held = release.suspended.get(decision.channel)
  const alone = sequence === 1 && release.follows === null
  const { announcementId, revision, city, proof } = release
  const { channel, platform, target } = decision
  const facts = {
    ...{ id: uuid(), channel, platform, target, action: decision.action as Action, post: decision.post && asSent(decision.post) },
    notBefore: timeOf(decision.notBefore),
    // A retraction does not expire: taking back is right at any time.
    expiresAt: decision.action === 'retract' ? null : timeOf(release.expires),
  }
  return {
    ...facts,
    way: decision.way,
    doubles: decision.doubles,
    standby_for: decision.standbyFor,
    sequence,
    state: held !== undefined ? 'held' : alone ? 'queued' : 'planned',
    reason: held === undefined ? null : `Der Kanal ist gesperrt: ${held}`,
    not_before: facts.notBefore,
    expires_at: facts.expiresAt,
    // a MAC that can never hold, not none: that might be of the version before
    mac: proof === null ? '' : proof.of('delivery', { announcementId, revision, city, ...facts }),
  } as const
}

/** Without what planning measured. */
const asSent = ({ length: _length, max: _max, cost: _cost, ...post }: PlannedPost): Post => post

const sequences = async (trx: Transaction<Database>, announcementId: string): Promise<Map<string, number>> => {
  const rows = await trx
    .selectFrom('delivery')
    .select(['channel', sql<number>`max(sequence)::int`.as('last')])
    .where('announcementId', '=', announcementId)
    .groupBy('channel')
    .execute()
  return new Map(rows.map((row) => [row.channel, row.last]))
}

/**
 * Hands to the outbox what is planned for the announcement, or follows it, and before which nothing is open any more.
 * @param channel only there; everywhere unless named
 */
const queueReady = async (trx: Transaction<Database>, announcementId: string, channel: string | null = null): Promise<void> => {
  const { rows } = await sql<{ n: number }>`
    with ready as (
      update delivery d set state = 'queued', turn = d.turn + 1, queued_at = now()
      where (d.announcement_id = ${announcementId} or d.follows = ${announcementId}) and d.state = 'planned'
        and (${channel}::text is null or d.channel = ${channel}) and ${nothingBefore}
      returning d.id, d.turn, d.platform, d.way, d.due_at
    ), sent as (insert into outbox (delivery_id, turn, platform, way, due_at) select * from ready)
    select count(*)::int as n from ready`.execute(trx)
  if ((rows[0]?.n ?? 0) > 0) await ring(trx)
}

/** After a delivery is settled: what waited behind it on its channel may go. */
export const queueNext = (
  trx: Transaction<Database>,
  settled: { readonly announcementId: string; readonly channel: string },
): Promise<void> => queueReady(trx, settled.announcementId, settled.channel)

/** Gives a held or waiting delivery back to the queue with a new turn. */
export const requeue = async (trx: Transaction<Database>, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  await sql`
    with again as (
      update delivery set state = case when unclear_since is null then 'queued' else 'looking' end, turn = turn + 1,
        queued_at = now(), due_at = greatest(now(), coalesce(not_before, now())), held_for = null, question = null, reason = null
      where id = any(${ids}::uuid[]) and state in ('held', 'waiting', 'queued', 'looking')
      returning id, turn, platform, way, due_at
    ) insert into outbox (delivery_id, turn, platform, way, due_at) select * from again`.execute(trx)
}

/**
 * True for a change of something that never appeared: it is the first post itself, and is changed and taken back like one.
 * For statements in which the delivery's row is called `delivery`.
 */
const isPostOfItsOwn = sql<boolean>`
  (delivery.action = 'update' and not exists (select 1 from receipt t where t.delivery_id = delivery.target))`

/** What stands or is on its way, as the planner of updates and retractions wants it; the rows are locked. */
export const standing = async (trx: Transaction<Database>, announcementId: string): Promise<readonly StandingDelivery[]> => {
  await trx.selectFrom('delivery').select('id').where('announcementId', '=', announcementId).forUpdate().execute()
  return standingNow(trx, announcementId)
}

/** The same without a lock, for a preview. */
export const standingNow = async (db: Kysely<Database>, announcementId: string): Promise<readonly StandingDelivery[]> => {
  const rows = await db
    .selectFrom('delivery')
    .leftJoin('receipt', 'receipt.deliveryId', 'delivery.id')
    .select(['delivery.id', 'channel', 'platform', 'state', 'revision', 'post', 'receipt.retractedAt'])
    .select(sql<Action>`case when ${isPostOfItsOwn} then 'publish' else delivery.action end`.as('action'))
    .select([sql<boolean>`receipt.id is not null`.as('receipt'), sql<boolean>`unclear_since is not null`.as('unclear')])
    .where('announcementId', '=', announcementId)
    .orderBy('channel')
    .orderBy('sequence')
    .execute()
  return rows.map(({ retractedAt, ...row }) => ({ ...row, retracted: retractedAt !== null }))
}
