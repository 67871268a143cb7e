// Recognising an own post, comment or video on Facebook: the newest ones, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { type OwnPage, type OwnPosts, ownPosts, postAmong } from '../../src/connector/own-posts.ts'
import { commentFields, commentReceipt, type PagePost, pagePost, postFields, postReceipt } from './post.ts'
import type { FacebookClient } from './settings.ts'
import { findVideo } from './video.ts'

/** Posts asked for at once (each may be 63,206 characters long), and how many pages are turned at most: 500. */
const pageSize = 25
const mostPages = 20
const maxBytes = 8_000_000

/**
 * All that may be this attempt's post, newest first. A comment is looked for below what was answered, a video by its id.
 *
 * @throws UnclearError where nobody can say that nothing is there
 */
export const findPosts = async (client: FacebookClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const { answered, thread, video } = attempt.memory
  if (answered !== undefined) return findComments(client, post, attempt, { answered, thread })
  if (post.video && video !== undefined) return findVideo(client, video, attempt)
  const found = await alike(client, { ...publishedPosts(client), signal: attempt.signal }, { post, attempt })
  return found.map((one) => postReceipt(one, post.images))
}

/** https://developers.facebook.com/docs/graph-api/reference/object/comments */
const findComments = async (
  client: FacebookClient,
  post: Post,
  attempt: Attempt,
  { answered, thread }: { readonly answered: string; readonly thread: string | undefined },
): Promise<readonly Receipt[]> => {
  const params = { fields: `${commentFields},from`, order: 'reverse_chronological', filter: 'stream' }
  const found = await alike(client, { path: `/${answered}/comments`, params, signal: attempt.signal }, { post, attempt })
  return found.map((one) => commentReceipt(one, thread ?? one.id))
}

/** https://developers.facebook.com/docs/graph-api/reference/page/published_posts/ */
const publishedPosts = ({ page }: FacebookClient): Pick<List, 'path' | 'params'> => ({
  path: `/${page}/published_posts`,
  params: { fields: postFields },
})

interface List {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const listed = z.object({ data: z.array(pagePost), paging: z.object({ cursors: z.object({ after: z.string() }).optional() }).optional() })

const pageOf = async ({ graph }: FacebookClient, { path, params, signal }: List, after: string | undefined): Promise<OwnPage<PagePost>> => {
  const asked = { ...params, limit: pageSize, ...(after && { after }) }
  const answer = await graph.call({ method: 'GET', path, params: asked, kind: 'read', maxBytes, signal })
  const { data, paging } = answer.as(listed)
  return { posts: data, next: paging?.cursors?.after, date: answer.headers.get('date') }
}

const alike = async (
  client: FacebookClient,
  list: List,
  { post, attempt }: { readonly post: Post; readonly attempt: Attempt },
): Promise<readonly PagePost[]> => {
  const own: OwnPosts<PagePost> = {
    title: 'Facebook',
    mostPages,
    bornAt: ({ created_time }) => Date.parse(created_time ?? ''),
    likeness: ({ message = '' }) => likenessOf(post.text, message),
    page: (after) => pageOf(client, list, after),
  }
  return Array.fromAsync(ownPosts(own, attempt))
}

/**
 * The id of a receipt; where a person gave the post's address instead, the newest posts say whose it is.
 *
 * @throws RejectedError where none of them has this address.
 */
export const idOf = async (client: FacebookClient, receipt: Receipt, signal: AbortSignal): Promise<string> => {
  if (!URL.canParse(receipt.id)) return encodeURIComponent(receipt.id)
  const wanted = bare(receipt.id)
  const page = (after: string | undefined) => pageOf(client, { ...publishedPosts(client), signal }, after)
  const found = await postAmong({ page, mostPages }, ({ permalink_url }) => permalink_url !== undefined && bare(permalink_url) === wanted)
  if (found) return found.id
  throw new RejectedError(`Unter den neuesten Beiträgen der Seite hat keiner die Adresse ${receipt.id}.`)
}

const bare = (address: string): string => address.replace(/^https?:\/\/(?:www\.|m\.)?|\/+$/g, '')
