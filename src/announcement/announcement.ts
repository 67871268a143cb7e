// What the city says. Written once; knows nothing of platforms.

export const kinds = ['warning', 'all-clear', 'notice', 'event'] as const
export const severities = ['Extreme', 'Severe', 'Moderate', 'Minor'] as const
export const urgencies = ['Immediate', 'Expected', 'Future', 'Past'] as const
export const certainties = ['Observed', 'Likely', 'Possible', 'Unlikely'] as const
export const statuses = ['Actual', 'Exercise', 'Test'] as const

export type Kind = (typeof kinds)[number]
/** CAP 1.2 severity, most severe first. */
export type Severity = (typeof severities)[number]
type Urgency = (typeof urgencies)[number]
type Certainty = (typeof certainties)[number]
/** CAP 1.2 status: only `Actual` is meant for the public. */
export type Status = (typeof statuses)[number]

/** A file that was brought before; its bytes live in the store under `id`. */
export interface MediaFile {
  /** SHA-256 of the bytes, hex. */
  readonly id: string
  /** Media type, read from the bytes. */
  readonly type: string
  /** Bytes. */
  readonly size: number
}

export interface Image extends MediaFile {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** The image shows one colour alone on a white page, such as white letters on nothing. Absent: it shows something. */
  readonly singleColour?: true
}

export interface Video extends Image {
  /** Length, with fractions. */
  readonly seconds: number
  /** As ffprobe calls it: `h264`, `hevc`. */
  readonly codec: string
  /** As ffprobe calls it: `aac`; null: a silent film. */
  readonly audioCodec: string | null
}

/** Subtitles of a video: WebVTT. */
interface Captions extends MediaFile {
  /** BCP 47. */
  readonly language: string
}

export interface ImageMedium extends Image {
  /** Alternative text; empty exactly where the image is decorative. */
  readonly alt: string
  /** The image only decorates (EN 301 549, 11.8.2): whoever does not see it misses nothing. Absent: it says something. */
  readonly decorative?: true
}

export interface VideoMedium extends Video {
  /** What is to be seen, in words; never empty. */
  readonly alt: string
  readonly captions: readonly Captions[]
}

export type Medium = ImageMedium | VideoMedium

export const isVideo = <File extends MediaFile>(file: File): file is Extract<File, { readonly seconds: number }> => 'seconds' in file

interface Wording {
  readonly title: string
  readonly text: string
}

/** A parsed, normalised announcement (NFC text, UTC times). Made by `parseAnnouncement` alone. */
export interface Announcement {
  /** Key of the city. */
  readonly city: string
  readonly kind: Kind
  readonly title: string
  readonly text: string
  readonly link: string | null
  /** Keys of topics of the city; empty: without a topic. */
  readonly topics: readonly string[]
  /** The first of `topics`, for programs that know of one alone; null: none. Nothing here decides by it. */
  readonly topic: string | null
  /** Keys of areas of the city (CAP: area) for which it is meant; empty: the whole city. */
  readonly districts: readonly string[]
  readonly severity: Severity | null
  readonly urgency: Urgency | null
  readonly certainty: Certainty | null
  readonly status: Status
  /** BCP 47 language of `title` and `text`; `de` unless said otherwise. */
  readonly language: string
  /** The same in other languages, by BCP 47 tag. */
  readonly variants: Readonly<Record<string, Wording>>
  /** A channel's own text, by channel name: replaces title and text there. */
  readonly channelTexts: Readonly<Record<string, string>>
  readonly media: readonly Medium[]
  /** ISO 8601 UTC: nothing is sent after it. */
  readonly expires: string | null
  /** ISO 8601 UTC: nothing is sent before it. */
  readonly publishAt: string | null
  /** The announcement that this one follows (an all-clear its warning): it is answered there where the platform can. */
  readonly references: string | null
}

/** True when `severity` is at least as severe as `least`. No severity is never severe enough. */
export const atLeast = (severity: Severity | null, least: Severity): boolean =>
  severity !== null && severities.indexOf(severity) <= severities.indexOf(least)

/** Warnings and their all-clears travel on the urgent way; everything else on the routine one. */
export type Urgent = 'urgent' | 'routine'
export const wayOf = (announcement: Pick<Announcement, 'kind'>): Urgent =>
  announcement.kind === 'warning' || announcement.kind === 'all-clear' ? 'urgent' : 'routine'
