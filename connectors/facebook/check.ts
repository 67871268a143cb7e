// What Facebook says of the page, its readers and the token.
import { z } from 'zod'
import type { Identity, Insights, Reactions, Receipt } from '../../src/connector/connector.ts'
import { isClassified } from '../../src/connector/errors.ts'
import type { Graph } from './graph.ts'
import { kindOf } from './post.ts'
import type { FacebookClient } from './settings.ts'

/** What publishing, reading and commenting need: https://developers.facebook.com/docs/pages-api/posts/ */
const needed = ['pages_manage_posts', 'pages_read_engagement', 'pages_manage_engagement']

const page = z.object({
  name: z.string(),
  link: z.string().nullish(),
  followers_count: z.number().optional(),
  fan_count: z.number().optional(),
})

const readPage = async ({ graph, page: id }: FacebookClient, signal: AbortSignal) => {
  const params = { fields: 'id,name,link,followers_count,fan_count' }
  return (await graph.call({ method: 'GET', path: `/${id}`, params, kind: 'read', signal })).as(page)
}

export const check = async (client: FacebookClient, signal: AbortSignal): Promise<Identity> => {
  const { name, link } = await readPage(client, signal)
  return { account: name, url: link ?? null, ...(await tokenWords(client.graph, needed, signal)) }
}

const token = z.object({
  data: z.object({
    expires_at: z.number().default(0),
    data_access_expires_at: z.number().default(0),
    scopes: z.array(z.string()).optional(),
  }),
})

/** Until when a token is good (it itself, or its access to data: what ends first), and which of the rights it lacks. */
export const tokenWords = async (
  graph: Graph,
  rights: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Identity, 'until' | 'missing'>> => {
  try {
    const { data } = (await graph.aboutToken(signal)).as(token)
    const ends = [data.expires_at, data.data_access_expires_at].filter((seconds) => seconds > 0)
    const until = ends.length === 0 ? null : new Date(Math.min(...ends) * 1000).toISOString()
    const { scopes } = data
    return { until, ...(scopes && { missing: rights.filter((right) => !scopes.includes(right)) }) }
  } catch (error) {
    // the account was just read: the token is good, but may not ask about itself
    if (isClassified(error)) return { until: null }
    throw error
  }
}

export const insights = async (client: FacebookClient, signal: AbortSignal): Promise<Insights> => {
  const { followers_count, fan_count } = await readPage(client, signal)
  return { followers: followers_count ?? fan_count ?? 0 }
}

const counted = z.object({ summary: z.object({ total_count: z.number() }) })
const reacted = z.object({
  reactions: counted.optional(),
  likes: counted.optional(),
  comments: counted.optional(),
  shares: z.object({ count: z.number() }).optional(),
  views: z.number().optional(),
  like_count: z.number().optional(),
  comment_count: z.number().optional(),
})

const summary = 'limit(0).summary(total_count)'
const countedOf = {
  post: `shares,reactions.${summary},comments.${summary}`,
  comment: 'like_count,comment_count',
  video: `views,likes.${summary},comments.${summary}`,
} as const

/** A post that nobody shared has no `shares`. */
export const reactions = async ({ graph }: FacebookClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> => {
  const kind = kindOf(receipt) ?? 'post'
  const params = { fields: countedOf[kind] }
  const answer = await graph.call({ method: 'GET', path: `/${receipt.id}`, params, kind: 'read', signal })
  const said = answer.as(reacted)
  return {
    ...given('likes', (said.reactions ?? said.likes)?.summary.total_count ?? said.like_count),
    ...given('replies', said.comments?.summary.total_count ?? said.comment_count),
    ...given('shares', kind === 'post' ? (said.shares?.count ?? 0) : undefined),
    ...given('views', said.views),
  }
}

const given = (name: keyof Reactions, count: number | undefined): Reactions => (count === undefined ? {} : { [name]: count })
