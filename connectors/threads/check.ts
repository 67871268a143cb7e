// Who we are on Threads, what the token may do and until when, and what is left of the day's posts.
import { z } from 'zod'
import type { Identity, Quota } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import type { ThreadsClient } from './client.ts'
import type { Problem } from './failures.ts'
import { neededScopes } from './settings.ts'

const me = z.object({ username: z.string() })

export const check = async (client: ThreadsClient, signal: AbortSignal): Promise<Identity> => {
  const answer = await client.call({ method: 'GET', path: '/me', fields: { fields: 'id,username' }, kind: 'read', signal })
  const { username } = answer.as(me)
  const token = await tokenTold(client, signal)
  const quota = await quotaOf(client, signal)
  return {
    account: `@${username}`,
    url: null,
    until: token?.until ?? client.token.until(),
    ...(token && { missing: neededScopes.filter((scope) => !token.scopes.includes(scope)) }),
    ...(quota && { quota }),
  }
}

const debugged = z.object({ data: z.object({ expires_at: z.number(), scopes: z.array(z.string()) }) })

/** Only a tester of the app may ask: https://developers.facebook.com/docs/threads/troubleshooting/debug-access-token */
const tokenTold = async (client: ThreadsClient, signal: AbortSignal) => {
  const input_token = (await client.token.current(signal)).reveal()
  const unless = ({ code }: Problem) => code !== 190
  const answer = await client.ask({ method: 'GET', path: '/debug_token', fields: { input_token }, kind: 'read', signal, unless })
  if (!answer) return undefined
  const { expires_at, scopes } = answer.as(debugged).data
  return { scopes, until: expires_at > 0 ? new Date(expires_at * 1000).toISOString() : null }
}

const limit = z.object({
  data: z.tuple(
    [z.object({ quota_usage: z.number(), config: z.object({ quota_total: z.number(), quota_duration: z.number() }) })],
    z.unknown(),
  ),
})

/** https://developers.facebook.com/docs/threads/troubleshooting#retrieve-quota-limits; who may not publish has none. */
const quotaOf = async (client: ThreadsClient, signal: AbortSignal): Promise<Quota | undefined> => {
  const fields = { fields: 'quota_usage,config' }
  try {
    const answer = await client.call({ method: 'GET', path: '/me/threads_publishing_limit', fields, kind: 'read', signal })
    const { quota_usage, config } = answer.as(limit).data[0]
    return { left: Math.max(0, config.quota_total - quota_usage), of: config.quota_total, perSeconds: config.quota_duration }
  } catch (error) {
    if (error instanceof ChannelError) return undefined
    throw error
  }
}
