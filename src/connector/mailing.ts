// A mailing as a connector sees it: one row for each recipient, kept by the house, so that nobody gets the same letter twice.

/** A recipient who was taken: it is written down that the letter may leave now, and nobody else takes the same row. */
export interface Recipient {
  readonly id: string
  readonly address: string
  /** The same for every attempt: `<delivery.subscriber@bonn.de>`. */
  readonly messageId: string
  /** Message-IDs of the earlier letters about the same matter that went to this recipient, oldest first. */
  readonly earlier: readonly string[]
  /** How often the recipient was taken for this letter, this time included. */
  readonly tries: number
  /** The address at which a person ends the subscription with a button, and a mail program with one POST (RFC 8058). */
  readonly unsubscribe: string
}

/** What became of one letter. `open`: it has surely not left; it may be taken again after so many milliseconds. */
export type Outcome =
  | { readonly state: 'sent' }
  | { readonly state: 'refused' | 'unclear'; readonly words: string }
  | { readonly state: 'open'; readonly afterMs: number }

/** How many recipients of a mailing stand where. */
export interface MailingStand {
  readonly sent: number
  readonly refused: number
  /** Nobody knows: they count as served, for twice is worse there than once too little. */
  readonly unclear: number
  /** In somebody's hands at this moment. */
  readonly taken: number
  /** Still to be served. */
  readonly open: number
  /** Milliseconds until the first of the open ones may be taken. */
  readonly waitMs: number
  /** Why nobody is given out any more: something newer holds, it has run out, or the channel is suspended. */
  readonly stopped: 'overtaken' | 'expired' | 'suspended' | null
}

/** The mailings of one channel. `key` is the delivery's, `thread` the keys of the letters that this one answers, oldest first. */
export interface Mailing {
  /** Fixes who gets it, once; whom an earlier attempt left in its hands is unclear from now on. */
  begin(key: string, host: string): Promise<MailingStand>
  /** The next recipient; undefined: nobody may be taken now. */
  take(key: string, thread: readonly string[]): Promise<Recipient | undefined>
  mark(key: string, recipient: string, outcome: Outcome): Promise<void>
  stand(key: string): Promise<MailingStand>
  /** How many get the next letter. */
  subscribers(): Promise<number>
}

/** A letter to one person, outside of every announcement: the question whether a subscription is meant. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** What there is to do, on a line of its own. */
  readonly link: { readonly words: string; readonly url: string }
}
