// How an announcement stands, derived from its deliveries. Pure.
import { type AnnouncementState, isSettled, type State } from './delivery.ts'

interface Standing {
  readonly state: State
  readonly action: string
}

export const announcementState = (released: boolean, retracted: boolean, deliveries: readonly Standing[]): AnnouncementState => {
  if (!released) return 'draft'
  if (deliveries.some(({ state }) => state === 'held')) return 'waiting-for-a-person'
  if (deliveries.some(({ state }) => !isSettled(state))) return 'under-way'
  if (retracted) return deliveries.some(couldNotTakeDown) ? 'partly-delivered' : 'retracted'
  const counted = deliveries.filter(({ state }) => state !== 'superseded')
  if (counted.length === 0) return 'failed'
  const delivered = counted.filter(({ state }) => state === 'delivered').length
  if (delivered === counted.length) return 'delivered'
  return delivered > 0 ? 'partly-delivered' : 'failed'
}

/** Something of it still stands. */
const couldNotTakeDown = ({ action, state }: Standing): boolean => action === 'retract' && state === 'given-up'
