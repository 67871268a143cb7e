// Who may have a file: readers as long as something released shows it, platforms by an address made for them, and the keys of its city.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { openMediaLinks } from '../../src/newsroom/media-links.ts'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { apiOfThisFile, aWish } from '../support/api.ts'
import { aCity } from '../support/builders.ts'
import { aPng } from '../support/png.ts'
import { poll } from '../support/poll.ts'
import { reworded, showing, takenBack } from '../support/public-media.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const api = await apiOfThisFile()
const { db } = api.store
const publicUrl = 'https://rundruf.example'
const links = openMediaLinks(publicUrl, Buffer.alloc(32, 7))

const aNewsroom = async (refreshSeconds = 0): Promise<{ readonly app: FastifyInstance; readonly folder: string }> => {
  const folder = temporaryFolder()
  const app = Fastify()
  const parts = { db, cities: new Map([['bonn', aCity()]]), publicUrl, dataDir: folder, refreshSeconds, mediaLinks: links }
  await app.register(newsroomPages(parts))
  return { app, folder }
}

const aFile = async (): Promise<string> => {
  const bytes = randomBytes(100)
  const id = createHash('sha256').update(bytes).digest('hex')
  await db.insertInto('media').values({ id, type: 'image/png', bytes, width: 2, height: 1, createdBy: 'test' }).execute()
  return id
}

const pathOf = (address: string): string => address.slice(publicUrl.length)

test('a file that somebody brought is public neither before a release nor under an embargo', async () => {
  const { app } = await aNewsroom()
  const id = await aFile()
  assert.equal((await app.inject(`/media/${id}`)).statusCode, 404)
  await showing(db, id, { released: false })
  assert.equal((await app.inject(`/media/${id}`)).statusCode, 404)
  await showing(db, id, { notBefore: new Date(Date.now() + 3_600_000).toISOString() })
  const answer = await app.inject(`/media/${id}`)
  assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [404, 'no-cache'])
  await app.close()
})

test('what a release shows comes at once, may be kept by nobody without asking, and is gone with the recall, also from the disk', async () => {
  const { app, folder } = await aNewsroom()
  const id = await aFile()
  const announcement = await showing(db, id)
  const shown = await app.inject(`/media/${id}`)
  assert.deepEqual([shown.statusCode, shown.headers['cache-control']], [200, 'public, no-cache'])
  const copy = join(folder, 'newsroom', 'media', `${id}.png`)
  assert.ok(existsSync(copy))
  await takenBack(db, announcement)
  const gone = await app.inject({ url: `/media/${id}`, headers: { 'if-none-match': `"${id}"` } })
  assert.deepEqual([gone.statusCode, gone.headers['cache-control']], [410, 'no-cache'])
  assert.ok(!existsSync(copy))
  await app.close()
})

test('the copy of what was taken back leaves the disk although nobody asks for it', async () => {
  const { app, folder } = await aNewsroom(1)
  const id = await aFile()
  const announcement = await showing(db, id)
  await app.inject(`/media/${id}`)
  await takenBack(db, announcement)
  await poll('the copy is gone', () => Promise.resolve(!existsSync(join(folder, 'newsroom', 'media', `${id}.png`))))
  await app.close()
})

test('a picture that a correction took away is gone, as long as no other channel or announcement shows it', async () => {
  const { app } = await aNewsroom()
  const id = await aFile()
  const announcement = await showing(db, id)
  await reworded(db, announcement)
  assert.equal((await app.inject(`/media/${id}`)).statusCode, 410)
  await showing(db, id)
  assert.equal((await app.inject(`/media/${id}`)).statusCode, 200)
  await app.close()
})

test('a picture stays as long as the wording that shows it: a correction that is planned, held or waits for its hour takes nothing away', async () => {
  const { app } = await aNewsroom()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  for (const [how, status] of [
    [{ state: 'planned' }, 200],
    [{ state: 'held' }, 200],
    [{ state: 'queued', notBefore: tomorrow }, 200],
    [{ state: 'queued' }, 410],
  ] as const) {
    const id = await aFile()
    await reworded(db, await showing(db, id), how)
    assert.equal((await app.inject(`/media/${id}`)).statusCode, status, JSON.stringify(how))
  }
  await app.close()
})

test('a platform fetches by an address of its own, until it runs out or the announcement is taken back', async () => {
  const { app, folder } = await aNewsroom()
  const id = await aFile()
  const address = pathOf(links.forPlatform(id))
  assert.equal((await app.inject(address)).statusCode, 404, 'nothing released carries it')
  const announcement = await showing(db, id, { notBefore: new Date(Date.now() + 60_000).toISOString() })
  const fetched = await app.inject(address)
  assert.deepEqual([fetched.statusCode, fetched.headers['cache-control']], [200, 'private, no-store'])
  assert.ok(!existsSync(join(folder, 'newsroom', 'media', `${id}.png`)), 'no copy of what is not public')
  assert.equal((await app.inject({ url: address, headers: { range: 'bytes=0-1' } })).statusCode, 206)
  const yesterday = openMediaLinks(publicUrl, Buffer.alloc(32, 7), () => Math.floor(Date.now() / 1000) - 86_400)
  const forged = openMediaLinks(publicUrl, Buffer.alloc(32, 8))
  for (const wrong of [yesterday.forPlatform(id), forged.forPlatform(id), `${publicUrl}/media/${id}?until=9999999999&proof=x`])
    assert.equal((await app.inject(pathOf(wrong))).statusCode, 404, wrong)
  assert.equal((await app.inject(pathOf(links.forPlatform(await aFile())).replace(/\/[0-9a-f]{64}/, `/${id}`))).statusCode, 404)
  await takenBack(db, announcement)
  assert.notEqual((await app.inject(address)).statusCode, 200)
  await app.close()
})

test('a file belongs to the city of who brought it: another city neither sees nor uses it', async () => {
  const { id } = (await api.call('author', 'POST /media', aPng(), { 'content-type': 'image/png' })).json()
  assert.equal((await api.call('author of mainz', `GET /media/${id}`)).statusCode, 404)
  assert.equal((await api.call('author of mainz', `GET /media/${id}/file`)).statusCode, 404)
  const media = [{ id, alt: 'Das Freibad' }]
  const theirs = await api.call('author of mainz', 'POST /announcements', aWish({ city: 'mainz', media }))
  assert.deepEqual([theirs.statusCode, theirs.json().code], [422, 'unknown-media'])
  assert.equal((await api.call('author', 'POST /announcements', aWish({ media }))).statusCode, 201)
  // the same bytes, brought there too
  assert.equal((await api.call('author of mainz', 'POST /media', aPng(), { 'content-type': 'image/png' })).statusCode, 201)
  assert.equal((await api.call('author of mainz', 'POST /announcements', aWish({ city: 'mainz', media }))).statusCode, 201)
})

test('who may write for all cities says for which one a file is, and nobody brings one to a foreign city', async () => {
  const bytes = await import('sharp').then(({ default: sharp }) =>
    sharp({ create: { width: 30, height: 20, channels: 3, background: '#123456' } })
      .png()
      .toBuffer(),
  )
  const { id } = (await api.call('admin of all', 'POST /media?city=mainz', bytes, { 'content-type': 'image/png' })).json()
  assert.equal((await api.call('author', `GET /media/${id}`)).statusCode, 404)
  assert.equal((await api.call('author of mainz', `GET /media/${id}`)).statusCode, 200)
  const foreign = await api.call('author', 'POST /media?city=mainz', aPng(), { 'content-type': 'image/png' })
  assert.deepEqual([foreign.statusCode, foreign.json().code], [404, 'unknown-city'])
})

test('the author sees the file before its release with the key, byte for byte, and nobody keeps it', async () => {
  const { id, type, size } = (await api.call('author', 'POST /media', aPng(), { 'content-type': 'image/png' })).json()
  const answer = await api.call('author', `GET /media/${id}/file`)
  assert.deepEqual([answer.statusCode, answer.headers['content-type'], answer.rawPayload.length], [200, type, size])
  assert.equal(createHash('sha256').update(answer.rawPayload).digest('hex'), id)
  assert.equal(answer.headers['cache-control'], 'no-store')
})
