// Files on the public page: the right type, ranges, and headers with which platforms and players fetch them; films lie in pieces, images
// are read from the store once and then come from the disk.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Kysely, KyselyPlugin } from 'kysely'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { openDatabase } from '../../src/store/database.ts'
import { insertMedium, pieceBytes, readMedium } from '../../src/store/media.ts'
import type { Database } from '../../src/store/tables.ts'
import { aCity } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { aWebVtt } from '../support/mp4.ts'
import { aPng } from '../support/png.ts'
import { showing } from '../support/public-media.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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
  await showing(store.db, id)
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
  assert.deepEqual([headers.etag, headers['cache-control']], [`"${filmId}"`, 'public, no-cache'])
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

/** A newsroom that counts how often it is given bytes of a file by the store. */
interface Room {
  readonly app: FastifyInstance
  readonly reads: () => number
}

const aRoom = async (db: Kysely<Database>, folder: string): Promise<Room> => {
  let reads = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      reads += result.rows.filter((row) => 'bytes' in row).length
      return result
    },
  }
  const counted = Fastify()
  await counted.register(newsroomPages({ ...page, db: db.withPlugin(counting), dataDir: folder, refreshSeconds: 0 }))
  after(() => counted.close())
  return { app: counted, reads: () => reads }
}

const copyOf = (folder: string, id: string): string => join(folder, 'newsroom', 'media', `${id}.jpg`)

test('a crowd that asks for one image reads it from the store once', async () => {
  const photo = randomBytes(300_000)
  const id = await aMedium('image/jpeg', photo)
  const folder = temporaryFolder()
  const { app, reads } = await aRoom(store.db, folder)
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject(`/media/${id}`)))
  for (const { statusCode, rawPayload } of answers) assert.deepEqual([statusCode, rawPayload.equals(photo)], [200, true])
  assert.equal(reads(), 1)
  assert.ok((await readFile(copyOf(folder, id))).equals(photo))
})

test('a large image is fetched a piece at a time, so that everybody else has a turn in between', async () => {
  const photo = randomBytes(2 * pieceBytes + 5)
  const id = await aMedium('image/jpeg', photo)
  const { app, reads } = await aRoom(store.db, temporaryFolder())
  assert.ok((await app.inject(`/media/${id}`)).rawPayload.equals(photo))
  assert.equal(reads(), 3)
})

test('an image that has a copy is not read from the store again, also not by a process that starts anew', async () => {
  const photo = randomBytes(200_000)
  const id = await aMedium('image/jpeg', photo)
  const folder = temporaryFolder()
  const first = await aRoom(store.db, folder)
  await first.app.inject(`/media/${id}`)
  const { app, reads } = await aRoom(store.db, folder)
  const head = await app.inject({ method: 'HEAD', url: `/media/${id}` })
  assert.deepEqual([head.statusCode, head.headers['content-length'], head.rawPayload.length], [200, '200000', 0])
  const known = await app.inject({ url: `/media/${id}`, headers: { 'if-none-match': `"${id}"` } })
  assert.deepEqual([known.statusCode, known.body], [304, ''])
  const whole = await app.inject(`/media/${id}`)
  assert.deepEqual([whole.headers['content-type'], whole.rawPayload.equals(photo)], ['image/jpeg', true])
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 1],
    ['bytes=65535-65536', 65_535, 65_537],
    ['bytes=70000-', 70_000, 200_000],
    ['bytes=-1', 199_999, 200_000],
    ['bytes=-900000', 0, 200_000],
  ] as const) {
    const answer = await app.inject({ url: `/media/${id}`, headers: { range } })
    assert.deepEqual([answer.statusCode, answer.headers['content-range']], [206, `bytes ${from}-${to - 1}/200000`])
    assert.ok(answer.rawPayload.equals(photo.subarray(from, to)), range)
  }
  assert.equal(reads(), 0)
})

test('a copy that is not whole is fetched anew', async () => {
  const photo = randomBytes(100_000)
  const id = await aMedium('image/jpeg', photo)
  const folder = temporaryFolder()
  const { app, reads } = await aRoom(store.db, folder)
  await app.inject(`/media/${id}`)
  for (const rest of [99_999, 0]) {
    await truncate(copyOf(folder, id), rest)
    assert.ok((await app.inject(`/media/${id}`)).rawPayload.equals(photo))
    assert.ok((await readFile(copyOf(folder, id))).equals(photo))
  }
  assert.equal(reads(), 3)
})

test('where no copy can be kept, the image comes all the same', async () => {
  const photo = randomBytes(100_000)
  const id = await aMedium('image/jpeg', photo)
  const folder = temporaryFolder()
  await writeFile(join(folder, 'newsroom'), 'stands where the folder should be')
  const { app } = await aRoom(store.db, folder)
  for (let time = 0; time < 2; time++) assert.ok((await app.inject(`/media/${id}`)).rawPayload.equals(photo))
  const part = await app.inject({ url: `/media/${id}`, headers: { range: 'bytes=5-9' } })
  assert.deepEqual([part.statusCode, part.rawPayload.equals(photo.subarray(5, 10))], [206, true])
})

test('while the store is away an image that has a copy comes as ever, and no other', async () => {
  const photo = randomBytes(100_000)
  const [id, other] = [await aMedium('image/jpeg', photo), await aMedium('image/jpeg', randomBytes(10))]
  const folder = temporaryFolder()
  const before = await (await aRoom(store.db, folder)).app.inject(`/media/${id}`)
  const nowhere = openDatabase({ url: 'postgresql://x@127.0.0.1:1/x' })
  after(() => nowhere.destroy())
  const { app } = await aRoom(nowhere, folder)
  const answer = await app.inject(`/media/${id}`)
  assert.equal(answer.statusCode, 200)
  assert.ok(answer.rawPayload.equals(photo))
  assert.deepEqual({ ...answer.headers, date: '' }, { ...before.headers, date: '' })
  const part = await app.inject({ url: `/media/${id}`, headers: { range: 'bytes=99990-' } })
  assert.deepEqual([part.statusCode, part.rawPayload.equals(photo.subarray(99_990))], [206, true])
  assert.equal((await app.inject(`/media/${other}`)).statusCode, 503)
})
