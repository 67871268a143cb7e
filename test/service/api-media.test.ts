// Images: what they are is read from their bytes, and the same bytes are stored once.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import sharp from 'sharp'
import { readMedium } from '../../src/store/media.ts'
import { apiOfThisFile, aWish, written } from '../support/api.ts'
import { aPng } from '../support/png.ts'

const api = await apiOfThisFile()
const uploads = api.desk.workshop?.folder ?? ''
const as = (type: string) => ({ 'content-type': type })
const bytes = aPng()

const picture = sharp(bytes)
const jpeg = await picture.clone().jpeg().toBuffer()
const webp = await picture.clone().webp().toBuffer()
const gif = await picture.clone().gif().toBuffer()
const frames = { raw: { width: 64, height: 96, channels: 3, pageHeight: 48 } } as const
const moving = await sharp(Buffer.alloc(64 * 96 * 3, Buffer.from('0054a0ffffff', 'hex').subarray(0, 5)), frames)
  .gif()
  .toBuffer()

test('an image is encoded anew, kept once, and used by its id', async () => {
  const first = await api.call('author', 'POST /media', bytes, as('image/png'))
  assert.equal(first.statusCode, 201, first.body)
  const known = first.json()
  assert.deepEqual([known.type, known.width, known.height], ['image/png', 64, 48])
  const kept = await readMedium(api.store.db, known.id)
  assert.deepEqual([createHash('sha256').update(kept).digest('hex'), kept.length], [known.id, known.size])
  const before = await written(api)
  assert.deepEqual((await api.call('approver', 'POST /media', bytes, as('application/x-www-form-urlencoded'))).json(), known)
  assert.deepEqual(await written(api), before)
  assert.deepEqual((await api.call('author', `GET /media/${known.id}`)).json(), known)

  const lying = aWish({ media: [{ id: known.id, alt: 'Das Freibad', size: 1, width: 1, height: 1, type: 'image/gif' }] })
  const drafted = await api.call('author', 'POST /announcements', lying)
  assert.equal(drafted.statusCode, 201, drafted.body)
  assert.deepEqual(drafted.json().announcement.media, [{ ...known, alt: 'Das Freibad' }])
})

test('an image comes in a form too', async () => {
  const { body, type } = form([{ name: 'bild', filename: '../../etc/passwd.png', bytes: aPng({ colour: 0xff0000 }) }])
  const answer = await api.call('author', 'POST /media', body, as(type))
  assert.equal(answer.statusCode, 201, answer.body)
  assert.equal(answer.json().type, 'image/png')
})

test('JPEG and WebP are taken as well, and a GIF that does not move becomes a PNG', async () => {
  for (const [type, content] of [
    ['image/jpeg', jpeg],
    ['image/webp', webp],
    ['image/png', gif],
  ] as const) {
    const answer = await api.call('author', 'POST /media', content, as('image/png'))
    assert.deepEqual([answer.statusCode, answer.json().type, answer.json().width, answer.json().height], [201, type, 64, 48], answer.body)
  }
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const bomb = Buffer.from(aPng())
bomb.writeUInt32BE(30_000, 16)
bomb.writeUInt32BE(30_000, 20)

const refused: Readonly<Record<string, readonly [bytes: Buffer, type: string, status: number, code: string]>> = {
  nothing: [Buffer.alloc(0), 'image/png', 422, 'media-empty'],
  'SVG with script': [Buffer.from(svg), 'image/svg+xml', 422, 'media-type'],
  'SVG that says it is PNG': [Buffer.from(svg), 'image/png', 422, 'media-type'],
  'HTML that says it is PNG': [Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png', 422, 'media-type'],
  'a GIF that moves': [moving, 'image/gif', 422, 'media-animated'],
  'a GIF that moves and says it is PNG': [moving, 'image/png', 422, 'media-animated'],
  'a GIF cut off': [gif.subarray(0, -20), 'image/gif', 422, 'media-unreadable'],
  'a PNG of 1 by 1': [aPng({ width: 1, height: 1 }), 'image/png', 422, 'media-too-small'],
  'a PNG of 16,000 by 500': [aPng({ width: 16_000, height: 500 }), 'image/png', 422, 'media-too-narrow'],
  'a PNG cut off': [aPng().subarray(0, 22), 'image/png', 422, 'media-unreadable'],
  'a JPEG cut off in its scan': [jpeg.subarray(0, -2), 'image/jpeg', 422, 'media-unreadable'],
  'a WebP cut off': [webp.subarray(0, -1), 'image/webp', 422, 'media-unreadable'],
  'a PNG of 30,000 by 30,000': [bomb, 'image/png', 422, 'media-too-many-pixels'],
  'an image of more than 20 MB': [Buffer.concat([aPng(), Buffer.alloc(20_000_000)]), 'image/png', 413, 'media-too-large'],
  JSON: [Buffer.from('{}'), 'application/json', 422, 'media-type'],
  'a form without a file': [form([]).body, form([]).type, 422, 'media-empty'],
  'a form with two files': [twoFiles().body, twoFiles().type, 422, 'media-one-only'],
  'a form with an image of more than 20 MB': [
    form([{ name: 'a', filename: 'a', bytes: Buffer.concat([aPng(), Buffer.alloc(20_000_000)]) }]).body,
    form([]).type,
    413,
    'media-too-large',
  ],
  'a form that never ends': [
    Buffer.from('--grenze\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\n'),
    form([]).type,
    400,
    'invalid-request',
  ],
}

for (const [what, [payload, type, status, code]] of Object.entries(refused))
  test(`${what} is refused in words, and nothing is stored`, async () => {
    const before = await written(api)
    const answer = await api.call('author', 'POST /media', payload, as(type))
    assert.deepEqual([answer.statusCode, answer.json().code], [status, code], answer.body)
    assert.deepEqual(await written(api), before)
    assert.deepEqual(await readdir(uploads), [], 'no file is left behind')
  })

interface File {
  readonly name: string
  readonly filename: string
  readonly bytes: Buffer
}

function form(files: readonly File[]): { readonly body: Buffer; readonly type: string } {
  const parts = files.flatMap(({ name, filename, bytes: content }) => [
    Buffer.from(`--grenze\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: image/png\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
  return { body: Buffer.concat([...parts, Buffer.from('--grenze--\r\n')]), type: 'multipart/form-data; boundary=grenze' }
}

function twoFiles() {
  return form([
    { name: 'a', filename: 'a.png', bytes: aPng() },
    { name: 'b', filename: 'b.png', bytes: aPng() },
  ])
}
