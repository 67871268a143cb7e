// How an attempt ends when it did not simply succeed: only the holder of the fence may say so, in one transaction with what follows.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Receipt } from '../connector/connector.ts'
import type { Failure } from '../connector/errors.ts'
import type { Step } from '../delivery/next-step.ts'
import { audit } from './audit.ts'
import { suspend } from './channels.ts'
import { queueNext } from './deliveries.ts'
import { isOvertaken, overtaken, overtakenReason, spent } from './order.ts'
import { ring } from './outbox.ts'
import { type Proof, receiptMac } from './proof.ts'
import type { Database } from './tables.ts'
import { takeOver } from './take-over.ts'

export interface Ending {
  readonly id: string
  readonly fence: number
  readonly step: Step | { readonly to: 'superseded' | 'expired'; readonly reason: string }
  readonly failure: Failure | null
  readonly detail: string | null
  /** Somebody else ends a claim whose holder fell silent: only while its lease has run out, for the holder may renew it at any moment. */
  readonly silent?: boolean
  /** A part of it stands there already: what comes later treats it as standing. */
  readonly some?: boolean
}

/** Writes the ending; false when the fence was no longer held (then only the attempt's row is written). */
export const settle = (db: Kysely<Database>, proof: Proof, proposed: Ending): Promise<boolean> =>
  db.transaction().execute(async (trx) => {
    const ending = await orSuperseded(trx, proposed)
    const row = await trx
      .updateTable('delivery')
      .set(fieldsOf(ending))
      .where('id', '=', ending.id)
      .where('fence', '=', ending.fence)
      .where('state', '=', 'sending')
      .$if(ending.silent === true, (update) => update.where('leaseUntil', '<', sql<Date>`now()`))
      .returning(['id', 'announcementId', 'city', 'channel', 'platform', 'way', 'turn', 'dueAt', 'state'])
      .executeTakeFirst()
    if (!row && ending.silent) return false
    await trx
      .insertInto('attempt')
      .values({
        deliveryId: ending.id,
        fence: ending.fence,
        event: row ? 'failed' : 'late',
        failure: ending.failure,
        detail: ending.detail?.slice(0, 500) ?? null,
      })
      .execute()
    if (!row) return false
    if (row.state === 'waiting' || row.state === 'looking') {
      const { id: deliveryId, turn, platform, way, dueAt } = row
      await trx.insertInto('outbox').values({ deliveryId, turn, platform, way, dueAt }).execute()
    }
    const suspended =
      ending.step.to === 'held' && ending.step.suspends && (await suspend(trx, row, { by: 'rundruf', because: ending.step.reason, proof }))
    if (row.state === 'given-up') await takeOver(trx, row, proof)
    if (row.state === 'given-up' || row.state === 'expired' || row.state === 'superseded') await queueNext(trx, row)
    await ring(trx)
    if (suspended) {
      const { city, channel } = row
      await audit(trx, {
        actor: 'rundruf',
        action: 'suspend-channel',
        subject: `${city}/${channel}`,
        facts: { because: ending.step.reason },
      })
    }
    return true
  })

/** What surely did not leave, and is no longer wanted, is not tried again. */
const orSuperseded = async (trx: Transaction<Database>, ending: Ending): Promise<Ending> => {
  if (ending.step.to !== 'waiting' || ending.step.unclear || ending.some) return ending
  // locked, so that a verb that comes at this moment is either seen here, or sees how this ends
  const { unclearSince } = await trx
    .selectFrom('delivery')
    .select('unclearSince')
    .where('id', '=', ending.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (unclearSince !== null || !(await isOvertaken(trx, ending.id))) return ending
  return { ...ending, step: { to: 'superseded', reason: overtakenReason } }
}

const nowUnclear = { unclearSince: sql<Date>`coalesce(unclear_since, now())` }
const oneMoreUnclear = (ending: Ending) => (ending.failure === 'unclear' ? { unclears: sql<number>`unclears + 1` } : {})
const after = (ms: number) => sql<Date>`now() + make_interval(secs => ${ms / 1000})`

/** What the step changes in the delivery's row. */
const fieldsOf = (ending: Ending) => {
  const { step } = ending
  const common = {
    ...oneMoreUnclear(ending),
    ...(ending.some ? nowUnclear : {}),
    reason: step.reason,
    leaseUntil: null,
    turn: sql<number>`turn + 1`,
  }
  switch (step.to) {
    case 'waiting':
      return {
        ...common,
        state: 'waiting' as const,
        dueAt: after(step.afterMs),
        attempts: step.counts ? sql<number>`attempts` : sql<number>`attempts - 1`,
        ...(step.unclear ? nowUnclear : {}),
        ...(step.ours && { firstAt: sql<Date | null>`case when attempts > 1 or unclear_since is not null then first_at end` }),
      }
    case 'looking':
      return { ...common, state: 'looking' as const, dueAt: after(step.afterMs), ...nowUnclear }
    case 'held':
      return {
        ...common,
        state: 'held' as const,
        heldFor: step.heldFor,
        question: step.question,
        ...(step.heldFor === 'answer' ? nowUnclear : {}),
      }
    case 'given-up':
    case 'superseded':
    case 'expired':
      return { ...common, state: step.to, settledAt: sql<Date>`now()`, mac: spent }
  }
}

/**
 * A look found nothing: what was unclear is clear again, and the same claim may act, unless it was lost or something later has made
 * it pointless.
 */
export const clarified = async (
  db: Kysely<Database>,
  claim: { readonly id: string; readonly fence: number },
): Promise<'act' | 'overtaken'> => {
  const { rows } = await sql<{ overtaken: boolean }>`
    update delivery d set unclear_since = null where d.id = ${claim.id} and d.fence = ${claim.fence}
    returning ${overtaken} as overtaken`.execute(db)
  return rows[0]?.overtaken === false ? 'act' : 'overtaken'
}

/** Adds to what later attempts must know; rejects when the fence is no longer held. */
export const remember = async (
  db: Kysely<Database>,
  claim: { readonly id: string; readonly fence: number },
  more: Readonly<Record<string, string>>,
): Promise<void> => {
  const { numUpdatedRows } = await db
    .updateTable('delivery')
    .set({ memory: sql`memory || ${JSON.stringify(more)}::jsonb` })
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('state', '=', 'sending')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Error('the claim on this delivery was lost')
}

/**
 * A receipt that came after its claim was lost: it turns an unclear delivery into a delivered one, never the reverse.
 * While another claim is at work its own look or key finds the same post.
 */
export const settleLate = (
  db: Kysely<Database>,
  proof: Proof,
  done: { readonly id: string; readonly fence: number; readonly receipt: Receipt | null },
): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const { id, fence, receipt } = done
    await trx
      .insertInto('attempt')
      .values({ deliveryId: id, fence, event: 'late', detail: receipt?.url ?? receipt?.id ?? null })
      .execute()
    const row = await trx
      .updateTable('delivery')
      .set({ state: 'delivered', settledAt: sql`now()`, leaseUntil: null, unclearSince: null, heldFor: null, question: null, reason: null })
      .set({ turn: sql`turn + 1`, mac: spent })
      .where('id', '=', id)
      .where('state', 'in', ['waiting', 'looking', 'held'])
      .where('unclearSince', 'is not', null)
      .returning(['id', 'announcementId', 'channel', 'action', 'target'])
      .executeTakeFirst()
    if (!row) return
    await putReceipt({ trx, proof }, row, receipt)
    await queueNext(trx, row)
    await ring(trx)
  })

/** The proof of a delivery, or the mark that what it took back is gone. */
export const putReceipt = async (
  { trx, proof }: { readonly trx: Transaction<Database>; readonly proof: Proof },
  row: { readonly id: string; readonly action: string; readonly target: string | null },
  receipt: Receipt | null,
): Promise<void> => {
  if (receipt)
    await trx
      .insertInto('receipt')
      .values({
        deliveryId: row.id,
        id: receipt.id,
        url: receipt.url,
        at: receipt.at,
        detail: JSON.stringify(receipt.detail ?? {}),
        mac: receiptMac(proof, row.id, receipt),
      })
      .onConflict((conflict) => conflict.column('deliveryId').doNothing())
      .execute()
  if (row.action === 'retract' && row.target)
    await trx.updateTable('receipt').set({ retractedAt: sql`now()` }).where('deliveryId', '=', row.target).execute()
}
