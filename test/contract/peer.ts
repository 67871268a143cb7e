// A platform as a connector's contract sees it: what stands there, and what can be made to go wrong.

/** What can go wrong with one call; the names of the lab, so that they can be read there. */
export const faults = {
  refuse: 'rejected',
  throttle: 'not-yet',
  unavailable: 'unclear',
  html: 'unclear',
  redirect: 'unclear',
  reset: 'unclear',
  'post-then-reset': 'unclear',
  'post-but-500': 'unclear',
  'broken-json': 'unclear',
  huge: 'unclear',
} as const satisfies Record<string, 'rejected' | 'not-yet' | 'unclear'>

/** Faults that have tests of their own: what follows depends on time or on the connector. */
export type FaultName = keyof typeof faults | 'hang' | 'post-late' | 'expired-token'

/** Which calls go wrong: those that post, or those that only read. */
export type FaultyCall = 'publish' | 'read'

export interface Fault {
  readonly fault: FaultName
  readonly operation?: FaultyCall
  readonly times?: number | 'always'
  /** Milliseconds, for `post-late`. */
  readonly afterMs?: number
  /** Seconds, for `throttle`. */
  readonly retryAfter?: number
}

export interface PeerPost {
  readonly id: string
  readonly text: string
  readonly language: string | null
  /** The id of the post that it answers. */
  readonly replyTo: string | null
  readonly images: readonly { readonly alt: string; readonly size: number }[]
}

/** As the lab has them: `cleaned` drops signs, the others read Markdown. */
export type TextMood = 'cleaned' | 'markdown' | 'markdown-only'

export interface PeerMood {
  /** How far its clock is ahead, in milliseconds. */
  readonly clockMs?: number
  readonly text?: TextMood
}

export interface Peer {
  /** What a connector's settings schema takes to reach this peer. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The same with a credential that the peer refuses; undefined: there is none to refuse. */
  readonly strangerSettings?: Readonly<Record<string, unknown>>
  /** What must never be seen in an error or a log line. */
  readonly secrets: readonly string[]
  /** Makes the next call go wrong; null: all is well again. */
  set(fault: Fault | null): Promise<void>
  /** True once the last fault has struck as often as wished. */
  struck(): Promise<boolean>
  /** Another clock, or another way with texts; null: as usual. Where `moods` are named. */
  mood?(mood: PeerMood | null): Promise<void>
  /** What stands there now, oldest first. */
  posts(): Promise<readonly PeerPost[]>
  close(): Promise<void>
}

/**
 * What a platform does not have, so that nobody looks for it there: the language of a post, alternative texts, images that an edit can
 * exchange, answers to what is gone being refused, an address for each post, a credential that is sent along.
 */
export type Lack = 'language' | 'alt' | 'image-edits' | 'refused-replies' | 'addresses' | 'credential'

/** A kind of peer, before one is opened. */
export interface PeerKind {
  /** What it can make go wrong; empty: nothing. */
  readonly faults: ReadonlySet<FaultName>
  /** What a fault means there, where the platform cannot say it more clearly. */
  readonly means?: Partial<Record<keyof typeof faults, 'unclear'>>
  /** False where the peer takes any length. */
  readonly enforcesLimits: boolean
  /** False where it knows nothing of followers. */
  readonly hasInsights: boolean
  /** How the platform says what is wrong, in its own JSON; absent: `{ error, message }`. */
  readonly errorShape?: (words: string) => object
  /** The secret settings that go together, by name, where there is more than one way to sign in; absent: the required ones and the peer's. */
  readonly credentials?: readonly (readonly string[])[]
  /** What it can be made to do with texts; absent: nothing, and its clock is what it is. */
  readonly moods?: readonly TextMood[]
  /** Absent: it has all of it. */
  readonly lacks?: ReadonlySet<Lack>
  open(): Promise<Peer>
}
