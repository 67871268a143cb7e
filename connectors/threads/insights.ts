// How many read the account on Threads, and how readers reacted to a post.
import { z } from 'zod'
import type { Insights, Reactions, Receipt } from '../../src/connector/connector.ts'
import type { ThreadsClient } from './client.ts'
import { idOf } from './thread.ts'

/** https://developers.facebook.com/docs/threads/insights */
const metrics = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      total_value: z.object({ value: z.number() }).optional(),
      values: z.array(z.object({ value: z.number() })).optional(),
    }),
  ),
})

const numbersIn = ({ data }: z.infer<typeof metrics>): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries(data.map(({ name, total_value, values }) => [name, total_value?.value ?? values?.[0]?.value]))

export const insights = async (client: ThreadsClient, signal: AbortSignal): Promise<Insights> => {
  const fields = { metric: 'followers_count' }
  const answer = await client.call({ method: 'GET', path: '/me/threads_insights', fields, kind: 'read', signal })
  return { followers: numbersIn(answer.as(metrics)).followers_count ?? 0 }
}

/** Reposts, quotes and shares all pass a post on. */
export const reactions = async (client: ThreadsClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> => {
  const id = await idOf(client, receipt, signal)
  const fields = { metric: 'views,likes,replies,reposts,quotes,shares' }
  const answer = await client.call({ method: 'GET', path: `/${id}/insights`, fields, kind: 'read', signal })
  const { views, likes, replies, reposts, quotes, shares } = numbersIn(answer.as(metrics))
  const passedOn = [reposts, quotes, shares].filter((number) => number !== undefined)
  return {
    ...(views !== undefined && { views }),
    ...(likes !== undefined && { likes }),
    ...(replies !== undefined && { replies }),
    ...(passedOn.length > 0 && { shares: passedOn.reduce((sum, number) => sum + number) }),
  }
}
