// What became of a post on X: whether it stands, how readers reacted, and taking it away.
import { z } from 'zod'
import type { Attempt, Reactions, Receipt } from '../../src/connector/connector.ts'
import type { XClient } from './client.ts'
import { specialOf } from './failures.ts'
import { idOf } from './post.ts'

export const stands = async (client: XClient, receipt: Receipt, signal: AbortSignal): Promise<boolean> =>
  (await lookedUp(client, receipt, signal)) !== undefined

export const reactions = async (client: XClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> => {
  const counted = (await lookedUp(client, receipt, signal))?.public_metrics
  if (!counted) return {}
  const { like_count: likes, reply_count: replies, repost_count, retweet_count, quote_count, impression_count: views } = counted
  const shares = (repost_count ?? retweet_count ?? 0) + (quote_count ?? 0)
  return { likes, replies, shares, ...(views !== undefined && { views }) }
}

/** https://docs.x.com/x-api/posts/delete-post; what is gone already is as good. */
export const retract = async (client: XClient, receipt: Receipt, { signal }: Attempt): Promise<void> => {
  const id = idOf(receipt)
  await orGone(client.call({ kind: 'write', signal, shape: deletion, ask: (api) => api.deleteTweet(id) }))
}

const deletion = z.object({ data: z.object({ deleted: z.boolean() }) })

/** `repost_count` was `retweet_count` before version 2.160 of the API. */
const metrics = z.object({
  like_count: z.number(),
  reply_count: z.number(),
  repost_count: z.number().optional(),
  retweet_count: z.number().optional(),
  quote_count: z.number().optional(),
  impression_count: z.number().optional(),
})
const standing = z.object({ data: z.object({ id: z.string(), public_metrics: metrics.optional() }).optional() })

/** https://docs.x.com/x-api/posts/get-post-by-id: what is not there is a success without data, or a 404. */
const lookedUp = async (client: XClient, receipt: Receipt, signal: AbortSignal) => {
  const ask = { 'post.fields': 'public_metrics' }
  const call = client.call({ kind: 'read', signal, shape: standing, ask: (api) => api.get(`tweets/${idOf(receipt)}`, ask) })
  return (await orGone(call))?.data
}

const orGone = async <T>(call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call
  } catch (error) {
    if (specialOf(error) === 'gone') return undefined
    throw error
  }
}
