// What a platform takes: plain data, so that it can be shown, stored with a plan, and narrowed by what an instance says of itself.

export interface TextLimits {
  /** The most that one post may measure, in the unit of the connector's `measure`. */
  readonly max: number
  /** What `max` counts, as people are told. Absent: `Zeichen`. */
  readonly unit?: 'Byte'
  /** A second ceiling in UTF-8 bytes, where the platform has one. */
  readonly maxBytes?: number
  /** What every web link counts, whatever its length (Mastodon, X: 23). Absent: a link counts as written. */
  readonly perLink?: number
  /** True where a link would swallow the closing quotation mark or dash behind it (Mastodon): a narrow space is set between them. */
  readonly linksRunOn?: true
  /** How many different web links a post may have, the attached one included. Absent: any number. Likewise the next two. */
  readonly links?: number
  readonly hashtags?: number
  /** `@name`. */
  readonly mentions?: number
}

export interface ImageLimits {
  /** How many images one post may carry; 0: none. */
  readonly max: number
  /** Bytes of one image. */
  readonly maxBytes: number
  /** Media types taken, e.g. `image/png`. */
  readonly types: readonly string[]
  /** The longest alternative text, in characters; 0: the platform has none, and the text must do. */
  readonly altMax: number
  /** Pixels; what is larger is made smaller. Absent: any. */
  readonly maxWidth?: number
  readonly maxHeight?: number
  /** Width by height, at most, in pixels. Absent: any. */
  readonly maxPixels?: number
  /** Width divided by height; what is narrower or wider is set on a white ground. Absent: any. */
  readonly minRatio?: number
  readonly maxRatio?: number
}

export interface VideoLimits {
  /** Bytes of the file. */
  readonly maxBytes: number
  /** Media types taken: `video/mp4`, `video/quicktime`. */
  readonly types: readonly string[]
  readonly minSeconds: number
  readonly maxSeconds: number
  /** The longest description in words, in characters; 0: the platform has none, and the text must do. */
  readonly altMax: number
  /** How many files of captions; 0: none. */
  readonly captions: number
  /** Video codecs taken, as ffprobe calls them: `h264`, `hevc`. Absent: any. */
  readonly codecs?: readonly string[]
  /** Audio codecs taken: `aac`. Absent: any. A silent film is taken anyway. */
  readonly audioCodecs?: readonly string[]
}

/** How many actions a channel may start in a time span; kept below the platform's own ceiling. */
export interface Pace {
  readonly actions: number
  readonly perSeconds: number
}

export interface Limits {
  readonly text: TextLimits
  readonly images: ImageLimits
  /** Absent: no videos. */
  readonly video?: VideoLimits
  /** True where a post without an image or a video does not exist (Instagram, TikTok). */
  readonly needsMedia: boolean
  /** How many images an answer carries where that is less than a post carries; it has no video then, and words are always enough. Optional: as a post. */
  readonly replyImages?: number
  /** Where media are needed and there are none: the size in pixels of the picture card that the house sets from title and text. Absent: none. */
  readonly card?: { readonly width: number; readonly height: number }
  readonly pace: Pace
  /** True where a post without image and video shows its link beside the text, as a card: the text may do without it. */
  readonly linkBeside?: boolean
  /** The longest headline, in characters, where the platform has a field for it with a limit. */
  readonly titleMax?: number
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
