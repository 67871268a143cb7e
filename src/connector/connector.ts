// What a platform must offer to be a channel. One plain object in one file of connectors/; what a platform cannot do, it leaves out.
import type { z } from 'zod'
import type { LearnedLimits, Limits, TextLimits } from './limits.ts'

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
  /** Alternative text; never empty. */
  readonly alt: string
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
  /** When the first attempt began, ISO 8601 UTC. */
  readonly firstAt: string
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
}

export interface Insights {
  readonly followers: number
}

/** What a lost answer allows: the same key again; the same id again; only after a look; or nothing (a person decides). */
export type Repeat = 'key' | 'id' | 'find' | 'nothing'

/** What the house lends a connector. */
export interface Tools {
  /** The bytes of an image of a post. */
  media(id: string): Promise<Uint8Array>
  readonly log: Log
  /** Key of the city whose channel this is: its account on the city's own page. */
  readonly city: string
  /** The city's own page: where the newsroom channel publishes. */
  readonly newsroom: Newsroom
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
  connect(settings: Settings, tools: Tools): Client | Promise<Client>
  disconnect?(client: Client): void | Promise<void>
  check(client: Client, signal: AbortSignal): Promise<Identity>
  publish(client: Client, post: Post, attempt: Attempt): Promise<Receipt>
  update?(client: Client, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt>
  retract?(client: Client, receipt: Receipt, attempt: Attempt): Promise<void>
  /** Looks for what `publish` or `reply` of this attempt's key may have left there. `undefined`: surely not there. */
  find?(client: Client, post: Post, attempt: Attempt): Promise<Receipt | undefined>
  /** Answers below an own post: a correction, an all-clear. */
  reply?(client: Client, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt>
  insights?(client: Client, signal: AbortSignal): Promise<Insights>
}

/** A connector whose settings and client are nobody else's business. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where connectors of different types stand in one list
export type AnyConnector = Connector<any, any>

/** All connectors of this installation, by platform name. */
export type Connectors = ReadonlyMap<string, AnyConnector>
