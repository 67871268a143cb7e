// The lab's Bluesky over HTTP: sessions, record keys, swaps, validation, blobs and rate limits, as a PDS was measured.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { AppBskyFeedPost, AtpAgent, lexicons, RichText } from '@atproto/api'
import fc from 'fast-check'
import { InvalidValue } from '../../lab/bluesky/lexicon.ts'
import { checkPost } from '../../lab/bluesky/post.ts'
import { type Lab, type LabSettings, startLab } from '../../lab/lab.ts'

/** What these tests look at in an answer; each answer has some of it. */
interface Json {
  readonly error: string
  readonly message: string
  readonly uri: string
  readonly cid: string
  readonly did: string
  readonly handle: string
  readonly commit?: object
  readonly value: { readonly text: string }
  readonly records: readonly Json[]
  readonly cursor: string
  readonly accessJwt: string
  readonly refreshJwt: string
  readonly blob: object
  readonly followersCount: number
}

const handle = 'bonn.example.org'
const collection = 'app.bsky.feed.post'
const createdAt = '2026-05-01T10:00:00.000Z'
const keys = ['3jzfcijpj2z2a', '3jzfcijpj2z2b', '3jzfcijpj2z2c'] as const

const open = (bluesky: LabSettings['bluesky'] = {}, now?: () => number): Promise<Lab> =>
  startLab({ port: 0, ...(now && { now }), settings: { bluesky } })

interface Sending {
  readonly token?: string
  readonly body?: object | Buffer
  readonly type?: string
}

const ask = async (lab: Lab, method: string, { token, body, type }: Sending = {}) => {
  const response = await fetch(`${lab.url}/bluesky/xrpc/${method}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    },
    ...(body !== undefined && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: (text ? JSON.parse(text) : {}) as Json }
}

const signIn = async (lab: Lab, identifier = handle): Promise<Json> =>
  (await ask(lab, 'com.atproto.server.createSession', { body: { identifier, password: 'rehearsal-bonn-bluesky' } })).json

/** Somebody signed in, with the writes that a test needs. */
const account = async (lab: Lab, identifier = handle) => {
  const { accessJwt: token, did } = await signIn(lab, identifier)
  const write = (method: string, input: object) =>
    ask(lab, `com.atproto.repo.${method}`, { token, body: { repo: did, collection, ...input } })
  const record = (text: string, more: object = {}) => ({ text, createdAt, ...more })
  return {
    token,
    did,
    record,
    write,
    put: (rkey: string, text: string, more: object = { swapRecord: null }) => write('putRecord', { rkey, record: record(text), ...more }),
    get: (rkey: string) => ask(lab, `com.atproto.repo.getRecord?repo=${did}&collection=${collection}&rkey=${rkey}`),
    upload: (bytes: Buffer, type = 'image/png') => ask(lab, 'com.atproto.repo.uploadBlob', { token, body: bytes, type }),
  }
}

const errorOf = ({ status, json }: { status: number; json: Json }) => [status, json.error]

/** A PNG of one pixel, made larger by what follows its end. */
const png = (size = 70): Buffer =>
  Buffer.concat(
    [Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')],
    size,
  )

test('a password that does not begin with rehearsal- is refused as a PDS refuses it', async () => {
  await using lab = await open()
  const refused = await ask(lab, 'com.atproto.server.createSession', { body: { identifier: handle, password: 'geheim' } })
  assert.deepEqual([refused.status, refused.json], [401, { error: 'AuthenticationRequired', message: 'Invalid identifier or password' }])
  assert.deepEqual(errorOf(await ask(lab, 'com.atproto.server.createSession', { body: { identifier: handle } })), [400, 'InvalidRequest'])
})

test('tokens carry their real end: access two hours, refresh 90 days, and each is good for its purpose only', async () => {
  let clock = Date.parse(createdAt)
  await using lab = await open({}, () => clock)
  const { accessJwt, refreshJwt, did } = await signIn(lab)
  const claims = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as { exp: number; iat: number }
  assert.deepEqual([claims(accessJwt).exp - claims(accessJwt).iat, claims(refreshJwt).exp - claims(refreshJwt).iat], [7200, 90 * 86_400])
  const session = (token?: string) => ask(lab, 'com.atproto.server.getSession', token === undefined ? {} : { token })
  assert.equal((await session(accessJwt)).json.did, did)
  assert.deepEqual(errorOf(await session()), [401, 'AuthMissing'])
  assert.deepEqual(errorOf(await session(refreshJwt)), [400, 'InvalidToken'])
  assert.deepEqual(errorOf(await session(`${accessJwt.slice(0, -2)}xx`)), [400, 'InvalidToken'])
  clock += 7200_000
  const expired = await session(accessJwt)
  assert.deepEqual([expired.status, expired.json], [400, { error: 'ExpiredToken', message: 'Token has expired' }])
})

test('a refresh gives new tokens; the old refresh token is good for two more hours and then revoked', async () => {
  let clock = Date.parse(createdAt)
  await using lab = await open({}, () => clock)
  const { refreshJwt } = await signIn(lab)
  const refresh = (token: string) => ask(lab, 'com.atproto.server.refreshSession', { token, body: {} })
  const next = (await refresh(refreshJwt)).json
  assert.notEqual(next.refreshJwt, refreshJwt)
  assert.equal((await ask(lab, 'com.atproto.server.getSession', { token: next.accessJwt })).json.handle, handle)
  assert.equal((await refresh(refreshJwt)).status, 200)
  clock += 7200_000
  assert.deepEqual(errorOf(await refresh(refreshJwt)), [400, 'ExpiredToken'])
  assert.equal((await refresh(next.refreshJwt)).status, 200)
})

test('the same record under the same key is one post and no commit; another one is InvalidSwap when none may stand there', async () => {
  await using lab = await open()
  const { put, get } = await account(lab)
  const first = await put(keys[0], 'Hallo Bonn')
  assert.equal(first.status, 200)
  assert.notEqual(first.json.commit, undefined)
  const again = await put(keys[0], 'Hallo Bonn')
  assert.deepEqual([again.status, again.json.cid, again.json.commit], [200, first.json.cid, undefined])
  const other = await put(keys[0], 'Anderes')
  assert.deepEqual([other.status, other.json], [400, { error: 'InvalidSwap', message: `Record was at ${first.json.cid}` }])
  assert.equal((await get(keys[0])).json.value.text, 'Hallo Bonn')
  assert.equal(lab.ledger().length, 1)
})

test('a put with the right swap, or with none, edits: the ledger keeps both versions', async () => {
  await using lab = await open()
  const { put } = await account(lab)
  const { cid } = (await put(keys[0], 'Erste Fassung')).json
  assert.deepEqual(errorOf(await put(keys[0], 'Zweite Fassung', { swapRecord: (await put(keys[1], 'x')).json.cid })), [400, 'InvalidSwap'])
  assert.equal((await put(keys[0], 'Zweite Fassung', { swapRecord: cid })).status, 200)
  assert.equal((await put(keys[0], 'Dritte Fassung', {})).status, 200)
  assert.deepEqual(
    lab.ledger()[0]?.revisions.map(({ text }) => text),
    ['Erste Fassung', 'Zweite Fassung', 'Dritte Fassung'],
  )
})

test('creating twice under one key is the PDS’s 500, and leaves one post', async () => {
  await using lab = await open()
  const { write, record } = await account(lab)
  assert.equal((await write('createRecord', { rkey: keys[0], record: record('Hallo') })).status, 200)
  assert.deepEqual(errorOf(await write('createRecord', { rkey: keys[0], record: record('Hallo') })), [500, 'InternalServerError'])
  assert.equal((await write('createRecord', { record: record('Ohne Schlüssel') })).status, 200)
  assert.equal(lab.ledger().length, 2)
})

test('a deletion can be repeated; the record is not found, and the ledger keeps the post', async () => {
  await using lab = await open()
  const { put, get, write } = await account(lab)
  await put(keys[0], 'Kurz da')
  assert.notEqual((await write('deleteRecord', { rkey: keys[0] })).json.commit, undefined)
  assert.deepEqual((await write('deleteRecord', { rkey: keys[0] })).json, {})
  assert.deepEqual(errorOf(await get(keys[0])), [400, 'RecordNotFound'])
  assert.deepEqual(
    lab.ledger().map(({ text, deletedAt }) => [text, deletedAt !== null]),
    [['Kurz da', true]],
  )
})

test('records come newest key first, page by page', async () => {
  await using lab = await open()
  const { put, did } = await account(lab)
  for (const key of keys) await put(key, key)
  const list = async (query: string) => (await ask(lab, `com.atproto.repo.listRecords?repo=${did}&collection=${collection}&${query}`)).json
  const page = await list('limit=2')
  assert.deepEqual(
    page.records.map(({ value }) => value.text),
    [keys[2], keys[1]],
  )
  assert.deepEqual(
    (await list(`cursor=${page.cursor}`)).records.map(({ value }) => value.text),
    [keys[0]],
  )
  assert.equal((await list('reverse=true')).records[0]?.value.text, keys[0])
})

test('a foreign repository, a foreign key and a wrong type are refused', async () => {
  await using lab = await open()
  const { put, write, record, did } = await account(lab)
  assert.deepEqual(errorOf(await write('putRecord', { repo: 'mainz.example.org', rkey: keys[0], record: record('x') })), [
    403,
    'AccountNotFound',
  ])
  await signIn(lab, 'mainz.example.org')
  assert.deepEqual(errorOf(await write('putRecord', { repo: 'mainz.example.org', rkey: keys[0], record: record('x') })), [
    401,
    'AuthenticationRequired',
  ])
  assert.deepEqual(errorOf(await put('kein-tid', 'x')), [400, 'InvalidRequest'])
  assert.equal(
    (await write('putRecord', { repo: handle, rkey: keys[0], record: record('x') })).json.uri,
    `at://${did}/${collection}/${keys[0]}`,
  )
  assert.deepEqual(errorOf(await write('putRecord', { rkey: keys[1], record: { ...record('x'), $type: 'app.bsky.feed.like' } })), [
    400,
    'InvalidRequest',
  ])
})

test('300 graphemes and 3000 bytes are taken, one more is refused with the server’s own sentence', async () => {
  await using lab = await open()
  const { put } = await account(lab)
  assert.equal((await put(keys[0], '👍🏽'.repeat(300))).status, 200)
  const refusal = async (text: string) => (await put(keys[1], text)).json.message
  assert.equal(
    await refusal('ü'.repeat(301)),
    'Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text',
  )
  const family = '👨‍👩‍👧‍👦'
  assert.equal((await put(keys[1], family.repeat(120))).status, 200)
  assert.equal(
    await refusal(`${family.repeat(120)}a`),
    'Invalid app.bsky.feed.post record: string too big (maximum 3000, got 3001) at $.record.text',
  )
})

test('what the Lexicon forbids is refused where it stands', async () => {
  await using lab = await open()
  const { write, record } = await account(lab)
  const facet = (byteStart: number, byteEnd: number, uri = 'https://b.de') => ({
    index: { byteStart, byteEnd },
    features: [{ $type: 'app.bsky.richtext.facet#link', uri }],
  })
  const wrong: readonly [object, RegExp][] = [
    [{ createdAt: 'gestern' }, /Invalid datetime \(got "gestern"\) at \$\.record\.createdAt/],
    [{ langs: ['de', 'en', 'fr', 'nl'] }, /array too big \(maximum 3, got 4\) at \$\.record\.langs/],
    [{ facets: [facet(0, 1, 'kein uri')] }, /Invalid uri/],
    [{ facets: [facet(0, 7)] }, /Facet 0-7 does not lie on characters of the text \(6 bytes\)/],
    [{ facets: [facet(0, 2)] }, /Facet 0-2 does not lie on characters/],
    [{ facets: [facet(3, 3)] }, /Facet 3-3/],
    [{ reply: { root: { uri: 'nope', cid: 'x' }, parent: { uri: 'nope', cid: 'x' } } }, /Invalid at-uri/],
  ]
  for (const [more, message] of wrong) {
    const { status, json } = await write('putRecord', { rkey: keys[0], record: { ...record('müßig'.slice(0, 4)), ...more } })
    assert.deepEqual([status, json.error], [400, 'InvalidRequest'])
    assert.match(json.message, message)
  }
  assert.match((await write('putRecord', { rkey: keys[0], record: { text: 'x' } })).json.message, /Missing required key "createdAt"/)
  assert.deepEqual(lab.ledger(), [])
})

test('the lab takes and refuses the same records as the official Lexicon', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('ü'.repeat(300), 'ü'.repeat(301), '👨‍👩‍👧‍👦'.repeat(130), 'x'.repeat(3001)),
  )
  const odd = fc.oneof(fc.constantFrom(null, 5, true, [], {}, 'x'), fc.constant(undefined))
  const feature = fc.oneof(
    fc.record({ $type: fc.constant('app.bsky.richtext.facet#link'), uri: fc.oneof(fc.webUrl(), fc.string(), odd) }),
    fc.record({ $type: fc.constant('app.bsky.richtext.facet#tag'), tag: fc.oneof(fc.string(), fc.constant('x'.repeat(65)), odd) }),
    fc.record({ $type: fc.constant('app.bsky.richtext.facet#mention'), did: fc.oneof(fc.constant('did:plc:abc'), fc.string(), odd) }),
  )
  const facets = fc.array(fc.record({ index: fc.constant({ byteStart: 0, byteEnd: 1 }), features: fc.array(feature, { maxLength: 2 }) }), {
    maxLength: 2,
  })
  const external = fc.record({ uri: fc.oneof(fc.webUrl(), fc.string()), title: fc.string(), description: fc.oneof(fc.string(), odd) })
  const record = fc.record(
    {
      $type: fc.constant(collection),
      text: fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: odd }),
      createdAt: fc.oneof(
        fc.constantFrom(createdAt, '2026-05-01', '2026-05-01T10:00:00+02:00', '2026-13-01T10:00:00Z', '2026-05-01T10:00:00-00:00'),
        odd,
      ),
      langs: fc.oneof(fc.array(fc.constantFrom('de', 'de-DE', 'd e', 'en', ''), { maxLength: 4 }), odd),
      tags: fc.oneof(fc.array(fc.string(), { maxLength: 9 }), odd),
      embed: fc.record({ $type: fc.constant('app.bsky.embed.external'), external }),
    },
    { requiredKeys: ['$type'] },
  )
  const verdicts = { taken: 0, refused: 0 }
  const agree = (value: object): boolean => {
    verdicts[accepts(value) ? 'taken' : 'refused']++
    return accepts(value) === lexicons.validate(collection, value).success
  }
  fc.assert(fc.property(record, agree), { numRuns: 400 })
  fc.assert(
    fc.property(facets, (list) => agree({ $type: collection, text: 'x', createdAt, facets: list })),
    { numRuns: 200 },
  )
  assert.ok(verdicts.taken > 20 && verdicts.refused > 20, `both verdicts were met: ${JSON.stringify(verdicts)}`)
})

const accepts = (value: object): boolean => {
  try {
    checkPost(value)
    return true
  } catch (error) {
    if (error instanceof InvalidValue) return false
    throw error
  }
}

test('a blob has the content id of its bytes and the type that they show, and is served again', async () => {
  await using lab = await open({ blobUploadLimit: 1000 })
  const { upload, did } = await account(lab)
  const { blob } = (await upload(png(), 'text/plain')).json
  const { ref, ...rest } = blob as { ref: { $link: string } }
  assert.deepEqual(rest, { $type: 'blob', mimeType: 'image/png', size: 70 })
  assert.match(ref.$link, /^bafkrei[a-z2-7]{52}$/)
  const served = await fetch(`${lab.url}/bluesky/xrpc/com.atproto.sync.getBlob?did=${did}&cid=${ref.$link}`)
  assert.deepEqual(Buffer.from(await served.arrayBuffer()), png())
  assert.equal((await upload(png(1001))).status, 413)
  assert.deepEqual(errorOf(await upload(Buffer.alloc(0))), [400, 'InvalidRequest'])
})

test('an image needs its alternative text, a known blob and at most 2,000,000 bytes; a thumbnail 1,000,000; a post four images', async () => {
  await using lab = await open()
  const { upload, write, record } = await account(lab)
  const blobOf = async (size: number) => (await upload(png(size))).json.blob
  const [small, large, full] = [await blobOf(70), await blobOf(2_000_001), await blobOf(2_000_000)]
  const put = (embed: object) => write('putRecord', { rkey: keys[0], swapRecord: null, record: record('Bild', { embed }) })
  const images = (...list: object[]) => ({ $type: 'app.bsky.embed.images', images: list })
  const card = (thumb: object) => ({
    $type: 'app.bsky.embed.external',
    external: { uri: 'https://b.de', title: 't', description: '', thumb },
  })
  assert.match((await put(images({ image: small }))).json.message, /Missing required key "alt"/)
  assert.match((await put(images({ alt: 'x', image: large }))).json.message, /blob too big \(maximum 2000000, got 2000001\)/)
  assert.match((await put(card(full))).json.message, /blob too big \(maximum 1000000, got 2000000\)/)
  assert.match((await put(images(...Array(5).fill({ alt: 'x', image: small })))).json.message, /array too big \(maximum 4, got 5\)/)
  const unknown = { ...small, ref: { $link: 'bafkreigtouoth6onkbe4jlzliyttkrl6ju526eylzo4h6oe6gsp3v2zaxe' } }
  assert.deepEqual(errorOf(await put(images({ alt: 'x', image: unknown }))), [400, 'BlobNotFound'])
  assert.deepEqual(errorOf(await put(images({ alt: 'x', image: { ...small, mimeType: 'image/jpeg' } }))), [400, 'InvalidMimeType'])
  assert.equal((await put(images(...Array(4).fill({ alt: 'Das Rathaus', image: full })))).status, 200)
  const [image] = lab.ledger()[0]!.images
  assert.deepEqual(image, {
    alt: 'Das Rathaus',
    sha256: createHash('sha256').update(png(2_000_000)).digest('hex'),
    size: 2_000_000,
    type: 'image/png',
  })
})

test('an answer names posts that exist', async () => {
  await using lab = await open()
  const { put, write, record } = await account(lab)
  const { uri, cid } = (await put(keys[0], 'Warnung')).json
  const answer = (ref: object, rkey: string) =>
    write('putRecord', { rkey, record: record('Entwarnung', { reply: { root: ref, parent: ref } }) })
  assert.equal((await answer({ uri, cid }, keys[1])).status, 200)
  assert.match((await answer({ uri: uri.replace(keys[0], keys[2]), cid }, keys[2])).json.message, /the answered post .* does not exist/)
  assert.equal(lab.ledger()[1]?.replyTo, uri)
})

test('the official client signs in, posts links, hashtags and mentions, reads, and deletes', async () => {
  await using lab = await open()
  await signIn(lab, 'mainz.example.org')
  const agent = new AtpAgent({ service: lab.url })
  await agent.login({ identifier: handle, password: 'rehearsal-bonn' })
  const rich = new RichText({ text: 'Grüße 👋 an @mainz.example.org: https://www.bonn.de #Übung' })
  await rich.detectFacets(agent)
  const { uri, cid } = await agent.post({ text: rich.text, facets: rich.facets ?? [], langs: ['de'], createdAt })
  const { value } = await agent.app.bsky.feed.post.get({ repo: handle, rkey: uri.split('/').at(-1)! })
  assert.ok(AppBskyFeedPost.validateRecord(value).success)
  const [entry] = lab.ledger()
  assert.deepEqual(
    entry?.marks?.map(({ from, to }) => entry.text.slice(from, to)),
    ['@mainz.example.org', 'https://www.bonn.de', '#Übung'],
  )
  assert.deepEqual([entry?.id, entry?.link, entry?.language], [uri, 'https://www.bonn.de', 'de'])
  assert.equal((await agent.getProfile({ actor: handle })).data.postsCount, 1)
  await agent.post({ text: 'Antwort', reply: { root: { uri, cid }, parent: { uri, cid } } })
  await agent.deletePost(uri)
  assert.equal((await agent.com.atproto.repo.listRecords({ repo: handle, collection })).data.records.length, 1)
})

test('handles of those who signed in resolve, others do not', async () => {
  await using lab = await open()
  const { did } = await signIn(lab)
  assert.equal((await ask(lab, `com.atproto.identity.resolveHandle?handle=${handle}`)).json.did, did)
  assert.deepEqual(errorOf(await ask(lab, 'com.atproto.identity.resolveHandle?handle=nobody.example.org')), [400, 'HandleNotFound'])
  assert.equal((await ask(lab, `app.bsky.actor.getProfile?actor=${did}`)).json.handle, handle)
  assert.deepEqual(errorOf(await ask(lab, 'app.bsky.feed.getTimeline')), [400, 'InvalidRequest'])
})

test('the 31st sign-in in five minutes is refused with the seconds to wait, and works after them', async () => {
  let clock = Date.parse(createdAt)
  await using lab = await open({}, () => clock)
  for (let turn = 0; turn < 30; turn++) assert.equal((await signIn(lab)).handle, handle)
  clock += 10_000
  const refused = await ask(lab, 'com.atproto.server.createSession', { body: { identifier: handle, password: 'rehearsal-x' } })
  assert.deepEqual(errorOf(refused), [429, 'RateLimitExceeded'])
  const header = (name: string) => refused.headers.get(name)
  assert.deepEqual(['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-policy', 'retry-after'].map(header), [
    '30',
    '0',
    '30;w=300',
    '290',
  ])
  assert.equal(header('ratelimit-reset'), String(Date.parse(createdAt) / 1000 + 300))
  clock += 290_000
  assert.equal((await signIn(lab)).handle, handle)
})

test('writes take their points: a put 2, a creation 3, a deletion 1', async () => {
  const plenty = { points: 1000, seconds: 60 }
  const rateLimits = {
    requests: plenty,
    writesPerHour: { points: 8, seconds: 3600 },
    writesPerDay: plenty,
    sessions: plenty,
    sessionsPerDay: plenty,
  }
  await using lab = await open({ rateLimits })
  const { put, write, record } = await account(lab)
  assert.equal((await put(keys[0], 'x')).headers.get('ratelimit-remaining'), '6')
  assert.equal((await write('createRecord', { record: record('y') })).headers.get('ratelimit-remaining'), '3')
  assert.equal((await write('deleteRecord', { rkey: keys[0] })).headers.get('ratelimit-remaining'), '2')
  assert.equal((await put(keys[1], 'z')).status, 200)
  assert.deepEqual(errorOf(await write('deleteRecord', { rkey: keys[1] })), [429, 'RateLimitExceeded'])
  assert.equal(lab.ledger().length, 3)
})
