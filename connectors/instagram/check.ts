// What Instagram says of the account, its quota, its readers and the token.
import { z } from 'zod'
import type { Identity, Insights, Quota, Reactions, Receipt } from '../../src/connector/connector.ts'
import { isClassified } from '../../src/connector/errors.ts'
import { tokenWords } from '../facebook/check.ts'
import { isComment } from './media.ts'
import type { InstagramClient } from './settings.ts'

/** What publishing and commenting need by the login with Facebook: https://developers.facebook.com/docs/instagram-platform/content-publishing */
const needed = ['instagram_basic', 'instagram_content_publish', 'instagram_manage_comments', 'pages_read_engagement']

const account = z.object({ username: z.string(), followers_count: z.number().optional() })

const readAccount = async ({ graph, account: id }: InstagramClient, signal: AbortSignal) => {
  const call = { method: 'GET', path: `/${id}`, params: { fields: 'id,username,followers_count' }, kind: 'read', signal } as const
  return (await graph.call(call)).as(account)
}

export const check = async (client: InstagramClient, signal: AbortSignal): Promise<Identity> => {
  const { username } = await readAccount(client, signal)
  const quota = await quotaLeft(client, signal)
  const words = client.mayDelete ? await tokenWords(client.graph, needed, signal) : { until: null }
  const url = client.home && `${client.home}/${encodeURIComponent(username)}/`
  return { account: `@${username}`, url, ...(quota && { quota }), ...words }
}

const limit = z.object({
  data: z.array(
    z.object({ quota_usage: z.number(), config: z.object({ quota_total: z.number(), quota_duration: z.number() }).optional() }),
  ),
})

/** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit */
export const quotaLeft = async ({ graph, account: id }: InstagramClient, signal: AbortSignal): Promise<Quota | undefined> => {
  const params = { fields: 'quota_usage,config' }
  const answer = await graph.call({ method: 'GET', path: `/${id}/content_publishing_limit`, params, kind: 'read', signal })
  const [said] = answer.as(limit).data
  if (said?.config === undefined) return undefined
  const { quota_total: of, quota_duration: perSeconds } = said.config
  return { left: Math.max(0, of - said.quota_usage), of, perSeconds }
}

export const insights = async (client: InstagramClient, signal: AbortSignal): Promise<Insights> => ({
  followers: (await readAccount(client, signal)).followers_count ?? 0,
})

const counted = z.object({ like_count: z.number().optional(), comments_count: z.number().optional() })
const measured = z.object({ data: z.array(z.object({ name: z.string(), values: z.array(z.object({ value: z.number() })) })) })

/** Comments show their likes alone; views and shares need a right that publishing does not (`instagram_manage_insights`). */
export const reactions = async (client: InstagramClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> => {
  const fields = isComment(receipt) ? 'like_count' : 'like_count,comments_count'
  const answer = await client.graph.call({ method: 'GET', path: `/${receipt.id}`, params: { fields }, kind: 'read', signal })
  const { like_count: likes, comments_count: replies } = answer.as(counted)
  return {
    ...(likes !== undefined && { likes }),
    ...(replies !== undefined && { replies }),
    ...(!isComment(receipt) && (await reach(client, receipt, signal))),
  }
}

/** https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights */
const reach = async ({ graph }: InstagramClient, { id }: Receipt, signal: AbortSignal): Promise<Reactions> => {
  try {
    const call = { method: 'GET', path: `/${id}/insights`, params: { metric: 'views,shares' }, kind: 'read', signal } as const
    const { data } = (await graph.call(call)).as(measured)
    return Object.fromEntries(data.flatMap(({ name, values }) => (values[0] ? [[name, values[0].value]] : [])))
  } catch (error) {
    if (isClassified(error)) return {}
    throw error
  }
}
