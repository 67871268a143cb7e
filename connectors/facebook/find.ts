// Recognising an own post, comment or video on Facebook: the newest ones, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnclearError } from '../../src/connector/errors.ts'
import { commentFields, commentReceipt, type PagePost, pagePost, postFields, postReceipt } from './post.ts'
import type { FacebookClient } from './settings.ts'
import { findVideo } from './video.ts'

/** How far the platform's clock may be behind ours. */
const slackMs = 60_000
/** Posts asked for at once (each may be 63,206 characters long), and how many pages are turned at most: 500 since the attempt began. */
const pageSize = 25
const mostPages = 20
const maxBytes = 8_000_000

/**
 * All that may be this attempt's post, newest first. A comment is looked for below what was answered, a video by its id.
 *
 * @throws UnclearError where there is more than we look through
 */
export const findPosts = async (client: FacebookClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const { answered, thread, video } = attempt.memory
  if (answered !== undefined) return findComments(client, post, attempt, { answered, thread })
  if (post.video && video !== undefined) return findVideo(client, video, attempt)
  const since = Date.parse(attempt.firstAt) - slackMs
  const found = await allSince(client, { ...ownPosts(client), since, signal: attempt.signal })
  return found.filter((one) => isSame(one, post)).map((one) => postReceipt(one, post.images))
}

/** https://developers.facebook.com/docs/graph-api/reference/object/comments */
const findComments = async (
  client: FacebookClient,
  post: Post,
  { firstAt, signal }: Attempt,
  { answered, thread }: { readonly answered: string; readonly thread: string | undefined },
): Promise<readonly Receipt[]> => {
  const params = { fields: `${commentFields},from`, order: 'reverse_chronological', filter: 'stream' }
  const since = Date.parse(firstAt) - slackMs
  const found = await allSince(client, { path: `/${answered}/comments`, params, since, signal })
  return found.filter((one) => isSame(one, post)).map((one) => commentReceipt(one, thread ?? one.id))
}

/** https://developers.facebook.com/docs/graph-api/reference/page/published_posts/ */
const ownPosts = ({ page }: FacebookClient): Pick<List, 'path' | 'params'> => ({
  path: `/${page}/published_posts`,
  params: { fields: postFields },
})

interface List {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  /** Milliseconds since 1970; what is older is not looked at. */
  readonly since: number
  readonly signal: AbortSignal
}

const listed = z.object({ data: z.array(pagePost), paging: z.object({ cursors: z.object({ after: z.string() }).optional() }).optional() })

/** What lies behind the last page that we turn may be what is looked for: then nobody can say that it is not there. */
const allSince = async (client: FacebookClient, list: List): Promise<readonly PagePost[]> => {
  const { found, isAll } = await newest(client, list)
  if (isAll) return found
  throw new UnclearError('Auf Facebook steht seither mehr, als durchgesehen werden kann.', { findable: false })
}

interface Newest {
  readonly found: readonly PagePost[]
  /** Whether the pages reached back as far as they were to. */
  readonly isAll: boolean
}

const newest = async ({ graph }: FacebookClient, { path, params, since, signal }: List): Promise<Newest> => {
  const found: PagePost[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await graph.call({
      method: 'GET',
      path,
      params: { ...params, limit: pageSize, ...(after && { after }) },
      kind: 'read',
      maxBytes,
      signal,
    })
    const { data, paging } = answer.as(listed)
    const recent = data.filter(({ created_time }) => Date.parse(created_time ?? '') >= since)
    found.push(...recent)
    after = paging?.cursors?.after
    if (after === undefined || recent.length < data.length || data.length === 0) return { found, isAll: true }
  }
  return { found, isAll: false }
}

const isSame = ({ message = '' }: PagePost, { text }: Post): boolean => comparable(message) === comparable(text)

/** What survives Facebook's formatting: everything but white space. */
const comparable = (text: string): string => text.normalize('NFC').replace(/\s+/gu, '')

/**
 * The id of a receipt; where a person gave the post's address instead, the newest posts say whose it is.
 *
 * @throws RejectedError where none of them has this address.
 */
export const idOf = async (client: FacebookClient, receipt: Receipt, signal: AbortSignal): Promise<string> => {
  if (!URL.canParse(receipt.id)) return encodeURIComponent(receipt.id)
  const wanted = bare(receipt.id)
  const { found: posts } = await newest(client, { ...ownPosts(client), since: 0, signal })
  const found = posts.find(({ permalink_url }) => permalink_url && bare(permalink_url) === wanted)
  if (found) return found.id
  throw new RejectedError(`Unter den neuesten Beiträgen der Seite hat keiner die Adresse ${receipt.id}.`)
}

const bare = (address: string): string => address.replace(/^https?:\/\/(?:www\.|m\.)?|\/+$/g, '')
