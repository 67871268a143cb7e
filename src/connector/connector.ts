// What a platform must offer to be a channel. One plain object in one file of connectors/; what a platform cannot do, it leaves out.
import type { z } from 'zod'
import type { LearnedLimits, Limits, Pace, TextLimits } from './limits.ts'
import type { Letter, Mailing } from './mailing.ts'

/** An image as a post carries it: the bytes are fetched with `tools.media` when they are needed. */
export interface PostImage {
  /** SHA-256 of the bytes, hex. */
  readonly id: string
  /** Media type, sniffed from the bytes: `image/png`. */
  readonly type: string
  /** Size in bytes. */
  readonly size: number
  readonly width: number
  readonly height: number
  /** Alternative text; empty: the image is decorative, and the platform's field for it is left out. */
  readonly alt: string
}

/** Subtitles of a video, WebVTT; the bytes are fetched with `tools.media`. */
export interface PostCaptions {
  /** SHA-256 of the bytes, hex. */
  readonly id: string
  /** Size in bytes. */
  readonly size: number
  /** BCP 47 language of the words. */
  readonly language: string
}

/** A video as a post carries it: the bytes are fetched with `tools.media` when they are needed. */
export interface PostVideo {
  /** SHA-256 of the bytes, hex. */
  readonly id: string
  /** Media type, sniffed from the bytes: `video/mp4` or `video/quicktime`. */
  readonly type: string
  /** Size in bytes. */
  readonly size: number
  readonly width: number
  readonly height: number
  /** Length in seconds, with fractions. */
  readonly seconds: number
  /** What is to be seen, in words; never empty. */
  readonly alt: string
  readonly captions: readonly PostCaptions[]
}

/** What a reader of one platform will see. Made by rendering alone; the preview and the bytes sent are this same value. */
export interface Post {
  /** The text exactly as it is sent: already within the platform's limits, link included. */
  readonly text: string
  /** The headline, for platforms that have one (newsroom, feeds, e-mail); others ignore it. */
  readonly title: string
  /** The web link that the announcement points to; also the target of a link card. */
  readonly link: string | null
  /** BCP 47 language tag of `text`. */
  readonly language: string
  readonly images: readonly PostImage[]
  /** Absent: none. A post has images or a video, never both. */
  readonly video?: PostVideo
  /** What the announcement is, for platforms that mark it (newsroom, feeds). */
  readonly kind: 'warning' | 'all-clear' | 'notice' | 'event'
  readonly severity: 'Extreme' | 'Severe' | 'Moderate' | 'Minor' | null
  readonly status: 'Actual' | 'Exercise' | 'Test'
  /** ISO 8601, UTC: until when it holds. */
  readonly expires: string | null
}

/** The proof that a post is there. `id` and `url` are the platform's own; never invented. */
export interface Receipt {
  readonly id: string
  /** Where a person can look at it; null where the platform has no address for it. */
  readonly url: string | null
  /** ISO 8601, UTC: when the platform says it appeared (or when it answered). */
  readonly at: string
  /** What later actions need beside the id (Bluesky: the cid). Plain JSON, no secrets. */
  readonly detail?: Readonly<Record<string, string>>
}

export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** One try of one delivery. */
export interface Attempt {
  /** The delivery's id (UUIDv7), the same for every attempt: idempotency keys and record keys are derived from it alone. */
  readonly key: string
  /** When the delivery was planned, ISO 8601 UTC: the `createdAt` of a record, the same for every attempt. */
  readonly plannedAt: string
  /** 1 for the first attempt. */
  readonly number: number
  /** When the first attempt began, ISO 8601 UTC, by the store's clock: it may differ from this machine's and from the platform's. */
  readonly firstAt: string
  /** Milliseconds since the first attempt began: a span, so it holds on every clock. Negative: the store's clock was put back meanwhile. */
  age(): number
  /**
   * True where a receipt says that the post is there, and the look is for a second one: a post just before the window is that one, and no
   * reason to ask a person.
   */
  readonly hasReceipt?: true
  /** What earlier steps remembered. */
  readonly memory: Readonly<Record<string, string>>
  /** Stores what must not be made twice (an upload's id, a container) before the next step begins. */
  remember(more: Readonly<Record<string, string>>): Promise<void>
  /** Aborted when the attempt's time is up or the process stops. */
  readonly signal: AbortSignal
  readonly log: Log
}

/** Who we are on the platform, and what it says of itself. */
export interface Identity {
  readonly account: string
  readonly url: string | null
  /** Until when the credential is good, ISO 8601 UTC; null: no end known. */
  readonly until: string | null
  readonly limits?: LearnedLimits
  /** Rights that our channel needs and this credential does not have, by the platform's names; absent or empty: none is missing. */
  readonly missing?: readonly string[]
  /** What is left of the platform's own quota of posts; absent: it has none, or does not say. */
  readonly quota?: Quota
}

export interface Quota {
  readonly left: number
  readonly of: number
  readonly perSeconds: number
}

export interface Insights {
  readonly followers: number
}

/** How often readers reacted to one post; what the platform does not count is absent. */
export interface Reactions {
  readonly likes?: number
  readonly replies?: number
  readonly shares?: number
  readonly views?: number
}

/** What the platform charges for one action. */
export interface Cost {
  readonly amount: number
  readonly currency: 'USD' | 'EUR'
}

/** What a lost answer allows: the same key again; the same id again; only after a look; or nothing (a person decides). */
export type Repeat = 'key' | 'id' | 'find' | 'nothing'

/** What a channel keeps from one run to the next: tokens that were refreshed, a session. Encrypted at rest. */
export interface Safe {
  read(): Promise<SafeContent | undefined>
  /**
   * Changes what is kept: one caller at a time over all processes. `make` gets what is kept at that moment (another process may just have
   * refreshed it: then there is nothing to do but to return it) and gives what shall be kept.
   */
  change(make: (now: SafeContent | undefined) => Promise<SafeContent>): Promise<SafeContent>
}

export type SafeContent = Readonly<Record<string, string>>

/**
 * A folder of the channel's own, for what only files can hold: the profile of a browser. While it is closed it lies encrypted, and one
 * process at a time has it open.
 */
export interface Vault {
  /** @throws UnreachableError while another process has it open, ChannelError when it was sealed with another key */
  open(): Promise<OpenVault>
}

export interface OpenVault {
  /** For its owner alone; as it was left. */
  readonly folder: string
  /** Seals everything in it and removes what lies there in clear. */
  close(): Promise<void>
}

/** What the house lends a connector. */
export interface Tools {
  /** The bytes of an image, a video or captions of a post. */
  media(id: string): Promise<Uint8Array>
  /**
   * The address at which the newsroom serves these bytes, for platforms that fetch them themselves: it holds for some hours. For `readers`,
   * who may open it later, it has no end and answers as long as the announcement is not taken back.
   */
  mediaUrl(id: string, to?: 'readers'): string
  readonly safe: Safe
  readonly vault: Vault
  /**
   * Milliseconds until one more may begin there, counted over all processes; 0: now, and it is counted. For what channels share: a mail
   * server.
   */
  pace(shared: string, span: Pace): Promise<number>
  /** Where a Chromium is on this machine; undefined: nowhere. */
  chromium(): string | undefined
  readonly log: Log
  /** Key of the city whose channel this is: its account on the city's own page. */
  readonly city: string
  /** The city's home page, whose host is a link in a text also without a scheme; null: none is known. */
  readonly website: string | null
  /** The city's own page: where the newsroom channel publishes. */
  readonly newsroom: Newsroom
  /** Who has subscribed to this channel, and who has had which letter. */
  readonly mailing: Mailing
}

/** The desk of the city's own page, as the newsroom connector sees it. */
export interface Newsroom {
  /** Puts the item there or replaces it; the same key twice is one item. `since` is the key of the item that this one corrects. */
  put(account: string, key: string, post: Post, at: string): Promise<Receipt>
  /** Marks the item as retracted; it stays visible as such. */
  retract(account: string, key: string, at: string): Promise<void>
  find(account: string, key: string): Promise<Receipt | undefined>
}

export interface Connector<Settings, Client> {
  /** File name, queue name, metric label. */
  readonly platform: string
  /** As people call it. */
  readonly title: string
  /** The channel's settings; secret fields are marked with `secret()`, `base` is always settable. */
  readonly settings: z.ZodType<Settings>
  readonly limits: Limits
  readonly repeat: Repeat
  /** Seconds after which a post whose answer was lost has surely appeared or never will. */
  readonly settleSeconds: number
  /** How long one attempt may take, in seconds (the lease is longer). */
  readonly budgetSeconds: number
  /** What the text counts there, in the platform's own unit. Pure. */
  measure(text: string, limits: TextLimits): number
  /** What publishing this post costs there; absent: nothing. Pure. */
  cost?(post: Post): Cost
  /** German sentences that belong under every plan for this channel; `settings` as the city file has them, secrets unresolved. Pure. */
  notes?(settings: Readonly<Record<string, unknown>>): readonly string[]
  /** What the platform has but a program cannot do there: a person gets it as a task. */
  readonly byHand?: readonly ('update' | 'retract')[]
  /** Why nothing can be taken back there, and what to do instead, in German; absent: a person deletes it there by hand. */
  readonly cannotRetract?: string
  /** True where `find` reads our own store: one that was restored from a backup knows no more than it did then, and a person is asked. */
  readonly findsInStore?: true
  connect(settings: Settings, tools: Tools): Client | Promise<Client>
  disconnect?(client: Client): void | Promise<void>
  check(client: Client, signal: AbortSignal): Promise<Identity>
  publish(client: Client, post: Post, attempt: Attempt): Promise<Receipt>
  update?(client: Client, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt>
  retract?(client: Client, receipt: Receipt, attempt: Attempt): Promise<void>
  /** Looks for what `publish` or `reply` of this attempt's key may have left there. `undefined`: surely not there. */
  find?(client: Client, post: Post, attempt: Attempt): Promise<Receipt | undefined>
  /**
   * All that stands there and may be this attempt's post: known by its words alone, so it may be another delivery's; what their receipts
   * name is taken away by the house. Only where neither a key nor an id tells them apart.
   */
  findAll?(client: Client, post: Post, attempt: Attempt): Promise<readonly Receipt[]>
  /** Whether the post of this receipt is still there. */
  stands?(client: Client, receipt: Receipt, signal: AbortSignal): Promise<boolean>
  /** Answers below an own post: a correction, an all-clear. */
  reply?(client: Client, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt>
  /** Sends one letter to one person at once, outside of every announcement. */
  write?(client: Client, letter: Letter, signal: AbortSignal): Promise<void>
  insights?(client: Client, signal: AbortSignal): Promise<Insights>
  /**
   * Links the account by a person's phone, where there is no credential that could be written down; at once where it is linked already.
   * @throws ChannelError when nobody has done it in time
   */
  link?(client: Client, wish: LinkWish, signal: AbortSignal): Promise<void>
  /** How readers reacted to the post of this receipt. */
  reactions?(client: Client, receipt: Receipt, signal: AbortSignal): Promise<Reactions>
}

/** What a person's phone has to see so that it links the account: the text of a QR code, or a code to be typed. */
export type LinkOffer = { readonly qr: string } | { readonly code: string }

export interface LinkWish {
  /** Digits of the phone that shall be linked by a code; absent: by a QR code. */
  readonly phone?: string
  /** Told what to show, each time it changes. */
  offer(shown: LinkOffer): void
}

/** A connector whose settings and client are nobody else's business. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where connectors of different types stand in one list
export type AnyConnector = Connector<any, any>

/** All connectors of this installation, by platform name. */
export type Connectors = ReadonlyMap<string, AnyConnector>
