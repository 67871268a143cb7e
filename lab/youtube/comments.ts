// Comments below videos, and answers to them, one level deep. https://developers.google.com/youtube/v3/docs/commentThreads
import type { Answer, Ask } from '../room.ts'
import { channelId } from './accounts.ts'
import { refuse } from './answers.ts'
import { type Comment, found, iso, type Shelf, type Video } from './shelf.ts'

/** Characters of a comment. */
const textMax = 10_000

const checkedText = (text: unknown): string => {
  if (typeof text !== 'string' || text.trim() === '') throw refuse(400, 'commentTextRequired', 'The comment text is empty.')
  if (text.length > textMax) throw refuse(400, 'commentTextTooLong', 'The comment text is too long.')
  return text
}

interface Said {
  readonly id?: string
  readonly snippet?: {
    readonly videoId?: string
    readonly parentId?: string
    readonly textOriginal?: string
    readonly topLevelComment?: { readonly snippet?: { readonly textOriginal?: string } }
  }
}

const said = ({ body }: Ask): Said => JSON.parse(body.toString() || '{}')

const commentJson = ({ id, text, account, parent, publishedAt }: Comment, { id: videoId }: Video): object => ({
  kind: 'youtube#comment',
  id,
  snippet: {
    videoId,
    textDisplay: text,
    textOriginal: text,
    authorDisplayName: `@${account}`,
    authorChannelId: { value: channelId(account) },
    publishedAt: new Date(publishedAt).toISOString(),
    updatedAt: new Date(publishedAt).toISOString(),
    likeCount: 0,
    ...(parent !== null && { parentId: parent }),
  },
})

const threadJson = (comment: Comment, video: Video): object => ({
  kind: 'youtube#commentThread',
  id: comment.id,
  snippet: {
    videoId: video.id,
    topLevelComment: commentJson(comment, video),
    canReply: true,
    totalReplyCount: video.comments.filter(({ parent }) => parent === comment.id).length,
    isPublic: true,
  },
})

const add = (shelf: Shelf, video: Video, { account, text, parent }: Pick<Comment, 'account' | 'text' | 'parent'>): Comment => {
  const own = shelf.nextId(22)
  const id = parent === null ? `Ug${own}` : `${parent}.${own}`
  const birth = { platform: 'youtube', account, id, url: `${shelf.url()}/youtube/${video.id}?lc=${id}`, replyTo: parent ?? video.id }
  const page = shelf.ledger.add(birth, { text, language: null, link: null, images: [] }, iso(shelf))
  const comment = { id, account, page, parent, publishedAt: shelf.now(), text }
  video.comments.push(comment)
  return comment
}

export const insertThread = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { snippet } = said(ask)
  const text = checkedText(snippet?.topLevelComment?.snippet?.textOriginal)
  const video = found(shelf, snippet?.videoId)
  return { status: 200, body: threadJson(add(shelf, video, { account, text, parent: null }), video) }
}

/** A page of them; the token of the next one says how many came before it. https://developers.google.com/youtube/v3/docs/commentThreads/list */
const pageOf = (kind: string, all: readonly object[], { query }: Ask): Answer => {
  const size = Number(query.get('maxResults') ?? 20)
  if (!(size >= 1 && size <= 100))
    throw refuse(400, 'invalidParameter', `Invalid value '${size}'. Values must be within the range: [1, 100]`)
  const from = Number(query.get('pageToken')?.replace(/^after-/, '') ?? 0)
  if (!Number.isInteger(from)) throw refuse(400, 'invalidPageToken', 'The request specifies an invalid page token.')
  const items = all.slice(from, from + size)
  const next = from + size < all.length ? { nextPageToken: `after-${from + size}` } : {}
  return { status: 200, body: { kind, ...next, pageInfo: { totalResults: items.length, resultsPerPage: size }, items } }
}

/** Newest first. */
export const listThreads = (shelf: Shelf, ask: Ask): Answer => {
  const video = found(shelf, ask.query.get('videoId'))
  const top = video.comments.filter(({ parent }) => parent === null).reverse()
  return pageOf(
    'youtube#commentThreadListResponse',
    top.map((comment) => threadJson(comment, video)),
    ask,
  )
}

/** The comment with this id and its video. */
const comment = (shelf: Shelf, id: string | null | undefined): { readonly own: Comment; readonly video: Video } => {
  for (const video of shelf.videos.values()) {
    const own = video.comments.find((one) => one.id === id)
    if (own) return { own, video }
  }
  throw refuse(404, 'commentNotFound', 'The specified comment could not be found.')
}

export const insertComment = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { snippet } = said(ask)
  const text = checkedText(snippet?.textOriginal)
  const { own, video } = comment(shelf, snippet?.parentId)
  if (own.parent !== null) throw refuse(400, 'invalidParentCommentId', 'The specified parent comment ID is invalid.')
  return { status: 200, body: commentJson(add(shelf, video, { account, text, parent: own.id }), video) }
}

export const listComments = (shelf: Shelf, ask: Ask): Answer => {
  const id = ask.query.get('id')
  if (id !== null) {
    const { own, video } = comment(shelf, id)
    return { status: 200, body: { kind: 'youtube#commentListResponse', items: [commentJson(own, video)] } }
  }
  const { own, video } = comment(shelf, ask.query.get('parentId'))
  const answers = video.comments.filter(({ parent }) => parent === own.id)
  return pageOf(
    'youtube#commentListResponse',
    answers.map((one) => commentJson(one, video)),
    ask,
  )
}

export const updateComment = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { id, snippet } = said(ask)
  const { own, video } = mine(shelf, account, id)
  own.text = checkedText(snippet?.textOriginal)
  shelf.ledger.revise(own.page, { text: own.text, language: null, link: null, images: [] }, iso(shelf))
  return { status: 200, body: commentJson(own, video) }
}

export const deleteComment = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { own, video } = mine(shelf, account, ask.query.get('id'))
  const gone = video.comments.filter(({ id, parent }) => id === own.id || parent === own.id)
  video.comments = video.comments.filter((one) => !gone.includes(one))
  for (const { page } of gone) shelf.ledger.remove(page, iso(shelf))
  return { status: 204 }
}

const mine = (shelf: Shelf, account: string, id: string | null | undefined): { readonly own: Comment; readonly video: Video } => {
  const both = comment(shelf, id)
  if (both.own.account !== account) throw refuse(403, 'forbidden', 'The comment cannot be changed by this request.')
  return both
}
