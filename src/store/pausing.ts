// Sending rests: while the one row stands nothing is claimed and nothing handed over; a person ends it.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Connectors } from '../connector/connector.ts'
import { questionFor } from '../delivery/next-step.ts'
import type { Action } from '../planning/plan.ts'
import { ring } from './outbox.ts'
import { refillOutbox } from './sweeping.ts'
import type { Database } from './tables.ts'

export interface SendingPause {
  readonly since: Date
  readonly because: string
}

/** Null while sending goes on as usual. */
export const sendingPause = async (db: Kysely<Database>): Promise<SendingPause | null> =>
  (await db.selectFrom('sendingPause').select(['since', 'because']).executeTakeFirst()) ?? null

/** How many deliveries of a restored store took which way when sending was resumed. */
export interface Resumed {
  /** Looked for on the platform before anything is sent. */
  readonly lookedUp: number
  /** In front of a person: the platform cannot be asked. */
  readonly asked: number
}

/**
 * Ends the pause. What the restored store believed to be on its way is looked up where the platform can be asked, and held in front of
 * a person where it cannot; what never left goes. Undefined when sending does not rest.
 */
export const resumeSending = async (trx: Transaction<Database>, connectors: Connectors): Promise<Resumed | undefined> => {
  const { numDeletedRows } = await trx.deleteFrom('sendingPause').executeTakeFirst()
  if (numDeletedRows === 0n) return undefined
  const rows = await trx
    .selectFrom('delivery')
    .select(['id', 'channel', 'platform', 'action', 'target'])
    .where('state', '=', 'held')
    .where('heldFor', '=', 'restore')
    .forUpdate()
    .execute()
  const resumed = { lookedUp: 0, asked: 0 }
  for (const row of rows) {
    const connector = connectors.get(row.platform)
    const canTell =
      connector !== undefined &&
      (mayRepeat(row) || (!connector.findsInStore && (connector.repeat === 'id' || (connector.repeat !== 'nothing' && !!connector.find))))
    if (canTell && row.action !== 'update') await lookFirst(trx, row.id, connector.settleSeconds)
    else await ask(trx, row)
    resumed[canTell && row.action !== 'update' ? 'lookedUp' : 'asked']++
  }
  await refillOutbox(trx)
  await ring(trx)
  return resumed
}

interface Row {
  readonly id: string
  readonly channel: string
  readonly action: Action
}

/** Taking down what is down already changes nothing. An old change once more would undo a newer one. */
const mayRepeat = ({ action }: Row): boolean => action === 'retract'

const lookFirst = async (trx: Transaction<Database>, id: string, settleSeconds: number): Promise<void> => {
  await trx
    .updateTable('delivery')
    .set({ state: 'looking', heldFor: null, question: null, turn: sql`turn + 1`, queuedAt: sql`now()` })
    .set({ dueAt: sql<Date>`greatest(now(), unclear_since + make_interval(secs => ${settleSeconds}))` })
    .where('id', '=', id)
    .execute()
}

const ask = async (trx: Transaction<Database>, { id, channel, action }: Row): Promise<void> => {
  await trx
    .updateTable('delivery')
    .set({ heldFor: 'answer', question: questionFor(action, channel) })
    .where('id', '=', id)
    .execute()
}

/** What the store of yesterday believed to be on its way may have been sent since. */
const restoredReason = 'Der Speicher wurde aus einer Sicherung wiederhergestellt; ob dies inzwischen hinausging, ist ungeklärt.'
/** Beyond every number that was given away since the backup: no job and no claim of that time fits any more. */
const numbersAhead = 1_000_000

/**
 * Marks a store that was just filled from a backup: sending rests, and what may have been sent since the backup is unclear. What is not
 * due before a time to come has surely not left. Idempotent.
 */
export const markRestored = async (trx: Transaction<Database>, because: string): Promise<number> => {
  await sql`insert into sending_pause (id, because) values (1, ${because}) on conflict (id) do update set because = excluded.because`.execute(
    trx,
  )
  await sql`update queue_mark set mark = gen_random_uuid()::text`.execute(trx)
  await trx.deleteFrom('outbox').execute()
  const { numUpdatedRows } = await trx
    .updateTable('delivery')
    .set({ state: 'held', heldFor: 'restore', question: null, reason: restoredReason, leaseUntil: null, doubles: 'avoid' })
    .set({
      unclearSince: sql<Date>`coalesce(unclear_since, now())`,
      firstAt: sql<Date>`coalesce(first_at, greatest(planned_at, not_before))`,
    })
    .where('state', 'in', ['planned', 'queued', 'sending', 'waiting', 'looking', 'held'])
    .where((row) => row.or([row('heldFor', 'is', null), row('heldFor', 'not in', ['answer', 'hand', 'changed'])]))
    .where((row) => row.or([row('notBefore', 'is', null), row('notBefore', '<=', sql<Date>`now()`)]))
    .executeTakeFirst()
  await sql`update delivery set turn = turn + ${numbersAhead}, fence = fence + ${numbersAhead}
    where state in ('planned', 'queued', 'sending', 'waiting', 'looking', 'held')`.execute(trx)
  return Number(numUpdatedRows)
}
