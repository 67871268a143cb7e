// The methods of Bluesky's protocol that the lab plays, by their names.
import { fileTypeFromBuffer } from 'file-type'
import { type Answer, type Ask, type Operation, type Parts, Refusal } from '../room.ts'
import { bad, rateHeaders, unauthorized, xrpcError } from './answers.ts'
import type { BlueskySettings, Meter } from './limits.ts'
import { postCollection } from './post.ts'
import type { Place, Repos } from './repo.ts'
import type { Account, Sessions, Tokens } from './session.ts'

/** What the methods work with. */
export interface Desk {
  readonly parts: Parts
  readonly settings: BlueskySettings
  readonly meter: Meter
  readonly repos: Repos
  readonly sessions: Sessions
}

/** One method: a query (GET) or a procedure (POST), and what it is to a fault. */
export interface Method {
  readonly verb: 'GET' | 'POST'
  readonly operation: Operation | ((desk: Desk, ask: Ask) => Operation)
  run(desk: Desk, ask: Ask): Answer | Promise<Answer>
}

type Input = Readonly<Record<string, unknown>>

const inputOf = (ask: Ask): Input => {
  if (!ask.headers['content-type']?.startsWith('application/json'))
    throw bad('Wrong request encoding (Content-Type): expected application/json')
  const input = parsed(ask.body)
  if (typeof input !== 'object' || input === null) throw bad('Expected object value type at $')
  return input as Input
}

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw bad((error as Error).message, 'SyntaxError')
  }
}

/** The handle that a sign-in names; null for every other request. */
export const identifierIn = (ask: Ask): string | null => {
  if (!ask.path.endsWith('.createSession')) return null
  try {
    return String((JSON.parse(ask.body.toString()) as Input).identifier)
  } catch {
    return null
  }
}

const textIn = (input: Input, name: string): string => {
  const value = input[name]
  if (value === undefined) throw bad(`Missing required key "${name}" at $`)
  if (typeof value !== 'string') throw bad(`Expected string value type (got ${JSON.stringify(value)}) at $.${name}`)
  return value
}

const rkeyIn = (input: Input): string => {
  const rkey = textIn(input, 'rkey')
  if (!/^(?!\.\.?$)[\w.~:-]{1,512}$/.test(rkey)) throw bad(`Invalid record key (got ${JSON.stringify(rkey)}) at $.rkey`)
  return rkey
}

const wrongParams = (ask: Ask, issue: string): Refusal => bad(`Invalid ${nameIn(ask)} params: ${issue}`)

const nameIn = (ask: Ask): string => ask.path.slice('/xrpc/'.length)

const param = (ask: Ask, name: string): string => {
  const value = ask.query.get(name)
  if (!value) throw wrongParams(ask, `Missing required key "${name}"`)
  return value
}

/** How many records a page is to have: 1 to 100, 50 when nothing is said. */
const limitIn = (ask: Ask): number => {
  const limit = Number(ask.query.get('limit') ?? 50)
  if (!Number.isInteger(limit)) throw wrongParams(ask, `Expected integer value type (got ${JSON.stringify(ask.query.get('limit'))})`)
  if (limit < 1) throw wrongParams(ask, `integer too small (minimum 1, got ${limit})`)
  if (limit > 100) throw wrongParams(ask, `integer too big (maximum 100, got ${limit})`)
  return limit
}

const ok = (body: object, headers: Readonly<Record<string, string>> = {}): Answer => ({ status: 200, headers, body })

const sessionOf = ({ did, handle, ...tokens }: Account & Partial<Tokens>): Answer =>
  ok({ ...tokens, did, handle, email: `${handle}@example.org`, emailConfirmed: true, active: true })

/** The place that a write names, on the account of the token; `rkey` may be absent for a creation. */
const placeIn = (desk: Desk, ask: Ask, input: Input): Place => {
  const account = desk.sessions.account(ask.headers.authorization)
  const repo = textIn(input, 'repo')
  const named = repo === account.did ? account : desk.sessions.find(repo)
  if (!named) throw new Refusal(xrpcError(403, 'AccountNotFound', 'Account not found'))
  if (named.did !== account.did) throw unauthorized('Authentication Required')
  const rkey = input.rkey === undefined ? desk.repos.newKey() : rkeyIn(input)
  return { account, collection: textIn(input, 'collection'), rkey }
}

const recordIn = (input: Input): object => {
  if (input.record === undefined) throw bad('Missing required key "record" at $')
  if (typeof input.record !== 'object' || input.record === null)
    throw bad(`Expected object value type (got ${JSON.stringify(input.record)}) at $.record`)
  return input.record
}

/** A write counted against the account's points, with the headers of the nearest limit. */
const written = (desk: Desk, { account }: Place, points: number, write: () => object): Answer => {
  const count = desk.meter.write(account.did, points)
  return ok(write(), count ? rateHeaders(count) : {})
}

/** A put that wants nothing to stand there, or finds nothing, publishes; every other one updates. */
const putOperation = (desk: Desk, ask: Ask): Operation => {
  try {
    const input = inputOf(ask)
    return input.swapRecord === null || !desk.repos.find(placeIn(desk, ask, input)) ? 'publish' : 'update'
  } catch {
    return 'publish'
  }
}

const swapIn = (input: Input): string | null | undefined =>
  input.swapRecord === null || input.swapRecord === undefined ? input.swapRecord : textIn(input, 'swapRecord')

const repoIn = (desk: Desk, ask: Ask): Account => {
  const account = desk.sessions.find(param(ask, 'repo'))
  if (!account) throw bad(`Could not find repo: ${param(ask, 'repo')}`)
  return account
}

const createSession = (desk: Desk, ask: Ask): Answer => {
  const input = inputOf(ask)
  const [identifier, password] = [textIn(input, 'identifier'), textIn(input, 'password')]
  desk.meter.session(`${identifier}-${ask.ip}`)
  return sessionOf(desk.sessions.create(identifier, password))
}

const createRecord = (desk: Desk, ask: Ask): Answer => {
  const input = inputOf(ask)
  const place = placeIn(desk, ask, input)
  return written(desk, place, 3, () => desk.repos.create(place, recordIn(input)))
}

const putRecord = (desk: Desk, ask: Ask): Answer => {
  const input = inputOf(ask)
  const place = placeIn(desk, ask, { ...input, rkey: rkeyIn(input) })
  return written(desk, place, 2, () => desk.repos.put(place, recordIn(input), swapIn(input)))
}

const deleteRecord = (desk: Desk, ask: Ask): Answer => {
  const input = inputOf(ask)
  const place = placeIn(desk, ask, { ...input, rkey: rkeyIn(input) })
  return written(desk, place, 1, () => desk.repos.remove(place, swapIn(input) ?? undefined))
}

const getRecord = (desk: Desk, ask: Ask): Answer => {
  const [collection, rkey, cid] = [param(ask, 'collection'), param(ask, 'rkey'), ask.query.get('cid')]
  const account = desk.sessions.find(param(ask, 'repo'))
  const record = account && desk.repos.find({ account, collection, rkey })
  if (!record || (cid && cid !== record.cid))
    throw bad(`Could not locate record: at://${param(ask, 'repo')}/${collection}/${rkey}`, 'RecordNotFound')
  return ok({ uri: record.uri, cid: record.cid, value: record.value })
}

/** Newest key first; a page ends with the cursor of its last record. */
const listRecords = (desk: Desk, ask: Ask): Answer => {
  const limit = limitIn(ask)
  const reverse = ask.query.get('reverse') === 'true'
  const cursor = ask.query.get('cursor')
  const sorted = desk.repos.list(repoIn(desk, ask), param(ask, 'collection'))
  const ordered = reverse ? sorted : sorted.reverse()
  const rest = cursor ? ordered.filter(({ rkey }) => (reverse ? rkey > cursor : rkey < cursor)) : ordered
  const page = rest.slice(0, limit)
  return ok({ records: page.map(({ uri, cid, value }) => ({ uri, cid, value })), ...(page.length > 0 && { cursor: page.at(-1)!.rkey }) })
}

/** The type is read from the bytes, and only where they do not tell it is what the caller says believed. */
const uploadBlob = async (desk: Desk, ask: Ask): Promise<Answer> => {
  desk.sessions.account(ask.headers.authorization)
  const limit = desk.settings.blobUploadLimit
  if (ask.body.length > limit) throw new Refusal(xrpcError(413, 'PayloadTooLarge', `This file is too large (maximum ${limit} bytes).`))
  if (ask.body.length === 0) throw bad('Request entity is empty')
  const type = (await fileTypeFromBuffer(ask.body))?.mime ?? ask.headers['content-type'] ?? 'application/octet-stream'
  const { cid, stored } = desk.repos.upload(ask.body, type)
  return ok({ blob: { $type: 'blob', ref: { $link: cid }, mimeType: stored.type, size: stored.size } })
}

const getBlob = (desk: Desk, ask: Ask): Answer => {
  const stored = desk.repos.blob(param(ask, 'cid'))
  const media = stored && desk.parts.ledger.media(stored.sha256)
  if (!media) throw bad('Blob not found', 'BlobNotFound')
  return {
    status: 200,
    headers: { 'content-type': media.type, 'content-security-policy': "default-src 'none'; sandbox" },
    body: media.bytes,
  }
}

const resolveHandle = (desk: Desk, ask: Ask): Answer => {
  const account = desk.sessions.find(param(ask, 'handle'))
  if (!account) throw bad('Unable to resolve handle', 'HandleNotFound')
  return ok({ did: account.did })
}

const getProfile = (desk: Desk, ask: Ask): Answer => {
  const account = desk.sessions.find(param(ask, 'actor'))
  if (!account) throw bad('Profile not found')
  const { did, handle } = account
  const avatar = `${desk.parts.url()}/avatar/bluesky/${encodeURIComponent(handle)}.svg`
  const posts = desk.repos.list(account, postCollection).length
  return ok({ did, handle, displayName: handle, avatar, followersCount: followersOf(did), followsCount: 0, postsCount: posts, labels: [] })
}

/** What an AppView knows of up to 25 posts; those that are gone are left out. https://docs.bsky.app/docs/api/app-bsky-feed-get-posts */
const getPosts = (desk: Desk, ask: Ask): Answer => {
  const uris = ask.query.getAll('uris')
  if (uris.length === 0) throw wrongParams(ask, 'Missing required key "uris"')
  if (uris.length > 25) throw wrongParams(ask, `array too big (maximum 25, got ${uris.length}) at uris`)
  return ok({ posts: uris.flatMap((uri) => postView(desk, uri)) })
}

const postView = (desk: Desk, uri: string): readonly object[] => {
  const [did = '', collection = '', rkey = ''] = uri.replace('at://', '').split('/')
  const account = desk.sessions.find(did)
  const record = account && desk.repos.find({ account, collection, rkey })
  if (!record) return []
  const answers = desk.parts.ledger.entries('bluesky').filter(({ replyTo, deletedAt }) => replyTo === uri && deletedAt === null)
  const counts = { likeCount: 0, repostCount: 0, quoteCount: 0, replyCount: answers.length }
  const author = { did: account.did, handle: account.handle }
  return [
    { uri: record.uri, cid: record.cid, author, record: record.value, indexedAt: new Date(desk.parts.now()).toISOString(), ...counts },
  ]
}

/** Always the same for an account. */
const followersOf = (did: string): number => Buffer.from(did).reduce((sum, byte) => (sum * 31 + byte) % 20_000, 7)

const describeServer = (desk: Desk): Answer =>
  ok({
    did: 'did:web:lab.invalid',
    availableUserDomains: ['.test'],
    inviteCodeRequired: false,
    blobUploadLimit: desk.settings.blobUploadLimit,
    links: {},
    contact: {},
  })

const query = (operation: Operation, run: Method['run']): Method => ({ verb: 'GET', operation, run })
const procedure = (operation: Method['operation'], run: Method['run']): Method => ({ verb: 'POST', operation, run })

/** A method that the lab does not play: what a PDS without an AppView behind it says. */
export const unknownMethod: Method = {
  verb: 'GET',
  operation: 'read',
  run: (_desk, ask) => {
    throw bad(`No service configured for ${nameIn(ask)}`)
  },
}

export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['com.atproto.server.createSession', procedure('session', createSession)],
  ['com.atproto.server.refreshSession', procedure('session', (desk, ask) => sessionOf(desk.sessions.refresh(ask.headers.authorization)))],
  ['com.atproto.server.deleteSession', procedure('session', (desk, ask) => endSession(desk, ask))],
  ['com.atproto.server.getSession', query('session', (desk, ask) => sessionOf(desk.sessions.account(ask.headers.authorization)))],
  ['com.atproto.server.describeServer', query('read', describeServer)],
  ['com.atproto.repo.uploadBlob', procedure('media', uploadBlob)],
  ['com.atproto.repo.createRecord', procedure('publish', createRecord)],
  ['com.atproto.repo.putRecord', procedure(putOperation, putRecord)],
  ['com.atproto.repo.deleteRecord', procedure('delete', deleteRecord)],
  ['com.atproto.repo.getRecord', query('read', getRecord)],
  ['com.atproto.repo.listRecords', query('read', listRecords)],
  ['com.atproto.sync.getBlob', query('read', getBlob)],
  ['com.atproto.identity.resolveHandle', query('read', resolveHandle)],
  ['app.bsky.actor.getProfile', query('read', getProfile)],
  ['app.bsky.feed.getPosts', query('read', getPosts)],
])

const endSession = (desk: Desk, ask: Ask): Answer => {
  desk.sessions.end(ask.headers.authorization)
  return { status: 200 }
}
