// What a platform takes: plain data, so that it can be shown, stored with a plan, and narrowed by what an instance says of itself.

export interface TextLimits {
  /** The most that one post may measure, in the unit of the connector's `measure`. */
  readonly max: number
  /** A second ceiling in UTF-8 bytes, where the platform has one. */
  readonly maxBytes?: number
  /** What every web link counts, whatever its length (Mastodon, X: 23). Absent: a link counts as written. */
  readonly perLink?: number
}

export interface ImageLimits {
  /** How many images one post may carry; 0: none. */
  readonly max: number
  /** Bytes of one image. */
  readonly maxBytes: number
  /** Media types taken, e.g. `image/png`. */
  readonly types: readonly string[]
  /** The longest alternative text, in characters. */
  readonly altMax: number
}

/** How many actions a channel may start in a time span; kept below the platform's own ceiling. */
export interface Pace {
  readonly actions: number
  readonly perSeconds: number
}

export interface Limits {
  readonly text: TextLimits
  readonly images: ImageLimits
  /** True where a post without an image or a video does not exist (Instagram, TikTok). */
  readonly needsMedia: boolean
  readonly pace: Pace
}

/** What an instance said of itself (`check`): overrides the documented default, field by field. */
export interface LearnedLimits {
  readonly text?: Partial<TextLimits>
  readonly images?: Partial<ImageLimits>
}

/** The documented limits of a platform, narrowed or widened by what this very instance says. */
export const learned = (limits: Limits, said: LearnedLimits | undefined): Limits => ({
  ...limits,
  text: { ...limits.text, ...said?.text },
  images: { ...limits.images, ...said?.images },
})
