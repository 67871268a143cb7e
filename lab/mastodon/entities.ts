// Mastodon's objects as its API gives them: Account, Status, MediaAttachment, Instance, complete as in the official description.
// https://docs.joinmastodon.org/entities/
import { createHash } from 'node:crypto'
import type { LedgerImage, Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import type { MastodonSettings } from './limits.ts'
import { markdownOf } from './markdown.ts'
import { contentOf, hashtagsOf } from './text.ts'

export interface Account {
  readonly id: string
  readonly name: string
  /** Always the same for an account. */
  readonly followers: number
  /** What stands there, oldest first. */
  statuses: Status[]
}

export interface Media {
  readonly id: string
  readonly accountId: string
  readonly image: Omit<LedgerImage, 'alt'>
  readonly width: number
  readonly height: number
  description: string | null
  /** Milliseconds since 1970: until then it is being processed. */
  readonly readyAt: number
  /** The status that carries it. */
  statusId: string | null
}

export type Visibility = 'public' | 'unlisted' | 'private' | 'direct'

export interface Status {
  readonly id: string
  readonly account: Account
  readonly page: Page
  readonly answered: Status | null
  readonly visibility: Visibility
  sensitive: boolean
  media: readonly Media[]
  /** The direct answers that stand there; absent: none. */
  replies?: Status[]
}

/** An account as it is for its name, in every run of the lab. */
export const newAccount = (name: string): Account => {
  const hash = createHash('sha256').update(name).digest()
  return { id: String(100_000 + hash.readUInt32BE()), name, followers: hash.readUInt32LE() % 20_000, statuses: [] }
}

const accountsSince = '2024-01-01T00:00:00.000Z'

export const accountJson = (account: Account, { url }: Parts) => {
  const home = `${url()}/mastodon`
  const picture = `${url()}/avatar/mastodon/${encodeURIComponent(account.name)}.svg`
  return {
    id: account.id,
    username: account.name,
    acct: account.name,
    display_name: account.name,
    locked: false,
    bot: false,
    discoverable: true,
    indexable: true,
    group: false,
    created_at: accountsSince,
    note: '<p>Ein Konto der Probebühne.</p>',
    url: `${home}/@${account.name}`,
    uri: `${home}/users/${account.name}`,
    avatar: picture,
    avatar_static: picture,
    header: picture,
    header_static: picture,
    followers_count: account.followers,
    following_count: 0,
    statuses_count: account.statuses.length,
    last_status_at: account.statuses.at(-1)?.page.revisions[0]?.at.slice(0, 10) ?? null,
    hide_collections: false,
    noindex: false,
    emojis: [],
    roles: [],
    fields: [],
  }
}

export const credentialJson = (account: Account, parts: Parts) => ({
  ...accountJson(account, parts),
  source: {
    privacy: 'public',
    sensitive: false,
    language: 'de',
    note: 'Ein Konto der Probebühne.',
    fields: [],
    follow_requests_count: 0,
    indexable: true,
  },
  role: { id: '-99', name: '', permissions: '65536', color: '', highlighted: false },
})

export const mediaJson = (media: Media, { url }: Parts, ready: boolean) => {
  const address = `${url()}/media/${media.image.sha256}`
  const original = { width: media.width, height: media.height, size: `${media.width}x${media.height}`, aspect: media.width / media.height }
  return {
    id: media.id,
    type: 'image',
    url: ready ? address : null,
    preview_url: address,
    remote_url: null,
    preview_remote_url: null,
    text_url: null,
    meta: { original, small: original },
    description: media.description,
    blurhash: 'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
  }
}

const tagsJson = (text: string, home: string) =>
  hashtagsOf(text).map((tag) => ({ name: tag.toLowerCase(), url: `${home}/tags/${encodeURIComponent(tag.toLowerCase())}` }))

const shownOf = (text: string, { url, mood }: Parts): string =>
  (mood().text.startsWith('markdown') ? markdownOf : contentOf)(text, `${url()}/mastodon`)

export const statusJson = (status: Status, parts: Parts) => {
  const { page, answered } = status
  const newest = page.revisions.at(-1)!
  const home = `${parts.url()}/mastodon`
  return {
    id: status.id,
    created_at: page.revisions[0]!.at,
    in_reply_to_id: answered?.id ?? null,
    in_reply_to_account_id: answered?.account.id ?? null,
    sensitive: status.sensitive,
    spoiler_text: newest.notice ?? '',
    visibility: status.visibility,
    language: newest.language,
    uri: `${home}/users/${status.account.name}/statuses/${status.id}`,
    url: page.birth.url,
    replies_count: status.replies?.length ?? 0,
    reblogs_count: 0,
    favourites_count: 0,
    quotes_count: 0,
    edited_at: page.revisions.length > 1 ? newest.at : null,
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
    pinned: false,
    content: shownOf(newest.text, parts),
    filtered: [],
    reblog: null,
    quote: null,
    application: { name: 'Rundruf', website: null },
    account: accountJson(status.account, parts),
    media_attachments: status.media.map((media) => mediaJson(media, parts, true)),
    mentions: [],
    tags: tagsJson(newest.text, home),
    emojis: [],
    card: null,
    poll: null,
  }
}

/** Every version, oldest first: `GET /api/v1/statuses/:id/history`. */
export const historyJson = (status: Status, parts: Parts) =>
  status.page.revisions.map((revision) => ({
    content: shownOf(revision.text, parts),
    spoiler_text: revision.notice ?? '',
    sensitive: status.sensitive,
    created_at: revision.at,
    account: accountJson(status.account, parts),
    poll: null,
    media_attachments: status.media.map((media) => mediaJson(media, parts, true)),
    emojis: [],
  }))

/** Image types that Mastodon takes, from the documentation's `supported_mime_types`. */
export const imageTypes: readonly string[] = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/heic',
  'image/heif',
  'image/webp',
  'image/avif',
]

export const instanceJson = (settings: MastodonSettings, { url }: Parts) => ({
  domain: new URL(url()).host,
  title: 'Probebühne (Mastodon)',
  version: '4.5.0',
  source_url: 'https://github.com/mastodon/mastodon',
  description: 'Eine Nachbildung zum Üben: Nichts verlässt diese Maschine.',
  usage: { users: { active_month: 0 } },
  thumbnail: { url: `${url()}/avatar/mastodon/probe.svg` },
  icon: [],
  languages: ['de'],
  configuration: {
    urls: { streaming: `ws${url().slice(4)}/mastodon`, status: null, about: null, privacy_policy: null, terms_of_service: null },
    vapid: { public_key: '' },
    accounts: { max_featured_tags: 10, max_pinned_statuses: 5 },
    statuses: {
      max_characters: settings.maxCharacters,
      max_media_attachments: settings.maxMediaAttachments,
      characters_reserved_per_url: settings.charactersReservedPerUrl,
    },
    media_attachments: {
      description_limit: settings.descriptionLimit,
      image_matrix_limit: settings.imageMatrixLimit,
      image_size_limit: settings.imageSizeLimit,
      supported_mime_types: imageTypes,
      video_frame_rate_limit: 120,
      video_matrix_limit: 8_294_400,
      video_size_limit: 103_809_024,
    },
    polls: { max_options: 4, max_characters_per_option: 50, min_expiration: 300, max_expiration: 2_629_746 },
    translation: { enabled: false },
    limited_federation: false,
  },
  registrations: { enabled: false, approval_required: false, reason_required: false, message: null, min_age: null, url: null },
  api_versions: { mastodon: 7 },
  contact: { email: 'probe@localhost.example', account: null },
  rules: [],
})
