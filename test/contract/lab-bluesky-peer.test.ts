// The lab's Bluesky beside a real PDS: the same requests, the same statuses, errors, sentences and content ids.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startLab } from '../../lab/lab.ts'
import { startPds } from '../support/pds.ts'

interface Peer {
  readonly url: string
  readonly handle: string
  readonly did: string
  readonly password: string
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

type Ask = (method: string, body?: object | Buffer, token?: string) => Promise<Answer>

const asker =
  (url: string): Ask =>
  async (method, body, token) => {
    const response = await fetch(`${url}/xrpc/${method}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && { 'content-type': Buffer.isBuffer(body) ? 'image/png' : 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : {} }
  }

const collection = 'app.bsky.feed.post'
const createdAt = '2026-05-01T10:00:00.000Z'
const otherCid = 'bafyreidqb64tvrw7ndxkqgitc4hho5skldsji6d5iqqwau6bsn24ghqdtm'
const [a, b] = ['3jzfcijpj2z2a', '3jzfcijpj2z2b'] as const
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const record = (more: object = {}) => ({ $type: collection, text: 'Grüße 👋', createdAt, ...more })

const facet = (feature: object) => [{ index: { byteStart: 0, byteEnd: 1 }, features: [feature] }]

/** Records that a PDS refuses, each for another reason. */
const wrongRecords: Readonly<Record<string, object>> = {
  '301 graphemes': { text: 'ü'.repeat(301) },
  'too many bytes': { text: '👨‍👩‍👧‍👦'.repeat(121) },
  'no text': { text: undefined },
  'text is null': { text: null },
  'no date': { createdAt: 'gestern' },
  'four languages': { langs: ['de', 'en', 'fr', 'nl'] },
  'no language': { langs: ['d e'] },
  'nine tags': { tags: Array(9).fill('x') },
  'a negative offset': { facets: [{ index: { byteStart: -1, byteEnd: 1 }, features: [] }] },
  'no web address': { facets: facet({ $type: 'app.bsky.richtext.facet#link', uri: 'kein uri' }) },
  'another type': { $type: 'app.bsky.feed.like' },
  'no answered post': { reply: { root: { uri: 'x', cid: 'y' }, parent: { uri: 'x', cid: 'y' } } },
  'a card without description': { embed: { $type: 'app.bsky.embed.external', external: { uri: 'https://b.de', title: 'x' } } },
}

/** Everything asked, in order, and what came back, without what differs from server to server. */
const play = async ({ url, handle, did, password }: Peer): Promise<Record<string, unknown>> => {
  const ask = asker(url)
  const seen: Record<string, unknown> = {}
  const note = (name: string, { status, body }: Answer): void => {
    const text = JSON.stringify(body)
      .replaceAll(did, 'DID')
      .replaceAll(handle, 'HANDLE')
      .replace(/"commit":\{[^}]*\}/, '"commit":"X"')
    seen[name] = [status, JSON.parse(text)]
  }
  const session = (await ask('com.atproto.server.createSession', { identifier: handle, password })).body as {
    accessJwt: string
    refreshJwt: string
  }
  const token = session.accessJwt
  note('the fields of a session', { status: 200, body: Object.keys(session).sort() })
  note('wrong password', await ask('com.atproto.server.createSession', { identifier: handle, password: 'x' }))
  note('no password', await ask('com.atproto.server.createSession', { identifier: handle }))
  note('no token', await ask('com.atproto.server.getSession'))
  note('broken token', await ask('com.atproto.server.getSession', undefined, 'x.y.z'))
  note('refresh token for access', await ask('com.atproto.server.getSession', undefined, session.refreshJwt))
  const write = (method: string, input: object) => ask(`com.atproto.repo.${method}`, { repo: did, collection, ...input }, token)
  note('put', await write('putRecord', { rkey: a, record: record(), swapRecord: null }))
  note('put again', await write('putRecord', { rkey: a, record: record(), swapRecord: null }))
  note('put another', await write('putRecord', { rkey: a, record: record({ text: 'anders' }), swapRecord: null }))
  note('wrong swap', await write('putRecord', { rkey: a, record: record({ text: 'anders' }), swapRecord: otherCid }))
  note('swap of nothing', await write('putRecord', { rkey: b, record: record(), swapRecord: otherCid }))
  note('create again', await write('createRecord', { rkey: a, record: record() }))
  note('no timestamp id', await write('putRecord', { rkey: 'nein', record: record() }))
  note('no record key', await write('putRecord', { rkey: 'a b', record: record() }))
  note('no record', await write('putRecord', { rkey: b }))
  note('unknown repository', await write('putRecord', { repo: 'did:plc:ikrpvgkjbqbptygunyfop2nx', rkey: b, record: record() }))
  for (const [name, more] of Object.entries(wrongRecords)) note(name, await write('putRecord', { rkey: b, record: record(more) }))
  const uploaded = await ask('com.atproto.repo.uploadBlob', png, token)
  note('upload', uploaded)
  const { blob } = uploaded.body as { blob: { ref: object } }
  const image = (one: object) =>
    write('putRecord', { rkey: b, record: record({ embed: { $type: 'app.bsky.embed.images', images: [one] } }) })
  note('image without alt', await image({ image: blob }))
  note('image of another type', await image({ alt: 'x', image: { ...blob, mimeType: 'image/jpeg' } }))
  note('image of another size', await image({ alt: 'x', image: { ...blob, size: 5 } }))
  note(
    'unknown image',
    await image({ alt: 'x', image: { ...blob, ref: { $link: 'bafkreigtouoth6onkbe4jlzliyttkrl6ju526eylzo4h6oe6gsp3v2zaxe' } } }),
  )
  note('image', await image({ alt: 'x', image: blob }))
  const where = `collection=${collection}&repo`
  note('get', await ask(`com.atproto.repo.getRecord?${where}=${handle}&rkey=${a}`))
  note('list', await ask(`com.atproto.repo.listRecords?${where}=${did}&limit=1`))
  note('list reversed', await ask(`com.atproto.repo.listRecords?${where}=${did}&reverse=true`))
  note('list of nobody', await ask(`com.atproto.repo.listRecords?${where}=no.test`))
  note('list of none', await ask(`com.atproto.repo.listRecords?${where}=${did}&limit=0`))
  note('delete', await write('deleteRecord', { rkey: a }))
  note('delete again', await write('deleteRecord', { rkey: a }))
  note('get deleted', await ask(`com.atproto.repo.getRecord?${where}=${did}&rkey=${a}`))
  note('get nothing', await ask(`com.atproto.repo.getRecord?repo=${did}`))
  note('resolve', await ask(`com.atproto.identity.resolveHandle?handle=${handle}`))
  note('resolve nobody', await ask('com.atproto.identity.resolveHandle?handle=no.test'))
  note('unknown method', await ask('app.bsky.feed.getTimeline'))
  return seen
}

test('the lab answers every request as a real PDS does', async () => {
  await using pds = await startPds()
  await using lab = await startLab({ port: 0 })
  const url = `${lab.url}/bluesky`
  const password = 'rehearsal-bonn'
  const { did } = (await asker(url)('com.atproto.server.createSession', { identifier: pds.handle, password })).body as { did: string }
  const [real, ours] = [await play(pds), await play({ url, handle: pds.handle, did, password })]
  for (const [name, answer] of Object.entries(real)) assert.deepEqual(ours[name], answer, name)
})
