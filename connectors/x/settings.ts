// What an X channel must be told.
import { z } from 'zod'
import { type Secret, secret } from '../../src/connector/secret.ts'

export interface XSettings {
  /** `@BundesstadtBonn`: stands in the addresses of posts. Without it X finds them all the same. */
  readonly handle: string | undefined
  /** The API: https://api.x.com */
  readonly base: string
  /** Where people read it: receipts point there. https://x.com, except that a server on this machine shows its posts itself. */
  readonly web: string
  readonly access: Access
}

/**
 * How the account is spoken for. `fixed`: an OAuth 2.0 token that ends after two hours. `renewed`: the same, and what it is renewed by
 * (scope `offline.access`): https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code. `signed`: OAuth 1.0a, without end.
 */
export type Access =
  | { readonly way: 'fixed'; readonly token: Secret }
  | {
      readonly way: 'renewed'
      readonly token: Secret
      readonly refreshToken: Secret
      readonly clientId: Secret
      readonly clientSecret?: Secret
    }
  | { readonly way: 'signed'; readonly token: Secret; readonly tokenSecret: Secret; readonly apiKey: Secret; readonly apiSecret: Secret }

/** Rights that publishing, looking and retracting need: https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code */
export const scopes = ['tweet.read', 'tweet.write', 'users.read', 'media.write'] as const

const isHere = (base: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)

const fields = z.strictObject({
  handle: z
    .string()
    .regex(/^@?\w{1,15}$/)
    .transform((handle) => handle.replace(/^@/, ''))
    .optional(),
  base: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.x.com'),
  token: secret(),
  refreshToken: secret().optional(),
  clientId: secret().optional(),
  clientSecret: secret().optional(),
  tokenSecret: secret().optional(),
  apiKey: secret().optional(),
  apiSecret: secret().optional(),
})

const accessOf = ({
  token,
  refreshToken,
  clientId,
  clientSecret,
  tokenSecret,
  apiKey,
  apiSecret,
}: z.infer<typeof fields>): Access | undefined => {
  const renewing = [refreshToken, clientId, clientSecret].some(Boolean)
  const signing = [tokenSecret, apiKey, apiSecret].some(Boolean)
  if (renewing && signing) return undefined
  if (signing) return tokenSecret && apiKey && apiSecret && { way: 'signed', token, tokenSecret, apiKey, apiSecret }
  if (!renewing) return { way: 'fixed', token }
  return refreshToken && clientId && { way: 'renewed', token, refreshToken, clientId, ...(clientSecret && { clientSecret }) }
}

export const xSettings: z.ZodType<XSettings> = fields
  .refine((given) => accessOf(given) !== undefined, {
    path: ['token'],
    error: 'token allein, oder dazu refreshToken und clientId (OAuth 2.0), oder dazu tokenSecret, apiKey und apiSecret (OAuth 1.0a)',
  })
  .transform((given) => ({
    handle: given.handle,
    base: given.base,
    web: isHere(given.base) ? given.base : 'https://x.com',
    access: accessOf(given)!,
  }))
