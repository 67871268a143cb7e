// TikTok, what is its own: pieces, states, photos, the audit, tokens that rotate, and what its refusals ask people to do.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { tiktok } from '../../connectors/tiktok/index.ts'
import { isUploadServer } from '../../connectors/tiktok/settings.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { Post, Safe } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, aSafe, someTools } from '../support/builders.ts'
import { type PassedRequest, startFaultProxy } from '../support/fault-proxy.ts'
import { aJpeg } from '../support/jpeg.ts'
import { aVideo } from '../support/mp4.ts'

const short = aVideo('Azubis im Rathaus', { seconds: 20 })
/** Two pieces: ten million bytes, and the rest. */
const long = aVideo('Ein Tag im Bauhof', { seconds: 300, padding: 25_000_000 })
const photo = await aJpeg('Azubis vor dem Rathaus')
const kept = new Map([short, long].map(({ video, bytes }) => [video.id, bytes]))

const now = () => ({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })
const post = (over: Partial<Post> = {}) => aPost({ video: short.video, ...over })
const photos = () => aPost({ images: [photo.image] })

interface Wanted {
  readonly lab?: LabSettings['tiktok']
  readonly settings?: object
  readonly clock?: () => number
  readonly safe?: Safe
}

const connected = async (t: TestContext, { lab: own = {}, settings = {}, clock = Date.now, safe = aSafe() }: Wanted = {}) => {
  const lab = await startLab({ port: 0, now: clock, settings: { tiktok: { audited: true, ...own } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/tiktok` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const given = { base: proxy.url, clientKey: 'key', clientSecret: 'secret', refreshToken: 'rehearsal-bonn', audited: true, ...settings }
  const media = async (id: string) => kept.get(id) ?? assert.fail(`no ${id}`)
  const client = await tiktok.connect(tiktok.settings.parse(given), someTools({ media, safe }))
  return { lab, client, proxy }
}

const jsonOf = (requests: readonly PassedRequest[], path: string) =>
  requests.filter((request) => request.path.startsWith(path)).map(({ body }) => JSON.parse(body.toString()))
const found = (client: Parameters<NonNullable<typeof tiktok.find>>[0], one: Post, attempt: ReturnType<typeof anAttempt>) =>
  Promise.resolve(tiktok.find?.(client, one, attempt))

test('a long film is announced in pieces, and goes on from where the last attempt stopped', async (t) => {
  const { lab, client, proxy } = await connected(t)
  const attempt = anAttempt(now())
  const film = post({ video: long.video })
  lab.setFault('tiktok', { fault: 'reset' })
  await assert.rejects(tiktok.publish(client, film, attempt), UnclearError)
  assert.equal(await found(client, film, attempt), undefined)
  const receipt = await tiktok.publish(client, film, attempt)
  const inits = jsonOf(proxy.requests, '/v2/post/publish/video/init/')
  assert.equal(inits.length, 1)
  assert.deepEqual(inits[0].source_info, {
    source: 'FILE_UPLOAD',
    video_size: long.video.size,
    chunk_size: 10_000_000,
    total_chunk_count: 2,
  })
  const [entry] = lab.ledger()
  assert.deepEqual(
    [entry?.id, entry?.url, entry?.video?.sha256],
    [receipt.id, receipt.url?.replace(proxy.url, `${lab.url}/tiktok`), long.video.id],
  )
})

test('an id of 19 digits comes back as it is', async (t) => {
  const { lab, client } = await connected(t)
  const { id } = await tiktok.publish(client, post(), anAttempt(now()))
  assert.match(id, /^\d{19}$/)
  assert.equal(lab.ledger()[0]?.id, id)
})

test('an address of an upload that ran out is asked for anew', async (t) => {
  let passed = 0
  const { lab, client } = await connected(t, { clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  lab.setFault('tiktok', { fault: 'reset' })
  await assert.rejects(tiktok.publish(client, post(), attempt), UnclearError)
  passed = 3_700_000
  assert.equal(await found(client, post(), attempt), undefined)
  await assert.rejects(tiktok.publish(client, post(), attempt), UnreachableError)
  await tiktok.publish(client, post(), attempt)
  assert.equal(lab.ledger().length, 1)
})

test('what TikTok still works on is looked at until it is there; its public address comes with the moderation', async (t) => {
  let passed = 0
  const lab = { processingMs: 600_000, moderationMs: 600_000 }
  const { client, lab: stage } = await connected(t, { lab, clock: () => Date.now() + passed })
  const attempt = anAttempt(now())
  await assert.rejects(tiktok.publish(client, post(), attempt), UnclearError)
  await assert.rejects(found(client, post(), attempt), NotYetError)
  passed = 600_000
  const early = await found(client, post(), attempt)
  assert.deepEqual([early?.id, early?.url], [attempt.memory.publishId, null])
  passed = 1_200_000
  assert.equal((await found(client, post(), attempt))?.id, stage.ledger()[0]?.id)
})

test('until the audit only the account itself sees it, and the plan says so', async (t) => {
  const { client, proxy } = await connected(t, { lab: { audited: false }, settings: { audited: false } })
  const receipt = await tiktok.publish(client, post(), anAttempt(now()))
  assert.equal(receipt.url, null)
  assert.equal(jsonOf(proxy.requests, '/v2/post/publish/video/init/')[0].post_info.privacy_level, 'SELF_ONLY')
  assert.match(tiktok.notes?.({})[0] ?? '', /sieht nur das Konto selbst/)
  assert.deepEqual(tiktok.notes?.({ audited: true }), [])
})

test('an app that claims an audit it does not have is told what to do', async (t) => {
  const { client } = await connected(t, { lab: { audited: false } })
  await assert.rejects(tiktok.publish(client, post(), anAttempt(now())), (error: Error) => {
    assert.ok(error instanceof ChannelError)
    return /by: hand/.test(error.message)
  })
})

test('photos of a domain that is not the app’s are the channel’s fault, and nothing is left to clarify', async (t) => {
  const { client } = await connected(t, { lab: { verified: ['https://www.bonn.de/'] } })
  const attempt = anAttempt(now())
  await assert.rejects(tiktok.publish(client, photos(), attempt), (error: Error) => {
    assert.ok(error instanceof ChannelError)
    return /Domain des Newsrooms/.test(error.message)
  })
  assert.equal(await found(client, photos(), attempt), undefined)
})

test('photos that cannot be fetched are begun anew', async (t) => {
  const { lab, client } = await connected(t)
  const attempt = anAttempt(now())
  await assert.rejects(tiktok.publish(client, photos(), attempt), UnreachableError)
  await assert.rejects(tiktok.publish(client, photos(), attempt), UnreachableError)
  assert.equal(lab.ledger().length, 0)
})

test('photos whose answer was lost are left to a person, by the attempt and by the look', async (t) => {
  const { lab, client } = await connected(t)
  const attempt = anAttempt(now())
  lab.setFault('tiktok', { fault: 'post-but-500' })
  for (const ending of [() => tiktok.publish(client, photos(), attempt), () => found(client, photos(), attempt)])
    await assert.rejects(ending, (error: Error) => error instanceof UnclearError && !error.findable)
})

test('a film that the account may not post is refused in words, before it is announced', async (t) => {
  const { client, proxy } = await connected(t, { lab: { longestSeconds: 60 } })
  await assert.rejects(tiktok.publish(client, post({ video: long.video }), anAttempt(now())), /Videos bis 60 Sekunden/)
  assert.deepEqual(jsonOf(proxy.requests, '/v2/post/publish/video/init/'), [])
  await assert.rejects(tiktok.publish(client, aPost(), anAttempt(now())), RejectedError)
})

test('more posts than TikTok takes in a day wait an hour at a time', async (t) => {
  const { client } = await connected(t, { lab: { postsPerDay: 1 } })
  await tiktok.publish(client, post(), anAttempt(now()))
  await assert.rejects(
    tiktok.publish(client, post(), anAttempt(now())),
    (error: NotYetError) => error instanceof NotYetError && error.retryAfterMs === 3_600_000,
  )
})

test('the refresh token is another one each time, and outlives the process in the safe', async (t) => {
  let passed = 0
  const safe = aSafe()
  const { client, proxy } = await connected(t, { safe, clock: () => Date.now() + passed, lab: { accessSeconds: 3600 } })
  const signal = AbortSignal.timeout(10_000)
  await Promise.all([tiktok.check(client, signal), tiktok.check(client, signal)])
  const first = (await safe.read())?.refreshToken
  passed = 3_600_000
  const later = await tiktok.connect(client.settings, client.tools)
  await tiktok.check(later, signal)
  const second = (await safe.read())?.refreshToken
  const asked = proxy.requests
    .filter(({ path }) => path === '/v2/oauth/token/')
    .map(({ body }) => new URLSearchParams(body.toString()).get('refresh_token'))
  assert.deepEqual(asked, ['rehearsal-bonn', first])
  assert.notEqual(second, first)
})

test('it says who we are, what is missing and until when; and counts what people do', async (t) => {
  const { client } = await connected(t, { lab: { scope: 'video.publish,video.list' } })
  const signal = AbortSignal.timeout(10_000)
  const { account, missing, until } = await tiktok.check(client, signal)
  assert.deepEqual([account, missing], ['@bonn', []])
  assert.ok(Date.parse(until ?? '') > Date.now() + 150 * 86_400_000)
  const receipt = await tiktok.publish(client, post(), anAttempt(now()))
  assert.deepEqual(await tiktok.reactions?.(client, receipt, signal), { likes: 0, replies: 0, shares: 0, views: 0 })
  await assert.rejects(Promise.resolve(tiktok.insights?.(client, signal)), /Dem Zugang fehlt ein Recht/)
})

test('a film is sent to TikTok’s own upload servers alone', () => {
  const real = tiktok.settings.parse({ clientKey: 'key', clientSecret: 'secret', refreshToken: 'token' })
  for (const [address, isOurs] of [
    ['https://open-upload.tiktokapis.com/video/?upload_id=1', true],
    ['https://open-upload-sg.tiktokapis.com/upload', true],
    ['http://open-upload.tiktokapis.com/video/', false],
    ['https://tiktokapis.com.example/video/', false],
    ['https://127.0.0.1/video/', false],
    ['', false],
  ] as const)
    assert.equal(isUploadServer(address, real), isOurs, address)
  const rehearsal = { ...real, base: 'http://127.0.0.1:8081/tiktok' }
  assert.equal(isUploadServer('http://127.0.0.1:8081/tiktok/upload/video/', rehearsal), true)
  assert.equal(isUploadServer('https://open-upload.tiktokapis.com/video/', rehearsal), false)
})
