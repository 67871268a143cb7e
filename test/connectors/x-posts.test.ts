// What is X's own when it posts: words that stand there already, replies it refuses, credit, links of its own, uploads in segments.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { standingAlone } from '../../connectors/x/alone.ts'
import { weight } from '../../connectors/x/count.ts'
import { x } from '../../connectors/x/index.ts'
import type { PostVideo } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { aPost } from '../support/builders.ts'
import { anImage } from '../support/png.ts'
import { poll } from '../support/poll.ts'
import { withoutDescription, xJudge } from '../support/x-openapi.ts'
import { allSent, anAttemptNow, xWorld } from '../support/x-world.ts'

const long = 3_600_000

test('words that X has already from a lost attempt are looked up, and what is found is the receipt', async (t) => {
  const { lab, client } = await xWorld(t)
  const attempt = anAttemptNow()
  lab.setFault('x', { fault: 'post-then-reset' })
  await assert.rejects(x.publish(client, aPost(), attempt), UnclearError)
  const receipt = await x.publish(client, aPost(), { ...attempt, number: 2 })
  assert.deepEqual([receipt.id, lab.ledger().length], [lab.ledger()[0]?.id, 1])
})

test('words that X has from long before are refused, and the author is told', async (t) => {
  let ago = long
  const { lab, client } = await xWorld(t, { now: () => Date.now() - ago })
  await x.publish(client, aPost(), anAttemptNow())
  ago = 0
  await assert.rejects(
    x.publish(client, aPost(), anAttemptNow()),
    (error) => error instanceof RejectedError && /Wortlaut/.test(error.message),
  )
  await assert.rejects(x.publish(client, aPost(), anAttemptNow({ number: 2 })), UnclearError)
  assert.equal(lab.ledger().length, 1)
})

test('words that another delivery has just posted are refused, and its post is not taken for this one’s', async (t) => {
  const { lab, client } = await xWorld(t)
  await x.publish(client, aPost(), anAttemptNow())
  await assert.rejects(x.publish(client, aPost(), anAttemptNow()), RejectedError)
  assert.equal(lab.ledger().length, 1)
})

test('a post with an image is no repetition for X: the look alone keeps it from standing there twice', async (t) => {
  const image = anImage('Das Freibad von oben')
  const { lab, client } = await xWorld(t, { tools: { media: async () => image.bytes } })
  const attempt = anAttemptNow()
  const post = aPost({ images: [image.image] })
  lab.setFault('x', { fault: 'post-then-reset' })
  await assert.rejects(x.publish(client, post, attempt), UnclearError)
  const found = await x.find?.(client, post, attempt)
  assert.deepEqual([found?.id, lab.ledger().length], [lab.ledger()[0]?.id, 1])
})

test('a post is recognised through X’s short links, whatever they stand for', async (t) => {
  const { client } = await xWorld(t)
  for (const text of [
    'Mehr: https://www.bonn.de/a?b=1&c=2',
    'Mehr auf bonn.de & <hier>.',
    '„warnung.koeln“ – https://www.bonn.de/',
    '5 < 6 &amp; 7',
  ]) {
    const [post, attempt] = [aPost({ text }), anAttemptNow()]
    const receipt = await x.publish(client, post, attempt)
    assert.equal((await x.find?.(client, post, attempt))?.id, receipt.id, text)
  }
})

test('the same words with another link are another post', async (t) => {
  const { client } = await xWorld(t)
  const attempt = anAttemptNow()
  await x.publish(client, aPost({ text: 'Mehr: https://www.bonn.de/a' }), attempt)
  assert.equal(await x.find?.(client, aPost({ text: 'Mehr: https://www.bonn.de/b' }), attempt), undefined)
})

test('a post is found behind a hundred others, and two of the same words are both told', async (t) => {
  const { client } = await xWorld(t)
  const attempt = anAttemptNow()
  const first = await x.publish(client, aPost(), attempt)
  for (let number = 0; number < 100; number += 1) await x.publish(client, aPost({ text: `Nummer ${number}` }), anAttemptNow())
  const second = await x.reply?.(client, first, aPost(), anAttemptNow())
  assert.deepEqual(
    (await x.findAll?.(client, aPost(), attempt))?.map(({ id }) => id),
    [second?.id, first.id],
  )
  assert.equal((await x.find?.(client, aPost(), attempt))?.id, second?.id)
})

test('an account that has posted more than is looked through since the first attempt leaves it unclear, for a person', async (t) => {
  const { client } = await xWorld(t)
  const attempt = anAttemptNow()
  await x.publish(client, aPost(), attempt)
  const others = Array.from({ length: 500 }, (_, number) => aPost({ text: `Nummer ${number}` }))
  await Promise.all(others.slice(1).map((other) => x.publish(client, other, anAttemptNow())))
  assert.equal((await x.findAll?.(client, aPost(), attempt))?.length, 1)
  assert.equal(await x.find?.(client, aPost({ text: 'Nie gesendet' }), attempt), undefined)
  await x.publish(client, others[0]!, anAttemptNow())
  for (const look of [x.find, x.findAll])
    await assert.rejects(
      async () => look?.(client, aPost(), attempt),
      (error) => error instanceof UnclearError && !error.findable,
    )
})

test('where X takes no replies by API, an answer becomes a post of its own that links to the other one', async (t) => {
  const { lab, client, sent } = await xWorld(t, { lab: { replies: false } })
  const warning = await x.publish(client, aPost(), anAttemptNow())
  const attempt = anAttemptNow()
  const post = aPost({ text: 'Entwarnung: Das Wasser ist wieder sauber.', link: null })
  const receipt = await x.reply!(client, warning, post, attempt)
  const stands = lab.ledger().find(({ id }) => id === receipt.id)
  assert.deepEqual([stands?.text, stands?.replyTo], [`${post.text}\n\n↪ ${warning.url}`, null])
  assert.equal((await x.find?.(client, post, attempt))?.id, receipt.id)
  await x.reply?.(client, warning, post, { ...attempt, number: 2 })
  assert.equal(lab.ledger().length, 2)
  assert.equal(sent('POST', /^\/2\/tweets$/).filter(({ body }) => body.includes('in_reply_to')).length, 1)
})

test('a post of its own keeps its link and fits, whatever its length', () => {
  const about = 'https://x.com/bonn/status/1861380000000000000'
  for (const length of [0, 10, 200, 230, 256, 257]) {
    const text = `${'Wasser '.repeat(40).slice(0, length)} https://www.bonn.de/wasser`
    const alone = standingAlone({ text, link: 'https://www.bonn.de/wasser' }, about)
    assert.ok(weight(alone) <= 280, `${weight(alone)}`)
    assert.match(alone, /https:\/\/www\.bonn\.de\/wasser\n\n↪ https:\/\/x\.com\/bonn\/status\/1861380000000000000$/)
  }
  assert.ok(weight(standingAlone({ text: 'x'.repeat(280), link: null }, about)) <= 280)
})

test('without credit the channel is at fault, and says how to mend it', async (t) => {
  const { client } = await xWorld(t, { lab: { credit: false } })
  const wanted = (error: unknown) => error instanceof ChannelError && /Guthaben.*aufladen.*402/.test(error.message)
  await assert.rejects(x.publish(client, aPost(), anAttemptNow()), wanted)
  await assert.rejects(x.check(client, AbortSignal.timeout(10_000)), wanted)
})

test('too many posts wait until the window that X names ends', async (t) => {
  const { client } = await xWorld(t, { lab: { rateLimits: { posts: { points: 1, seconds: 600 } } as never } })
  await x.publish(client, aPost({ text: 'Eins' }), anAttemptNow())
  await assert.rejects(x.publish(client, aPost({ text: 'Zwei' }), anAttemptNow()), (error) => {
    assert.ok(error instanceof NotYetError)
    return error.retryAfterMs > 500_000 && error.retryAfterMs <= 602_000
  })
})

test('it knows what stands, what is gone, and how readers reacted', async (t) => {
  const { client } = await xWorld(t)
  const signal = AbortSignal.timeout(10_000)
  const receipt = await x.publish(client, aPost(), anAttemptNow())
  await x.reply?.(client, receipt, aPost({ text: 'Nachtrag' }), anAttemptNow())
  assert.equal(await x.stands?.(client, receipt, signal), true)
  assert.deepEqual(await x.reactions?.(client, receipt, signal), { likes: 0, replies: 1, shares: 0, views: 0 })
  await x.retract?.(client, receipt, anAttemptNow())
  assert.equal(await x.stands?.(client, receipt, signal), false)
  assert.deepEqual(await x.reactions?.(client, receipt, signal), {})
})

test('an image is uploaded once and described once, however many attempts its post takes', async (t) => {
  const image = anImage('Das Freibad von oben')
  const { lab, client, sent } = await xWorld(t, { tools: { media: async () => image.bytes } })
  const attempt = anAttemptNow()
  const post = aPost({ images: [image.image] })
  lab.setFault('x', { fault: 'reset', times: 2 })
  for (let number = 1; number <= 2; number += 1) await assert.rejects(x.publish(client, post, { ...attempt, number }))
  await x.publish(client, post, { ...attempt, number: 3 })
  assert.equal(sent('POST', /\/media\/upload\/initialize$/).length, 1)
  assert.equal(sent('POST', /\/media\/metadata$/).length, 1)
  assert.equal(lab.ledger()[0]?.images[0]?.alt, 'Das Freibad von oben')
})

test('an upload that X no longer keeps is made again, whether its time is up or not', async (t) => {
  const image = anImage('Das Freibad von oben')
  for (const until of [Date.now() - 1, Date.now() + long])
    for (const segments of [0, 1]) {
      const { lab, client, sent } = await xWorld(t, { tools: { media: async () => image.bytes } })
      const kept = JSON.stringify({ id: '4711', until, segments, ready: segments === 1, described: segments === 1 })
      const attempt = anAttemptNow({ memory: { [`media-${image.image.id}`]: kept } })
      await x.publish(client, aPost({ images: [image.image] }), attempt)
      assert.deepEqual([lab.ledger()[0]?.images.length, sent('POST', /initialize$/).length], [1, 1])
    }
})

/** The head of an MP4 file, and as many bytes as wanted behind it. */
const aVideo = (size: number): { bytes: Buffer; video: PostVideo } => {
  const bytes = Buffer.alloc(size, 7)
  bytes.write('ftypmp42', 4, 'latin1')
  bytes.writeUInt32BE(24, 0)
  const id = createHash('sha256').update(bytes).digest('hex')
  return { bytes, video: { id, type: 'video/mp4', size, width: 640, height: 360, seconds: 12, alt: 'Ein Film', captions: [] } }
}

test('a video goes on where its last attempt ended, and is waited for', async (t) => {
  const { bytes, video } = aVideo(9_000_000)
  const { lab, client, sent } = await xWorld(t, { lab: { processingMs: 200 }, tools: { media: async () => bytes } })
  const attempt = anAttemptNow()
  const post = aPost({ video })
  const time = new AbortController()
  const remember = async (more: Readonly<Record<string, string>>): Promise<void> => {
    await attempt.remember(more)
    if (JSON.stringify(more).includes('\\"segments\\":2')) time.abort()
  }
  await assert.rejects(x.publish(client, post, { ...attempt, remember, signal: time.signal }), UnreachableError)
  await x.publish(client, post, { ...attempt, number: 2 })
  assert.equal(sent('POST', /initialize$/).length, 1)
  assert.equal(sent('POST', /append$/).length, 3)
  assert.ok(sent('GET', /\/media\/upload\?/).length > 0)
  assert.equal(lab.ledger()[0]?.video?.size, 9_000_000)
})

test('a video carries its captions, each said once', async (t) => {
  const { bytes, video } = aVideo(1_000)
  const words = Buffer.from('WEBVTT\n\n00:00.000 --> 00:02.000\nDas Freibad öffnet.\n')
  const track = { id: createHash('sha256').update(words).digest('hex'), size: words.length, language: 'de-DE' }
  const { lab, client, sent } = await xWorld(t, { tools: { media: async (id) => (id === track.id ? words : bytes) } })
  const attempt = anAttemptNow()
  const post = aPost({ video: { ...video, captions: [track] } })
  lab.setFault('x', { fault: 'reset' })
  await assert.rejects(x.publish(client, post, attempt), UnclearError)
  await x.publish(client, post, { ...attempt, number: 2 })
  assert.deepEqual(lab.ledger()[0]?.video?.captions, [{ language: 'de', sha256: track.id }])
  const [said, ...more] = sent('POST', /\/media\/subtitles$/).map(({ body }) => JSON.parse(body.toString()).subtitles)
  assert.deepEqual([said.language_code, said.display_name, more.length], ['DE', 'Deutsch', 0])
})

test('a call that is given up lets go of its connection at once', async (t) => {
  const closed: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('close', () => closed.push('closed'))
    socket.once('data', () => time.abort())
  })
  const time = new AbortController()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const { connect } = await xWorld(t)
  const client = await connect({ base: `http://127.0.0.1:${port}` })
  await assert.rejects(x.publish(client, aPost(), anAttemptNow({ signal: time.signal })), UnclearError)
  await poll('the connection to be closed', () => closed.length === 1)
})

test('a person’s word for where a post is may come with what browsers add', async (t) => {
  const { lab, client } = await xWorld(t)
  const { id, at } = await x.publish(client, aPost(), anAttemptNow())
  await x.retract?.(client, { id: `https://x.com/BundesstadtBonn/status/${id}?s=20`, url: null, at }, anAttemptNow())
  assert.notEqual(lab.ledger()[0]?.deletedAt, null)
})

test('every request of these tests is one that the published description knows', async (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  const judge = await xJudge()
  assert.ok(allSent.length > 50)
  assert.deepEqual([...new Set(allSent.flatMap(judge))], [])
})
