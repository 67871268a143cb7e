// The lab's Mastodon over HTTP: limits, idempotency, media, edits, deletions, rate limits, as Mastodon documents them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lab, type LabSettings, startLab } from '../../lab/lab.ts'
import { poll } from '../support/poll.ts'

/** What these tests look at in an answer; each answer has some of it. */
interface Json {
  readonly id: string
  readonly error: string
  readonly content: string
  readonly text: string
  readonly url: string
  readonly language: string
  readonly visibility: string
  readonly description: string
  readonly sensitive: boolean
  readonly edited_at: string | null
  readonly in_reply_to_id: string | null
  readonly in_reply_to_account_id: string | null
  readonly replies_count: number
  readonly account: Json
  readonly media_attachments: readonly Json[]
  readonly ancestors: readonly Json[]
  readonly descendants: readonly Json[]
  readonly meta: { readonly original: { readonly size: string } }
  readonly configuration: { readonly statuses: object }
}

const open = (mastodon: LabSettings['mastodon'] = {}, now?: () => number): Promise<Lab> =>
  startLab({ port: 0, ...(now && { now }), settings: { mastodon } })

const ask = async (lab: Lab, way: string, body?: object | FormData | URLSearchParams, headers: Record<string, string> = {}) => {
  const [method = 'GET', path] = way.split(' ')
  const plain = body !== undefined && !(body instanceof FormData) && !(body instanceof URLSearchParams)
  const response = await fetch(`${lab.url}/mastodon/api/${path}`, {
    method,
    headers: { authorization: 'Bearer rehearsal-bonn', ...(plain && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: plain ? JSON.stringify(body) : (body as FormData) }),
  })
  return { status: response.status, headers: response.headers, json: (await response.json()) as Json }
}

const post = (lab: Lab, status: string, more: object = {}, headers: Record<string, string> = {}) =>
  ask(lab, 'POST v1/statuses', { status, ...more }, headers)

/** A PNG of one pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const upload = (lab: Lab, description = 'Ein Pixel', bytes: Buffer = png) => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'bild.png')
  form.set('description', description)
  return ask(lab, 'POST v2/media', form)
}

test('a token that does not begin with rehearsal- is refused with Mastodon’s own 401, and none is enough only where anyone may read', async () => {
  await using lab = await open()
  for (const authorization of ['Bearer secret', 'Basic rehearsal-bonn', 'Bearer rehearsal-']) {
    const { status, json } = await post(lab, 'Hallo', {}, { authorization })
    assert.deepEqual([status, json], [401, { error: 'The access token is invalid' }])
  }
  assert.equal((await fetch(`${lab.url}/mastodon/api/v2/instance`)).status, 200)
  assert.equal((await fetch(`${lab.url}/mastodon/api/v1/accounts/verify_credentials`)).status, 401)
  assert.deepEqual(lab.ledger(), [])
})

test('exactly 500 characters are taken and one more is refused, links counting 23 and emoji one', async () => {
  await using lab = await open()
  const link = `https://www.bonn.de/${'x'.repeat(300)}`
  const full = `${'ü'.repeat(470)} ${link} 👨‍👩‍👧‍👦 👍🏽${'!'.repeat(2)}`
  assert.equal((await post(lab, full)).status, 200)
  const { status, json } = await post(lab, `${full}!`)
  assert.deepEqual([status, json], [422, { error: 'Validation failed: Text character limit of 500 exceeded' }])
  assert.equal((await post(lab, 'a'.repeat(490), { spoiler_text: '12345678901' })).status, 422)
  assert.equal((await post(lab, 'a'.repeat(490), { spoiler_text: '1234567890' })).status, 200)
  assert.equal(lab.ledger().length, 2)
})

test('the limits are the instance’s own: said by it and kept by it', async () => {
  await using lab = await open({ maxCharacters: 100, charactersReservedPerUrl: 30, maxMediaAttachments: 1 })
  const { statuses } = (await ask(lab, 'GET v2/instance')).json.configuration
  assert.deepEqual(statuses, { max_characters: 100, max_media_attachments: 1, characters_reserved_per_url: 30 })
  assert.equal((await post(lab, `${'a'.repeat(69)} https://b.de`)).status, 200)
  assert.equal((await post(lab, `${'a'.repeat(70)} https://b.de`)).status, 422)
  const ids = [(await upload(lab)).json.id, (await upload(lab)).json.id]
  assert.deepEqual((await post(lab, 'x', { media_ids: ids })).json, { error: 'Cannot attach more than 1 files' })
})

test('an empty status, an unknown visibility, an unknown answered post and broken JSON are refused in Mastodon’s words', async () => {
  await using lab = await open()
  assert.deepEqual((await post(lab, ' \n ')).json, { error: "Validation failed: Text can't be blank" })
  assert.deepEqual((await post(lab, 'x', { visibility: 'geheim' })).json, { error: "'geheim' is not a valid visibility" })
  const reply = await post(lab, 'x', { in_reply_to_id: '1' })
  assert.equal(reply.status, 404)
  const broken = await fetch(`${lab.url}/mastodon/api/v1/statuses`, {
    method: 'POST',
    headers: { authorization: 'Bearer rehearsal-bonn', 'content-type': 'application/json' },
    body: '{"status":',
  })
  assert.equal(broken.status, 400)
  assert.deepEqual((await ask(lab, 'GET v1/nothing')).json, { error: 'Not Found' })
  assert.deepEqual(lab.ledger(), [])
})

test('forms post as JSON does', async () => {
  await using lab = await open()
  const form = new URLSearchParams({ status: 'Grüße & mehr', language: 'de-DE', sensitive: 'true' })
  const { json } = await ask(lab, 'POST v1/statuses', form)
  assert.equal(json.content, '<p>Grüße &amp; mehr</p>')
  assert.deepEqual([json.language, json.sensitive, json.visibility], ['de', true, 'public'])
  const multipart = new FormData()
  multipart.set('status', 'Mehrteilig')
  assert.equal((await ask(lab, 'POST v1/statuses', multipart)).json.content, '<p>Mehrteilig</p>')
})

test('the same idempotency key gives the same status for an hour and for its account alone', async () => {
  let clock = Date.parse('2026-05-01T10:00:00Z')
  await using lab = await open({}, () => clock)
  const headers = { 'idempotency-key': 'k1' }
  const first = (await post(lab, 'Einmal', {}, headers)).json.id
  assert.equal((await post(lab, 'Etwas anderes', {}, headers)).json.id, first)
  assert.notEqual((await post(lab, 'Einmal', {}, { ...headers, authorization: 'Bearer rehearsal-mainz' })).json.id, first)
  clock += 59 * 60_000
  assert.equal((await post(lab, 'Einmal', {}, headers)).json.id, first)
  clock += 2 * 60_000
  assert.notEqual((await post(lab, 'Einmal', {}, headers)).json.id, first)
  assert.equal(lab.ledger().length, 3)
})

test('requests with one key that run at the same time both post, as Mastodon may', async () => {
  await using lab = await open({ postingMs: 100 })
  const headers = { 'idempotency-key': 'gleichzeitig' }
  const [one, other] = await Promise.all([post(lab, 'Hallo', {}, headers), post(lab, 'Hallo', {}, headers)])
  assert.notEqual(one.json.id, other.json.id)
  assert.equal(lab.ledger().length, 2)
})

test('ids increase, and an account’s statuses come newest first, with limit, since_id and exclude_replies', async () => {
  await using lab = await open()
  const ids: string[] = []
  for (const text of ['eins', 'zwei', 'drei', 'vier']) ids.push((await post(lab, text)).json.id)
  assert.deepEqual(
    ids.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
    ids,
  )
  const me = (await ask(lab, 'GET v1/accounts/verify_credentials')).json
  const list = async (query: string) =>
    ((await ask(lab, `GET v1/accounts/${me.id}/statuses?${query}`)).json as unknown as Json[]).map(({ id }) => id)
  assert.deepEqual(await list(''), ids.toReversed())
  assert.deepEqual(await list('limit=2'), [ids[3], ids[2]])
  assert.deepEqual(await list(`since_id=${ids[1]}`), [ids[3], ids[2]])
  assert.deepEqual(await list(`max_id=${ids[1]}`), [ids[0]])
  const foreign = await post(lab, 'Fremdes', {}, { authorization: 'Bearer rehearsal-mainz' })
  const own = (await post(lab, 'Antwort auf Eigenes', { in_reply_to_id: ids[0] })).json.id
  const answer = (await post(lab, 'Antwort auf Fremdes', { in_reply_to_id: foreign.json.id })).json.id
  assert.deepEqual((await list('')).slice(0, 2), [answer, own])
  assert.equal((await list('exclude_replies=true'))[0], own)
  assert.equal((await ask(lab, 'GET v1/accounts/1/statuses')).status, 404)
})

test('an edit keeps its history, an edit without change leaves none, and a foreign status cannot be edited', async () => {
  await using lab = await open()
  const { id } = (await post(lab, 'Erste Fassung')).json
  assert.equal((await ask(lab, `PUT v1/statuses/${id}`, { status: 'Erste Fassung' })).json.edited_at, null)
  const edited = (await ask(lab, `PUT v1/statuses/${id}`, { status: 'Zweite Fassung' })).json
  assert.equal(edited.content, '<p>Zweite Fassung</p>')
  assert.notEqual(edited.edited_at, null)
  assert.equal((await ask(lab, `PUT v1/statuses/${id}`, { status: 'a'.repeat(501) })).status, 422)
  assert.equal((await ask(lab, `PUT v1/statuses/${id}`, { status: 'fremd' }, { authorization: 'Bearer rehearsal-mainz' })).status, 404)
  const history = (await ask(lab, `GET v1/statuses/${id}/history`)).json as unknown as Json[]
  assert.deepEqual(
    history.map(({ content }) => content),
    ['<p>Erste Fassung</p>', '<p>Zweite Fassung</p>'],
  )
  assert.deepEqual((await ask(lab, `GET v1/statuses/${id}/source`)).json, { id, text: 'Zweite Fassung', spoiler_text: '' })
  const [entry] = lab.ledger()
  assert.equal(entry?.text, 'Zweite Fassung')
  assert.deepEqual(
    entry?.revisions.map(({ text }) => text),
    ['Erste Fassung', 'Zweite Fassung'],
  )
})

test('a deleted status gives its text back, is gone for readers, and stays in the ledger', async () => {
  await using lab = await open()
  const { id } = (await post(lab, 'Kurz da')).json
  assert.equal((await ask(lab, `DELETE v1/statuses/${id}`, undefined, { authorization: 'Bearer rehearsal-mainz' })).status, 404)
  assert.equal((await ask(lab, `DELETE v1/statuses/${id}`)).json.text, 'Kurz da')
  assert.deepEqual((await ask(lab, `GET v1/statuses/${id}`)).json, { error: 'Record not found' })
  assert.equal((await ask(lab, `DELETE v1/statuses/${id}`)).status, 404)
  const [entry] = lab.ledger()
  assert.equal(entry?.text, 'Kurz da')
  assert.notEqual(entry?.deletedAt, null)
})

test('answers stand in their context: above and below', async () => {
  await using lab = await open()
  const first = (await post(lab, 'Warnung')).json.id
  const second = (await post(lab, 'Entwarnung', { in_reply_to_id: first })).json
  const third = (await post(lab, 'Danke', { in_reply_to_id: second.id })).json.id
  assert.deepEqual([second.in_reply_to_id, second.in_reply_to_account_id], [first, second.account.id])
  const context = (await ask(lab, `GET v1/statuses/${second.id}/context`)).json
  assert.deepEqual([context.ancestors.map((one) => one.id), context.descendants.map((one) => one.id)], [[first], [third]])
  assert.equal((await ask(lab, `GET v1/statuses/${first}`)).json.replies_count, 1)
})

test('an upload is an image with its description, and serves one status only', async () => {
  await using lab = await open()
  const media = await upload(lab, 'Das alte Rathaus')
  assert.equal(media.status, 200)
  assert.deepEqual([media.json.description, media.json.meta.original.size], ['Das alte Rathaus', '1x1'])
  const served = await fetch(media.json.url)
  assert.deepEqual([served.headers.get('content-type'), Buffer.from(await served.arrayBuffer())], ['image/png', png])
  const status = (await post(lab, '', { media_ids: [media.json.id] })).json
  assert.equal(status.media_attachments[0]?.description, 'Das alte Rathaus')
  assert.equal(lab.ledger()[0]?.images[0]?.alt, 'Das alte Rathaus')
  const again = await post(lab, 'x', { media_ids: [media.json.id] })
  assert.deepEqual(again.json, { error: `Media ${media.json.id} not found or already attached to another post` })
})

test('an upload that is no image, too large or described at too great length is refused', async () => {
  await using lab = await open({ imageSizeLimit: 100 })
  assert.deepEqual((await upload(lab, 'x', Buffer.from('kein Bild'))).json, {
    error: 'Validation failed: File content type is invalid, File is invalid',
  })
  assert.equal((await upload(lab, 'x', png)).status, 200)
  assert.match((await upload(lab, 'x', Buffer.concat([png, Buffer.alloc(100)]))).json.error, /file size must be less than/)
  assert.equal((await upload(lab, 'ä'.repeat(1500))).status, 200)
  assert.deepEqual((await upload(lab, 'ä'.repeat(1501))).json, {
    error: 'Validation failed: Description is too long (maximum is 1500 characters)',
  })
  assert.equal((await ask(lab, 'POST v2/media', new FormData())).status, 422)
})

test('an upload in processing answers 202, then 206, and cannot be posted before it answers 200', async () => {
  let clock = Date.parse('2026-05-01T10:00:00Z')
  await using lab = await open({ mediaProcessingMs: 5000 }, () => clock)
  const media = await upload(lab)
  assert.deepEqual([media.status, media.json.url], [202, null])
  assert.equal((await ask(lab, `GET v1/media/${media.json.id}`)).status, 206)
  assert.match((await post(lab, 'x', { media_ids: [media.json.id] })).json.error, /have not finished processing/)
  clock += 5000
  const ready = await ask(lab, `GET v1/media/${media.json.id}`)
  assert.deepEqual([ready.status, typeof ready.json.url], [200, 'string'])
  assert.equal((await post(lab, 'x', { media_ids: [media.json.id] })).status, 200)
  assert.equal((await ask(lab, `GET v1/media/${media.json.id}`, undefined, { authorization: 'Bearer rehearsal-mainz' })).status, 404)
})

test('an edit changes an image’s description, and drops the images that it does not name', async () => {
  await using lab = await open()
  const media = (await upload(lab, 'falsch')).json.id
  const { id } = (await post(lab, 'Bild', { media_ids: [media] })).json
  const edited = await ask(lab, `PUT v1/statuses/${id}`, {
    status: 'Bild',
    media_ids: [media],
    media_attributes: [{ id: media, description: 'richtig' }],
  })
  assert.equal(edited.json.media_attachments[0]?.description, 'richtig')
  assert.equal((await ask(lab, `PUT v1/statuses/${id}`, { status: 'Ohne Bild' })).json.media_attachments.length, 0)
  assert.deepEqual(
    lab.ledger()[0]?.revisions.map(({ images }) => images.map(({ alt }) => alt)),
    [['falsch'], ['richtig'], []],
  )
})

test('300 requests in five minutes are answered, the next is not, and every answer says how many are left', async () => {
  let clock = Date.parse('2026-05-01T10:01:00Z')
  await using lab = await open({}, () => clock)
  const first = await post(lab, 'Die erste')
  assert.deepEqual(
    ['limit', 'remaining', 'reset'].map((name) => first.headers.get(`x-ratelimit-${name}`)),
    ['300', '299', '2026-05-01T10:05:00.000Z'],
  )
  for (let turn = 2; turn <= 300; turn++) assert.equal((await ask(lab, 'GET v1/accounts/verify_credentials')).status, 200)
  const refused = await post(lab, 'Eine zu viel')
  assert.deepEqual([refused.status, refused.json], [429, { error: 'Too many requests' }])
  assert.deepEqual([refused.headers.get('x-ratelimit-remaining'), refused.headers.get('retry-after')], ['0', null])
  assert.equal((await post(lab, 'Andere Stadt', {}, { authorization: 'Bearer rehearsal-mainz' })).status, 200)
  clock = Date.parse('2026-05-01T10:05:00Z')
  assert.equal((await post(lab, 'Wieder')).status, 200)
  assert.equal(lab.ledger().length, 3)
})

test('30 deletions and 30 uploads in half an hour are answered, the next is not', async () => {
  await using lab = await open()
  const ids: string[] = []
  for (let turn = 0; turn < 31; turn++) ids.push((await post(lab, `Nummer ${turn}`)).json.id)
  const deletions: number[] = []
  for (const id of ids) deletions.push((await ask(lab, `DELETE v1/statuses/${id}`)).status)
  assert.deepEqual(deletions, [...Array(30).fill(200), 429])
  const uploads: number[] = []
  for (let turn = 0; turn < 31; turn++) uploads.push((await upload(lab)).status)
  assert.deepEqual(uploads, [...Array(30).fill(200), 429])
})

test('with rate limits off nothing is counted', async () => {
  await using lab = await open({ rateLimits: false })
  for (let turn = 0; turn < 310; turn++) assert.equal((await post(lab, `Nummer ${turn}`)).status, 200)
  assert.equal((await post(lab, 'x')).headers.get('x-ratelimit-limit'), null)
})

test('a reader finds the post at the address that its status names', async () => {
  await using lab = await open()
  const { url } = (await post(lab, 'Zum Nachlesen')).json
  const page = await poll('the page of the post', async () => (await fetch(url)).text())
  assert.match(page, /Zum Nachlesen/)
})
