// The newsroom as its readers meet it: over HTTP, on a real PostgreSQL, and while that is away.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { startPostgres } from '../../embedded/postgres.ts'
import { newsroomDesk } from '../../src/newsroom/desk.ts'
import { type NewsroomParts, newsroomPages } from '../../src/newsroom/routes.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { Database } from '../../src/store/tables.ts'
import { aChannel, aCity, aPost } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { showing } from '../support/public-media.ts'

const publicUrl = 'https://rundruf.example'
const at = '2026-11-23T10:00:00.000Z'
const cities = new Map([
  ['bonn', aCity({ channels: [aChannel(), aChannel({ name: 'm', platform: 'mastodon', url: 'https://social.example/@bonn' })] })],
  ['mainz', aCity({ key: 'mainz', city: 'Mainz', website: null })],
])

interface Room {
  readonly app: FastifyInstance
  readonly dataDir: string
  [Symbol.asyncDispose](): Promise<void>
}

const aRoom = async (db: Kysely<Database>, over: Partial<NewsroomParts> = {}): Promise<Room> => {
  const dataDir = over.dataDir ?? mkdtempSync(join(tmpdir(), 'rundruf-newsroom-'))
  const app = Fastify()
  await app.register(newsroomPages({ db, cities, publicUrl: `${publicUrl}/`, refreshSeconds: 0, ...over, dataDir }))
  const close = async (): Promise<void> => {
    await app.close()
    if (!over.dataDir) rmSync(dataDir, { recursive: true })
  }
  return { app, dataDir, [Symbol.asyncDispose]: close }
}

const anImage = async (db: Kysely<Database>, bytes: Buffer = Buffer.from('nur für diesen Test'), type = 'image/png') => {
  const id = createHash('sha256').update(bytes).digest('hex')
  await db.insertInto('media').values({ id, type, bytes, width: 2, height: 1, createdBy: 'test' }).execute()
  await showing(db, id)
  return { id, type, size: bytes.length, width: 2, height: 1, alt: 'Ein Bild' }
}

test('what the desk puts there stands on the page, in the feeds and at its permanent address', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const desk = newsroomDesk(store.db, publicUrl)
  const receipt = await desk.put('bonn', randomUUID(), aPost(), at)
  const path = new URL(receipt.url ?? '').pathname
  for (const url of ['/', '/bonn', path, '/bonn/feed.rss', '/bonn/feed.atom', '/bonn/feed.json']) {
    const answer = await room.app.inject(url)
    assert.equal(answer.statusCode, 200, url)
    assert.match(answer.body, /Freibad öffnet am Samstag/, url)
  }
  assert.doesNotMatch((await room.app.inject('/mainz')).body, /Freibad/)
  await desk.retract('bonn', receipt.id, at)
  for (const url of ['/bonn', path, '/bonn/feed.rss', '/bonn/feed.atom', '/bonn/feed.json']) {
    const { body } = await room.app.inject(url)
    assert.match(body, /Zurückgezogen/, url)
    assert.match(body, /Freibad öffnet am Samstag/, url)
  }
})

test('every kind of content has its own media type, and a policy that lets nothing foreign in', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const image = await anImage(store.db)
  const page = await room.app.inject('/bonn')
  const style = /\/assets\/newsroom-\w+\.css/.exec(page.body)?.[0] ?? ''
  const icon = /\/assets\/rundruf-\w+\.svg/.exec(page.body)?.[0] ?? ''
  const expected = {
    '/': 'text/html; charset=utf-8',
    '/bonn': 'text/html; charset=utf-8',
    '/bonn/feed.rss': 'application/rss+xml; charset=utf-8',
    '/bonn/feed.atom': 'application/atom+xml; charset=utf-8',
    '/bonn/feed.json': 'application/feed+json; charset=utf-8',
    '/bonn/theme.css': 'text/css; charset=utf-8',
    '/assets/cities.css': 'text/css; charset=utf-8',
    [style]: 'text/css; charset=utf-8',
    [icon]: 'image/svg+xml',
    [`/media/${image.id}`]: 'image/png',
  }
  for (const [url, type] of Object.entries(expected)) {
    const { statusCode, headers } = await room.app.inject(url)
    assert.equal(statusCode, 200, url)
    assert.equal(headers['content-type'], type)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'self'; img-src 'self' data:;/)
    assert.equal(headers['set-cookie'], undefined)
  }
  assert.match(String((await room.app.inject(style)).headers['cache-control']), /immutable/)
  assert.doesNotMatch(String((await room.app.inject(`/media/${image.id}`)).headers['cache-control']), /immutable/)
  assert.deepEqual((await room.app.inject(`/media/${image.id}`)).rawPayload, Buffer.from('nur für diesen Test'))
})

test('who has the page already gets 304, until something changes', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const desk = newsroomDesk(store.db, publicUrl)
  await desk.put('bonn', randomUUID(), aPost(), at)
  for (const url of ['/', '/bonn', '/bonn/feed.rss', '/bonn/feed.atom', '/bonn/feed.json']) {
    const first = await room.app.inject({ url, headers: { 'accept-encoding': 'br' } })
    const etag = String(first.headers.etag)
    assert.match(etag, /^"[\w-]+-br"$/)
    const tagged = { 'if-none-match': `"other", W/${etag}` }
    const again = await room.app.inject({ url, headers: tagged })
    assert.equal(again.statusCode, 304, url)
    assert.equal(again.body, '')
    const timed = { 'if-modified-since': String(first.headers['last-modified']) }
    assert.equal((await room.app.inject({ url, headers: timed })).statusCode, 304, url)
    await desk.put('bonn', randomUUID(), aPost({ title: `Neues auf ${url}` }), at)
    assert.equal((await room.app.inject({ url, headers: tagged })).statusCode, 200, url)
    assert.equal((await room.app.inject({ url, headers: { ...timed, ...tagged } })).statusCode, 200, url)
  }
})

test('HEAD answers as GET does, without the body', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  for (const url of ['/', '/bonn', '/bonn/feed.rss', '/bonn/theme.css']) {
    const [head, get] = [await room.app.inject({ method: 'HEAD', url }), await room.app.inject(url)]
    assert.equal(head.statusCode, 200)
    assert.equal(head.body, '')
    assert.equal(head.headers.etag, get.headers.etag)
    assert.equal(head.headers['content-length'], get.headers['content-length'])
  }
})

test('pages go out compressed as the asker takes them', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const plain = (await room.app.inject('/bonn')).rawPayload
  const ask = async (accepted: string) => room.app.inject({ url: '/bonn', headers: { 'accept-encoding': accepted } })
  assert.deepEqual(brotliDecompressSync((await ask('gzip, br')).rawPayload), plain)
  assert.deepEqual(gunzipSync((await ask('gzip;q=0.8, br;q=0')).rawPayload), plain)
  assert.deepEqual((await ask('identity')).rawPayload, plain)
})

test('older announcements are reached page by page, each exactly once', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const desk = newsroomDesk(store.db, publicUrl)
  for (let number = 0; number < 32; number++) await desk.put('bonn', randomUUID(), aPost({ title: `Meldung ${number}.` }), at)
  const seen: string[] = []
  let url: string | undefined = '/bonn'
  while (url) {
    const body: string = (await room.app.inject(url)).body
    seen.push(...[...body.matchAll(/>Meldung (\d+)\.</g)].map((match) => match[1] ?? ''))
    url = /href="(\/bonn\?before=[^"]+)"/.exec(body)?.[1]
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 32 }, (_, index) => String(31 - index)),
  )
  assert.match((await room.app.inject(`/bonn?before=${randomUUID()}`)).body, /Ältere Meldungen gibt es nicht/)
})

test('what is not there is said in German, with status 404', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const paths = [
    '/nirgendwo',
    '/nirgendwo/feed.rss',
    '/nirgendwo/theme.css',
    '/bonn/x',
    `/bonn/${randomUUID()}`,
    '/bonn?before=x',
    '/media/x',
    `/media/${'0'.repeat(64)}`,
  ]
  for (const url of [...paths, '/bonn/..%2f..%2fetc%2fpasswd', '/__proto__', "/bonn/'%20or%201=1"]) {
    const { statusCode, body } = await room.app.inject(url)
    assert.equal(statusCode, 404, url)
    assert.match(body, /Diese Seite gibt es nicht/, url)
  }
})

test('nothing that could carry a script is served as an image', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db)
  const image = await anImage(store.db, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'image/svg+xml')
  assert.equal((await room.app.inject(`/media/${image.id}`)).statusCode, 404)
})

test('a suspended channel is shown as disturbed, without the internal reason', async () => {
  await using store = await aDatabase()
  await using room = await aRoom(store.db, { suspended: async () => new Map([['m', 'Token abgelaufen']]) })
  const { body } = await room.app.inject('/bonn')
  assert.match(body, /Zurzeit gestört/)
  assert.doesNotMatch(body, /Token/)
})

test('while PostgreSQL is stopped everything that was shown stays readable and says of when it is', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-stopped-'))
  let postgres = await startPostgres({ dir })
  const db = openDatabase({ url: postgres.url })
  try {
    await migrate(db)
    await using room = await aRoom(db)
    const image = await anImage(db)
    const receipt = await newsroomDesk(db, publicUrl).put('bonn', randomUUID(), aPost({ images: [image] }), at)
    const path = new URL(receipt.url ?? '').pathname
    const shown = ['/', '/bonn', path, '/bonn/feed.rss', '/bonn/feed.atom', '/bonn/feed.json', `/media/${image.id}`]
    const before = new Map<string, Buffer>()
    for (const url of shown) before.set(url, (await room.app.inject(url)).rawPayload)
    await postgres.stop()
    for (const url of shown) {
      const answer = await room.app.inject(url)
      assert.equal(answer.statusCode, 200, url)
      if (url.startsWith('/media')) assert.deepEqual(answer.rawPayload, before.get(url))
      else assert.match(String(answer.headers['x-rundruf-stand']), /^\d{4}-\d\d-\d\dT/, url)
      if (String(answer.headers['content-type']).startsWith('text/html'))
        assert.match(answer.body, /Stand: <time datetime="[^"]+">[^<]+ Uhr<\/time>/)
      else assert.deepEqual(answer.rawPayload, before.get(url))
    }
    const unknown = await room.app.inject(`/bonn/${randomUUID()}`)
    assert.equal(unknown.statusCode, 503)
    assert.equal(unknown.headers['retry-after'], '30')
    assert.match(unknown.body, /Zurzeit nicht abrufbar/)
    postgres = await startPostgres({ dir })
    const fresh = await poll('a page from the store again', async () => {
      const answer = await room.app.inject('/bonn')
      return answer.headers['x-rundruf-stand'] ? undefined : answer
    })
    assert.doesNotMatch(fresh.body, /Stand: /)
  } finally {
    await db.destroy()
    await postgres.stop()
    rmSync(dir, { recursive: true, force: true })
  }
})

test('a store that is silent is not waited for: the copy is shown, also after a restart of the service', async () => {
  await using store = await aDatabase()
  await using first = await aRoom(store.db)
  await newsroomDesk(store.db, publicUrl).put('bonn', randomUUID(), aPost(), at)
  await first.app.inject('/bonn')
  const connections: Socket[] = []
  const silent = createServer((socket) => connections.push(socket))
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
  const db = openDatabase({ url: `postgresql://x@127.0.0.1:${(silent.address() as AddressInfo).port}/x` })
  try {
    await using second = await aRoom(db, { dataDir: first.dataDir })
    const answer = await second.app.inject('/bonn')
    assert.equal(answer.statusCode, 200)
    assert.match(answer.body, /Stand: .*Freibad öffnet am Samstag/s)
    assert.equal((await second.app.inject('/mainz')).statusCode, 503)
  } finally {
    for (const connection of connections) connection.destroy()
    silent.close()
    await db.destroy()
  }
})

test('the copies renew themselves: what nobody has looked at yet is readable when the store goes away', async () => {
  await using store = await aDatabase()
  const image = await anImage(store.db)
  const receipt = await newsroomDesk(store.db, publicUrl).put('bonn', randomUUID(), aPost({ images: [image] }), at)
  await using room = await aRoom(store.db, { refreshSeconds: 1 })
  await room.app.ready()
  const copies = () => readdir(join(room.dataDir, 'newsroom'), { recursive: true })
  const wanted = ['index.html', 'bonn/index.html', `bonn/${receipt.id}.html`, 'bonn/feed.rss', 'mainz/index.html', `media/${image.id}.png`]
  await poll('all copies', async () => {
    const there = await copies()
    return wanted.every((name) => there.includes(name))
  })
  const later = await newsroomDesk(store.db, publicUrl).put('mainz', randomUUID(), aPost(), at)
  await poll('the copy of a later announcement', async () => (await copies()).includes(`mainz/${later.id}.html`))
})
