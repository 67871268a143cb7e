// What Bluesky's record says: marked text, card, images, thread. Checked by a real personal data server, which knows the lexicons.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { v7 } from 'uuid'
import type { BlueskyClient } from '../../connectors/bluesky/client.ts'
import { bluesky } from '../../connectors/bluesky/index.ts'
import type { Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { startPds, type TestPds } from '../support/pds.ts'
import { anImage } from '../support/png.ts'

let pds: TestPds
let plain: BlueskyClient
let cards: BlueskyClient
const pictures = [1, 2, 3, 4].map((number) => anImage(`Bild ${number}`, number * 0x112233))

before(async () => {
  pds = await startPds()
  const media = async (id: string) => pictures.find(({ image }) => image.id === id)?.bytes ?? assert.fail(`no image ${id}`)
  const connect = async (more: object) =>
    bluesky.connect(bluesky.settings.parse({ handle: pds.handle, appPassword: pds.password, base: pds.url, ...more }), someTools({ media }))
  plain = await connect({ web: 'https://bsky.app/' })
  cards = await connect({ card: 'prefer' })
})
after(() => pds[Symbol.asyncDispose]())

interface Stored {
  readonly text: string
  readonly createdAt: string
  readonly langs: readonly string[]
  readonly facets?: readonly {
    readonly index: { readonly byteStart: number; readonly byteEnd: number }
    readonly features: readonly Readonly<Record<string, string>>[]
  }[]
  readonly embed?: {
    readonly $type: string
    readonly external?: {
      readonly uri: string
      readonly title: string
      readonly description: string
      readonly thumb?: { readonly size: number }
    }
    readonly images?: readonly { readonly alt: string; readonly aspectRatio: object }[]
  }
  readonly reply?: { readonly root: { readonly uri: string }; readonly parent: { readonly uri: string } }
}

const stored = async ({ id }: Receipt): Promise<Stored> => {
  const query = new URLSearchParams({ repo: pds.did, collection: 'app.bsky.feed.post', rkey: id.split('/').at(-1) ?? '' })
  const answer = await fetch(`${pds.url}/xrpc/com.atproto.repo.getRecord?${query}`)
  return ((await answer.json()) as { readonly value: Stored }).value
}
const published = async (post: Partial<Post>, client = plain) =>
  stored(await bluesky.publish(client, aPost(post), anAttempt({ key: v7() })))

/** Each facet as the words it covers and what it makes of them. */
const marked = ({ text, facets = [] }: Stored) =>
  facets.map(({ index, features: [feature] }) => [
    Buffer.from(text).subarray(index.byteStart, index.byteEnd).toString(),
    feature?.uri ?? feature?.tag ?? feature?.did,
  ])

test('links, hashtags and mentions are marked, byte for byte', async () => {
  const text = `Größe 🚒: „https://www.bonn.de/straße?a=1“. Mehr auf bonn.de/feuer, #Großbrand #Ü1! Dank an @${pds.handle} und @niemand.test`
  assert.deepEqual(marked(await published({ text })), [
    ['https://www.bonn.de/straße?a=1', 'https://www.bonn.de/stra%C3%9Fe?a=1'],
    ['bonn.de/feuer', 'https://bonn.de/feuer'],
    ['#Großbrand', 'Großbrand'],
    ['#Ü1', 'Ü1'],
    [`@${pds.handle}`, pds.did],
  ])
})

test('a link without images becomes a card; without a link there is none', async () => {
  const { embed } = await published({ title: 'Freibad öffnet', link: 'https://www.bonn.de/freibad' })
  assert.deepEqual(embed?.external, { uri: 'https://www.bonn.de/freibad', title: 'Freibad öffnet', description: '' })
  assert.equal((await published({ link: null, text: 'Ohne Verweis' })).embed, undefined)
})

test('images win over the card, four at most, each with its alternative text and shape', async () => {
  const { embed } = await published({ images: pictures.map(({ image }) => image) })
  assert.equal(embed?.$type, 'app.bsky.embed.images')
  assert.deepEqual(
    embed?.images?.map(({ alt, aspectRatio }) => [alt, aspectRatio]),
    [1, 2, 3, 4].map((number) => [`Bild ${number}`, { width: 64, height: 48 }]),
  )
})

test('where the card is preferred, the first image is its thumbnail', async () => {
  const images = pictures.slice(0, 2).map(({ image }) => image)
  const { embed } = await published({ images }, cards)
  assert.equal(embed?.external?.thumb?.size, images[0]?.size)
  assert.equal((await published({ images, link: null }, cards)).embed?.images?.length, 2)
})

test('the record is of the time when the delivery was planned, in the language of the post', async () => {
  const receipt = await bluesky.publish(plain, aPost({ language: 'de-DE' }), anAttempt({ key: v7(), plannedAt: '2026-11-23T10:00:00Z' }))
  const { createdAt, langs } = await stored(receipt)
  assert.deepEqual([createdAt, langs], ['2026-11-23T10:00:00.000Z', ['de-DE']])
  assert.match(receipt.url ?? '', new RegExp(`^https://bsky\\.app/profile/${pds.handle}/post/[2-7a-z]{13}$`))
})

test('a thread keeps its root', async () => {
  const reply = (to: Receipt) => bluesky.reply!(plain, to, aPost({ text: 'Nachtrag' }), anAttempt({ key: v7() }))
  const root = await bluesky.publish(plain, aPost(), anAttempt({ key: v7() }))
  const middle = await reply(root)
  const last = await reply(middle)
  const { reply: thread } = await stored(last)
  assert.deepEqual([thread?.root.uri, thread?.parent.uri], [root.id, middle.id])
})

test('other content under the same key is refused, and what stands there stays', async () => {
  const attempt = anAttempt({ key: v7() })
  const receipt = await bluesky.publish(plain, aPost({ text: 'Das Erste' }), attempt)
  await assert.rejects(bluesky.publish(plain, aPost({ text: 'Das Zweite' }), attempt), RejectedError)
  assert.equal((await stored(receipt)).text, 'Das Erste')
})

test('a mention that could be resolved only the second time does not make a second post of it', async () => {
  const attempt = anAttempt({ key: v7() })
  const text = `Dank an @${pds.handle}`
  const lost: BlueskyClient = { ...plain, read: (call) => plain.read(call).then(() => Promise.reject(new RejectedError('nicht gefunden'))) }
  const first = await bluesky.publish(lost, aPost({ text, link: null }), attempt)
  const second = await bluesky.publish(plain, aPost({ text, link: null }), attempt)
  assert.equal((await stored(first)).facets, undefined)
  assert.deepEqual([second.id, second.detail?.cid], [first.id, first.detail?.cid])
})

test('an image that is too large is refused in words, before a byte leaves', async () => {
  const large = { ...pictures[0]!.image, id: 'nowhere', size: 2_345_678 }
  await assert.rejects(published({ images: [large] }), {
    name: 'RejectedError',
    message: 'Das Bild »Bild 1« ist mit 2,3 MB zu groß für Bluesky: erlaubt sind 2 MB.',
  })
})
