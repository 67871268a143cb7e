// What `verify` finds, one thing at a time, and what it is lent to look beyond the store.
import type { Open, Place } from '../store/verifying.ts'

/**
 * lost: should be sent, and nobody will; doubled: stands there more than once; unknown: nobody knows yet whether it is there;
 * held: waits for a person; overdue: should have left long ago; gone: a receipt whose post is no longer there; changed: somebody else than
 * Rundruf has changed it in the store.
 */
export const findings = ['lost', 'doubled', 'unknown', 'held', 'overdue', 'gone', 'changed'] as const

export interface Finding {
  readonly finding: (typeof findings)[number]
  readonly delivery: string
  readonly announcement: string
  readonly city: string
  readonly channel: string
  readonly platform: string
  /** One German sentence. */
  readonly detail: string
}

/** What `verify` is lent to look beyond the store. */
export interface Checking {
  /** Those of these deliveries that the queue does not know. Rejects while it is away. */
  missing(rows: readonly Pick<Open, 'id' | 'turn' | 'platform' | 'way'>[]): Promise<readonly string[]>
  /** The channel's client; rejects with a connector's error. */
  client(channel: { readonly city: string; readonly channel: string; readonly platform: string }): Promise<unknown>
  /** Absent: every question is asked. */
  readonly remember?: Remember
}

/** Gives what was said under this name a moment ago, or asks. */
export type Remember = <T>(name: string, ask: () => Promise<T>) => Promise<T>

export const finding = (kind: Finding['finding'], place: Place, detail: string): Finding => {
  const { id: delivery, announcementId: announcement, city, channel, platform } = place
  return { finding: kind, delivery, announcement, city, channel, platform, detail }
}
