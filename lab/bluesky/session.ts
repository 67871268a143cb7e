// Sessions of Bluesky accounts: sign-in with an app password, tokens that expire, refresh tokens that rotate.
import { createHmac, randomBytes } from 'node:crypto'
import { bad, unauthorized } from './answers.ts'
import { plcOf } from './cid.ts'
import type { BlueskySettings } from './limits.ts'

export interface Account {
  readonly did: string
  readonly handle: string
}

export interface Tokens {
  readonly accessJwt: string
  readonly refreshJwt: string
}

export interface Sessions {
  /** Every password that begins with `rehearsal-` is right; throws the platform's 401 for others. */
  create(identifier: string, password: string): Account & Tokens
  /** Gives new tokens; the old refresh token stays good for two hours, as on a PDS. */
  refresh(authorization: string | undefined): Account & Tokens
  end(authorization: string | undefined): void
  /** The account of a good access token; throws what the platform says otherwise. */
  account(authorization: string | undefined): Account
  /** Whose request this seems to be, good or not. */
  seems(authorization: string | undefined): string | null
  find(handleOrDid: string): Account | undefined
}

interface Claims {
  readonly scope: string
  readonly sub: string
  readonly handle: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

type Settings = Pick<BlueskySettings, 'accessSeconds' | 'refreshSeconds'>

const accessScope = 'com.atproto.appPass'
const refreshScope = 'com.atproto.refresh'
const graceMs = 7_200_000

export const openSessions = (now: () => number, settings: Settings): Sessions => {
  const accounts = new Map<string, Account>()
  /** Refresh tokens that were used: what follows them, and until when they are still taken. */
  const used = new Map<string, { readonly next: string; readonly until: number }>()
  const known = (handle: string): Account => {
    const account = accounts.get(handle) ?? { did: plcOf(handle), handle }
    accounts.set(handle, account)
    accounts.set(account.did, account)
    return account
  }
  const tokens = (account: Account, jti: string): Account & Tokens => {
    const iat = Math.floor(now() / 1000)
    const claims = { sub: account.did, handle: account.handle, iat }
    const accessJwt = signed({ ...claims, scope: accessScope, exp: iat + settings.accessSeconds, jti: newId() })
    return { ...account, accessJwt, refreshJwt: signed({ ...claims, scope: refreshScope, exp: iat + settings.refreshSeconds, jti }) }
  }
  const verified = (authorization: string | undefined, scope: string): Claims => {
    const claims = checked(authorization)
    if (claims.scope !== scope) throw bad('Token could not be verified', 'InvalidToken')
    if (claims.exp * 1000 <= now()) throw bad('Token has expired', 'ExpiredToken')
    return claims
  }
  return {
    create(identifier, password) {
      const handle = accounts.get(identifier)?.handle ?? identifier.toLowerCase()
      if (!password.startsWith('rehearsal-') || !isHandle(handle)) throw unauthorized('Invalid identifier or password')
      return tokens(known(handle), newId())
    },
    refresh(authorization) {
      const { jti, handle } = verified(authorization, refreshScope)
      const before = used.get(jti)
      if (before && before.until <= now()) throw bad('Token has been revoked', 'ExpiredToken')
      const next = before?.next ?? newId()
      used.set(jti, before ?? { next, until: now() + graceMs })
      return tokens(known(handle), next)
    },
    end(authorization) {
      used.set(verified(authorization, refreshScope).jti, { next: newId(), until: 0 })
    },
    account: (authorization) => known(verified(authorization, accessScope).handle),
    seems: (authorization) => (authorization ? (decoded(authorization.slice('Bearer '.length))?.handle ?? null) : null),
    find: (handleOrDid) => accounts.get(handleOrDid.toLowerCase()),
  }
}

const isHandle = (text: string): boolean =>
  text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)

const newId = (): string => randomBytes(24).toString('base64url')

/** The lab keeps no secrets: a fixed key lets tokens outlive its restart, as a platform's do. */
const key = 'rehearsal'

const signature = (content: string): string => createHmac('sha256', key).update(content).digest('base64url')

const signed = (claims: Claims): string => {
  const type = claims.scope === refreshScope ? 'refresh+jwt' : 'at+jwt'
  const content = [{ typ: type, alg: 'HS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${content}.${signature(content)}`
}

const decoded = (token: string): Claims | undefined => {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims
  } catch {
    return undefined
  }
}

const checked = (authorization: string | undefined): Claims => {
  if (!authorization) throw unauthorized('Authentication Required', 'AuthMissing')
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  if (!token) throw bad('Malformed authorization header', 'InvalidToken')
  const content = token.slice(0, token.lastIndexOf('.'))
  const claims = signature(content) === token.slice(content.length + 1) ? decoded(token) : undefined
  if (!claims) throw bad('Token could not be verified', 'InvalidToken')
  return claims
}
