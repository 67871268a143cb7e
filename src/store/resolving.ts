// Held deliveries and the answers people give to them.
import { sql, type Transaction } from 'kysely'
import type { HeldFor, State } from '../delivery/delivery.ts'
import type { Action } from '../planning/plan.ts'
import { databaseNow } from './announcements.ts'
import { queueNext, requeue } from './deliveries.ts'
import { isOvertaken, overtakenReason, spent } from './order.ts'
import { ring } from './outbox.ts'
import type { Proof } from './proof.ts'
import { putReceipt } from './settling.ts'
import type { Database } from './tables.ts'

export interface HeldDelivery {
  readonly id: string
  readonly announcementId: string
  readonly city: string
  readonly channel: string
  readonly action: Action
  readonly target: string | null
  readonly state: State
  readonly heldFor: HeldFor | null
  readonly fence: number
  /** It was settled before, so what it says was sent. */
  readonly reopened: boolean
}

/** The delivery, held or not, locked. */
export const lockHeld = (trx: Transaction<Database>, id: string): Promise<HeldDelivery | undefined> =>
  trx
    .selectFrom('delivery')
    .select(['id', 'announcementId', 'city', 'channel', 'action', 'target', 'state', 'heldFor', 'fence'])
    .select(
      sql<boolean>`coalesce(mac = ${spent}, false) or exists (select 1 from receipt r where r.delivery_id = delivery.id)`.as('reopened'),
    )
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

interface Store {
  readonly trx: Transaction<Database>
  readonly proof: Proof
}

type Answer = { readonly answer: 'there'; readonly url: string | null } | { readonly answer: 'not-there' } | { readonly answer: 'drop' }

/** Writes a person's answer; the delivery is settled, or goes on its way with nothing unclear any more. */
export const settleByPerson = async (store: Store, held: HeldDelivery, answer: Answer, by: string): Promise<void> => {
  const { trx } = store
  await trx
    .insertInto('attempt')
    .values({ deliveryId: held.id, fence: held.fence, event: 'resolved', detail: `${by}: ${answer.answer}` })
    .execute()
  await trx.updateTable('delivery').set({ unclearSince: null }).where('id', '=', held.id).execute()
  if (answer.answer !== 'not-there') await settleHeld(store, held, answer, by)
  else if (await isOvertaken(trx, held.id)) await letGo(trx, held)
  else await requeue(trx, [held.id])
  await ring(trx)
}

/** It is not there, and something later (a retraction, a newer wording) has made it pointless. */
const letGo = async (trx: Transaction<Database>, held: HeldDelivery): Promise<void> => {
  await trx
    .updateTable('delivery')
    .set({
      state: 'superseded',
      reason: overtakenReason,
      settledAt: sql`now()`,
      mac: spent,
      heldFor: null,
      question: null,
      turn: sql`turn + 1`,
    })
    .where('id', '=', held.id)
    .execute()
  await queueNext(trx, held)
}

const settleHeld = async (
  store: Store,
  held: HeldDelivery,
  answer: Exclude<Answer, { answer: 'not-there' }>,
  by: string,
): Promise<void> => {
  const { trx } = store
  const there = answer.answer === 'there'
  await trx
    .updateTable('delivery')
    .set({ state: there ? 'delivered' : 'given-up', settledAt: sql`now()`, mac: spent, heldFor: null, question: null, turn: sql`turn + 1` })
    .set({ reason: there ? `${by} hat nachgesehen: Es ist da.` : `${by} hat die Zustellung verworfen.` })
    .where('id', '=', held.id)
    .execute()
  // Only what makes a post of its own leaves a receipt; without a link the delivery's own id stands for it, marked as seen by a person.
  if (there && held.action !== 'retract') {
    const id = answer.url ?? held.id
    await putReceipt(store, held, { id, url: answer.url, at: await databaseNow(trx), detail: { by: 'person' } })
  }
  if (there && held.action === 'retract') await putReceipt(store, held, null)
  await queueNext(trx, held)
}
