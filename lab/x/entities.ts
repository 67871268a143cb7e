// X's objects as its API gives them: User, Post, upload. https://docs.x.com/x-api/fundamentals/data-dictionary
import { createHash } from 'node:crypto'
import type { LedgerImage, LedgerVideo, Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { shownText } from './text.ts'

export interface Account {
  readonly id: string
  readonly name: string
  /** Always the same for an account. */
  readonly followers: number
  /** What stands there, oldest first. */
  posts: Post[]
}

export interface Post {
  readonly id: string
  readonly account: Account
  readonly page: Page
  readonly answered: Post | null
  /** Keys of the images or the video. */
  readonly mediaKeys: readonly string[]
  replies: number
}

export type Attached = { readonly images: readonly LedgerImage[] } | { readonly images: readonly []; readonly video: LedgerVideo }

/** An account as it is for its name, in every run of the lab. */
export const newAccount = (name: string): Account => {
  const hash = createHash('sha256').update(`x/${name}`).digest()
  return { id: String(1_000_000_000 + hash.readUInt32BE()), name, followers: hash.readUInt32LE() % 20_000, posts: [] }
}

export const homeOf = ({ name }: Account, { url }: Parts): string => `${url()}/x/${encodeURIComponent(name)}`

/** Only what `user.fields` names comes beside id, name and username. */
export const userJson = (account: Account, parts: Parts, fields: ReadonlySet<string>) => {
  const { name, followers, posts } = account
  const all = {
    created_at: '2024-01-01T00:00:00.000Z',
    description: 'Ein Konto der Probebühne.',
    profile_image_url: `${parts.url()}/avatar/x/${encodeURIComponent(name)}.svg`,
    protected: false,
    public_metrics: {
      followers_count: followers,
      following_count: 0,
      post_count: posts.length,
      listed_count: 0,
      like_count: 0,
      media_count: posts.filter(({ mediaKeys }) => mediaKeys.length > 0).length,
    },
    verified: false,
  }
  return { id: account.id, name, username: name, ...picked(all, fields) }
}

/** Only what `post.fields` names comes beside id, text and the history of edits. */
export const postJson = (post: Post, fields: ReadonlySet<string>) => {
  const { id, account, page, answered, mediaKeys } = post
  const [key] = mediaKeys
  const { text, urls } = shownText(
    id,
    page.revisions.at(-1)!.text,
    key ? { address: `https://x.com/${account.name}/status/${id}/photo/1`, key } : null,
  )
  const all = {
    author_id: account.id,
    created_at: page.revisions[0]!.at,
    conversation_id: topOf(post).id,
    ...(urls.length > 0 && { entities: { urls } }),
    ...(key && { attachments: { media_keys: mediaKeys } }),
    ...(answered && { in_reply_to_user_id: answered.account.id, referenced_posts: [{ type: 'replied_to', id: answered.id }] }),
    lang: 'de',
    public_metrics: { repost_count: 0, reply_count: post.replies, like_count: 0, quote_count: 0, bookmark_count: 0, impression_count: 0 },
    reply_settings: 'everyone',
  }
  return { id, text, edit_history_post_ids: [id], ...picked(all, fields) }
}

const topOf = (post: Post): Post => (post.answered ? topOf(post.answered) : post)

const picked = (all: object, fields: ReadonlySet<string>) => Object.fromEntries(Object.entries(all).filter(([name]) => fields.has(name)))
