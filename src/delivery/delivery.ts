// One action on one channel, and the states it goes through. Pure.

export const onItsWay = ['planned', 'queued', 'sending', 'waiting', 'looking', 'held'] as const
export const settled = ['delivered', 'given-up', 'expired', 'superseded'] as const
export type State = (typeof onItsWay)[number] | (typeof settled)[number]

export const isSettled = (state: State): boolean => (settled as readonly string[]).includes(state)

/**
 * What a held delivery waits for: a person's answer, its channel's release, that sending is resumed after a restored backup, a
 * person who makes it by hand, or one who drops it because the store no longer holds what was released.
 */
export type HeldFor = 'answer' | 'channel' | 'restore' | 'hand' | 'changed'

/** How an announcement stands, derived from its deliveries. */
export const announcementStates = [
  'draft', // not released
  'under-way',
  'waiting-for-a-person', // at least one delivery is held
  'delivered', // all settled, every one delivered (or superseded)
  'partly-delivered',
  'failed', // nothing was delivered
  'retracted',
] as const

export type AnnouncementState = (typeof announcementStates)[number]
