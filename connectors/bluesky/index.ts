// Bluesky: one account on its personal data server, over the official client. https://docs.bsky.app
import { type AppBskyFeedPost, XRPCError } from '@atproto/api'
import type { Attempt, Connector, Identity, Post, Reactions, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnclearError } from '../../src/connector/errors.ts'
import { graphemes } from '../../src/connector/measure.ts'
import { type BlueskyClient, openClient } from './client.ts'
import { collection, isSame, maxImageBytes, recordOf } from './record.ts'
import { recordKey } from './record-key.ts'
import { type BlueskySettings, blueskySettings } from './settings.ts'

/**
 * There is no `update`: a changed record gets a new cid, which breaks what replies and quotes point at, and apps show no history.
 * Corrections are replies.
 */
export const bluesky: Connector<BlueskySettings, BlueskyClient> = {
  platform: 'bluesky',
  title: 'Bluesky',
  settings: blueskySettings,
  limits: {
    // Lexicon app.bsky.feed.post: maxGraphemes 300, maxLength 3000 (bytes).
    text: { max: 300, maxBytes: 3_000 },
    // Lexicon app.bsky.embed.images: 4 of 2,000,000 bytes, any image type; 2,000 characters of alt text is what the official app takes.
    images: { max: 4, maxBytes: maxImageBytes, types: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], altMax: 2_000 },
    needsMedia: false,
    // the record carries it: app.bsky.embed.external
    linkBeside: true,
    // 5,000 points an hour, 3 for a new record: https://docs.bsky.app/docs/advanced-guides/rate-limits
    pace: { actions: 1_500, perSeconds: 3_600 },
  },
  // The record key comes from the delivery's id: whatever is put twice is there once.
  repeat: 'id',
  // Under the same key a late arrival does no harm; this only lets the server come back to itself.
  settleSeconds: 2,
  // Four images of 2 MB over a city's line; a plain post takes under a second.
  budgetSeconds: 30,
  measure: (text) => graphemes(text),
  connect: openClient,
  check,
  publish: (client, post, attempt) => put(client, post, attempt),
  reply,
  retract,
  find: async (client, _post, attempt) => {
    const found = await recordAt(client, recordKey(attempt.key), attempt.signal)
    return found && receiptOf(client, found, { at: found.value.createdAt, signal: attempt.signal })
  },
  stands: async (client, receipt, signal) => (await recordAt(client, keyIn(receipt.id), signal)) !== undefined,
  insights: async (client, signal) => {
    const { did: actor } = await client.session(signal)
    const { data } = await client.read((agent) => agent.app.bsky.actor.getProfile({ actor }, { signal }))
    return { followers: data.followersCount ?? 0 }
  },
  reactions,
}

/** https://docs.bsky.app/docs/api/app-bsky-feed-get-posts; views are not counted there. */
async function reactions(client: BlueskyClient, { id }: Receipt, signal: AbortSignal): Promise<Reactions> {
  const { did } = await client.session(signal)
  const uri = `at://${did}/${collection}/${keyIn(id)}`
  const { data } = await client.read((agent) => agent.app.bsky.feed.getPosts({ uris: [uri] }, { signal }))
  const [post] = data.posts
  if (!post) throw new RejectedError('Bluesky: Der Beitrag ist nicht mehr da.')
  const { likeCount = 0, replyCount = 0, repostCount = 0, quoteCount = 0 } = post
  return { likes: likeCount, replies: replyCount, shares: repostCount + quoteCount }
}

async function check(client: BlueskyClient, signal: AbortSignal): Promise<Identity> {
  const { data } = await client.read((agent) => agent.com.atproto.server.getSession(undefined, { signal }))
  return { account: `@${data.handle}`, url: `${client.settings.web}/profile/${data.handle}`, until: null }
}

/** A record as it stands there. */
interface Standing {
  readonly uri: string
  readonly cid: string
  readonly value: AppBskyFeedPost.Record
}

/** `swapRecord: null`: only where nothing is. Measured on a PDS: the same content again is no change, other content is InvalidSwap. */
async function put(client: BlueskyClient, post: Post, attempt: Attempt, thread?: AppBskyFeedPost.ReplyRef): Promise<Receipt> {
  const { did: repo } = await client.session(attempt.signal)
  const record = await recordOf(client, post, attempt, thread)
  const rkey = recordKey(attempt.key)
  const written = { repo, collection, rkey, record: { ...record }, swapRecord: null }
  const { signal } = attempt
  const { uri, cid } = await client.write((agent) =>
    agent.com.atproto.repo.putRecord(written, { signal }).then(
      ({ data }) => data,
      (error: unknown) => {
        if (isNamed(error, 'InvalidSwap')) return there(client, record, { rkey, signal })
        throw error
      },
    ),
  )
  return receiptOf(client, { uri, cid, value: record }, { at: new Date().toISOString(), signal })
}

/** Something stands under our key: ours, from an attempt whose answer was lost, or a stranger's. */
const there = async (
  client: BlueskyClient,
  record: AppBskyFeedPost.Record,
  { rkey, signal }: { rkey: string; signal: AbortSignal },
): Promise<Standing> => {
  const found = await recordAt(client, rkey, signal).catch((cause: Error) => {
    throw new UnclearError(`Bluesky: Unter dem Schlüssel dieses Beitrags steht schon etwas; ${cause.message}`, { cause })
  })
  if (found && isSame(record, found.value)) return found
  throw new RejectedError('Bluesky: Unter dem Schlüssel dieses Beitrags steht schon etwas anderes.')
}

const isNamed = (error: unknown, name: string): boolean => error instanceof XRPCError && error.error === name

const recordAt = async (client: BlueskyClient, rkey: string, signal: AbortSignal): Promise<Standing | undefined> => {
  const { did: repo } = await client.session(signal)
  return client.read((agent) =>
    agent.com.atproto.repo.getRecord({ repo, collection, rkey }, { signal }).then(
      ({ data }) => ({ uri: data.uri, cid: data.cid ?? '', value: data.value as unknown as AppBskyFeedPost.Record }),
      (error: unknown) => {
        if (isNamed(error, 'RecordNotFound')) return undefined
        throw error
      },
    ),
  )
}

/** `cid` and the thread's root are what a later reply must point at. */
const receiptOf = async (
  { session, settings }: BlueskyClient,
  { uri, cid, value: { reply: thread } }: Standing,
  { at, signal }: { at: string; signal: AbortSignal },
): Promise<Receipt> => {
  const { handle } = await session(signal)
  const detail = { cid, ...(thread && { rootUri: thread.root.uri, rootCid: thread.root.cid }) }
  return { id: uri, url: `${settings.web}/profile/${handle}/post/${keyIn(uri)}`, at, detail }
}

/** The record key at the end of a record's or a post's address; a person may have given the latter. */
const keyIn = (address: string): string => address.replace(/\/+$/, '').split('/').at(-1) ?? address

/** https://docs.bsky.app/docs/tutorials/creating-a-post#replies-quote-posts-and-embeds */
async function reply(client: BlueskyClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  const { cid, rootUri, rootCid } = receipt.detail ?? {}
  const parent = cid ? { uri: receipt.id, cid } : await recordAt(client, keyIn(receipt.id), attempt.signal)
  if (!parent) throw new RejectedError('Bluesky: Der Beitrag, dem geantwortet werden soll, ist nicht mehr da.')
  const root = rootUri && rootCid ? { uri: rootUri, cid: rootCid } : { uri: parent.uri, cid: parent.cid }
  return put(client, post, attempt, { root, parent: { uri: parent.uri, cid: parent.cid } })
}

/** Deleting what is gone already succeeds there. */
async function retract(client: BlueskyClient, receipt: Receipt, { signal }: Attempt): Promise<void> {
  const { did: repo } = await client.session(signal)
  await client.write((agent) => agent.com.atproto.repo.deleteRecord({ repo, collection, rkey: keyIn(receipt.id) }, { signal }))
}
