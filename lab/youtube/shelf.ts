// Everything that stands on this YouTube, and the parts that its desks share.
import type { Content, LedgerVideo, Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { openIds } from './accounts.ts'
import { noVideo } from './answers.ts'
import type { YoutubeSettings } from './limits.ts'

export interface Track {
  readonly id: string
  readonly language: string
  readonly name: string
  sha256: string
}

export interface Video {
  readonly id: string
  readonly account: string
  readonly page: Page
  readonly film: Omit<LedgerVideo, 'captions'>
  readonly privacy: string
  /** Milliseconds since 1970. */
  readonly publishedAt: number
  readonly readyAt: number
  /** Why the film cannot be shown; null: it can. */
  readonly failure: string | null
  snippet: Snippet
  tracks: Track[]
  comments: Comment[]
}

export interface Snippet {
  readonly title: string
  readonly description: string
  readonly categoryId: string
  readonly tags?: readonly string[]
  readonly defaultLanguage?: string
  readonly defaultAudioLanguage?: string
}

export interface Comment {
  readonly id: string
  readonly account: string
  readonly page: Page
  /** The comment that it answers; null: the video. */
  readonly parent: string | null
  readonly publishedAt: number
  text: string
}

export interface Shelf extends Parts {
  readonly settings: YoutubeSettings
  readonly videos: Map<string, Video>
  nextId(length: number): string
}

export const openShelf = (parts: Parts, settings: YoutubeSettings): Shelf => ({
  ...parts,
  settings,
  videos: new Map(),
  nextId: openIds(parts.now),
})

export const iso = ({ now }: Parts): string => new Date(now()).toISOString()

/** Throws YouTube's 404. */
export const found = ({ videos }: Shelf, id: string | null | undefined): Video => {
  const video = videos.get(id ?? '')
  if (!video) throw noVideo()
  return video
}

/** What the ledger says of a video. */
export const contentOf = ({ snippet, film, tracks }: Pick<Video, 'snippet' | 'film' | 'tracks'>): Content => ({
  text: snippet.description,
  title: snippet.title,
  language: snippet.defaultLanguage ?? null,
  link: /https?:\/\/\S+/.exec(snippet.description)?.[0] ?? null,
  images: [],
  video: { ...film, captions: tracks.map(({ language, sha256 }) => ({ language, sha256 })) },
})
