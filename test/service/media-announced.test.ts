// From an upload to a plan and a release: films through ffprobe, images made to fit once and kept, picture cards, and what fits nowhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import type { AnyConnector } from '../../src/connector/connector.ts'
import type { Limits } from '../../src/connector/limits.ts'
import { cardsAtWork, makeCard } from '../../src/media/card.ts'
import { atWork } from '../../src/media/image.ts'
import type { Card } from '../../src/rendering/derive.ts'
import { readMedium } from '../../src/store/media.ts'
import { type Api, anApi, aWish, written } from '../support/api.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { aFfprobe, aFilmAsProbed } from '../support/ffprobe.ts'
import { anMp4, aWebVtt } from '../support/mp4.ts'
import { aConnector } from '../support/offers.ts'

const images = { max: 4, maxBytes: 200_000, types: ['image/jpeg'], altMax: 1_000 }
const video = { maxBytes: 50_000_000, types: ['video/mp4'], minSeconds: 0, maxSeconds: 140, altMax: 1_000, captions: 5 }
const card = { width: 1080, height: 1350 }

/** Bonn on these platforms; a film is as long as `seconds`. */
const aHouse = async (platforms: Readonly<Record<string, Partial<Limits>>>, seconds = 45): Promise<Api> => {
  const api = await anApi()
  const channels = Object.keys(platforms).map((platform) => aChannel({ name: platform, platform }))
  const connectors = new Map<string, AnyConnector>(
    Object.entries(platforms).map(([platform, limits]) => [platform, aConnector(platform, ['update', 'retract'], limits)]),
  )
  const cities = new Map([['bonn', aCity({ channels, rules: [aRule()] })]])
  Object.assign(api.desk, { connectors, cities })
  Object.assign(api.desk.workshop ?? {}, { ffprobe: aFfprobe(aFilmAsProbed({ seconds })).path })
  return api
}

const aCard = (title: string): Card => ({
  ...{ ...card, city: 'Bonn', colours: { primary: '#00549f', onPrimary: '#ffffff' }, kind: 'notice', severity: null, status: 'Actual' },
  ...{ language: 'de', title, text: 'Text', until: null, address: null },
})

const brought = async (api: Api, bytes: Buffer): Promise<{ readonly id: string; readonly size: number }> => {
  const answer = await api.call('author', 'POST /media', bytes, { 'content-type': 'application/octet-stream' })
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

const aPhoto = (): Promise<Buffer> =>
  sharp({ create: { width: 1600, height: 900, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .png()
    .toBuffer()

const released = async (api: Api, wish: object) => {
  const drafted = await api.call('author', 'POST /announcements', wish)
  assert.equal(drafted.statusCode, 201, drafted.body)
  const { id } = drafted.json()
  const { digest } = (await api.call('author', `POST /announcements/${id}/plan`)).json()
  return api.call('approver', `POST /announcements/${id}/release`, { digest })
}

test('a film goes with its captions; the plan and the release name the same files', async () => {
  await using api = await aHouse({ telegram: { video }, newsroom: { images } })
  const film = await brought(api, anMp4({ seconds: 45, padding: 2_500_000 }))
  const captions = await brought(api, aWebVtt('Ein Sprung'))
  const media = [{ id: film.id, alt: 'Ein Sprung vom Turm', captions: [{ id: captions.id, language: 'DE' }] }]
  const planned = (await api.call('author', 'POST /plan', aWish({ media }))).json()
  const [telegram, newsroom] = planned.decisions
  assert.deepEqual(telegram.post.video, {
    ...{ id: film.id, type: 'video/mp4', size: film.size, width: 640, height: 360, seconds: 45, alt: 'Ein Sprung vom Turm' },
    captions: [{ id: captions.id, size: captions.size, language: 'de' }],
  })
  assert.match(newsroom.reason, /Newsroom nimmt kein Video/)
  const answer = await released(api, aWish({ media }))
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual(answer.json().decisions[0].post, telegram.post)
  assert.deepEqual(answer.json().announcement.media[0].codec, 'h264')
})

test('captions where a file should be, and a file where captions should be, are refused in words', async () => {
  await using api = await aHouse({ telegram: { video } })
  const film = await brought(api, anMp4())
  const captions = await brought(api, aWebVtt('Ein Sprung'))
  const plan = async (medium: object) =>
    (await api.call('author', 'POST /plan', aWish({ media: [{ alt: 'Ein Sprung', ...medium }] }))).json()
  assert.equal((await plan({ id: captions.id })).code, 'captions-alone')
  assert.equal((await plan({ id: film.id, captions: [{ id: '0'.repeat(64), language: 'de' }] })).code, 'unknown-media')
  const twice = { id: film.id, captions: ['de', 'DE'].map((language) => ({ id: captions.id, language })) }
  assert.equal((await plan(twice)).code, 'captions-twice')
  const two = await api.call('author', 'POST /plan', aWish({ media: [film, film].map(({ id }) => ({ id, alt: 'Ein Sprung' })) }))
  assert.equal(two.json().code, 'one-video')
})

test('an image is made to fit once, whoever asks, and goes out as it was shown', async () => {
  await using api = await aHouse({
    mastodon: { images },
    bluesky: { images },
    newsroom: { images: { ...images, types: ['image/png'], maxBytes: 20_000_000 } },
  })
  const { id } = await brought(api, await aPhoto())
  const media = [{ id, alt: 'Grau' }]
  const plan = async () => (await api.call('author', 'POST /plan', aWish({ media }))).json()
  const [mastodon, bluesky, newsroom] = (await plan()).decisions.map(
    ({ post }: { post: { images: { id: string; type: string; size: number; alt: string }[] } }) => post.images[0],
  )
  assert.deepEqual([mastodon.type, mastodon.alt, newsroom.id], ['image/jpeg', 'Grau', id])
  assert.deepEqual(bluesky, mastodon)
  assert.ok(mastodon.size <= images.maxBytes)
  assert.equal((await readMedium(api.store.db, mastodon.id)).length, mastodon.size)
  const before = await written(api)
  await plan()
  assert.deepEqual(await written(api), before)
  const answer = await released(api, aWish({ media }))
  assert.equal(answer.json().decisions[0].post.images[0].id, mastodon.id)
})

test('a platform that shows nothing without a picture gets the same card in the plan and in the release', async () => {
  await using api = await aHouse({ instagram: { images, needsMedia: true, card } })
  const planned = (await api.call('author', 'POST /plan', aWish())).json()
  const [image] = planned.decisions[0].post.images
  assert.deepEqual([image.type, image.width, image.height], ['image/jpeg', 1080, 1350])
  assert.match(image.alt, /^Freibad öffnet am Samstag\n\nDas Freibad am Rhein/)
  const answer = await released(api, aWish())
  assert.deepEqual(answer.json().decisions[0].post.images, [image])
  const amended = await api.call('approver', `POST /announcements/${answer.json().id}/amend`, { title: 'Freibad öffnet am Sonntag' })
  assert.equal(amended.statusCode, 200, amended.body)
  assert.notEqual(amended.json().decisions[0].post.images[0].id, image.id)
})

test('a film that fits nowhere keeps a notice from being released, and says why; a warning goes without it', async () => {
  await using api = await aHouse({ telegram: { video } }, 190)
  const { id } = await brought(api, anMp4({ seconds: 190 }))
  const media = [{ id, alt: 'Ein Sprung' }]
  const refused = await released(api, aWish({ media }))
  assert.deepEqual([refused.statusCode, refused.json().code, refused.json().problems[0].place], [422, 'media-fits-nowhere', 'media.0'])
  assert.match(refused.json().detail, /Das Video ist für Telegram zu lang: 3 min 10 s, höchstens 2 min 20 s\./)
  const warning = await released(api, aWish({ media, kind: 'warning', severity: 'Severe' }))
  assert.equal(warning.statusCode, 200, warning.body)
  assert.match(warning.json().decisions[0].reason, /zu lang/)
})

test('without ffprobe a film is refused in words', async () => {
  await using api = await aHouse({ telegram: { video } })
  Object.assign(api.desk.workshop ?? {}, { ffprobe: null })
  const answer = await api.call('author', 'POST /media', anMp4(), { 'content-type': 'video/mp4' })
  assert.deepEqual([answer.statusCode, answer.json().code], [422, 'no-ffprobe'])
  assert.match(answer.json().detail, /ffprobe.*nicht installiert/)
})

const states = (answer: Awaited<ReturnType<typeof released>>) =>
  (answer.json().deliveries as { channel: string }[]).map(({ channel }) => channel)

const warning = { kind: 'warning', severity: 'Severe' }

test('P25: a warning waits neither for a picture that takes long nor, with its card and its image, behind what others bring', async () => {
  await using api = await aHouse({ telegram: { images: { ...images, maxBytes: 50_000 } }, instagram: { images, needsMedia: true, card } })
  await makeCard(aCard('Die Schriften sind gelesen'))
  const plain = sharp({ create: { width: 60, height: 40, channels: 3, background: '#00549f' } })
  const photo = await brought(api, await plain.png().toBuffer())
  const gate = Promise.withResolvers<void>()
  const busy = [atWork, atWork, cardsAtWork, cardsAtWork].map((place) => place(() => gate.promise))
  const behind = Array.from({ length: 300 }, () => cardsAtWork(async () => {}))
  const carded = await released(api, aWish({ ...warning, title: 'Sturm', media: [] }))
  assert.equal(carded.statusCode, 200, carded.body)
  assert.deepEqual(states(carded), ['telegram', 'instagram'])
  const pictured = await released(api, aWish({ ...warning, title: 'Hochwasser', media: [{ id: photo.id, alt: 'Der Rhein' }] }))
  assert.equal(pictured.statusCode, 200, pictured.body)
  assert.deepEqual(pictured.json().decisions[0].post.images.length, 1)
  gate.resolve()
  await Promise.all([...busy, ...behind])
})

test('P25: with every place for cards taken, a warning goes on all channels that need none, and the plan says why', async () => {
  await using api = await aHouse({ telegram: {}, instagram: { images, needsMedia: true, card } })
  const gate = Promise.withResolvers<void>()
  const busy = Array.from({ length: 40 }, () => cardsAtWork(() => gate.promise, true))
  const answer = await released(api, aWish({ ...warning, title: 'Hagel' }))
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual(states(answer), ['telegram'])
  assert.match(answer.json().decisions[1].reason, /Die Bildkarte ist nicht fertig geworden/)
  gate.resolve()
  await Promise.all(busy)
})

test('an image on which only one colour is seen goes, and the plan says so of every channel that carries it', async () => {
  await using api = await aHouse({ telegram: { images }, newsroom: { images: { ...images, types: ['image/png'] } } })
  const letters = '<svg width="400" height="120"><text y="60" fill="#ffffff">Hochwasser</text></svg>'
  const { id } = await brought(api, await sharp(Buffer.from(letters)).png().toBuffer())
  const planned = await api.call('author', 'POST /plan', aWish({ media: [{ id, alt: 'Schriftzug Hochwasser' }] }))
  assert.equal(planned.statusCode, 200, planned.body)
  const { decisions } = planned.json()
  for (const { channel, reason } of decisions) assert.match(reason, /Auf einem Bild ist nur eine einzige Farbe zu sehen/, channel)
  assert.deepEqual(
    decisions.map(({ post }: { readonly post: { readonly images: readonly object[] } }) => post.images.length),
    [1, 1],
  )
  assert.doesNotMatch(JSON.stringify(decisions), /singleColour/, 'no platform is told')
})
