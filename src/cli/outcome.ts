// Whether what was asked for is done: which deliveries count for a step, and which of them are delivered, open or lost. Pure.
import type { AnnouncementView, DeliveryView } from '../commands/view.ts'
import { isSettled } from '../delivery/delivery.ts'

/** What was done to the announcement: its deliveries are looked at from there. `look`: nothing, all of them count. */
export type Step = 'release' | 'amend' | 'retract' | 'look'

export interface Outcome {
  /** Every delivery that counts has arrived, and there is at least one (a retraction may find nothing to take back). */
  readonly done: boolean
  readonly counted: readonly DeliveryView[]
  readonly delivered: readonly DeliveryView[]
  /** On their way, without those that wait for a person. */
  readonly open: readonly DeliveryView[]
  readonly held: readonly DeliveryView[]
  /** Settled without having arrived. */
  readonly lost: readonly DeliveryView[]
}

export const outcomeOf = (view: AnnouncementView, step: Step): Outcome => {
  const counted = view.deliveries.filter((delivery) => counts(view, step, delivery))
  const delivered = counted.filter(({ state }) => state === 'delivered')
  const held = counted.filter(({ state }) => state === 'held')
  const open = counted.filter(({ state }) => !isSettled(state) && state !== 'held')
  const lost = counted.filter(({ state }) => state === 'given-up' || state === 'expired' || (state === 'superseded' && step === 'release'))
  const all = held.length + open.length + lost.length === 0
  return { done: all && (step === 'retract' || delivered.length > 0), counted, delivered, open, held, lost }
}

/** An earlier step's loss is not this step's failure; what is still under way always counts. */
const counts = (view: AnnouncementView, step: Step, delivery: DeliveryView): boolean => {
  if (!isSettled(delivery.state)) return true
  if (step === 'retract') return delivery.action === 'retract'
  return step !== 'amend' || delivery.revision === view.revision
}
