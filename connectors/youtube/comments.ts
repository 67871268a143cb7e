// Comments of the channel below its own videos: how a correction or an all-clear answers there.
// https://developers.google.com/youtube/v3/docs/commentThreads/insert, https://developers.google.com/youtube/v3/docs/comments/insert
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { firstOwnPost, type OwnPage, type OwnPosts } from '../../src/connector/own-posts.ts'
import type { YoutubeClient } from './client.ts'
import { isGone } from './failures.ts'
import { ownChannel } from './find.ts'
import { videoId } from './video.ts'

const comment = z.object({
  id: z.string().min(1),
  snippet: z.object({
    textOriginal: z.string().optional(),
    textDisplay: z.string().optional(),
    publishedAt: z.string(),
    authorChannelId: z.object({ value: z.string() }).optional(),
    likeCount: z.number().optional(),
  }),
})
type Comment = z.infer<typeof comment>
const thread = z.object({ snippet: z.object({ topLevelComment: comment }) })
const nextPageToken = z.string().optional()
const comments = z.object({ items: z.array(comment).default([]), nextPageToken })
const threads = z.object({ items: z.array(thread).default([]), nextPageToken })

/** The most the API gives at once, and how many pages are turned at most: 500 comments for five units of quota. */
const pageSize = 100
const mostPages = 5

/** What is answered: a video, or a comment below it (`thread`; YouTube knows only one level below that). */
interface Target {
  readonly video: string
  readonly thread: string | null
}

export const isComment = (receipt: Receipt): boolean => receipt.detail?.video !== undefined || addressed(receipt) !== null

/** A person may have given a comment's address: `watch?v=…&lc=…`. */
const addressed = ({ id }: Receipt): string | null => (URL.canParse(id) ? new URL(id).searchParams.get('lc') : null)

const commentId = (receipt: Receipt): string => addressed(receipt) ?? receipt.id

const targetOf = (receipt: Receipt): Target =>
  isComment(receipt)
    ? { video: receipt.detail?.video ?? videoId(receipt), thread: commentId(receipt).split('.')[0] ?? null }
    : { video: videoId(receipt), thread: null }

/** A comment has no key of its own: what it answers is remembered first, so that a lost answer can be looked up. */
export const reply = async (client: YoutubeClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> => {
  const found = await findReply(client, post, attempt)
  if (found) return found
  const target = targetOf(receipt)
  await attempt.remember({ answers: JSON.stringify(target) })
  return receiptOf(client, await create(client, target, post, attempt), target)
}

const create = async (client: YoutubeClient, { video, thread: parentId }: Target, post: Post, { signal }: Attempt): Promise<Comment> => {
  const call = { method: 'POST', kind: 'write', signal } as const
  if (parentId !== null) {
    const json = { snippet: { parentId, textOriginal: post.text } }
    return (await client.call({ ...call, path: '/youtube/v3/comments?part=snippet', json })).as(comment)
  }
  const json = { snippet: { videoId: video, topLevelComment: { snippet: { textOriginal: post.text } } } }
  const answer = await client.call({ ...call, path: '/youtube/v3/commentThreads?part=snippet', json })
  return answer.as(thread).snippet.topLevelComment
}

/** The channel's own comment with these words since the first attempt; undefined also where no attempt has answered yet. */
export const findReply = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<Receipt | undefined> => {
  const { answers } = attempt.memory
  if (answers === undefined) return undefined
  const target: Target = JSON.parse(answers)
  const own = (await ownChannel(client, attempt.signal)).id
  const list: OwnPosts<Comment> = {
    title: 'YouTube',
    mostPages,
    // in which order answers to a comment come is documented nowhere: https://developers.google.com/youtube/v3/docs/comments/list
    mixed: target.thread !== null,
    bornAt: ({ snippet }) => Date.parse(snippet.publishedAt),
    likeness: ({ snippet: { textOriginal, textDisplay = '', authorChannelId } }) =>
      authorChannelId !== undefined && authorChannelId.value !== own ? 'other' : likenessOf(post.text, textOriginal ?? textDisplay),
    page: (token) => pageOf(client, { ...target, token }, attempt.signal),
  }
  const found = await firstOwnPost(list, attempt)
  return found && receiptOf(client, found, target)
}

const pageOf = async (
  client: YoutubeClient,
  { video, thread: parentId, token }: Target & { readonly token: string | undefined },
  signal: AbortSignal,
): Promise<OwnPage<Comment>> => {
  const call = { method: 'GET', kind: 'read', signal } as const
  const query = new URLSearchParams({ part: 'snippet', maxResults: String(pageSize), textFormat: 'plainText' })
  if (token !== undefined) query.set('pageToken', token)
  if (parentId !== null) {
    query.set('parentId', parentId)
    const answer = await client.call({ ...call, path: `/youtube/v3/comments?${query}` })
    const { items: posts, nextPageToken: next } = answer.as(comments)
    return { posts, next, date: answer.headers.get('date') }
  }
  query.set('videoId', video)
  query.set('order', 'time')
  const answer = await client.call({ ...call, path: `/youtube/v3/commentThreads?${query}` })
  const { items, nextPageToken: next } = answer.as(threads)
  return { posts: items.map(({ snippet }) => snippet.topLevelComment), next, date: answer.headers.get('date') }
}

const receiptOf = (client: YoutubeClient, { id, snippet }: Comment, { video }: Target): Receipt => ({
  id,
  url: `${client.settings.web}/${video}?lc=${encodeURIComponent(id)}`,
  at: new Date(snippet.publishedAt).toISOString(),
  detail: { video },
})

export const updateComment = async (client: YoutubeClient, receipt: Receipt, post: Post, { signal }: Attempt): Promise<Receipt> => {
  const json = { id: commentId(receipt), snippet: { textOriginal: post.text } }
  const answer = await client.call({ method: 'PUT', path: '/youtube/v3/comments?part=snippet', kind: 'write', json, signal })
  return receiptOf(client, answer.as(comment), targetOf(receipt))
}

export const removeComment = async (client: YoutubeClient, receipt: Receipt, { signal }: Attempt): Promise<void> => {
  const path = `/youtube/v3/comments?id=${encodeURIComponent(commentId(receipt))}`
  await client.call({ method: 'DELETE', path, kind: 'write', signal, also: isGone })
}

/** The comment as it stands; undefined: gone. */
export const readComment = async (client: YoutubeClient, receipt: Receipt, signal: AbortSignal): Promise<Comment | undefined> => {
  const path = `/youtube/v3/comments?part=snippet&id=${encodeURIComponent(commentId(receipt))}`
  const answer = await client.call({ method: 'GET', path, kind: 'read', signal, also: isGone })
  return answer.status === 200 ? answer.as(comments).items[0] : undefined
}
