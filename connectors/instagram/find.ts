// Recognising an own post or comment on Instagram: the newest ones, compared with the text that was sent.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { lookAt } from './containers.ts'
import { type Comment, comment, commentFields, commentReceipt, type Media, media, mediaFields, mediaReceipt } from './media.ts'
import type { InstagramClient } from './settings.ts'

/** How far the platform's clock may be behind ours. */
const slackMs = 60_000
/** Posts asked for at once, and how many pages are turned at most: 250 since the attempt began. */
const pageSize = 50
const mostPages = 5

/**
 * All that may be this attempt's post, newest first. A container that was not published says that there is none.
 *
 * @throws UnreachableError where it was published and is not listed yet, UnclearError where there is more than we look through
 */
export const findPosts = async (client: InstagramClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const { signal, memory } = attempt
  const since = Date.parse(attempt.firstAt) - slackMs
  if (memory.answered !== undefined) return findComments(client, post, attempt)
  const seen = memory.container === undefined ? undefined : await lookAt(client, memory.container, signal)
  if (seen !== undefined && seen.status_code !== 'PUBLISHED') return []
  const all = await allSince(client, { path: `/${client.account}/media`, fields: mediaFields, shape: media, since, signal })
  const found = all.filter(({ caption = '' }) => comparable(caption) === comparable(post.text)).map(mediaReceipt)
  if (seen !== undefined && found.length === 0)
    throw new UnreachableError('Instagram hat den Beitrag veröffentlicht, zeigt ihn in der Liste aber noch nicht.')
  return found
}

const findComments = async (client: InstagramClient, post: Post, { firstAt, memory, signal }: Attempt): Promise<readonly Receipt[]> => {
  const since = Date.parse(firstAt) - slackMs
  const path = `/${memory.answered}/${memory.thread === undefined ? 'comments' : 'replies'}`
  const all = await allSince(client, { path, fields: commentFields, shape: comment, since, signal })
  const found = all.filter(({ text = '' }) => comparable(text) === comparable(post.text))
  return found.map((one) => commentReceipt(one, memory.thread ?? one.id))
}

interface List<T extends Media | Comment> {
  readonly path: string
  readonly fields: string
  readonly shape: z.ZodType<T>
  /** Milliseconds since 1970; what is older is not looked at. */
  readonly since: number
  readonly signal: AbortSignal
}

/** What lies behind the last page that we turn may be what is looked for: then nobody can say that it is not there. */
const allSince = async <T extends Media | Comment>(client: InstagramClient, list: List<T>): Promise<readonly T[]> => {
  const { found, isAll } = await newest(client, list)
  if (isAll) return found
  throw new UnclearError('Auf Instagram steht seither mehr, als durchgesehen werden kann.', { findable: false })
}

interface Newest<T> {
  readonly found: readonly T[]
  /** Whether the pages reached back as far as they were to. */
  readonly isAll: boolean
}

const newest = async <T extends Media | Comment>({ graph }: InstagramClient, list: List<T>): Promise<Newest<T>> => {
  const { path, fields, shape, since, signal } = list
  const listed = z.object({ data: z.array(shape), paging: z.object({ cursors: z.object({ after: z.string() }).optional() }).optional() })
  const found: T[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const params = { fields, limit: pageSize, ...(after && { after }) }
    const { data, paging } = (await graph.call({ method: 'GET', path, params, kind: 'read', signal })).as(listed)
    const recent = data.filter(({ timestamp }) => Date.parse(timestamp ?? '') >= since)
    found.push(...recent)
    after = paging?.cursors?.after
    if (after === undefined || data.length === 0 || recent.length < data.length) return { found, isAll: true }
  }
  return { found, isAll: false }
}

/** What survives Instagram's formatting: everything but white space. */
const comparable = (text: string): string => text.normalize('NFC').replace(/\s+/gu, '')

/**
 * The id of a receipt; where a person gave the post's address instead, the newest posts say whose it is.
 *
 * @throws RejectedError where none of them has this address.
 */
export const idOf = async (client: InstagramClient, receipt: Receipt, signal: AbortSignal): Promise<string> => {
  if (!URL.canParse(receipt.id)) return encodeURIComponent(receipt.id)
  const wanted = bare(receipt.id)
  const list = { path: `/${client.account}/media`, fields: mediaFields, shape: media, since: 0, signal }
  const found = (await newest(client, list)).found.find(({ permalink }) => permalink && bare(permalink) === wanted)
  if (found) return found.id
  throw new RejectedError(`Unter den neuesten Beiträgen des Kontos hat keiner die Adresse ${receipt.id}.`)
}

const bare = (address: string): string => address.replace(/^https?:\/\/(?:www\.)?|[?#].*$|\/+$/g, '')
