// Files on the public page: the right type, ranges, and headers with which platforms and players fetch them; large ones lie in pieces.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import Fastify from 'fastify'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { insertMedium, pieceBytes, readMedium } from '../../src/store/media.ts'
import { aCity } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { aWebVtt } from '../support/mp4.ts'
import { aPng } from '../support/png.ts'

const store = await aDatabase()
const dataDir = await mkdtemp(join(tmpdir(), 'rundruf-media-'))
const app = Fastify()
const page = {
  db: store.db,
  cities: new Map([['bonn', aCity()]]),
  publicUrl: 'http://127.0.0.1',
  dataDir,
  suspended: async () => new Map(),
}
await app.register(newsroomPages({ ...page, refreshSeconds: 0 }))
after(async () => {
  await app.close()
  await store.db.destroy()
  await rm(dataDir, { recursive: true })
})

/** Keeps the bytes; an odd piece at a time where they are a film's. */
const aMedium = async (type: string, bytes: Buffer): Promise<string> => {
  const id = createHash('sha256').update(bytes).digest('hex')
  const oddly = async function* () {
    for (let at = 0; at < bytes.length; at += 77_777) yield bytes.subarray(at, at + 77_777)
  }
  const pictures = type === 'text/vtt' ? {} : { width: 640, height: 360 }
  const film = type.startsWith('video/')
  const medium = { id, type, size: bytes.length, ...pictures, ...(film && { seconds: 2, codec: 'h264', audioCodec: null }) }
  await store.db.transaction().execute((trx) => insertMedium(trx, medium, film ? oddly() : bytes, 'test'))
  return id
}

const film = randomBytes(2 * pieceBytes + 1234)
const filmId = await aMedium('video/mp4', film)
const imageId = await aMedium('image/png', aPng())

test('a film is kept in pieces and comes back byte for byte', async () => {
  assert.ok(Buffer.from(await readMedium(store.db, filmId)).equals(film))
  const rows = await store.db.selectFrom('mediaPiece').select('number').where('mediaId', '=', filmId).execute()
  assert.equal(rows.length, 3)
  const whole = await app.inject(`/media/${filmId}`)
  assert.ok(whole.rawPayload.equals(film))
  const { headers } = whole
  assert.deepEqual(
    [headers['content-type'], headers['content-length'], headers['accept-ranges']],
    ['video/mp4', String(film.length), 'bytes'],
  )
  assert.deepEqual([headers.etag, headers['cache-control']], [`"${filmId}"`, 'public, max-age=31536000, immutable'])
  assert.equal(headers['access-control-allow-origin'], '*')
})

const size = film.length
const ranges: Readonly<Record<string, readonly [from: number, to: number]>> = {
  'bytes=0-0': [0, 1],
  'bytes=0-': [0, size],
  'bytes=-500': [size - 500, size],
  [`bytes=-${size + 5}`]: [0, size],
  [`bytes=${pieceBytes - 1}-${pieceBytes}`]: [pieceBytes - 1, pieceBytes + 1],
  [`bytes=${pieceBytes}-${2 * pieceBytes + 5}`]: [pieceBytes, 2 * pieceBytes + 6],
  [`bytes=${size - 1}-${size + 1000}`]: [size - 1, size],
}
for (const [range, [from, to]] of Object.entries(ranges))
  test(`${range} is answered with these bytes and no others`, async () => {
    const answer = await app.inject({ url: `/media/${filmId}`, headers: { range } })
    assert.deepEqual([answer.statusCode, answer.headers['content-range']], [206, `bytes ${from}-${to - 1}/${size}`])
    assert.equal(answer.headers['content-length'], String(to - from))
    assert.ok(answer.rawPayload.equals(film.subarray(from, to)))
  })

test('a range beyond the end is refused with the size', async () => {
  for (const range of [`bytes=${size}-`, 'bytes=-0']) {
    const answer = await app.inject({ url: `/media/${filmId}`, headers: { range } })
    assert.deepEqual([answer.statusCode, answer.headers['content-range'], answer.body], [416, `bytes */${size}`, ''])
  }
})

test('a range that cannot be read, several ranges, and a range of another file are answered with the whole', async () => {
  const image = aPng()
  for (const headers of [
    { range: 'bytes=5-2' },
    { range: 'bytes=0-1,3-4' },
    { range: 'lines=0-1' },
    { range: 'bytes=0-1', 'if-range': '"another"' },
    { range: 'bytes=0-1', 'if-range': `W/"${imageId}"` },
  ]) {
    const answer = await app.inject({ url: `/media/${imageId}`, headers })
    assert.equal(answer.statusCode, 200, JSON.stringify(headers))
    assert.ok(answer.rawPayload.equals(image))
  }
  const same = await app.inject({ url: `/media/${imageId}`, headers: { range: 'bytes=0-1', 'if-range': `"${imageId}"` } })
  assert.deepEqual([same.statusCode, same.rawPayload.length], [206, 2])
})

test('HEAD says how long it is and sends nothing; who has it already is told so', async () => {
  const head = await app.inject({ method: 'HEAD', url: `/media/${filmId}`, headers: { range: 'bytes=0-1' } })
  assert.deepEqual([head.statusCode, head.headers['content-length'], head.rawPayload.length], [200, String(size), 0])
  for (const known of [`"${filmId}"`, `W/"${filmId}"`, `"x", "${filmId}"`, '*']) {
    const answer = await app.inject({ url: `/media/${filmId}`, headers: { 'if-none-match': known } })
    assert.deepEqual([answer.statusCode, answer.body], [304, ''])
  }
})

test('captions are WebVTT in UTF-8, MOV is QuickTime, and what nobody kept is not found', async () => {
  const captions = await app.inject(`/media/${await aMedium('text/vtt', aWebVtt('Grüße'))}`)
  assert.deepEqual([captions.headers['content-type'], /Grüße/.test(captions.body)], ['text/vtt; charset=utf-8', true])
  assert.equal((await app.inject(`/media/${await aMedium('video/quicktime', randomBytes(10))}`)).headers['content-type'], 'video/quicktime')
  assert.equal((await app.inject(`/media/${'0'.repeat(64)}`)).statusCode, 404)
})
