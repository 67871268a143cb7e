// A city's channel policy as the pure core sees it; config/cities.ts reads it from YAML by the schema in policy/schema.ts.
import type { Kind, Severity, Status } from '../announcement/announcement.ts'

/** What a channel is for at all. `standby`: only as another channel's fallback. */
export type Use = 'all' | 'emergency-only' | 'dormant' | 'left' | 'standby'

/** One of these keys, or everything but these. `none` stands for an announcement that names nothing of the sort. */
export type Choice = readonly string[] | { readonly not: readonly string[] }

/** Days of the week from Monday on, as the city file writes them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** One quiet time. Local times (Europe/Berlin) `HH:MM`, `to` up to `24:00`; from > to spans midnight. */
export interface QuietWindow {
  readonly from: string
  readonly to: string
  /**
   * The days on which it begins; null: every day. A day of the week, `holiday` (a public holiday of the city's Land), `12-24` (of every
   * year) or `2028-06-17`. A night belongs to the day on which it begins: `[fri]` from 22:00 to 06:00 ends on Saturday.
   */
  readonly on: readonly string[] | null
}

/** It is quiet whenever one of these windows says so. */
export type QuietHours = readonly QuietWindow[]

/** What is attached to an announcement; `none`: nothing. */
export type Attached = 'image' | 'video' | 'none'

export interface Channel {
  /** Unique within the city; stable: receipts and settings hang on it. */
  readonly name: string
  readonly platform: string
  /** As shown to citizens: `@BundesstadtBonn`; null: the platform's title. */
  readonly title: string | null
  /** The channel's public page. */
  readonly url: string | null
  readonly use: Use
  /** ISO date from which `use` holds, as reported. A day to come counts as `from`. */
  readonly since: string | null
  /** ISO dates: `use` holds from this day on, and up to and including that one (in-force.ts); null: from ever, for ever. */
  readonly from: string | null
  readonly until: string | null
  /** What it will be for from a day to come on; only where in-force.ts has looked at the day. */
  readonly ahead?: { readonly on: string; readonly use: Use }
  /** The city's own reason, one German sentence; shown in plans and on the newsroom page. */
  readonly because: string | null
  /** Only these kinds; null: all. */
  readonly kinds: readonly Kind[] | null
  /** Only these topics (warnings and all-clears pass in any case unless `kinds` leaves them out); null: all. */
  readonly topics: Choice | null
  /** Only for these areas; what names no area is for the whole city. Null: all (districts.ts says what a warning does). */
  readonly districts: Choice | null
  /** `hand`: a person publishes there; text and images are laid out, and the delivery waits for the address of the post. */
  readonly by: 'program' | 'hand'
  /** Which language variant goes here; null: the announcement's own. */
  readonly language: string | null
  /** Wording template by kind (`*` for the rest) with {title}, {text}, {link}, {kind}, {expires}, {city}; null: the platform's usual. */
  readonly template: Readonly<Partial<Record<Kind | '*', string>>> | null
  /** Wordings for some announcements alone; the first that fits goes before `template`. */
  readonly templates: readonly { readonly when: RuleCondition; readonly text: string }[]
  /** The channel that takes over when this one is suspended or has given up. */
  readonly fallback: string | null
  /** The channel's own, `none` at all, or the city's (null). */
  readonly quietHours: QuietHours | 'none' | null
  /** Minutes after which everyday announcements go out here; 0: at once. Warnings and corrections do not wait. */
  readonly delayMinutes: number
  /** Below the platform's own pace; null: the connector's. */
  readonly pace: { readonly actions: number; readonly perSeconds: number } | null
  /** So many everyday announcements a calendar day (Europe/Berlin), new ones alone; null: as many as there are. */
  readonly perDay: number | null
  /** For the connector; secrets still as references (`env:NAME`, `file:PATH`). Opaque here. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface RuleCondition {
  readonly kind: readonly Kind[] | null
  readonly topic: Choice | null
  readonly district: Choice | null
  /** At least this severe. */
  readonly severity: Severity | null
  readonly status: readonly Status[] | null
  readonly language: readonly string[] | null
  /** One of these is attached. */
  readonly media: readonly Attached[] | null
}

export interface Rule {
  readonly name: string
  readonly when: RuleCondition
  readonly channels: 'all' | readonly string[]
  /**
   * What must be awaited first. `approval-after-release`: the second pair of eyes also for what is exempt otherwise, the all-clear and the
   * correction of a warning; never without `approval`.
   */
  readonly hold: readonly ('approval' | 'approval-after-release' | 'quiet-hours')[]
  /** `tolerate`: rather twice than not at all. */
  readonly doubles: 'avoid' | 'tolerate'
}

export interface City {
  readonly key: string
  readonly city: string
  /** Amtlicher Regionalschlüssel, 12 digits. */
  readonly ars: string
  readonly website: string | null
  readonly colours: { readonly primary: string; readonly onPrimary: string }
  readonly quietHours: QuietHours | null
  /** From which severity on a warning goes to channels that are for emergencies only. */
  readonly emergency: Severity
  /** What announcements may be about: titles for people, by key. */
  readonly topics: Readonly<Record<string, string>>
  /** The areas that announcements may be for (parts of the city, municipalities of the county): titles for people, by key. */
  readonly districts: Readonly<Record<string, string>>
  readonly channels: readonly Channel[]
  /** Read from top to bottom; the first that fits decides for its channels. */
  readonly rules: readonly Rule[]
}
