// Videos and reels on Facebook: begun once, uploaded piece by piece, resumed, published once, and every request known to Meta's lists.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { facebook } from '../../connectors/facebook/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import { failureOf, NotYetError, UnclearError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { saying } from '../support/graph-error.ts'
import { graphJudge, withoutLists } from '../support/meta-graph.ts'
import { type AVideo, aVideo } from '../support/mp4.ts'

const page = '100064598765432'
const lying = aVideo('Die Oberbürgermeisterin spricht', { seconds: 100, width: 1280, height: 720, padding: 3_000 })
const upright = aVideo('Das Freibad von oben', { seconds: 20, width: 1080, height: 1920, padding: 3_000 })

const connected = async (t: TestContext, settings: LabSettings['facebook'] = {}, clock: () => number = Date.now) => {
  const lab = await startLab({ port: 0, now: clock, settings: { facebook: { pieceBytes: 1_000, ...settings } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/facebook` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const tools = someTools({ media: async (id) => [lying, upright].find(({ video }) => video.id === id)!.bytes })
  const client = await facebook.connect(facebook.settings.parse({ page, base: proxy.url, token: 'rehearsal-bonn' }), tools)
  const phases = () =>
    proxy.requests.flatMap(({ body }) => /upload_phase\W+(?:Content\S+\s+)?(\w+)/.exec(body.toString('latin1'))?.[1] ?? [])
  return { lab, client, phases, requests: proxy.requests }
}

const attempt = () => anAttempt({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })
const post = ({ video }: AVideo) => aPost({ text: `Ein Film (${v7()})`, video })

for (const [kind, film] of [
  ['a video', lying],
  ['a reel', upright],
] as const) {
  test(`${kind} is uploaded whole, stands there once, and can be answered, changed and removed`, async (t) => {
    const { lab, client } = await connected(t)
    const receipt = await facebook.publish(client, post(film), attempt())
    const [stands] = lab.ledger()
    assert.deepEqual([stands?.id, stands?.video?.size], [receipt.id, film.video.size])
    assert.equal(receipt.url, stands?.url)
    await facebook.reply!(client, receipt, aPost({ text: 'Korrektur' }), attempt())
    await facebook.update!(client, receipt, aPost({ text: 'Ein anderer Text' }), attempt())
    assert.deepEqual(
      lab.ledger().map(({ text, replyTo }) => [text, replyTo]),
      [
        ['Ein anderer Text', null],
        ['Korrektur', receipt.id],
      ],
    )
    assert.deepEqual(await facebook.reactions!(client, receipt, AbortSignal.timeout(10_000)), { likes: 0, replies: 1, views: 0 })
    await facebook.retract!(client, receipt, attempt())
    assert.equal(await facebook.stands!(client, receipt, AbortSignal.timeout(10_000)), false)
  })

  for (const fault of ['post-then-reset', 'post-but-500', 'broken-json'] as const)
    test(`${kind} whose publishing ends in "${fault}" is found by its id`, async (t) => {
      const { lab, client } = await connected(t)
      const one = attempt()
      const wanted = post(film)
      lab.setFault('facebook', { fault })
      await assert.rejects(facebook.publish(client, wanted, one), (error) => failureOf(error) === 'unclear')
      assert.equal((await facebook.find!(client, wanted, one))?.id, lab.ledger()[0]?.id)
      assert.equal(lab.ledger().length, 1)
    })

  test(`${kind} that was not published is not found, and is published without being uploaded again`, async (t) => {
    const { lab, client, phases, requests } = await connected(t)
    const one = attempt()
    const wanted = post(film)
    lab.setFault('facebook', { fault: 'reset' })
    await assert.rejects(facebook.publish(client, wanted, one), (error) => failureOf(error) === 'unclear')
    assert.equal(await facebook.find!(client, wanted, one), undefined)
    const before = requests.reduce((bytes, { body }) => bytes + body.length, 0)
    await facebook.publish(client, wanted, one)
    const later = requests.reduce((bytes, { body }) => bytes + body.length, 0)
    assert.equal(lab.ledger().length, 1)
    assert.equal(phases().filter((phase) => phase === 'start').length, 1)
    assert.ok(later - before < 1_000, 'the bytes were sent again')
  })

  for (const fault of ['reset', 'post-then-reset'] as const)
    test(`${kind} one of whose pieces ends in "${fault}" is whole after the next attempt`, async (t) => {
      const { lab, client } = await connected(t)
      const one = attempt()
      const wanted = post(film)
      const onceBegun = async (more: Readonly<Record<string, string>>) => {
        await one.remember(more)
        if ('video' in more) lab.setFault('facebook', { fault, operation: 'media' })
      }
      const failed = facebook.publish(client, wanted, { ...one, remember: onceBegun })
      await assert.rejects(failed, (error) => failureOf(error) === 'unreachable')
      assert.deepEqual(lab.faults(), [])
      await facebook.publish(client, wanted, one)
      assert.deepEqual(
        lab.ledger().map(({ video }) => video?.sha256),
        [film.video.id],
      )
    })
}

test('a video that is still being processed counts as published', async (t) => {
  const { client } = await connected(t, { processingMs: 3_600_000 })
  const one = attempt()
  const wanted = post(upright)
  const receipt = await facebook.publish(client, wanted, one)
  assert.equal((await facebook.find!(client, wanted, one))?.id, receipt.id)
})

test('a reel that is being processed and whose publishing has not begun is not called absent', async (t) => {
  let passed = 0
  const { lab, client } = await connected(t, { processingMs: 7_200_000, publishingMs: 3_600_000 }, () => Date.now() + passed)
  const one = attempt()
  const wanted = post(upright)
  lab.setFault('facebook', { fault: 'post-then-reset' })
  await assert.rejects(facebook.publish(client, wanted, one), (error) => failureOf(error) === 'unclear')
  await assert.rejects(facebook.find!(client, wanted, one), (error) => error instanceof NotYetError && error.retryAfterMs === 30_000)
  passed = 3_600_000
  assert.equal((await facebook.find!(client, wanted, one))?.id, lab.ledger()[0]?.id)
})

test('a reel that Facebook never says to be publishing is left to a person after ten minutes', async (t) => {
  const { lab, client } = await connected(t, { publishingMs: 3_600_000 })
  const one = attempt()
  const wanted = post(upright)
  lab.setFault('facebook', { fault: 'post-then-reset' })
  await assert.rejects(facebook.publish(client, wanted, one), (error) => failureOf(error) === 'unclear')
  for (let looks = 0; looks < 20; looks += 1) await assert.rejects(facebook.find!(client, wanted, one), NotYetError)
  await assert.rejects(facebook.find!(client, wanted, one), (error) => error instanceof UnclearError && !error.findable)
})

for (const [video_status, uploading] of [
  ['processing', 'in_progress'],
  ['uploading', 'in_progress'],
  ['upload_complete', 'complete'],
] as const)
  test(`a reel whose bytes are ${uploading} and that is "${video_status}" was not published`, async (t) => {
    const status = { video_status, uploading_phase: { status: uploading }, publishing_phase: { status: 'not_started' } }
    const front = await saying(JSON.stringify({ id: '117000000000000000', status }), { status: 200 })
    t.after(() => front.close())
    const client = await facebook.connect(facebook.settings.parse({ page, base: front.url, token: 'x' }), someTools())
    assert.equal(await facebook.find!(client, post(upright), anAttempt({ memory: { video: '117000000000000000' } })), undefined)
  })

test('the address of a video, which Facebook gives without its host, is whole', async (t) => {
  const seen = {
    id: '117000000000000000',
    permalink_url: '/reel/117000000000000000/',
    status: { publishing_phase: { status: 'complete' } },
  }
  const front = await saying(JSON.stringify(seen), { status: 200 })
  t.after(() => front.close())
  const client = await facebook.connect(facebook.settings.parse({ page, base: front.url, token: 'x' }), someTools())
  const found = await facebook.find!(client, post(upright), anAttempt({ memory: { video: seen.id } }))
  assert.equal(found?.url, 'https://www.facebook.com/reel/117000000000000000/')
})

test('a reel too many on one day is waited for', async (t) => {
  const { lab, client } = await connected(t, { reelsPerDay: 1 })
  await facebook.publish(client, post(upright), attempt())
  await assert.rejects(facebook.publish(client, post(upright), attempt()), (error) => failureOf(error) === 'not-yet')
  assert.equal(lab.ledger().length, 1)
})

test('bytes and token go to no other host than the API’s', async (t) => {
  const { client } = await connected(t)
  const memory = { video: '117000000000000000', 'video-address': 'https://rupload.facebook.example/1' }
  const failed = facebook.publish(client, post(upright), anAttempt({ memory }))
  await assert.rejects(failed, /gehört nicht zu Facebook/)
})

test('every request of an upload is one that Meta’s field lists know', async (t) => {
  if (withoutLists !== undefined) return t.skip(withoutLists)
  const { client, requests } = await connected(t)
  for (const film of [lying, upright]) {
    const receipt = await facebook.publish(client, post(film), attempt())
    await facebook.reply!(client, receipt, aPost({ text: 'Korrektur' }), attempt())
    await facebook.update!(client, receipt, aPost({ text: 'Ein anderer Text' }), attempt())
    await facebook.reactions!(client, receipt, AbortSignal.timeout(10_000))
    await facebook.check(client, AbortSignal.timeout(10_000))
    await facebook.retract!(client, receipt, attempt())
  }
  assert.deepEqual((await Promise.all(requests.map(graphJudge('facebook')))).flat(), [])
})
