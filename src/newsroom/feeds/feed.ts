// What the three feed formats have in common: a city's announcements as entries with identities that never change.
import { v5 } from 'uuid'
import { localTime } from '../../announcement/local-time.ts'
import type { PostImage } from '../../connector/connector.ts'
import { type Html, html } from '../../pages/html.ts'
import type { City } from '../../policy/policy.ts'
import type { NewsroomItem } from '../../store/newsroom.ts'
import { addressOf } from '../item-view.ts'
import { hostOf, paragraphs } from '../text.ts'
import { bodyOf, knownOf, plainTitle } from '../wording.ts'
import { kindWords, severityWords, statusWords } from '../words.ts'

export interface Feed {
  /** URN, the same for ever. */
  readonly id: string
  readonly city: string
  readonly title: string
  readonly description: string
  /** The page that the feed is of. */
  readonly page: string
  /** Where this feed itself stands. */
  readonly self: string
  /** ISO 8601: the last change of any entry. */
  readonly updated: string
  readonly entries: readonly Entry[]
}

export interface Entry {
  /** URN of the announcement's key: the same through corrections and retraction. */
  readonly id: string
  readonly url: string
  /** With what must be known before reading: `Zurückgezogen: …`, `ÜBUNG: …`, `Warnung: …`. */
  readonly title: string
  readonly html: Html
  readonly text: string
  readonly language: string
  readonly published: string
  /** ISO 8601: the last correction or the retraction; else as `published`. */
  readonly updated: string
  readonly tags: readonly string[]
  readonly images: readonly (PostImage & { readonly url: string })[]
  /** What can be fetched beside it: the film, or the images. */
  readonly files: readonly File[]
}

export interface File {
  readonly url: string
  readonly type: string
  /** Bytes. */
  readonly size: number
  readonly alt: string
}

export interface FeedContent {
  readonly city: City
  readonly items: readonly NewsroomItem[]
  readonly publicUrl: string
  /** `feed.rss`, `feed.atom`, `feed.json`. */
  readonly file: string
}

/** How many announcements a feed holds, newest first. */
export const feedLength = 50

export const feedOf = ({ city, items, publicUrl, file }: FeedContent): Feed => {
  const entries = items.map((item) => entryOf(item, city, publicUrl))
  return {
    id: `urn:uuid:${v5(city.key, namespace)}`,
    city: city.city,
    title: `${city.city}: Social Media Newsroom`,
    description: `Warnungen, Mitteilungen und Termine: ${city.city}`,
    page: `${publicUrl}/${city.key}`,
    self: `${publicUrl}/${city.key}/${file}`,
    updated:
      entries
        .map((entry) => entry.updated)
        .sort()
        .at(-1) ?? unborn,
    entries,
  }
}

/** Random, and fixed for ever: the ids of all feeds hang on it. */
const namespace = '5f1d4c1e-7a37-4c8e-9d0b-3a4f6e2b9c71'

/** The age of a feed that never had an entry. */
const unborn = '1970-01-01T00:00:00.000Z'

const entryOf = (item: NewsroomItem, city: City, publicUrl: string): Entry => {
  const { post } = item
  const { text, link } = bodyOf(post)
  const notes = notesOf(item)
  const images = post.images.map((image) => ({ ...image, url: `${publicUrl}/media/${image.id}` }))
  const film = post.video && { ...post.video, url: `${publicUrl}/media/${post.video.id}` }
  return {
    id: `urn:uuid:${item.key}`,
    url: publicUrl + addressOf(item),
    title: titleOf(item),
    html: html`${notes.map((note) => html`<p><strong>${note}</strong></p>`)}${paragraphs(text, knownOf(post, city))}${
      link && html`<p><a href="${link}">Mehr dazu auf ${hostOf(link)}</a></p>`
    }${images.map((image) => html`<p><img src="${image.url}" alt="${image.alt}" width="${image.width}" height="${image.height}"></p>`)}${film && html`<p><a href="${film.url}">Video</a>: ${film.alt}</p>`}`,
    text: [...notes, text, link].filter((part) => part).join('\n\n'),
    language: post.language,
    published: item.publishedAt,
    updated: item.retractedAt ?? item.updatedAt ?? item.publishedAt,
    tags: [kindWords[post.kind], post.severity && severityWords[post.severity], statusWords[post.status]].filter((tag) => tag !== null),
    images,
    files: film ? [film] : images,
  }
}

const titleOf = ({ post, retractedAt }: NewsroomItem): string =>
  [
    retractedAt !== null && 'Zurückgezogen: ',
    statusWords[post.status] !== null && `${statusWords[post.status]}: `,
    (post.kind === 'warning' || post.kind === 'all-clear') &&
      !plainTitle(post).startsWith(kindWords[post.kind]) &&
      `${kindWords[post.kind]}: `,
    plainTitle(post),
  ]
    .filter((part) => part !== false)
    .join('')

const notesOf = ({ post, retractedAt, updatedAt }: NewsroomItem): string[] =>
  [
    statusWords[post.status] !== null && `${statusWords[post.status]}: Keine echte Gefahr, bitte nichts unternehmen.`,
    retractedAt !== null && `Zurückgezogen am ${localTime(retractedAt)}`,
    updatedAt !== null && `Korrigiert am ${localTime(updatedAt)}`,
    post.severity !== null && post.kind === 'warning' && severityWords[post.severity],
    post.expires !== null && `Gültig bis ${localTime(post.expires)}`,
  ].filter((note) => note !== false)
