// The lab's X: what it takes, counts, refuses and shows, as X documents it; its answers have the shape of the published description.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import { weightOf } from '../../lab/x/text.ts'
import { aPng } from '../support/png.ts'

interface Said {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the answers of a platform, read field by field
  readonly body: any
}

type Ask = (way: string, body?: object | URLSearchParams | FormData, token?: string) => Promise<Said>

const opened = async (t: TestContext, settings: LabSettings['x'] = {}, now: () => number = Date.now): Promise<Ask> => {
  const lab = await startLab({ port: 0, now, settings: { x: settings } })
  t.after(() => lab.stop())
  return async (way, body, token = 'rehearsal-bonn') => {
    const [method = 'GET', path = ''] = way.split(' ')
    const plain = body !== undefined && !(body instanceof URLSearchParams) && !(body instanceof FormData)
    const headers = { authorization: `Bearer ${token}`, ...(plain && { 'content-type': 'application/json' }) }
    const sent = body === undefined ? {} : { body: plain ? JSON.stringify(body) : (body as FormData) }
    const response = await fetch(`${lab.url}/x/2/${path}`, { method, headers, redirect: 'manual', ...sent })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
}

const post = (ask: Ask, text: string, more: object = {}) => ask('POST tweets', { text, ...more })

test('links, with or without a scheme, count 23 and come back as short ones with what they stand for', async (t) => {
  const ask = await opened(t)
  const { body } = await post(ask, 'Mehr auf bonn.de & https://www.bonn.de/freibad?a=1.')
  const { data } = (await ask(`GET tweets/${body.data.id}?post.fields=entities`)).body
  assert.match(data.text, /^Mehr auf https:\/\/t\.co\/\w{10} &amp; https:\/\/t\.co\/\w{10}\.$/)
  assert.deepEqual(
    data.entities.urls.map(({ expanded_url }: { expanded_url: string }) => expanded_url),
    ['http://bonn.de', 'https://www.bonn.de/freibad?a=1'],
  )
  for (const { start, end, url } of data.entities.urls) assert.equal([...data.text].slice(start, end).join(''), url)
})

test('280 are taken, 281 are refused', async (t) => {
  const ask = await opened(t)
  for (const unit of ['a', 'ü', '🚒', '👨‍👩‍👧‍👦', '中', '–', 'warnung.koeln ', 'https://www.bonn.de/a-very-long-way '] as const) {
    const many = unit.repeat(Math.floor(280 / weightOf(unit, 23)))
    const full = many + 'x'.repeat(280 - weightOf(many, 23))
    assert.equal((await post(ask, full)).status, 201, unit)
    const { status, body } = await post(ask, `${full}x`)
    assert.deepEqual([status, body.type], [403, 'about:blank'])
    assert.match(body.detail, /too long/)
  }
})

test('the same words a second time are refused with 403 and about:blank, unless they were deleted', async (t) => {
  const ask = await opened(t)
  const first = await post(ask, 'Probealarm')
  const again = await post(ask, 'Probealarm')
  assert.deepEqual([again.status, again.headers.get('content-type')], [403, 'application/problem+json'])
  assert.deepEqual(again.body, {
    title: 'Forbidden',
    type: 'about:blank',
    status: 403,
    detail: 'You are not allowed to create a Tweet with duplicate content.',
  })
  assert.equal((await post(ask, 'Probealarm', { reply: { in_reply_to_tweet_id: first.body.data.id } })).status, 201)
  assert.equal((await ask(`DELETE tweets/${first.body.data.id}`)).body.data.deleted, true)
  assert.equal((await post(ask, 'Probealarm')).status, 201)
})

test('replies are refused where the lab is set so, and always below what is gone', async (t) => {
  const refusing = await opened(t, { replies: false })
  const { body } = await post(refusing, 'Warnung')
  assert.match(
    (await post(refusing, 'Entwarnung', { reply: { in_reply_to_tweet_id: body.data.id } })).body.detail,
    /^Reply to this conversation/,
  )
  const { status, body: gone } = await post(refusing, 'Entwarnung', { reply: { in_reply_to_tweet_id: '4711' } })
  assert.equal(status, 403)
  assert.match(gone.detail, /deleted or not visible/)
})

test('what a request must not say is named', async (t) => {
  const ask = await opened(t)
  for (const [wish, words] of [
    [{ text: 'a', colour: 'blue' }, /\[colour\]/],
    [{ text: '' }, /text is required/],
    [{ text: 'a', media: { media_ids: ['4711'] } }, /media IDs are invalid/],
    [{ text: 'a', media: {} }, /media IDs are invalid/],
    [{ text: 'a', reply: {} }, /in_reply_to_tweet_id/],
  ] as const) {
    const { status, body } = await ask('POST tweets', wish)
    assert.equal(status, 400)
    assert.match(body.errors[0].message, words)
  }
  const { id } = (await ask('GET users/me')).body.data
  assert.equal((await ask(`GET users/${id}/tweets?max_results=4`)).status, 400)
  assert.equal((await ask('GET users/4711/tweets')).status, 404)
})

test('without credit every call is refused with 402', async (t) => {
  const ask = await opened(t, { credit: false })
  const { status, body } = await post(ask, 'Warnung')
  assert.deepEqual([status, body.title], [402, 'CreditsDepleted'])
})

test('the window of an address is told, and the call that is one too many is refused', async (t) => {
  const ask = await opened(t, { rateLimits: { posts: { points: 2, seconds: 900 } } as never }, () => 1_800_000_000_500)
  const headers = (said: Said) => ['limit', 'remaining', 'reset'].map((name) => said.headers.get(`x-rate-limit-${name}`))
  assert.deepEqual(headers(await post(ask, 'Eins')), ['2', '1', '1800000901'])
  await post(ask, 'Zwei')
  const third = await post(ask, 'Drei')
  assert.deepEqual([third.status, ...headers(third)], [429, '2', '0', '1800000901'])
})

test('a refresh token is good once; the second time takes the whole family with it', async (t) => {
  let passed = 0
  const ask = await opened(t, {}, () => Date.now() + passed)
  const renew = (token: string) =>
    ask('POST oauth2/token', new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: 'a' }))
  const { body: first } = await renew('rehearsal-bonn')
  assert.deepEqual([first.expires_in, first.token_type], [7200, 'bearer'])
  assert.equal((await ask('GET users/me', undefined, first.access_token)).body.data.username, 'bonn')
  passed = 7_200_001
  assert.equal((await ask('GET users/me', undefined, first.access_token)).status, 401)
  assert.deepEqual((await renew('rehearsal-bonn')).status, 400)
  assert.deepEqual((await renew(first.refresh_token)).body.error, 'invalid_request')
  assert.equal(
    (await ask('POST oauth2/token', { grant_type: 'refresh_token', refresh_token: 'rehearsal-koeln', client_id: 'a' })).status,
    400,
  )
})

test('a stranger’s token is refused', async (t) => {
  const ask = await opened(t)
  for (const token of ['nobody', 'rehearsal-', 'rehearsal-bonn.until.1', 'rehearsal-bonn.refresh.1'])
    assert.equal((await ask('GET users/me', undefined, token)).status, 401, token)
})

const png = aPng()

/** Uploads in two segments, the second one first. */
const uploaded = async (ask: Ask, wish: object = {}): Promise<Said> => {
  const opening = await ask('POST media/upload/initialize', {
    media_type: 'image/png',
    total_bytes: png.length,
    media_category: 'tweet_image',
    ...wish,
  })
  if (opening.status !== 200) return opening
  for (const index of [1, 0]) {
    const form = new FormData()
    form.set('segment_index', String(index))
    form.set('media', new Blob([new Uint8Array(index === 0 ? png.subarray(0, 20) : png.subarray(20))]))
    await ask(`POST media/upload/${opening.body.data.id}/append`, form)
  }
  return ask(`POST media/upload/${opening.body.data.id}/finalize`)
}

test('an upload is put together from its segments, described, and shown with its post', async (t) => {
  const ask = await opened(t)
  const { id } = (await uploaded(ask)).body.data
  assert.equal((await ask('POST media/metadata', { id, metadata: { alt_text: { text: 'Das Freibad' } } })).status, 200)
  assert.equal((await ask('POST media/metadata', { id, metadata: { alt_text: { text: 'x'.repeat(1001) } } })).status, 400)
  const { body } = await post(ask, '', { media: { media_ids: [id] } })
  const { data } = (await ask(`GET tweets/${body.data.id}?post.fields=entities,attachments`)).body
  assert.match(data.text, /^https:\/\/t\.co\/\w{10}$/)
  assert.deepEqual([data.entities.urls[0].media_key, data.attachments.media_keys], [`3_${id}`, [`3_${id}`]])
})

test('an upload that is too large, of a foreign type, incomplete or not what it says is refused', async (t) => {
  const ask = await opened(t)
  assert.equal((await uploaded(ask, { total_bytes: 5_242_881 })).status, 400)
  assert.equal((await uploaded(ask, { media_type: 'image/svg+xml' })).status, 400)
  assert.equal((await uploaded(ask, { total_bytes: png.length + 1 })).status, 400)
  assert.equal((await uploaded(ask, { media_type: 'image/jpeg' })).status, 400)
})

const file = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'x-openapi.json')

test('answers have the shape of the published description', {
  skip: !existsSync(file) && `no description at ${file} (set RUNDRUF_SPECS)`,
}, async (t) => {
  const ask = await opened(t)
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { int32: true, int64: true, binary: true, byte: true } })
  formats.default(ajv)
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object, 'x')
  const fits = (name: string, { body }: Said): void => {
    const validate = ajv.getSchema(`x#/components/schemas/${name}`)
    assert.ok(validate?.(body), `${name}: ${ajv.errorsText(validate?.errors)} in ${JSON.stringify(body)}`)
  }
  const media = await uploaded(ask)
  fits('FinalizeMediaUploadResponse', media)
  fits('GetMediaUploadStatusResponse', await ask(`GET media/upload?command=STATUS&media_id=${media.body.data.id}`))
  fits('CreateMediaMetadataResponse', await ask('POST media/metadata', { id: media.body.data.id, metadata: { alt_text: { text: 'a' } } }))
  const first = await post(ask, 'Mehr auf bonn.de', { media: { media_ids: [media.body.data.id] } })
  fits('CreatePostsResponse', first)
  await post(ask, 'Nachtrag', { reply: { in_reply_to_tweet_id: first.body.data.id } })
  const all =
    'post.fields=author_id,created_at,conversation_id,entities,attachments,in_reply_to_user_id,referenced_posts,lang,public_metrics,reply_settings'
  fits('GetPostsByIdResponse', await ask(`GET tweets/${first.body.data.id}?${all}`))
  fits('GetPostsByIdResponse', await ask('GET tweets/4711'))
  const me = await ask('GET users/me?user.fields=created_at,description,profile_image_url,protected,public_metrics,verified')
  fits('GetUsersMeResponse', me)
  const page = await ask(`GET users/${me.body.data.id}/tweets?${all}`)
  assert.equal(page.body.meta.result_count, 2)
  fits('GetUsersPostsResponse', page)
  fits('DeletePostsResponse', await ask(`DELETE tweets/${first.body.data.id}`))
  assert.throws(() => fits('DeletePostsResponse', { ...first, body: { data: {} } }), /deleted/)
})

test('pages of an account follow one another to its first post', async (t) => {
  const ask = await opened(t)
  for (let number = 1; number <= 12; number += 1) await post(ask, `Nummer ${number}`)
  const { id } = (await ask('GET users/me')).body.data
  const texts: string[] = []
  let token = ''
  do {
    const { data, meta } = (await ask(`GET users/${id}/tweets?max_results=5${token && `&pagination_token=${token}`}`)).body
    texts.push(...data.map(({ text }: { text: string }) => text))
    token = meta.next_token ?? ''
  } while (token)
  assert.deepEqual(
    texts,
    Array.from({ length: 12 }, (_, index) => `Nummer ${12 - index}`),
  )
})
