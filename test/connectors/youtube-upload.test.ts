// YouTube, what is its own: uploads that go on where they stopped, processing, subtitles, tokens, quota, corrections.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { v7 } from 'uuid'
import type { YoutubeClient } from '../../connectors/youtube/client.ts'
import { youtube } from '../../connectors/youtube/index.ts'
import { titleOf, videoId } from '../../connectors/youtube/video.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { Post, Receipt } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, aSafe, someTools } from '../support/builders.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { type AVideo, aVideo, aWebVtt } from '../support/mp4.ts'

const short = aVideo('Das Freibad von oben')
/** Two pieces of 8 MiB and a rest. */
const long = aVideo('Der Rat tagt', { seconds: 3600, padding: 20_000_000 })

const films = (...all: readonly AVideo[]) =>
  new Map<string, Buffer>(
    all.flatMap(
      ({ bytes, video, captions }) =>
        [
          [video.id, bytes],
          [captions.captions.id, captions.bytes],
        ] as const,
    ),
  )
const now = () => ({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })
const post = (over: Partial<Post> = {}) => aPost({ video: short.video, ...over })

interface Wanted {
  readonly lab?: LabSettings['youtube']
  readonly settings?: object
  readonly media?: ReadonlyMap<string, Buffer>
  readonly clock?: () => number
}

const connected = async (t: TestContext, { lab: own = {}, settings = {}, media = films(short, long), clock = Date.now }: Wanted = {}) => {
  const lab = await startLab({ port: 0, now: clock, settings: { youtube: own } })
  const proxy = await startFaultProxy({ target: `${lab.url}/youtube` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const given = { base: proxy.url, clientId: 'id', clientSecret: 'secret', refreshToken: 'rehearsal-bonn', ...settings }
  const tools = someTools({ media: async (id) => media.get(id) ?? assert.fail(`no ${id}`), safe: aSafe() })
  const client = await youtube.connect(youtube.settings.parse(given), tools)
  const sent = (method: string, path: string) =>
    proxy.requests.filter((request) => request.method === method && request.path.startsWith(path))
  return { lab, client, proxy, sent }
}

const uploads = '/upload/youtube/v3/videos?uploadType=resumable'
const pieces = (sent: (method: string, path: string) => readonly { headers: Readonly<Record<string, string>> }[]) =>
  sent('PUT', uploads).map(({ headers }) => headers['content-range'])

test('a long film goes up in pieces, and on from where the last attempt stopped', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  const film = post({ video: long.video })
  const size = long.video.size
  lab.setFault('youtube', { fault: 'reset', operation: 'media' })
  await assert.rejects(youtube.publish(client, film, attempt), UnreachableError)
  lab.setFault('youtube', { fault: 'reset', operation: 'publish' })
  await assert.rejects(youtube.publish(client, film, attempt), UnclearError)
  assert.equal(await youtube.find?.(client, film, attempt), undefined)
  const receipt = await youtube.publish(client, film, attempt)
  assert.equal(sent('POST', uploads).length, 2, 'the first attempt had no session yet')
  assert.deepEqual(pieces(sent), [
    `bytes 0-8388607/${size}`,
    `bytes 8388608-16777215/${size}`,
    `bytes 16777216-${size - 1}/${size}`,
    `bytes */${size}`,
    `bytes */${size}`,
    `bytes 16777216-${size - 1}/${size}`,
  ])
  assert.deepEqual(
    lab.ledger().map(({ id, video }) => [id, video?.sha256]),
    [[receipt.id, long.video.id]],
  )
})

test('a video whose answer was lost is not uploaded again, even when its session has ended', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, { lab: { sessionSeconds: 60 }, clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  lab.setFault('youtube', { fault: 'post-then-reset' })
  await assert.rejects(youtube.publish(client, post(), attempt), UnclearError)
  passed = 120_000
  const found = await youtube.find?.(client, post(), attempt)
  assert.equal(found?.id, lab.ledger()[0]?.id)
  assert.equal((await youtube.publish(client, post(), attempt)).id, found?.id)
  assert.equal(sent('POST', uploads).length, 1)
})

test('a description goes out with signs that YouTube takes, is corrected with them, and is recognised by them', async (t) => {
  let passed = 0
  const { lab, client } = await connected(t, { lab: { sessionSeconds: 60 }, clock: () => Date.now() + passed })
  const [film, attempt] = [post({ text: 'Pegel > 9 m, <hier> & dort.' }), anAttempt(now())]
  lab.setFault('youtube', { fault: 'post-then-reset' })
  await assert.rejects(youtube.publish(client, film, attempt), UnclearError)
  assert.equal(lab.ledger()[0]?.text, 'Pegel › 9 m, ‹hier› & dort.')
  passed = 120_000
  const receipt = await youtube.find?.(client, film, attempt)
  assert.equal(receipt?.id, lab.ledger()[0]?.id)
  await youtube.update?.(client, receipt!, post({ text: 'Pegel < 9 m' }), anAttempt(now()))
  assert.equal(lab.ledger()[0]?.text, 'Pegel ‹ 9 m')
  assert.equal(youtube.measure('>'.repeat(10), youtube.limits.text), 30, 'measured as it is sent')
})

test('more uploads than are looked through leave it unclear, for a person; older ones do not', async (t) => {
  let passed = 0
  const { lab, client } = await connected(t, { lab: { sessionSeconds: 60, quota: false }, clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  lab.setFault('youtube', { fault: 'post-then-reset' })
  await assert.rejects(youtube.publish(client, post(), attempt), UnclearError)
  const others = Array.from({ length: 50 }, (_, number) => post({ text: `Nummer ${number}` }))
  await Promise.all(others.map((other) => youtube.publish(client, other, anAttempt(now()))))
  passed = 120_000
  for (const look of [youtube.find!, youtube.publish])
    await assert.rejects(
      async () => look(client, post(), attempt),
      (error) => error instanceof UnclearError && !error.findable,
    )
  passed = 3_600_000
  const later = { ...now(), firstAt: new Date(Date.now() + passed).toISOString() }
  assert.equal(await youtube.find?.(client, post(), anAttempt({ ...later, age: () => 0, memory: attempt.memory })), undefined)
})

test('a session that ended before the film was there is begun anew', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, { lab: { sessionSeconds: 60 }, clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  lab.setFault('youtube', { fault: 'reset' })
  await assert.rejects(youtube.publish(client, post(), attempt), UnclearError)
  passed = 120_000
  assert.equal(await youtube.find?.(client, post(), attempt), undefined)
  await youtube.publish(client, post(), attempt)
  assert.equal(sent('POST', uploads).length, 2)
  assert.equal(lab.ledger().length, 1)
})

test('a film is never sent to another host than YouTube’s', async (t) => {
  const { lab, client, sent } = await connected(t)
  const elsewhere = await youtube.connect(
    { ...client.settings, base: `${lab.url.replace('127.0.0.1', 'localhost')}/youtube` },
    client.tools,
  )
  await assert.rejects(youtube.publish(elsewhere, post(), anAttempt(now())), ChannelError)
  assert.deepEqual(pieces(sent), [])
  assert.equal(lab.ledger().length, 0)
})

test('a film that is still being processed is looked at until it is ready', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, { lab: { processingMs: 3_600_000 }, clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  await assert.rejects(youtube.publish(client, post(), attempt), UnclearError)
  await assert.rejects(Promise.resolve(youtube.find?.(client, post(), attempt)), NotYetError)
  passed = 3_600_000
  assert.equal((await youtube.find?.(client, post(), attempt))?.id, lab.ledger()[0]?.id)
  assert.equal(sent('POST', '/upload/youtube/v3/captions').length, 1)
})

test('a film that YouTube cannot show is taken away again and given up', async (t) => {
  const broken = { ...short, bytes: Buffer.from('kein Film') }
  const video = { ...short.video, size: broken.bytes.length }
  const { lab, client } = await connected(t, { media: films(broken) })
  const attempt = anAttempt(now())
  await assert.rejects(youtube.publish(client, post({ video }), attempt), /erkennt die Datei nicht als Video/)
  assert.notEqual(lab.ledger()[0]?.deletedAt, null)
  assert.equal(await youtube.find?.(client, post({ video }), attempt), undefined)
  await assert.rejects(youtube.publish(client, post({ video }), attempt), RejectedError)
})

test('what fails between the film and its subtitles is seen to by the look, and each is put there once', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  const media = (id: string) => (id === short.video.id ? client.tools.media(id) : Promise.reject(new UnreachableError('kein Speicher')))
  await assert.rejects(youtube.publish({ ...client, tools: { ...client.tools, media } }, post(), attempt), UnclearError)
  const receipt = await youtube.find?.(client, post(), attempt)
  assert.equal((await youtube.publish(client, post(), attempt)).id, receipt?.id)
  assert.equal(sent('POST', '/upload/youtube/v3/captions').length, 1)
  assert.deepEqual(
    lab.ledger().map(({ video }) => video?.captions.map(({ language, sha256 }) => [language, sha256])),
    [[['de', short.captions.captions.id]]],
  )
})

test('subtitles that YouTube refuses do not hold up the film', async (t) => {
  const media = films(short).set(short.captions.captions.id, Buffer.from('1\n00:00 --> 00:01\nkein WebVTT'))
  const { lab, client } = await connected(t, { media })
  const warned: object[] = []
  const log = { debug: () => {}, info: () => {}, warn: (facts: object) => void warned.push(facts) }
  await youtube.publish(client, post(), anAttempt({ ...now(), log }))
  assert.deepEqual(lab.ledger()[0]?.video?.captions, [])
  assert.equal(warned.length, 1)
})

test('a correction gives the track of a language its new words', async (t) => {
  const words = aWebVtt('Das Freibad öffnet am Sonntag')
  const better = { ...short.video, captions: [{ id: 'f'.repeat(64), size: words.length, language: 'de' }] }
  const { lab, client, sent } = await connected(t, { media: films(short).set('f'.repeat(64), words) })
  const receipt = await youtube.publish(client, post(), anAttempt(now()))
  const updated = await youtube.update?.(client, receipt, post({ video: better }), anAttempt(now()))
  assert.equal(sent('PUT', '/upload/youtube/v3/captions').length, 1)
  assert.equal(lab.ledger()[0]?.video?.captions.length, 1)
  assert.notDeepEqual(updated?.detail?.captions, receipt.detail?.captions)
})

test('the track that YouTube makes of what is spoken is left alone', async (t) => {
  const words = aWebVtt('Das Freibad öffnet am Sonntag')
  const better = { ...short.video, captions: [{ id: 'f'.repeat(64), size: words.length, language: 'de' }] }
  const { lab, client } = await connected(t, { lab: { spoken: 'de' }, media: films(short).set('f'.repeat(64), words) })
  const receipt = await youtube.publish(client, post(), anAttempt(now()))
  await youtube.update?.(client, receipt, post({ video: better }), anAttempt(now()))
  const sha256 = createHash('sha256').update(words).digest('hex')
  assert.deepEqual(lab.ledger()[0]?.video?.captions, [{ language: 'de', sha256 }])
})

test('a correction keeps what people added there, and cannot exchange the film', async (t) => {
  const { lab, client, proxy } = await connected(t)
  const receipt = await youtube.publish(client, post(), anAttempt(now()))
  const token = proxy.requests.at(-1)?.headers.authorization ?? ''
  const json = { id: receipt.id, snippet: { title: 'Von Hand', categoryId: '19', tags: ['Freibad'] } }
  const headers = { authorization: token, 'content-type': 'application/json' }
  await fetch(`${lab.url}/youtube/youtube/v3/videos?part=snippet`, { method: 'PUT', headers, body: JSON.stringify(json) })
  await youtube.update?.(client, receipt, post({ title: 'Neu', text: 'Neu' }), anAttempt(now()))
  const sent = JSON.parse(
    proxy.requests.findLast(({ method, path }) => method === 'PUT' && path.startsWith('/youtube/v3/videos'))!.body.toString(),
  )
  assert.deepEqual([sent.snippet.title, sent.snippet.categoryId, sent.snippet.tags], ['Neu', '19', ['Freibad']])
  const other = post({ video: long.video })
  await assert.rejects(Promise.resolve(youtube.update?.(client, receipt, other, anAttempt(now()))), RejectedError)
})

test('ten uploads at once sign in once, and a token that ran out is renewed', async (t) => {
  let passed = 0
  const { client, sent } = await connected(t, { clock: () => Date.now() + passed })
  await Promise.all(Array.from({ length: 10 }, () => youtube.publish(client, post(), anAttempt(now()))))
  assert.equal(sent('POST', '/token').length, 1)
  passed = 3_600_000
  await youtube.publish(client, post(), anAttempt(now()))
  assert.equal(sent('POST', '/token').length, 2)
})

test('a token that comes in an odd answer is quoted nowhere, and the delivery comes back', async (t) => {
  for (const [status, answer] of [
    [200, '{"access_token":"neu-geheim"}'],
    [200, '{"access_token":"neu-geheim","expires_in":3599,"sco'],
    [201, '{"access_token":"neu-geheim"}'],
  ] as const) {
    const server = createServer((_, response) => void response.writeHead(status).end(answer))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    t.after(() => server.close())
    const { client } = await connected(t, { settings: { authBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } })
    await assert.rejects(youtube.publish(client, post(), anAttempt(now())), (error) => {
      assert.doesNotMatch(inspect(error, { depth: null }), /neu-geh/)
      return error instanceof UnreachableError
    })
  }
})

test('a day’s quota that is used up is waited for by the hour', async (t) => {
  const { client } = await connected(t, { lab: { quota: { uploads: 1, units: 10_000 } } })
  await youtube.publish(client, post(), anAttempt(now()))
  await assert.rejects(youtube.publish(client, post(), anAttempt(now())), (error: NotYetError) => {
    assert.ok(error instanceof NotYetError && /Tageskontingent/.test(error.message) && !error.message.includes('<'))
    return error.retryAfterMs === 3_600_000
  })
})

test('it says what is missing and until when, and who may see what was wanted public', async (t) => {
  const lab = { scope: 'https://www.googleapis.com/auth/youtube.upload', refreshSeconds: 604_800, audited: false }
  const { client } = await connected(t, { lab })
  const { missing, until, url } = await youtube.check(client, AbortSignal.timeout(10_000))
  assert.deepEqual(missing, ['youtube.force-ssl'])
  assert.ok(Math.abs(Date.parse(until ?? '') - Date.now() - 604_800_000) < 60_000)
  assert.match(url ?? '', /^https:\/\/www\.youtube\.com\/channel\/UC/)
  assert.equal((await youtube.publish(client, post(), anAttempt(now()))).detail?.privacy, 'private')
  assert.match(youtube.notes?.({})[0] ?? '', /bleibt das Video privat/)
  assert.deepEqual(youtube.notes?.({ audited: true }), [])
})

test('reactions are counted for videos and comments', async (t) => {
  const { client } = await connected(t)
  const receipt = await youtube.publish(client, post(), anAttempt(now()))
  const answer = await youtube.reply!(client, receipt, post({ text: 'Entwarnung' }), anAttempt(now()))
  const signal = AbortSignal.timeout(10_000)
  assert.deepEqual(await youtube.reactions?.(client, receipt, signal), { views: 0, likes: 0, replies: 1 })
  assert.deepEqual(await youtube.reactions?.(client, answer, signal), { likes: 0 })
  await youtube.update?.(client, answer, post({ text: 'Entwarnung für alle' }), anAttempt(now()))
  await youtube.retract?.(client, answer, anAttempt(now()))
  assert.deepEqual([await youtube.stands?.(client, answer, signal), await youtube.stands?.(client, receipt, signal)], [false, true])
})

test('a comment whose answer was lost is found by its words', async (t) => {
  const { lab, client } = await connected(t)
  const receipt = await youtube.publish(client, post(), anAttempt(now()))
  const attempt = anAttempt(now())
  const answer = post({ text: 'Entwarnung' })
  lab.setFault('youtube', { fault: 'post-but-500' })
  await assert.rejects(youtube.reply!(client, receipt, answer, attempt), UnclearError)
  assert.equal((await youtube.find?.(client, answer, attempt))?.id, lab.ledger()[1]?.id)
  await youtube.reply!(client, receipt, answer, attempt)
  assert.equal(lab.ledger().length, 2)
})

/** So many comments of others, below a video or another comment. */
const commentsBelow = async (client: YoutubeClient, receipt: Receipt, count: number) => {
  const others = Array.from({ length: count }, (_, number) => post({ text: `Nummer ${number}` }))
  await Promise.all(others.map((other) => youtube.reply!(client, receipt, other, anAttempt(now()))))
}

test('a comment is found behind a hundred others, below a video and below another comment', async (t) => {
  const { client } = await connected(t, { lab: { quota: false } })
  const video = await youtube.publish(client, post(), anAttempt(now()))
  const comment = await youtube.reply!(client, video, post({ text: 'Nachtrag' }), anAttempt(now()))
  for (const receipt of [video, comment]) {
    const attempt = anAttempt(now())
    const answer = post({ text: 'Entwarnung' })
    const early = receipt === video ? 0 : 100
    await commentsBelow(client, receipt, early)
    const sent = await youtube.reply!(client, receipt, answer, attempt)
    await commentsBelow(client, receipt, 100 - early)
    assert.equal((await youtube.find?.(client, answer, attempt))?.id, sent.id)
    assert.equal(await youtube.find?.(client, post({ text: 'Nie gesendet' }), attempt), undefined)
  }
})

test('more comments than are looked through leave it unclear, for a person; older ones do not', async (t) => {
  let passed = 0
  const { client, sent } = await connected(t, { lab: { quota: false }, clock: () => Date.now() + passed })
  const video = await youtube.publish(client, post(), anAttempt(now()))
  const attempt = anAttempt(now())
  await youtube.reply!(client, video, post({ text: 'Entwarnung' }), attempt)
  await commentsBelow(client, video, 500)
  await assert.rejects(
    async () => youtube.find?.(client, post({ text: 'Entwarnung' }), attempt),
    (error) => error instanceof UnclearError && !error.findable,
  )
  const before = sent('GET', '/youtube/v3/commentThreads').length
  passed = 1_800_000
  const later = anAttempt({ ...now(), firstAt: new Date(Date.now() + passed).toISOString(), age: () => 0, memory: attempt.memory })
  assert.equal(await youtube.find?.(client, post({ text: 'Entwarnung' }), later), undefined)
  assert.equal(sent('GET', '/youtube/v3/commentThreads').length, before + 1)
})

test('a post without a film is refused before anything is sent', async (t) => {
  const { client, proxy } = await connected(t)
  await assert.rejects(youtube.publish(client, aPost(), anAttempt(now())), /nimmt nur Videos/)
  assert.equal(proxy.requests.length, 0)
})

test('titles are what YouTube takes', () => {
  assert.equal(titleOf(post({ title: 'Rat <live>\n am Montag' })), 'Rat ‹live› am Montag')
  assert.equal(youtube.limits.titleMax, 100)
})

test('a person’s word for where a video is may be any of its addresses', () => {
  for (const id of ['https://www.youtube.com/watch?v=abc', 'https://youtu.be/abc', 'https://www.youtube.com/shorts/abc/', 'abc'])
    assert.equal(videoId({ id, url: null, at: '' }), 'abc')
})
