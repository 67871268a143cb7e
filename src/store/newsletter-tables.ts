// The tables of the newsletter: who gets it, and each letter of a mailing.
import type { ColumnType, Generated } from 'kysely'
import type { MaybeTime } from './columns.ts'

/** A person who gets a city's newsletter, or has asked for it, or got it once. */
export interface SubscriberTable {
  id: string
  city: string
  channel: string
  /** In lower case; null: forgotten, some time after the person left. */
  address: string | null
  state: 'pending' | 'confirmed' | 'left'
  /** SHA-256 of the token with which the person confirms (it is 256 random bits), hex. */
  tokenHash: string | null
  tokenUntil: MaybeTime
  /** Where the consent came from: `page`, or the note of an import. */
  source: string
  createdAt: Generated<Date>
  /** When the last letter about the subscription itself was written. */
  askedAt: ColumnType<Date, Date | string | undefined, Date | string>
  confirmedAt: MaybeTime
  leftAt: MaybeTime
}

/** One letter of a mailing. */
export interface MailingTable {
  deliveryId: string
  subscriberId: string
  messageId: string
  state: 'open' | 'taken' | 'sent' | 'refused' | 'unclear'
  /** How often it was taken. */
  tries: Generated<number>
  /** Not before, while it is open. */
  dueAt: ColumnType<Date, Date | string | undefined, Date | string>
  /** When its state last changed. */
  at: ColumnType<Date, Date | string | undefined, Date | string>
  /** What the mail server said, where it did not simply take it. */
  detail: string | null
}
