// Threads: the contract in the lab, every request judged by Meta's published collection, and what is Threads' own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { threads } from '../../connectors/threads/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { Attempt, Post, PostImage } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { anAttempt, aPost, aSafe, someTools } from '../support/builders.ts'
import { namesNoEmptyText } from '../support/empty-alternative-texts.ts'
import { type PassedRequest, startFaultProxy } from '../support/fault-proxy.ts'
import { saying } from '../support/graph-error.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { aVideo } from '../support/mp4.ts'
import { serving } from '../support/newsroom-media.ts'
import { anImage } from '../support/png.ts'
import { poll } from '../support/poll.ts'
import { threadsJudge, withoutCollection } from '../support/threads-collection.ts'

const { peer, seen } = notedPeer({
  platform: 'threads',
  lab: { threads: { quotas: { posts: 10_000, replies: 10_000, deletes: 10_000 } } },
  settings: {},
  secret: 'token',
})

connectorContract({
  name: 'Threads in the lab',
  connector: threads,
  ...peer,
  lacks: new Set(['language']),
  errorShape: (message) => ({ error: { message, type: 'THApiException', code: 100, fbtrace_id: 'A' } }),
})

const judged = (requests: readonly PassedRequest[]): readonly string[] => [...new Set(requests.flatMap(threadsJudge()))]

test('every request of the contract is one that the published collection knows', (t) => {
  if (withoutCollection !== undefined) return t.skip(withoutCollection)
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual(judged(seen()), [])
  for (const place of ['/me/threads', '/me/threads_publish', '/me/threads_publishing_limit', '/me/threads_insights', '/debug_token'])
    assert.ok(
      seen().some(({ path }) => path.split('?')[0] === `/v1.0${place}`),
      `${place} was never asked for`,
    )
})

test('for a decorative picture the field of the alternative text is left out', () => {
  assert.ok(seen().length > 0, 'the contract was not run before')
  namesNoEmptyText(seen())
})

test('the judge finds what the collection does not know', (t) => {
  if (withoutCollection !== undefined) return t.skip(withoutCollection)
  const request = (method: string, path: string): PassedRequest => ({ method, path, headers: {}, body: Buffer.alloc(0) })
  assert.deepEqual(judged([request('POST', '/v1.0/me/posts')]), ['there is no POST /me/posts'])
  assert.deepEqual(judged([request('POST', '/v1.0/me/threads?txt=Hallo')]), ['POST /me/threads has no txt'])
  assert.deepEqual(judged([request('GET', '/v1.0/17?fields=id,colour')]), ['GET /17: fields has no colour'])
})

const [one, two] = [anImage('Das Freibad von oben', 0x00549f), anImage('Der Eingang', 0xaa3311)]
const film = aVideo('Die Schleuse öffnet sich')

interface Wished {
  readonly settings?: LabSettings['threads']
  readonly now?: () => number
  readonly safe?: ReturnType<typeof aSafe>
}

const connected = async (t: TestContext, { settings = {}, now = Date.now, safe = aSafe() }: Wished = {}) => {
  const lab = await startLab({ port: 0, now, settings: { threads: settings } })
  const proxy = await startFaultProxy({ target: `${lab.url}/threads` })
  const newsroom = await serving([one, two, { image: film.video, bytes: film.bytes }])
  t.after(async () => {
    if (withoutCollection === undefined) assert.deepEqual(judged(proxy.requests), [])
    await Promise.all([proxy.close(), newsroom.close(), lab.stop()])
  })
  const open = (token = 'rehearsal-bonn') =>
    threads.connect(threads.settings.parse({ base: proxy.url, token }), someTools({ mediaUrl: newsroom.urlOf, safe }))
  const client = await open()
  const sent = (method: string, place: string) =>
    proxy.requests.filter((request) => request.method === method && request.path.split('?')[0]!.endsWith(place))
  const publish = (post: Post, attempt: Attempt = delivery()) => threads.publish(client, post, attempt)
  return { lab, proxy, newsroom, client, open, sent, publish }
}

const delivery = (memory: Readonly<Record<string, string>> = {}): Attempt =>
  anAttempt({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString(), memory })

test('a text post carries its link as its attachment, and is never published in one step', async (t) => {
  const { sent, publish } = await connected(t)
  await publish(aPost())
  const fields = new URLSearchParams(sent('POST', '/me/threads')[0]?.body.toString())
  assert.deepEqual([fields.get('media_type'), fields.get('link_attachment')], ['TEXT', 'https://www.bonn.de/freibad'])
  assert.equal(fields.has('auto_publish_text'), false)
  assert.equal(sent('POST', '/me/threads_publish').length, 1)
})

test('after a publish whose answer was lost the container is asked, and what it became is found', async (t) => {
  const { lab, client, sent, publish } = await connected(t)
  const attempt = delivery()
  lab.setFault('threads', { fault: 'post-then-reset' })
  await assert.rejects(publish(aPost(), attempt), UnclearError)
  const found = await threads.find!(client, aPost(), attempt)
  assert.deepEqual([found?.id, found?.url], [lab.ledger()[0]?.id, lab.ledger()[0]?.url])
  assert.equal(sent('POST', '/me/threads').length, 1)
})

test('a publish that never arrived is made with the same container', async (t) => {
  const { lab, client, sent, publish } = await connected(t)
  const attempt = delivery()
  lab.setFault('threads', { fault: 'reset' })
  await assert.rejects(publish(aPost(), attempt), UnclearError)
  assert.equal(await threads.find!(client, aPost(), attempt), undefined)
  await publish(aPost(), attempt)
  assert.deepEqual([sent('POST', '/me/threads').length, sent('POST', '/me/threads_publish').length, lab.ledger().length], [1, 2, 1])
})

test('a container that was published meanwhile is not published again: what became of it is looked up', async (t) => {
  const { lab, client, publish } = await connected(t)
  const attempt = delivery()
  lab.setFault('threads', { fault: 'post-but-500' })
  await assert.rejects(publish(aPost(), attempt), UnclearError)
  await assert.rejects(publish(aPost(), attempt), UnclearError)
  assert.equal(lab.ledger().length, 1)
  assert.equal((await threads.findAll!(client, aPost(), attempt)).length, 1)
})

/** Threads says this of containers that are finished, too, and for ever: https://github.com/nopara73/LongevityWorldCup/pull/815. */
const refusing = async (t: TestContext, times: number) => {
  const { lab, newsroom } = await connected(t)
  const notFound = { message: 'The requested resource does not exist', type: 'OAuthException', code: 24, error_subcode: 4279009 }
  const front = await startFaultProxy({
    target: `${lab.url}/threads`,
    callOf: ({ path }) => (path.includes('/threads_publish') ? 'publish' : 'other'),
    answers: { refuse: [400, { error: notFound }], 'expired-token': [401, {}] },
  })
  t.after(() => front.close())
  front.set({ fault: 'refuse', times })
  const settings = threads.settings.parse({ base: front.url, token: 'rehearsal-bonn' })
  const client = await threads.connect(settings, someTools({ mediaUrl: newsroom.urlOf }))
  const attempt = delivery()
  const publish = () => threads.publish(client, aPost(), attempt)
  const waits = async (): Promise<number> => {
    const error = await publish().then(
      () => assert.fail('it was published'),
      (cause: unknown) => cause,
    )
    assert.ok(error instanceof NotYetError, String(error))
    return error.retryAfterMs / 1000
  }
  const containers = () => front.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/me/threads')).length
  return { lab, attempt, publish, waits, containers }
}

test('a finished container that Threads does not find is tried three times, ever later, then another one is made', async (t) => {
  const { lab, publish, waits, containers } = await refusing(t, 4)
  for (const [seconds, made] of [
    [5, 1],
    [10, 1],
    [20, 1],
    [40, 2],
  ])
    assert.deepEqual([await waits(), containers()], [seconds, made])
  await publish()
  assert.deepEqual([containers(), lab.ledger().length], [2, 1])
})

test('however long Threads does not find what it was given, it is asked every five minutes', async (t) => {
  const { waits, containers } = await refusing(t, 8)
  const seconds: number[] = []
  for (let number = 0; number < 8; number += 1) seconds.push(await waits())
  assert.deepEqual([seconds.slice(-2), containers()], [[300, 300], 3])
})

test('a container that was not found and stands there all the same has no successor', async (t) => {
  const { lab, attempt, publish, waits, containers } = await refusing(t, 3)
  for (let number = 0; number < 3; number += 1) await waits()
  const fields = new URLSearchParams({ access_token: 'rehearsal-bonn', creation_id: attempt.memory.container ?? '' })
  await fetch(`${lab.url}/threads/v1.0/me/threads_publish?${fields}`, { method: 'POST' })
  await assert.rejects(publish(), UnclearError)
  assert.deepEqual([containers(), lab.ledger().length], [1, 1])
})

test('posts that are more than are looked through leave it to a person whether one is there', async (t) => {
  const data = Array.from({ length: 50 }, (_, index) => ({ id: `1800000000000000${index}`, timestamp: new Date().toISOString() }))
  const find = async (paging: object) => {
    const front = await saying(JSON.stringify({ data, paging }), { status: 200 })
    t.after(() => front.close())
    const client = await threads.connect(threads.settings.parse({ base: front.url, token: 'x' }), someTools())
    return threads.find!(client, aPost(), delivery())
  }
  await assert.rejects(find({ cursors: { after: 'x' } }), (error) => error instanceof UnclearError && !error.findable)
  assert.equal(await find({}), undefined)
})

test('an answer whose own answer was lost is found among the answers', async (t) => {
  const { lab, client, publish } = await connected(t)
  const parent = await publish(aPost({ text: 'Das Freibad öffnet.' }))
  const attempt = delivery()
  lab.setFault('threads', { fault: 'post-then-reset' })
  await assert.rejects(threads.reply!(client, parent, aPost(), attempt), UnclearError)
  const found = await threads.find!(client, aPost(), attempt)
  assert.equal(found?.id, lab.ledger()[1]?.id)
  assert.equal(lab.ledger()[1]?.replyTo, parent.id)
})

test('where nothing is remembered, the lists alone tell whether the post is there', async (t) => {
  let passed = 0
  const { client, publish } = await connected(t, { now: () => Date.now() + passed - 7_200_000 })
  const receipt = await publish(aPost())
  const hoursAgo = new Date(Date.now() - 7_200_000).toISOString()
  passed = 7_200_000
  assert.equal((await threads.find!(client, aPost(), anAttempt({ firstAt: hoursAgo })))?.id, receipt.id)
  assert.equal(await threads.find!(client, aPost(), delivery()), undefined)
})

test('a container that is being processed is waited for, and come back to without another one', async (t) => {
  let passed = 0
  const { lab, proxy, sent, publish } = await connected(t, { settings: { processingMs: 3_600_000 }, now: () => Date.now() + passed })
  const attempt = delivery()
  const time = new AbortController()
  const waiting = assert.rejects(publish(aPost(), { ...attempt, signal: time.signal }), UnreachableError)
  await poll('a second look at the container', () => proxy.requests.filter(({ path }) => path.includes('error_message')).length > 1)
  time.abort()
  await waiting
  passed = 3_600_000
  await publish(aPost(), attempt)
  assert.deepEqual([sent('POST', '/me/threads').length, lab.ledger().length], [1, 1])
})

test('a container that ran out is made anew', async (t) => {
  let passed = 0
  const { lab, sent, publish } = await connected(t, { now: () => Date.now() + passed })
  const attempt = delivery()
  lab.setFault('threads', { fault: 'reset' })
  await assert.rejects(publish(aPost(), attempt), UnclearError)
  passed = 25 * 3_600_000
  await publish(aPost(), attempt)
  assert.deepEqual([sent('POST', '/me/threads').length, lab.ledger().length], [2, 1])
})

test('a carousel keeps the order of its images, and its items are made once', async (t) => {
  const { lab, sent, publish } = await connected(t)
  const post = aPost({ images: [two.image, one.image] })
  const attempt = delivery()
  lab.setFault('threads', { fault: 'reset' })
  await assert.rejects(publish(post, attempt), UnclearError)
  await publish(post, attempt)
  assert.equal(sent('POST', '/me/threads').length, 3)
  assert.deepEqual(
    lab.ledger()[0]?.images.map(({ alt }) => alt),
    ['Der Eingang', 'Das Freibad von oben'],
  )
})

test('a video is fetched from the city’s page, with its description', async (t) => {
  const { lab, publish } = await connected(t)
  await publish(aPost({ video: film.video }))
  assert.deepEqual([lab.ledger()[0]?.video?.alt, lab.ledger()[0]?.video?.size], [film.video.alt, film.video.size])
})

test('media that Threads cannot fetch may be there later; the city’s page is named', async (t) => {
  const { newsroom, lab, publish } = await connected(t)
  const attempt = delivery()
  newsroom.close()
  for (const post of [aPost({ images: [one.image] }), aPost({ video: film.video })])
    await assert.rejects(
      publish(post, attempt),
      (error: Error) => error instanceof UnreachableError && /öffentlich erreichbar/.test(error.message),
    )
  assert.equal(lab.ledger().length, 0)
})

test('an image that Threads does not take is the post’s fault', async (t) => {
  const { publish } = await connected(t)
  const image: PostImage = { ...film.video, type: 'image/png', size: film.bytes.length }
  await assert.rejects(publish(aPost({ images: [image] })), RejectedError)
})

test('more links than Threads takes are the post’s fault', async (t) => {
  const { publish } = await connected(t)
  const text = [1, 2, 3, 4, 5, 6].map((number) => `https://www.bonn.de/${number}`).join(' ')
  await assert.rejects(publish(aPost({ text, link: null })), /LINK_LIMIT/)
})

test('when the day’s posts are used up, the next one waits', async (t) => {
  const { lab, client, publish } = await connected(t, { settings: { quotas: { posts: 2, replies: 1000, deletes: 100 } } })
  for (const text of ['eins', 'zwei']) await publish(aPost({ text }))
  await assert.rejects(publish(aPost()), NotYetError)
  const { quota } = await threads.check(client, AbortSignal.timeout(10_000))
  assert.deepEqual(quota, { left: 0, of: 2, perSeconds: 86_400 })
  assert.equal(lab.ledger().length, 2)
})

test('a token is refreshed once, for all processes, and kept', async (t) => {
  const safe = aSafe()
  const { lab, open, sent, publish } = await connected(t, { safe })
  await publish(aPost())
  const other = await open()
  await threads.publish(other, aPost({ text: 'Noch einer' }), delivery())
  assert.equal(sent('GET', '/refresh_access_token').length, 1)
  const kept = await safe.read()
  assert.equal(kept?.token, 'rehearsal-bonn*2')
  assert.ok(Date.parse(kept?.until ?? '') > Date.now() + 59 * 86_400_000)
  assert.equal(sent('POST', '/me/threads').at(-1)?.body.toString().includes('access_token=rehearsal-bonn*2'), true)
  assert.equal(lab.ledger().length, 2)
})

test('a token younger than a day serves as it is', async (t) => {
  const safe = aSafe()
  const { lab, publish } = await connected(t, { safe, settings: { tokenAgeSeconds: 3600 } })
  await publish(aPost())
  assert.equal(await safe.read(), undefined)
  assert.equal(lab.ledger().length, 1)
})

test('a new token in the settings is worth more than what was kept of the old one', async (t) => {
  const safe = aSafe()
  const { open, sent, publish } = await connected(t, { safe })
  await publish(aPost())
  await threads.publish(await open('rehearsal-köln'), aPost(), delivery())
  assert.equal(sent('GET', '/refresh_access_token').length, 2)
  assert.match((await safe.read())?.token ?? '', /^rehearsal-köln/)
})

test('a token that another process has exchanged is taken from the safe', async (t) => {
  const safe = aSafe()
  const { lab, client, publish } = await connected(t, { safe })
  await publish(aPost())
  await safe.change(async (now) => ({ ...now, token: 'rehearsal-bonn*99' }))
  lab.setFault('threads', { fault: 'expired-token' })
  await threads.publish(client, aPost({ text: 'Noch einer' }), delivery())
  assert.equal(lab.ledger().length, 2)
})

test('an expired token is the channel’s fault, and the error says what to do', async (t) => {
  const { publish } = await connected(t, { settings: { tokenAgeSeconds: 61 * 86_400 } })
  await assert.rejects(publish(aPost()), (error: Error) => error instanceof ChannelError && /neu verbinden/.test(error.message))
})

test('missing scopes are named, and until when the token is good; who is no tester is not told', async (t) => {
  const open = await connected(t, { settings: { scopes: ['threads_basic', 'threads_content_publish'] } })
  const told = await threads.check(open.client, AbortSignal.timeout(10_000))
  assert.deepEqual(told.missing, ['threads_manage_replies', 'threads_read_replies', 'threads_manage_insights', 'threads_delete'])
  assert.equal(told.account, '@bonn')
  const closed = await connected(t, { settings: { tester: false } })
  const untold = await threads.check(closed.client, AbortSignal.timeout(10_000))
  assert.equal('missing' in untold, false)
  for (const { until } of [told, untold]) assert.ok(Date.parse(until ?? '') > Date.now() + 59 * 86_400_000)
})

test('readers’ reactions are counted; what passes a post on is one number', async (t) => {
  const { client, publish } = await connected(t)
  const counted = await threads.reactions!(client, await publish(aPost()), AbortSignal.timeout(10_000))
  assert.deepEqual(Object.keys(counted).sort(), ['likes', 'replies', 'shares', 'views'])
  for (const number of Object.values(counted)) assert.ok(Number.isInteger(number))
})

test('whether a post stands is told by its id and by its address', async (t) => {
  const { client, publish } = await connected(t)
  const receipt = await publish(aPost())
  const signal = AbortSignal.timeout(10_000)
  assert.equal(await threads.stands!(client, { ...receipt, id: receipt.url ?? '' }, signal), true)
  await threads.retract!(client, receipt, delivery())
  assert.equal(await threads.stands!(client, receipt, signal), false)
})

test('a post whose address cannot be read stands there all the same', async (t) => {
  const { lab, publish } = await connected(t)
  // the newest fault strikes first: the look at the container passes, the one at the post does not
  lab.setFault('threads', { fault: 'reset', operation: 'read', account: 'bonn' })
  lab.setFault('threads', { fault: 'slow', operation: 'read', afterMs: 0 })
  const receipt = await publish(aPost())
  assert.deepEqual([receipt.id, receipt.url], [lab.ledger()[0]?.id, null])
})
