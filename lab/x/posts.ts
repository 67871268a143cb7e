// Posts on X: new ones and replies, no words twice, reading back, deleting. https://docs.x.com/x-api/posts
import type { Answer, Ask, Parts } from '../room.ts'
import { forbidden, invalid, missing, notFound } from './answers.ts'
import { type Account, homeOf, type Post, postJson } from './entities.ts'
import { fieldsIn, jsonOf, only } from './fields.ts'
import type { XSettings } from './limits.ts'
import type { MediaDesk } from './media.ts'
import { linksOf, weightOf } from './text.ts'

export interface PostDesk {
  create(account: Account, ask: Ask): Answer
  remove(account: Account, id: string): Answer
  show(id: string, query: URLSearchParams): Answer
  list(account: Account, query: URLSearchParams): Answer
  /** Where a post is to be seen; whatever name its address has. */
  addressOf(id: string): string | undefined
  clear(): void
}

export interface PostParts extends Parts {
  readonly settings: XSettings
  readonly media: MediaDesk
  nextId(): string
}

export const openPosts = (parts: PostParts): PostDesk => {
  const all = new Map<string, Post>()
  return {
    create(account, ask) {
      const wish = wishIn(ask)
      const answered = answeredPost(parts.settings, all, wish.reply)
      const { keys, attached } = parts.media.attach(account, wish.mediaIds)
      checkText(parts.settings, wish.text, keys.length > 0)
      if (isTwice(account, { text: wish.text, keys, answered }))
        throw forbidden('You are not allowed to create a Tweet with duplicate content.')
      const id = parts.nextId()
      const birth = {
        platform: 'x',
        account: account.name,
        id,
        url: `${homeOf(account, parts)}/status/${id}`,
        replyTo: answered?.id ?? null,
      }
      const content = { text: wish.text, language: null, link: linksOf(wish.text)[0]?.href ?? null, marks: linksOf(wish.text), ...attached }
      const post: Post = { id, account, page: parts.ledger.add(birth, content, iso(parts)), answered, mediaKeys: keys, replies: 0 }
      all.set(id, post)
      account.posts.push(post)
      if (answered) answered.replies += 1
      return { status: 201, body: { data: postJson(post, new Set()) } }
    },
    remove(account, id) {
      const post = all.get(id)
      if (!post) throw notFound(`Could not find tweet with id: [${id}].`)
      if (post.account !== account) throw forbidden('You are not authorized to delete this Tweet.')
      all.delete(id)
      account.posts = account.posts.filter((other) => other !== post)
      if (post.answered) post.answered.replies -= 1
      parts.ledger.remove(post.page, iso(parts))
      return { status: 200, body: { data: { deleted: true } } }
    },
    show(id, query) {
      const post = all.get(id)
      return post ? { status: 200, body: { data: postJson(post, postFields(query)) } } : missing(id)
    },
    list: (account, query) => pageOf(account, query),
    addressOf: (id) => all.get(id)?.page.birth.url,
    clear: () => all.clear(),
  }
}

const iso = ({ now }: Parts): string => new Date(now()).toISOString()

const postFields = (query: URLSearchParams): ReadonlySet<string> => fieldsIn(query, 'post.fields', 'tweet.fields')

interface Wish {
  readonly text: string
  readonly mediaIds: readonly string[]
  readonly reply: string | undefined
}

const wishIn = (ask: Ask): Wish => {
  const given = jsonOf(ask) as { text?: unknown; media?: { media_ids?: unknown }; reply?: { in_reply_to_tweet_id?: unknown } }
  only(given, ['text', 'media', 'reply', 'reply_settings', 'made_with_ai'])
  only(given.media ?? {}, ['media_ids'])
  only(given.reply ?? {}, ['in_reply_to_tweet_id', 'exclude_reply_user_ids'])
  const { text = '', media, reply } = given
  const ids = media?.media_ids ?? []
  const isId = (id: unknown): id is string => typeof id === 'string' && /^\d{1,19}$/.test(id)
  if (typeof text !== 'string') throw invalid('text', 'text must be a string.')
  if (!Array.isArray(ids) || !ids.every(isId) || (media && ids.length === 0))
    throw invalid('media.media_ids', 'Your media IDs are invalid.')
  const answered = reply?.in_reply_to_tweet_id
  if (reply && !isId(answered)) throw invalid('reply.in_reply_to_tweet_id', 'in_reply_to_tweet_id must be the id of a post.')
  return { text, mediaIds: ids, reply: answered as string | undefined }
}

const answeredPost = ({ replies }: XSettings, all: ReadonlyMap<string, Post>, id: string | undefined): Post | null => {
  if (id === undefined) return null
  const post = all.get(id)
  if (!post) throw forbidden('You attempted to reply to a Tweet that is deleted or not visible to you.')
  if (replies) return post
  throw forbidden(
    'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.',
  )
}

const checkText = ({ maxWeight, linkWeight }: XSettings, text: string, media: boolean): void => {
  if (text.trim() === '' && !media) throw invalid('text', 'text is required without media.')
  if (weightOf(text, linkWeight) > maxWeight)
    throw forbidden(
      'Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text.',
    )
}

/** The same words at the same place; every upload gets a link of its own, so that no post with one is the same as another. */
const isTwice = (account: Account, { text, keys, answered }: { text: string; keys: readonly string[]; answered: Post | null }): boolean => {
  const words = text.normalize('NFC').trim()
  return (
    keys.length === 0 &&
    account.posts.some(
      (post) => post.mediaKeys.length === 0 && post.answered === answered && post.page.revisions[0]!.text.normalize('NFC').trim() === words,
    )
  )
}

/** Newest first; the token of the next page names the last post of this one. */
const pageOf = (account: Account, query: URLSearchParams): Answer => {
  const size = Number(query.get('max_results') ?? 10)
  if (!(size >= 5 && size <= 100)) throw invalid('max_results', `The max_results [${size}] is not between 5 and 100`)
  const since = Date.parse(query.get('start_time') ?? '1970-01-01T00:00:00Z')
  if (Number.isNaN(since)) throw invalid('start_time', 'start_time must be a date and time.')
  const before = query.get('pagination_token')
  const exclude = query.get('exclude')?.split(',') ?? []
  const fits = ({ id, page, answered }: Post): boolean =>
    (before === null || BigInt(id) < BigInt(`0x${before}`)) &&
    Date.parse(page.revisions[0]!.at) >= since &&
    !(exclude.includes('replies') && answered !== null)
  const fitting = account.posts.filter(fits).reverse()
  const posts = fitting.slice(0, size)
  const last = posts.at(-1)
  const next = last && fitting.length > size ? { next_token: BigInt(last.id).toString(16) } : {}
  const ends = last ? { newest_id: posts[0]!.id, oldest_id: last.id } : {}
  const data = posts.map((post) => postJson(post, postFields(query)))
  return { status: 200, body: { ...(last && { data }), meta: { result_count: posts.length, ...ends, ...next } } }
}
