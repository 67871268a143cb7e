// What stands on Threads: one post, the account's own lists, and the post of an attempt whose answer was lost.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { type OwnPosts, ownPosts, postAmong } from '../../src/connector/own-posts.ts'
import type { ThreadsClient } from './client.ts'
import { stateOf } from './container.ts'

/** The fields we read of https://developers.facebook.com/docs/threads/threads-media#fields. */
const thread = z.object({
  id: z.string().min(1),
  permalink: z.string().nullish(),
  text: z.string().optional(),
  timestamp: z.string(),
})
export type Thread = z.infer<typeof thread>

const fields = 'id,permalink,text,timestamp'

export const receiptOf = ({ id, permalink, timestamp }: Thread): Receipt => ({
  id,
  url: permalink ?? null,
  at: new Date(timestamp).toISOString(),
})

export const showThread = async (client: ThreadsClient, id: string, signal: AbortSignal): Promise<Thread> =>
  (await client.call({ method: 'GET', path: `/${id}`, fields: { fields }, kind: 'read', signal })).as(thread)

const page = z.object({
  data: z.array(thread),
  paging: z.object({ cursors: z.object({ after: z.string().optional() }).optional() }).optional(),
})

type List = 'threads' | 'replies'

/** How many are asked for at once, and how many pages are turned at most. */
const pageSize = 50
const mostPages = 5

/** The account's own posts or answers, newest first. */
const listOf = (client: ThreadsClient, list: List, signal: AbortSignal): Omit<OwnPosts<Thread>, 'likeness'> => ({
  title: 'Threads',
  mostPages,
  bornAt: ({ timestamp }) => Date.parse(timestamp),
  page: async (after) => {
    const call = { method: 'GET', path: `/me/${list}`, fields: { fields, limit: String(pageSize), after }, kind: 'read', signal } as const
    const answer = await client.call(call)
    const { data, paging } = answer.as(page)
    return { posts: data, next: paging?.cursors?.after || undefined, date: answer.headers.get('date') }
  },
})

/** Between two looks at a container that Threads is still publishing, in milliseconds. */
const lookAgainMs = 30_000

/**
 * Own posts that may be this attempt's, oldest first; none: surely not there. A container that is not published is sure of
 * it; where none is remembered, the lists alone must tell.
 *
 * @throws NotYetError while the container is still being published, UnreachableError when it was published and is not shown yet,
 * UnclearError where nobody can say that nothing is there
 */
export const findThreads = async (client: ThreadsClient, post: Post, attempt: Attempt): Promise<readonly Thread[]> => {
  const { container, replyTo } = attempt.memory
  const state = container === undefined ? undefined : await stateOf(client, container, attempt.signal)
  if (state?.status === 'IN_PROGRESS') throw new NotYetError('Threads ist mit dem Beitrag noch beschäftigt.', lookAgainMs)
  if (state !== undefined && state.status !== 'PUBLISHED') return []
  const lists: readonly List[] = container === undefined ? ['threads', 'replies'] : [replyTo === undefined ? 'threads' : 'replies']
  const found = (await Promise.all(lists.map((list) => withText(client, list, post.text, attempt)))).flat()
  if (state !== undefined && found.length === 0)
    throw new UnreachableError('Threads hat den Beitrag veröffentlicht, zeigt ihn in der Liste aber noch nicht.')
  return found
}

const withText = async (client: ThreadsClient, list: List, text: string, attempt: Attempt): Promise<readonly Thread[]> => {
  const own = { ...listOf(client, list, attempt.signal), likeness: (one: Thread) => likenessOf(text, one.text ?? '') }
  return (await Array.fromAsync(ownPosts(own, attempt))).reverse()
}

/** The id that the API wants; a person may have given the post's address, which names it otherwise. */
export const idOf = async (client: ThreadsClient, { id }: Pick<Receipt, 'id'>, signal: AbortSignal): Promise<string> => {
  if (/^\d+$/.test(id)) return id
  const place = placeOf(id)
  for (const list of ['threads', 'replies'] as const) {
    const found = await postAmong(listOf(client, list, signal), ({ permalink }) => permalink != null && placeOf(permalink) === place)
    if (found) return found.id
  }
  throw new RejectedError('Unter dieser Adresse ist auf Threads kein Beitrag des Kanals zu finden.')
}

/** The last part of an address: threads.net and threads.com are the same place. */
const placeOf = (address: string): string =>
  address
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .split('/')
    .at(-1) ?? address
