// What a Threads channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface ThreadsSettings {
  /**
   * A long-lived user token (60 days) with the scopes of `neededScopes`; from then on it is refreshed here.
   * https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
   */
  readonly token: Secret
  /** `@stadt`: for people, so that an error says whose token it speaks of. */
  readonly account?: string | undefined
  /** graph.threads.net and graph.threads.com are the same: https://developers.facebook.com/docs/threads/overview */
  readonly base: string
  readonly version: string
}

export const threadsSettings: z.ZodType<ThreadsSettings> = z.strictObject({
  token: secret(),
  account: z.string().min(1).optional(),
  base: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://graph.threads.net'),
  version: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .default('v1.0'),
})

/** Reading, publishing, answering, counting, deleting: https://developers.facebook.com/docs/threads/overview */
export const neededScopes = [
  'threads_basic',
  'threads_content_publish',
  'threads_manage_replies',
  'threads_read_replies',
  'threads_manage_insights',
  'threads_delete',
] as const
