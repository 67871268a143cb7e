// Telegram: the contract in the lab, every request judged by the published description, and what is Telegram's own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { v7 } from 'uuid'
import { telegram } from '../../connectors/telegram/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { Post, PostImage, Receipt } from '../../src/connector/connector.ts'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { type PassedRequest, startFaultProxy } from '../support/fault-proxy.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { aVideo } from '../support/mp4.ts'
import { anImage } from '../support/png.ts'
import { telegramJudge, withoutDescription } from '../support/telegram-description.ts'

const { peer, seen } = notedPeer({
  platform: 'telegram',
  lab: { telegram: { messages: false } },
  settings: { channel: '@stadt_bonn' },
  secret: 'token',
})

connectorContract({
  name: 'Telegram in the lab',
  connector: telegram,
  ...peer,
  lacks: new Set(['language', 'alt']),
  errorShape: (description) => ({ ok: false, error_code: 400, description }),
})

/** Requests of every test of this file. */
const judged = async (requests: readonly PassedRequest[]): Promise<readonly string[]> => {
  const judge = telegramJudge()
  return [...new Set((await Promise.all(requests.map(judge))).flat())]
}

test('every request of the contract is one that the published description knows', async (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  assert.ok(seen().length > 60, 'the contract was not run before')
  assert.deepEqual(await judged(seen()), [])
  const methods = ['getMe', 'getChat', 'getChatMember', 'getChatMemberCount', 'sendMessage', 'sendPhoto', 'sendMediaGroup', 'deleteMessage']
  for (const method of [...methods, 'editMessageCaption', 'editMessageMedia'])
    assert.ok(
      seen().some(({ path }) => path.endsWith(`/${method}`)),
      `${method} was never called`,
    )
})

test('the judge finds what the description does not know', async (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  const request = (method: string, body: object): PassedRequest => ({
    method: 'POST',
    path: `/bot1:x/${method}`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  })
  assert.deepEqual(await judged([request('sendPost', {})]), ['there is no POST sendPost'])
  assert.deepEqual(await judged([request('sendMessage', { chat_id: '@bonn', txt: 'Hallo' })]), [
    'sendMessage has no txt',
    'sendMessage needs text',
  ])
  const preview = { url: 'https://www.bonn.de', large: true }
  assert.deepEqual(await judged([request('sendMessage', { chat_id: '@bonn', text: 'Hallo', link_preview_options: preview })]), [
    'sendMessage.link_preview_options has no large',
  ])
})

const images = [0x00549f, 0xaa3311, 0x118844].map((colour, index) => anImage(`Bild ${index + 1}`, colour))
const film = aVideo('Die Schleuse öffnet sich')
const [one, two, three] = images.map(({ image }) => image) as [PostImage, PostImage, PostImage]

const bytesOf = new Map([...images.map(({ image, bytes }) => [image.id, bytes] as const), [film.video.id, film.bytes]])

const connected = async (t: TestContext, settings: LabSettings['telegram'] = {}, over: { channel?: string; now?: () => number } = {}) => {
  const lab = await startLab({ port: 0, now: over.now ?? Date.now, settings: { telegram: { messages: false, ...settings } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/telegram` })
  t.after(async () => {
    if (withoutDescription === undefined) assert.deepEqual(await judged(proxy.requests), [])
    await proxy.close()
    await lab.stop()
  })
  const tools = someTools({
    media: async (id) => bytesOf.get(id) ?? assert.fail(`no medium ${id}`),
    mediaUrl: (id) => `${lab.url}/media/${id}`,
  })
  const token = 'rehearsal-bonn'
  const client = await telegram.connect(telegram.settings.parse({ base: proxy.url, channel: over.channel ?? '@bonn', token }), tools)
  const sent = () => proxy.requests.map(({ path }) => path.split('/').at(-1))
  const publish = (post: Post): Promise<Receipt> => telegram.publish(client, post, anAttempt({ key: v7() }))
  const update = (receipt: Receipt, post: Post) => telegram.update!(client, receipt, post, anAttempt({ key: v7() }))
  return { lab, client, proxy, sent, publish, update }
}

const long = `${'Wir informieren. '.repeat(80)}https://www.bonn.de/freibad`

test('a text too long for a caption stays one message, with the first image as its preview', async (t) => {
  const { lab, publish, sent, proxy } = await connected(t)
  // the image stands at an address of this machine, as the newsroom's would
  await publish(aPost({ text: 'Erst einmal das Bild.', images: [one, two] }))
  await publish(aPost({ text: long, images: [one, two] }))
  assert.deepEqual(sent(), ['sendMediaGroup', 'sendMessage'])
  const body = JSON.parse(String(proxy.requests[1]?.body))
  assert.deepEqual(body.link_preview_options, { url: `${lab.url}/media/${one.id}`, prefer_large_media: true, show_above_text: true })
  const entry = lab.ledger()[1]
  assert.equal(entry?.text, long)
  assert.deepEqual(
    entry?.images.map(({ sha256 }) => sha256),
    [one.id],
  )
})

test('an image whose bytes cannot be read leaves nothing unclear', async (t) => {
  const { lab, publish } = await connected(t)
  const lost: PostImage = { ...one, id: 'f'.repeat(64) }
  await assert.rejects(publish(aPost({ images: [one, lost] })), UnreachableError)
  assert.equal(lab.ledger().length, 0)
})

test('a text that just fits below images is their caption, once for the album', async (t) => {
  const { lab, publish, sent } = await connected(t)
  const text = 'ü'.repeat(1024)
  await publish(aPost({ text, images: [one, two, three] }))
  await publish(aPost({ text, images: [one] }))
  assert.deepEqual(sent(), ['sendMediaGroup', 'sendPhoto'])
  assert.deepEqual(
    lab.ledger().map((entry) => [entry.text, entry.images.length]),
    [
      [text, 3],
      [text, 1],
    ],
  )
})

test('an album keeps the ids of all its parts, and all are deleted', async (t) => {
  const { lab, client, publish, sent } = await connected(t)
  const receipt = await publish(aPost({ images: [one, two, three] }))
  assert.equal(receipt.detail?.parts, '1,2,3')
  await telegram.retract!(client, receipt, anAttempt())
  assert.deepEqual(sent().slice(1), ['deleteMessage', 'deleteMessage', 'deleteMessage'])
  assert.notEqual(lab.ledger()[0]?.deletedAt, null)
})

test('a video stands there with its text below it, and another one takes its place', async (t) => {
  const { lab, publish, update, sent } = await connected(t)
  const receipt = await publish(aPost({ text: 'Die Schleuse', video: film.video }))
  await update(receipt, aPost({ text: 'Die Schleuse, heute', video: film.video }))
  await update(receipt, aPost({ text: 'Die Schleuse als Bild', images: [one] }))
  assert.deepEqual(sent(), ['sendVideo', 'editMessageCaption', 'editMessageMedia'])
  const [first, second, third] = lab.ledger()[0]?.revisions ?? []
  assert.deepEqual([first?.text, first?.video?.size, second?.text], ['Die Schleuse', film.video.size, 'Die Schleuse, heute'])
  assert.deepEqual([third?.video, third?.images.map(({ sha256 }) => sha256)], [undefined, [one.id]])
})

test('an edit changes only what is different', async (t) => {
  const { lab, publish, update, sent } = await connected(t)
  const receipt = await publish(aPost({ images: [one, two] }))
  const text = update(receipt, aPost({ text: 'Neu', images: [one, two] }))
  const image = update(await text, aPost({ text: 'Neu', images: [one, three] }))
  assert.equal((await image).detail?.media, `${one.id},${three.id}`)
  assert.deepEqual(sent().slice(1), ['editMessageCaption', 'editMessageCaption', 'editMessageMedia'])
  assert.deepEqual(
    lab.ledger()[0]?.images.map(({ sha256 }) => sha256),
    [one.id, three.id],
  )
})

test('an edit that takes images away deletes their messages', async (t) => {
  const { lab, publish, update } = await connected(t)
  const receipt = await publish(aPost({ images: [one, two, three] }))
  const now = await update(receipt, aPost({ text: 'Neu', images: [two] }))
  assert.deepEqual([now.detail?.parts, now.detail?.media], ['1', two.id])
  const [entry, ...more] = lab.ledger()
  assert.deepEqual([entry?.text, entry?.images.map(({ sha256 }) => sha256), more.length], ['Neu', [two.id], 0])
})

test('what Telegram cannot change is refused before anything is changed, in German', async (t) => {
  const { publish, update, sent } = await connected(t)
  const photo = await publish(aPost({ images: [one] }))
  await assert.rejects(update(photo, aPost({ images: [] })), /Ein Beitrag mit Bild oder Video bleibt dort einer/)
  await assert.rejects(update(photo, aPost({ images: [one, two] })), /Bilder kommen dort nicht hinzu/)
  await assert.rejects(update(photo, aPost({ text: long, images: [one] })), RejectedError)
  assert.deepEqual(sent(), ['sendPhoto'])
})

test('a text becomes longer or shorter than a caption and stays the same message', async (t) => {
  const { lab, publish, update } = await connected(t)
  const receipt = await publish(aPost({ text: long, images: [one] }))
  await update(receipt, aPost({ text: 'Kurz', images: [one] }))
  await update({ id: `https://t.me/bonn/${receipt.id}`, url: null, at: receipt.at }, aPost({ text: 'Noch kürzer' }))
  assert.deepEqual(
    lab.ledger()[0]?.revisions.map(({ text }) => text),
    [long, 'Kurz', 'Noch kürzer'],
  )
})

test('the address is the public channel’s; a private channel has none', async (t) => {
  const open = await connected(t)
  assert.equal((await open.publish(aPost())).url?.replace(/^.*(?=\/bonn)/, ''), '/bonn/1')
  const closed = await connected(t, {}, { channel: '-1001234567890' })
  assert.deepEqual([(await closed.publish(aPost())).url, (await closed.publish(aPost())).id], [null, '2'])
  const parse = (settings: object) => telegram.settings.safeParse({ token: 'x', channel: '@bonn', ...settings })
  assert.equal(parse({}).data?.web, 'https://t.me')
  assert.equal(parse({ channel: 'bonn' }).success, false)
  assert.equal(parse({ chat: '@bonn' }).success, false)
})

test('what the bot may not do is named; without the right to post the channel is at fault, and says what to do', async (t) => {
  const rights = { can_post_messages: false, can_edit_messages: true, can_delete_messages: false }
  const { client, publish } = await connected(t, { bot: rights })
  const identity = await telegram.check(client, AbortSignal.timeout(10_000))
  assert.deepEqual(identity.missing, ['can_post_messages', 'can_delete_messages'])
  await assert.rejects(publish(aPost()), (error: Error) => error instanceof ChannelError && /als Administrator/.test(error.message))
})

for (const [what, settings] of [
  ['a channel that does not exist', { missing: ['@bonn'] }],
  ['a channel that the bot was thrown out of', { bot: 'kicked' }],
  ['a channel that the bot is not in', { bot: 'left' }],
] as const)
  test(`${what} is the channel’s fault`, async (t) => {
    const { publish } = await connected(t, settings)
    await assert.rejects(publish(aPost()), ChannelError)
  })

test('after twenty messages in a minute the platform asks to wait, and its seconds are believed', async (t) => {
  const { publish } = await connected(t, { messages: { points: 20, seconds: 60 } })
  for (let number = 0; number < 20; number += 1) await publish(aPost({ text: `Nummer ${number}` }))
  await assert.rejects(
    publish(aPost()),
    (error) => error instanceof NotYetError && error.retryAfterMs > 30_000 && error.retryAfterMs <= 60_000,
  )
})

test('after two days only who may delete any message deletes a post', async (t) => {
  let passed = 0
  const bot = { can_post_messages: true, can_edit_messages: true, can_delete_messages: false }
  const { client, publish } = await connected(t, { bot }, { now: () => Date.now() + passed })
  const receipt = await publish(aPost())
  passed = 49 * 3_600_000
  await assert.rejects(telegram.retract!(client, receipt, anAttempt()), RejectedError)
})

test('the token stands in no error and no print of the client', async (t) => {
  const { lab, client, publish } = await connected(t)
  const failed: unknown[] = [client]
  for (const fault of ['html', 'broken-json', 'reset', 'redirect', 'post-but-500'] as const) {
    lab.setFault('telegram', { fault })
    failed.push(await publish(aPost()).catch((error: unknown) => error))
  }
  assert.ok(failed.slice(1).every((error) => error instanceof UnclearError))
  for (const thing of failed) assert.doesNotMatch(`${inspect(thing, { depth: 12 })} ${JSON.stringify(thing)}`, /rehearsal-bonn/)
})
