// Recognising an own post or comment on Instagram: the newest ones, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { type OwnPage, type OwnPosts, ownPosts, postAmong } from '../../src/connector/own-posts.ts'
import { lookAt } from './containers.ts'
import { type Comment, comment, commentFields, commentReceipt, type Media, media, mediaFields, mediaReceipt } from './media.ts'
import type { InstagramClient } from './settings.ts'

/** Posts asked for at once, and how many pages are turned at most: 250. */
const pageSize = 50
const mostPages = 5

/**
 * All that may be this attempt's post, newest first. A container that was not published says that there is none.
 *
 * @throws UnreachableError where it was published and is not listed yet, UnclearError where nobody can say that nothing is there
 */
export const findPosts = async (client: InstagramClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const { signal, memory } = attempt
  if (memory.answered !== undefined) return findComments(client, post, attempt)
  const seen = memory.container === undefined ? undefined : await lookAt(client, memory.container, signal)
  if (seen !== undefined && seen.status_code !== 'PUBLISHED') return []
  const own: OwnPosts<Media> = {
    ...wholeOf(client, { ...ownMedia(client), signal }),
    likeness: ({ caption = '' }) => likenessOf(post.text, caption),
  }
  const found = (await Array.fromAsync(ownPosts(own, attempt))).map(mediaReceipt)
  if (seen !== undefined && found.length === 0)
    throw new UnreachableError('Instagram hat den Beitrag veröffentlicht, zeigt ihn in der Liste aber noch nicht.')
  return found
}

const findComments = async (client: InstagramClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const { memory, signal } = attempt
  const path = `/${memory.answered}/${memory.thread === undefined ? 'comments' : 'replies'}`
  const own: OwnPosts<Comment> = {
    ...wholeOf(client, { path, fields: commentFields, shape: comment, signal }),
    likeness: ({ text = '' }) => likenessOf(post.text, text),
  }
  return (await Array.fromAsync(ownPosts(own, attempt))).map((one) => commentReceipt(one, memory.thread ?? one.id))
}

interface List<T extends Media | Comment> {
  readonly path: string
  readonly fields: string
  readonly shape: z.ZodType<T>
  readonly signal: AbortSignal
}

const ownMedia = ({ account }: InstagramClient) => ({ path: `/${account}/media`, fields: mediaFields, shape: media })

const wholeOf = <T extends Media | Comment>(client: InstagramClient, list: List<T>): Omit<OwnPosts<T>, 'likeness'> => ({
  title: 'Instagram',
  mostPages,
  bornAt: ({ timestamp }) => Date.parse(timestamp ?? ''),
  page: (after) => pageOf(client, list, after),
})

const pageOf = async <T extends Media | Comment>(
  { graph }: InstagramClient,
  { path, fields, shape, signal }: List<T>,
  after: string | undefined,
): Promise<OwnPage<T>> => {
  const listed = z.object({ data: z.array(shape), paging: z.object({ cursors: z.object({ after: z.string() }).optional() }).optional() })
  const params = { fields, limit: pageSize, ...(after && { after }) }
  const answer = await graph.call({ method: 'GET', path, params, kind: 'read', signal })
  const { data, paging } = answer.as(listed)
  return { posts: data, next: paging?.cursors?.after, date: answer.headers.get('date') }
}

/**
 * The id of a receipt; where a person gave the post's address instead, the newest posts say whose it is.
 *
 * @throws RejectedError where none of them has this address.
 */
export const idOf = async (client: InstagramClient, receipt: Receipt, signal: AbortSignal): Promise<string> => {
  if (!URL.canParse(receipt.id)) return encodeURIComponent(receipt.id)
  const wanted = bare(receipt.id)
  const page = (after: string | undefined) => pageOf(client, { ...ownMedia(client), signal }, after)
  const found = await postAmong({ page, mostPages }, ({ permalink }) => permalink !== undefined && bare(permalink) === wanted)
  if (found) return found.id
  throw new RejectedError(`Unter den neuesten Beiträgen des Kontos hat keiner die Adresse ${receipt.id}.`)
}

const bare = (address: string): string => address.replace(/^https?:\/\/(?:www\.)?|[?#].*$|\/+$/g, '')
