// The record of a Bluesky post, app.bsky.feed.post: what the Lexicon allows, and what the ledger keeps of it.
// https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json
import type { Card, Content, LedgerImage, Mark } from '../ledger.ts'
import { type BlobRef, image, integer, list, object, text, union, wrong } from './lexicon.ts'

export const postCollection = 'app.bsky.feed.post'

export interface PostRecord {
  readonly text: string
  readonly createdAt: string
  readonly langs?: readonly string[]
  readonly facets?: readonly Facet[]
  readonly reply?: { readonly root: Ref; readonly parent: Ref }
  readonly embed?: { readonly $type: string; readonly images?: readonly EmbeddedImage[]; readonly external?: External }
}

interface Ref {
  readonly uri: string
  readonly cid: string
}

interface Facet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number }
  readonly features: readonly { readonly $type: string; readonly uri?: string; readonly did?: string; readonly tag?: string }[]
}

interface EmbeddedImage {
  readonly alt: string
  readonly image: BlobRef
}

interface External {
  readonly uri: string
  readonly title: string
  readonly description: string
  readonly thumb?: BlobRef
}

const facet = object({
  index: object({ byteStart: integer(0), byteEnd: integer(0) }),
  features: list(
    union({
      'app.bsky.richtext.facet#mention': object({ did: text({ format: 'DID' }) }),
      'app.bsky.richtext.facet#link': object({ uri: text({ format: 'uri' }) }),
      'app.bsky.richtext.facet#tag': object({ tag: text({ maxBytes: 640, maxGraphemes: 64 }) }),
    }),
  ),
})

const strongRef = object({ uri: text({ format: 'at-uri' }), cid: text({ format: 'CID string' }) })

const notPlayed = (value: unknown, path: string): void => {
  throw wrong(`${(value as { $type: string }).$type} is not played in the lab`, path)
}

const embed = union({
  'app.bsky.embed.images': object({
    images: list(object({ image: image(2_000_000), alt: text() }, { aspectRatio: object({ width: integer(1), height: integer(1) }) }), 4),
  }),
  'app.bsky.embed.external': object({
    external: object(
      { uri: text({ format: 'uri' }), title: text(), description: text() },
      { thumb: image(1_000_000), associatedRefs: list(strongRef) },
    ),
  }),
  'app.bsky.embed.record': object({ record: strongRef }),
  'app.bsky.embed.recordWithMedia': notPlayed,
  'app.bsky.embed.gallery': notPlayed,
  'app.bsky.embed.video': notPlayed,
})

const lexicon = object(
  { text: text({ maxBytes: 3000, maxGraphemes: 300 }), createdAt: text({ format: 'datetime' }) },
  {
    facets: list(facet),
    reply: object({ root: strongRef, parent: strongRef }),
    embed,
    langs: list(text({ format: 'language' }), 3),
    labels: union({}),
    tags: list(text({ maxBytes: 640, maxGraphemes: 64 }), 8),
  },
)

/** Checks a record against the Lexicon; beyond it, that every facet lies within the text (apps drop others). Throws InvalidValue. */
export const checkPost = (record: unknown): PostRecord => {
  lexicon(record, '$.record')
  const post = record as PostRecord
  const bytes = Buffer.from(post.text)
  for (const [at, { index }] of (post.facets ?? []).entries()) {
    const outside = index.byteEnd > bytes.length || index.byteStart >= index.byteEnd
    if (outside || splits(bytes, index.byteStart) || splits(bytes, index.byteEnd))
      throw wrong(
        `Facet ${index.byteStart}-${index.byteEnd} does not lie on characters of the text (${bytes.length} bytes)`,
        `$.record.facets[${at}].index`,
      )
  }
  return post
}

/** True inside a character: the byte there continues one. */
const splits = (bytes: Buffer, at: number): boolean => at < bytes.length && (bytes[at]! & 0xc0) === 0x80

/** What is known of an uploaded blob. */
export type Stored = Omit<LedgerImage, 'alt'>

/** The post as the ledger keeps it. */
export const contentOf = (post: PostRecord, stored: (cid: string) => Stored): Content => {
  const marks = (post.facets ?? []).flatMap((one) => markOf(post.text, one))
  const external = post.embed?.external
  const images = (post.embed?.images ?? []).map(({ alt, image }) => ({ alt, ...stored(image.ref.$link) }))
  const link = external?.uri ?? firstLink(post) ?? null
  return { text: post.text, language: post.langs?.[0] ?? null, link, images, marks, ...(external && { card: cardOf(external, stored) }) }
}

const firstLink = (post: PostRecord): string | undefined =>
  post.facets?.flatMap(({ features }) => features.flatMap(({ uri }) => uri ?? []))[0]

const cardOf = ({ uri, title, description, thumb }: External, stored: (cid: string) => Stored): Card => ({
  uri,
  title,
  description,
  thumb: thumb ? stored(thumb.ref.$link).sha256 : null,
})

const markOf = (text: string, { index, features }: Facet): Mark[] => {
  const bytes = Buffer.from(text)
  const from = bytes.subarray(0, index.byteStart).toString().length
  const to = bytes.subarray(0, index.byteEnd).toString().length
  const [feature] = features
  if (feature?.uri) return [{ from, to, href: feature.uri }]
  if (feature?.tag) return [{ from, to, href: `https://bsky.app/hashtag/${encodeURIComponent(feature.tag)}` }]
  return feature?.did ? [{ from, to, href: `https://bsky.app/profile/${feature.did}` }] : []
}
