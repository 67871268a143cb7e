// Every fault of the lab, on both platforms: what the caller sees, and whether the post is there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FaultKind, faultKinds } from '../../lab/faults.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import { poll } from '../support/poll.ts'

/** What came back: an answer, or the code of the broken connection. */
interface Outcome {
  readonly status: number | string
  readonly headers: Headers
  readonly text: string
}

const send = async (url: string, init: RequestInit): Promise<Outcome> => {
  try {
    const response = await fetch(url, { redirect: 'manual', ...init })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (error) {
    const cause = (error as Error).cause as { code?: string } | undefined
    return { status: cause?.code ?? (error as Error).name, headers: new Headers(), text: '' }
  }
}

interface Platform {
  readonly name: string
  /** Something that publishes one post per call. */
  publisher(lab: Lab): Promise<(text: string, signal?: AbortSignal) => Promise<Outcome>>
}

const mastodon: Platform = {
  name: 'mastodon',
  async publisher(lab) {
    const headers = { authorization: 'Bearer rehearsal-bonn', 'content-type': 'application/json' }
    return (status, signal) =>
      send(`${lab.url}/mastodon/api/v1/statuses`, { method: 'POST', headers, body: JSON.stringify({ status }), ...(signal && { signal }) })
  },
}

const bluesky: Platform = {
  name: 'bluesky',
  async publisher(lab) {
    const headers = { 'content-type': 'application/json' }
    const signIn = await fetch(`${lab.url}/bluesky/xrpc/com.atproto.server.createSession`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ identifier: 'bonn.example.org', password: 'rehearsal-bonn' }),
    })
    const { accessJwt, did } = (await signIn.json()) as { accessJwt: string; did: string }
    return (text, signal) =>
      send(`${lab.url}/bluesky/xrpc/com.atproto.repo.createRecord`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${accessJwt}` },
        body: JSON.stringify({ repo: did, collection: 'app.bsky.feed.post', record: { text, createdAt: '2026-05-01T10:00:00Z' } }),
        ...(signal && { signal }),
      })
  },
}

/** What one call meets: the status (or the broken connection's code), and how many posts are there right after it. */
const expectations: Readonly<Record<Exclude<FaultKind, 'hang'>, Readonly<Record<string, number | string>> & { readonly posts: number }>> = {
  refuse: { bluesky: 400, mastodon: 422, posts: 0 },
  throttle: { bluesky: 429, mastodon: 429, posts: 0 },
  'expired-token': { bluesky: 400, mastodon: 401, posts: 0 },
  unavailable: { bluesky: 503, mastodon: 503, posts: 0 },
  html: { bluesky: 502, mastodon: 502, posts: 0 },
  redirect: { bluesky: 307, mastodon: 307, posts: 0 },
  reset: { bluesky: 'ECONNRESET', mastodon: 'ECONNRESET', posts: 0 },
  'post-then-reset': { bluesky: 'ECONNRESET', mastodon: 'ECONNRESET', posts: 1 },
  'post-but-500': { bluesky: 500, mastodon: 500, posts: 1 },
  'post-late': { bluesky: 'ECONNRESET', mastodon: 'ECONNRESET', posts: 0 },
  'broken-json': { bluesky: 200, mastodon: 200, posts: 1 },
  huge: { bluesky: 200, mastodon: 200, posts: 1 },
  slow: { bluesky: 200, mastodon: 200, posts: 1 },
}

for (const platform of [bluesky, mastodon]) {
  for (const [fault, expected] of Object.entries(expectations)) {
    test(`${platform.name}: ${fault} ${faultKinds[fault as FaultKind].replaceAll('’', "'")}, once`, async () => {
      await using lab = await startLab({ port: 0 })
      const publish = await platform.publisher(lab)
      lab.setFault(platform.name, { fault: fault as FaultKind, afterMs: fault === 'post-late' ? 3_600_000 : 5 })
      const { status } = await publish('Hallo')
      assert.equal(status, expected[platform.name])
      assert.equal(lab.ledger().length, expected.posts)
      assert.equal((await publish('Danach')).status, 200)
      assert.equal(lab.ledger().length, expected.posts + 1)
    })
  }

  test(`${platform.name}: a late post appears after its answer was lost`, async () => {
    await using lab = await startLab({ port: 0 })
    const publish = await platform.publisher(lab)
    lab.setFault(platform.name, { fault: 'post-late', afterMs: 20 })
    assert.equal((await publish('Verspätet')).status, 'ECONNRESET')
    await poll('the late post', () => lab.ledger().length === 1)
  })

  test(`${platform.name}: hang never answers and posts nothing, until the caller goes away`, async () => {
    await using lab = await startLab({ port: 0 })
    const publish = await platform.publisher(lab)
    lab.setFault(platform.name, { fault: 'hang' })
    assert.equal((await publish('Hallo', AbortSignal.timeout(100))).status, 'TimeoutError')
    assert.equal((await publish('Danach')).status, 200)
    assert.deepEqual(
      lab.ledger().map(({ text }) => text),
      ['Danach'],
    )
  })

  test(`${platform.name}: what it would refuse anyway it refuses under every posting fault`, async () => {
    await using lab = await startLab({ port: 0 })
    const publish = await platform.publisher(lab)
    for (const fault of ['post-then-reset', 'post-but-500', 'broken-json', 'huge'] as const) {
      lab.setFault(platform.name, { fault })
      assert.equal((await publish('a'.repeat(501))).status, expectations.refuse[platform.name])
    }
    assert.deepEqual(lab.ledger(), [])
  })
}

test('Bluesky throttles with its reset in seconds and Retry-After, Mastodon with an ISO time and none', async () => {
  const now = Date.parse('2026-05-01T10:00:00Z')
  await using lab = await startLab({ port: 0, now: () => now })
  const onBluesky = await bluesky.publisher(lab)
  const onMastodon = await mastodon.publisher(lab)
  for (const name of ['bluesky', 'mastodon']) lab.setFault(name, { fault: 'throttle', retryAfter: 77 })
  const pds = await onBluesky('x')
  assert.deepEqual(
    [pds.headers.get('retry-after'), pds.headers.get('ratelimit-reset'), pds.headers.get('ratelimit-remaining')],
    ['77', String(now / 1000 + 77), '0'],
  )
  assert.equal((JSON.parse(pds.text) as { error: string }).error, 'RateLimitExceeded')
  const { headers, text } = await onMastodon('x')
  assert.deepEqual(
    [headers.get('retry-after'), headers.get('x-ratelimit-reset'), headers.get('x-ratelimit-remaining')],
    [null, '2026-05-01T10:01:17.000Z', '0'],
  )
  assert.deepEqual(JSON.parse(text), { error: 'Too many requests' })
})

test('an expired token is Bluesky’s ExpiredToken and Mastodon’s revoked token', async () => {
  await using lab = await startLab({ port: 0 })
  const [onBluesky, onMastodon] = [await bluesky.publisher(lab), await mastodon.publisher(lab)]
  for (const name of ['bluesky', 'mastodon']) lab.setFault(name, { fault: 'expired-token' })
  assert.equal((JSON.parse((await onBluesky('x')).text) as { error: string }).error, 'ExpiredToken')
  assert.deepEqual(JSON.parse((await onMastodon('x')).text), { error: 'The access token was revoked' })
})

test('a proxy’s page is HTML, broken JSON breaks off, a huge answer has ten million characters, a redirection leads to another host', async () => {
  await using lab = await startLab({ port: 0 })
  const publish = await mastodon.publisher(lab)
  const meet = (fault: FaultKind) => {
    lab.setFault('mastodon', { fault })
    return publish('Hallo')
  }
  assert.match((await meet('html')).text, /^<!doctype html>.*502 Bad Gateway/)
  const { text } = await meet('broken-json')
  assert.match(text, /^\{"id":"\d+"/)
  assert.throws(() => JSON.parse(text))
  assert.ok((await meet('huge')).text.length > 10_000_000)
  const location = new URL((await meet('redirect')).headers.get('location') ?? '')
  assert.notEqual(location.host, new URL(lab.url).host)
})

test('a person switches faults on, sees them and clears them over HTTP', async () => {
  await using lab = await startLab({ port: 0 })
  const publish = await mastodon.publisher(lab)
  const put = (platform: string, body: string) => send(`${lab.url}/faults/${platform}`, { method: 'PUT', body })
  const list = async () =>
    JSON.parse((await send(`${lab.url}/faults`, {})).text) as { fault: string; left: number | string; account: string | null }[]
  assert.equal((await put('mastodon', '{"fault":"refuse","times":2,"account":"bonn"}')).status, 200)
  assert.equal((await put('mastodon', '{"fault":"unavailable","times":"always","operation":"read"}')).status, 200)
  assert.equal((await publish('x')).status, 422)
  assert.deepEqual(
    (await list()).map(({ fault, left, account }) => [fault, left, account]),
    [
      ['unavailable', 'always', null],
      ['refuse', 1, 'bonn'],
    ],
  )
  assert.equal((await send(`${lab.url}/mastodon/api/v2/instance`, {})).status, 503)
  assert.equal((await send(`${lab.url}/faults/mastodon`, { method: 'DELETE' })).status, 204)
  assert.deepEqual(await list(), [])
  assert.equal((await publish('x')).status, 200)
})

test('a wrong fault is a 422 with a sentence, an unknown platform a 404 that names those there are', async () => {
  await using lab = await startLab({ port: 0 })
  const put = (platform: string, body: string) => send(`${lab.url}/faults/${platform}`, { method: 'PUT', body })
  for (const body of ['', 'null', '{"fault":"explode"}', '{"fault":"slow","afterMs":-1}']) {
    const { status, text } = await put('bluesky', body)
    assert.equal(status, 422)
    assert.match((JSON.parse(text) as { error: string }).error, /\w+.*\.$/)
  }
  const unknown = await put('myspace', '{"fault":"slow"}')
  assert.equal(unknown.status, 404)
  assert.match(unknown.text, /bluesky,.* mastodon/)
  assert.throws(() => lab.setFault('myspace', { fault: 'slow' }), /no platform "myspace"/)
})

test('a fault can meet uploads, readings, edits and deletions instead', async () => {
  await using lab = await startLab({ port: 0 })
  const publish = await mastodon.publisher(lab)
  const { id } = JSON.parse((await publish('Hallo')).text) as { id: string }
  const headers = { authorization: 'Bearer rehearsal-bonn' }
  const at = (method: string, path: string) =>
    send(`${lab.url}/mastodon/api/${path}`, { method, headers, ...(method !== 'GET' && { body: new URLSearchParams({ status: 'neu' }) }) })
  const cases = [
    ['read', 'GET', `v1/statuses/${id}`],
    ['update', 'PUT', `v1/statuses/${id}`],
    ['delete', 'DELETE', `v1/statuses/${id}`],
    ['media', 'POST', 'v2/media'],
  ] as const
  for (const [operation, method, path] of cases) {
    lab.setFault('mastodon', { fault: 'unavailable', operation })
    assert.equal((await at(method, path)).status, 503)
    assert.notEqual((await at(method, path)).status, 503)
  }
})

test('a reset forgets posts, faults and what was to appear later', async () => {
  await using lab = await startLab({ port: 0 })
  const publish = await mastodon.publisher(lab)
  await publish('Vorher')
  lab.setFault('mastodon', { fault: 'post-late', afterMs: 50 })
  await publish('Spät')
  lab.setFault('mastodon', { fault: 'slow', afterMs: 3_600_000 })
  const waiting = publish('Wartet')
  await poll('the slow call has begun', () => lab.faults().length === 0)
  lab.setFault('mastodon', { fault: 'refuse', times: 'always' })
  lab.reset()
  assert.equal((await waiting).status, 'ECONNRESET')
  lab.setFault('mastodon', { fault: 'slow', afterMs: 150 })
  assert.equal((await publish('Nach der Zeit der späten')).status, 200)
  assert.deepEqual(
    lab.ledger().map(({ text }) => text),
    ['Nach der Zeit der späten'],
  )
})
