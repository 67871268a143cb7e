// Mastodon: the contract in the lab, every request judged by the published description, and what is Mastodon's own.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { mastodon } from '../../connectors/mastodon/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { PostImage } from '../../src/connector/connector.ts'
import { NotYetError, UnclearError } from '../../src/connector/errors.ts'
import { learned } from '../../src/connector/limits.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { namesNoEmptyText } from '../support/empty-alternative-texts.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { notedPeer } from '../support/lab-peer.ts'
import { mastodonJudge, withoutDescription } from '../support/mastodon-openapi.ts'
import { anImage } from '../support/png.ts'

const { peer, seen } = notedPeer({
  platform: 'mastodon',
  lab: { mastodon: { rateLimits: false } },
  settings: {},
  secret: 'token',
})

connectorContract({ name: 'Mastodon in the lab', connector: mastodon, ...peer })

test('every request of the contract is one that the published description knows', async (t) => {
  if (withoutDescription !== undefined) return t.skip(withoutDescription)
  const judge = await mastodonJudge()
  assert.ok(seen().length > 100, 'the contract was not run before')
  assert.deepEqual([...new Set(seen().flatMap(judge))], [])
  for (const [method, path] of [
    ['POST', '/api/v1/statuses'],
    ['PUT', '/api/v1/statuses/'],
    ['DELETE', '/api/v1/statuses/'],
    ['POST', '/api/v2/media'],
  ] as const)
    assert.ok(
      seen().some((request) => request.method === method && request.path.startsWith(path)),
      `${method} ${path} was never sent`,
    )
})

test('for a decorative picture the field of the alternative text is left out', () => {
  assert.ok(seen().length > 0, 'the contract was not run before')
  namesNoEmptyText(seen())
})

const image = anImage('Das Freibad von oben')

const connected = async (t: TestContext, settings: LabSettings['mastodon'] = {}, clock: () => number = Date.now) => {
  const lab = await startLab({ port: 0, now: clock, settings: { mastodon: { rateLimits: false, ...settings } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/mastodon` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const tools = someTools({ media: async () => image.bytes })
  const client = await mastodon.connect(mastodon.settings.parse({ base: proxy.url, token: 'rehearsal-bonn' }), tools)
  const sent = (method: string, path: string) =>
    proxy.requests.filter((request) => request.method === method && request.path.startsWith(path))
  return { lab, client, sent }
}

const now = () => ({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })

test('every attempt of a delivery carries its id as Idempotency-Key, and the instance posts once', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  await mastodon.publish(client, aPost(), attempt)
  await mastodon.publish(client, aPost(), attempt)
  assert.deepEqual(
    sent('POST', '/api/v1/statuses').map(({ headers }) => headers['idempotency-key']),
    [attempt.key, attempt.key],
  )
  assert.equal(lab.ledger().length, 1)
})

test('F27: servers that can read Markdown are asked to take the text as it is, also in an edit', async (t) => {
  const { client, sent } = await connected(t)
  const receipt = await mastodon.publish(client, aPost(), anAttempt(now()))
  await mastodon.update?.(client, receipt, aPost({ text: 'Bürger*innen' }), anAttempt(now()))
  for (const { body } of [...sent('POST', '/api/v1/statuses'), ...sent('PUT', '/api/v1/statuses/')])
    assert.equal(JSON.parse(body.toString()).content_type, 'text/plain')
})

test('an image is uploaded once, however many attempts its post takes', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  const post = aPost({ images: [image.image] })
  lab.setFault('mastodon', { fault: 'reset', times: 2 })
  await assert.rejects(mastodon.publish(client, post, attempt))
  await assert.rejects(mastodon.publish(client, post, attempt))
  await mastodon.publish(client, post, attempt)
  assert.equal(sent('POST', '/api/v2/media').length, 1)
  assert.equal(lab.ledger()[0]?.images.length, 1)
})

test('an upload that the instance has cleared away is made again', async (t) => {
  const { lab, client } = await connected(t)
  const attempt = anAttempt({ ...now(), memory: { [`media-${image.image.id}`]: '4711' } })
  await mastodon.publish(client, aPost({ images: [image.image] }), attempt)
  assert.equal(lab.ledger()[0]?.images.length, 1)
})

test('an image that is being processed is waited for', async (t) => {
  const { lab, client, sent } = await connected(t, { mediaProcessingMs: 300 })
  await mastodon.publish(client, aPost({ images: [image.image] }), anAttempt(now()))
  assert.ok(sent('GET', '/api/v1/media/').length > 1)
  assert.equal(lab.ledger()[0]?.images[0]?.alt, 'Das Freibad von oben')
})

test('an image that takes the instance too long is come back to, without another upload', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, { mediaProcessingMs: 3_600_000 }, () => Date.now() + passed)
  const attempt = anAttempt(now())
  const post = aPost({ images: [image.image] })
  await assert.rejects(mastodon.publish(client, post, attempt), NotYetError)
  assert.equal(lab.ledger().length, 0)
  passed = 3_600_000
  await mastodon.publish(client, post, attempt)
  assert.equal(sent('POST', '/api/v2/media').length, 1)
  assert.equal(lab.ledger()[0]?.images.length, 1)
})

test('the instance’s own limits are learned, and measure as it counts', async (t) => {
  const { client } = await connected(t, {
    maxCharacters: 5_000,
    charactersReservedPerUrl: 30,
    maxMediaAttachments: 2,
    descriptionLimit: 800,
  })
  const { limits, account } = await mastodon.check(client, AbortSignal.timeout(10_000))
  assert.equal(account.startsWith('@bonn@'), true)
  const { text, images } = learned(mastodon.limits, limits)
  assert.deepEqual([text.max, text.perLink, images.max, images.altMax], [5_000, 30, 2, 800])
  assert.equal(mastodon.measure('https://www.bonn.de/a-very-long-way-to-say-it', text), 30)
})

test('a post of the same text from long before is not taken for this one', async (t) => {
  let ago = 7_200_000
  const { client } = await connected(t, {}, () => Date.now() - ago)
  await mastodon.publish(client, aPost(), anAttempt(now()))
  ago = 0
  assert.equal(await mastodon.find?.(client, aPost(), anAttempt(now())), undefined)
})

test('a post is found behind a hundred others', async (t) => {
  const { client } = await connected(t)
  const attempt = anAttempt(now())
  const receipt = await mastodon.publish(client, aPost(), attempt)
  for (let number = 0; number < 100; number += 1) await mastodon.publish(client, aPost({ text: `Nummer ${number}` }), anAttempt(now()))
  assert.equal((await mastodon.find?.(client, aPost(), attempt))?.id, receipt.id)
})

test('an account that has posted more than is looked through since the first attempt leaves it unclear, for a person', async (t) => {
  const { client } = await connected(t)
  const attempt = anAttempt(now())
  const others = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, number) =>
        mastodon.publish(client, aPost({ text: `Nummer ${from + number}` }), anAttempt(now())),
      ),
    )
  await mastodon.publish(client, aPost(), attempt)
  await others(0, 558)
  assert.equal((await mastodon.findAll?.(client, aPost(), attempt))?.length, 1)
  assert.equal(await mastodon.find?.(client, aPost({ text: 'Nie gesendet' }), attempt), undefined)
  await others(558, 600)
  for (const look of [mastodon.find, mastodon.findAll])
    await assert.rejects(
      async () => look?.(client, aPost(), attempt),
      (error) => error instanceof UnclearError && !error.findable,
    )
})

test('an edit uploads only what is new', async (t) => {
  const { lab, client, sent } = await connected(t)
  const receipt = await mastodon.publish(client, aPost({ images: [image.image] }), anAttempt(now()))
  const better: PostImage = { ...image.image, alt: 'Das Freibad von oben, die Becken sind leer' }
  await mastodon.update?.(client, receipt, aPost({ text: 'Neu', images: [better] }), anAttempt(now()))
  assert.equal(sent('POST', '/api/v2/media').length, 1)
  assert.equal(lab.ledger()[0]?.images[0]?.alt, better.alt)
})

test('the address comes from the handle where no base is set', () => {
  const parse = (settings: object) => mastodon.settings.safeParse({ token: 'x', ...settings })
  assert.equal(parse({ handle: '@bonn@bonn.example' }).data?.base, 'https://bonn.example')
  assert.equal(parse({ handle: '@bonn', base: 'http://127.0.0.1:8081/mastodon/' }).data?.base, 'http://127.0.0.1:8081/mastodon')
  assert.equal(parse({ handle: '@bonn' }).success, false)
  assert.equal(parse({ handle: '@bonn@bonn.example', colour: 'blue' }).success, false)
})
