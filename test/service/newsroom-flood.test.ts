// P26: whatever readers ask for, and however many, a new warning is on the newest page at once, for everybody.
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Kysely, KyselyPlugin, RawNode } from 'kysely'
import { readerConnections } from '../../src/newsroom/asking.ts'
import { newsroomDesk } from '../../src/newsroom/desk.ts'
import { openMediaLinks } from '../../src/newsroom/media-links.ts'
import { newsroomPages } from '../../src/newsroom/routes.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { Database } from '../../src/store/tables.ts'
import { aCity, aPost } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { showing } from '../support/public-media.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const publicUrl = 'https://rundruf.example'
const mediaLinks = openMediaLinks(publicUrl, Buffer.alloc(32, 7))
const store = await aDatabase()
const db = openDatabase({ url: store.url, max: readerConnections })
after(async () => {
  await db.destroy()
  await store.db.destroy()
})

const cities = new Map([['bonn', aCity()], ...Array.from({ length: 400 }, (_, at) => [`ort-${at}`, aCity({ key: `ort-${at}` })] as const)])
const aNewsroom = async (over: Kysely<Database> = db): Promise<FastifyInstance> => {
  const app = Fastify()
  await app.register(newsroomPages({ db: over, cities, publicUrl, dataDir: temporaryFolder(), refreshSeconds: 0, mediaLinks }))
  after(() => app.close())
  return app
}

/** A store whose answers to some questions never come, and that counts them; the others come as ever. */
const silentOn = (words: string): { readonly db: Kysely<Database>; readonly asked: () => number } => {
  let asked = 0
  const silenced = new WeakSet<object>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const fragments = (node as RawNode).sqlFragments ?? []
      if (JSON.stringify([fragments, (node as RawNode).parameters ?? []]).includes(words)) silenced.add(queryId)
      return node
    },
    transformResult: ({ result, queryId }) => {
      if (!silenced.has(queryId)) return Promise.resolve(result)
      asked++
      return new Promise(() => {})
    },
  }
  return { db: db.withPlugin(plugin), asked: () => asked }
}

/** A store that counts the questions with these words. */
const countingOn = (words: string): { readonly db: Kysely<Database>; readonly asked: () => number } => {
  let asked = 0
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (JSON.stringify(node).includes(words)) asked++
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { db: db.withPlugin(plugin), asked: () => asked }
}

let callers = 0
/** From an address of its own. */
const reader = (url: string) => ({ url, remoteAddress: `10.1.${callers >> 8}.${callers++ & 255}` })

const warn = (title: string) =>
  newsroomDesk(store.db, publicUrl).put('bonn', randomUUID(), aPost({ kind: 'warning', severity: 'Extreme', title, expires: null }), '')

test('P26: a new warning is on the newest page while hundreds of older pages wait for the store in vain', async () => {
  const { db: older } = silentOn('< (select b.published_at')
  const app = await aNewsroom(older)
  let refused = 0
  for (let at = 0; at < 700; at++)
    app.inject(reader(`/bonn?before=${randomUUID()}&z=${at}`)).then(({ statusCode }) => {
      if (statusCode === 503) refused++
    })
  await poll('older pages are given up', () => Promise.resolve(refused > 650))
  await warn('Die Innenstadt ist zu verlassen')
  const answer = await app.inject(reader('/bonn'))
  assert.equal(answer.headers['x-rundruf-stand'], undefined, 'no old copy')
  assert.match(answer.body, /Aktuelle Warnung.*Die Innenstadt ist zu verlassen/s)
  const feed = await app.inject(reader('/bonn/feed.atom'))
  assert.match(feed.body, /Die Innenstadt ist zu verlassen/)
})

test('P26: single announcements, files and the page of all cities that hang do not stand before the newest page either', async () => {
  const { db: hanging } = silentOn('n.key = ')
  const app = await aNewsroom(hanging)
  const hung = Array.from({ length: 100 }, () => app.inject(reader(`/bonn/${randomUUID()}`)))
  await warn('Im Norden sind die Fenster zu schließen')
  const answer = await app.inject(reader('/bonn'))
  assert.match(answer.body, /Im Norden sind die Fenster zu schließen/)
  assert.equal((await Promise.all(hung)).filter(({ statusCode }) => statusCode === 503).length, 100)
})

test('P26: words that belong to no page make no other page: hundreds who add some are one question', async () => {
  let questions = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (JSON.stringify((node as RawNode).sqlFragments ?? []).includes('from newsroom n')) questions++
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  const app = await aNewsroom(db.withPlugin(counting))
  const answers = await Promise.all(Array.from({ length: 300 }, (_, at) => app.inject(reader(`/bonn?z=${at}&utm=${at}`))))
  assert.ok(answers.every(({ statusCode }) => statusCode === 200))
  // the first reader, and one further turn for everybody who came while it was read; a page is two questions of items
  assert.ok(questions <= 6, `${questions} questions`)
})

test('P26: an address that asks for too many single pages is put off, also one with a whole IPv6 network; the newest page is not', async () => {
  const app = await aNewsroom()
  const ask = (url: string, at: number) => app.inject({ url, remoteAddress: `2001:db8:1:2:${(at >> 4).toString(16)}::${(at & 15) + 1}` })
  const statuses = await Promise.all(Array.from({ length: 400 }, (_, at) => ask(`/bonn?before=${randomUUID()}`, at)))
  assert.ok(statuses.some(({ statusCode }) => statusCode === 429))
  const refused = statuses.find(({ statusCode }) => statusCode === 429)
  assert.equal(refused?.headers['retry-after'], '10')
  assert.equal((await ask('/bonn', 1)).statusCode, 200)
  assert.equal((await app.inject({ url: `/bonn?before=${randomUUID()}`, remoteAddress: '2001:db8:1:3::1' })).statusCode, 200)
})

/** A store that answers when it is let go. */
const holding = (): { readonly db: Kysely<Database>; readonly letGo: () => void } => {
  const held = Promise.withResolvers<void>()
  const plugin: KyselyPlugin = { transformQuery: ({ node }) => node, transformResult: ({ result }) => held.promise.then(() => result) }
  return { db: db.withPlugin(plugin), letGo: held.resolve }
}

const frontPages = ['', '/feed.rss', '/feed.atom', '/feed.json']
const others = [...cities.keys()].filter((key) => key !== 'bonn')

type Answers = readonly Promise<{ readonly statusCode: number; readonly headers: Readonly<Record<string, unknown>> }>[]

/** Waits until one of them finds no room. */
const noRoomFor = async (flood: Answers): Promise<void> => {
  let refused = 0
  for (const one of flood) one.then(({ statusCode }) => void (statusCode === 503 && refused++))
  await poll('somebody finds no room', () => Promise.resolve(refused > 0))
}

const isFresh = ({ statusCode, headers }: Awaited<Answers[number]>): boolean => statusCode === 200 && !headers['x-rundruf-stand']

test('P26: one address that asks for the newest pages of all cities at once does not stand before the warning of another', async () => {
  const { db: held, letGo } = holding()
  const app = await aNewsroom(held)
  await warn('Im Süden ist das Leitungswasser abzukochen')
  const flood = others.flatMap((city) => frontPages.map((page) => app.inject({ url: `/${city}${page}`, remoteAddress: '192.0.2.80' })))
  await noRoomFor(flood)
  const answers = frontPages.map((page) => app.inject(reader(`/bonn${page}`)))
  answers.push(app.inject({ url: '/bonn', remoteAddress: '192.0.2.83' }))
  setImmediate(letGo)
  for (const answer of await Promise.all(answers)) {
    assert.ok(isFresh(answer), String(answer.statusCode))
    assert.ok(answer.body.includes('Im Süden ist das Leitungswasser abzukochen'))
  }
  await Promise.all(flood)
})

test('P26: many addresses that ask for pages and feeds of a hundred cities take the room of a hundred, whatever they ask for there', async () => {
  const app = await aNewsroom()
  const flood = others.slice(0, 100).flatMap((city) => frontPages.map((page) => app.inject(reader(`/${city}${page}`))))
  assert.ok((await Promise.all(flood)).every(isFresh))
})

test('P26: an address that asks for many single announcements leaves the room for those that others ask for', async () => {
  const { db: held, letGo } = holding()
  const app = await aNewsroom(held)
  const key = randomUUID()
  await newsroomDesk(store.db, publicUrl).put('bonn', key, aPost({ title: 'Der Markt ist verlegt' }), '')
  const flood = Array.from({ length: 300 }, () => app.inject({ url: `/bonn/${randomUUID()}`, remoteAddress: '192.0.2.81' }))
  await noRoomFor(flood)
  const asked = app.inject(reader(`/bonn/${key}`))
  setImmediate(letGo)
  const answer = await asked
  assert.equal(answer.statusCode, 200)
  assert.match(answer.body, /Der Markt ist verlegt/)
  await Promise.all(flood)
})

test('a crowd behind one address that looks at one city sees its newest page, all of it', async () => {
  const app = await aNewsroom()
  const answers = await Promise.all(Array.from({ length: 400 }, () => app.inject({ url: '/bonn', remoteAddress: '192.0.2.82' })))
  assert.ok(answers.every(isFresh))
})

/** A picture that a released warning shows; its address for readers and the one for a platform. */
const aPicture = async (): Promise<{ readonly forReaders: string; readonly forPlatform: string }> => {
  const bytes = randomBytes(100)
  const id = createHash('sha256').update(bytes).digest('hex')
  await store.db.insertInto('media').values({ id, type: 'image/png', bytes, width: 2, height: 1, createdBy: 'test' }).execute()
  await showing(store.db, id)
  const path = (url: string): string => url.slice(publicUrl.length)
  return { forReaders: path(mediaLinks.forReaders(id)), forPlatform: path(mediaLinks.forPlatform(id)) }
}

/** A name that no file has. */
const noName = (begin = ''): string => `/media/${(begin + randomBytes(32).toString('hex')).slice(0, 64)}`

test('P26: a platform fetches the picture of a warning by its own address while names of strangers hang in the store', async () => {
  const picture = await aPicture()
  const app = await aNewsroom(silentOn('deadbeef').db)
  const flood = Array.from({ length: 700 }, () => app.inject(reader(noName('deadbeef'))))
  await noRoomFor(flood)
  assert.equal((await app.inject(reader(picture.forPlatform))).statusCode, 200)
  await Promise.all(flood)
})

test('P26: an address that asks for many names that do not exist is put off; other addresses and a platform behind it get their picture', async () => {
  const picture = await aPicture()
  const app = await aNewsroom()
  const ask = (url: string) => app.inject({ url, remoteAddress: '192.0.2.84' })
  const statuses = await Promise.all(Array.from({ length: 400 }, async () => (await ask(noName())).statusCode))
  const known = statuses.filter((status) => status === 404).length
  assert.ok(known >= 100 && known <= 200, `${known} were looked up`)
  assert.equal(statuses.filter((status) => status === 429).length, 400 - known)
  assert.equal((await ask(picture.forPlatform)).statusCode, 200)
  assert.equal((await app.inject(reader(picture.forReaders))).statusCode, 200)
})

test('P26: a name that does not exist is asked of the store once, however many ask for it; a platform is answered by the store', async () => {
  const { db: counting, asked } = countingOn('jsonb_path_query_array')
  const app = await aNewsroom(counting)
  const name = noName()
  for (let at = 0; at < 50; at++) assert.equal((await app.inject(reader(name))).statusCode, 404)
  assert.ok(asked() < 5, `${asked()} questions`)
  const before = asked()
  await app.inject(reader(mediaLinks.forPlatform(name.slice('/media/'.length)).slice(publicUrl.length)))
  assert.equal(asked(), before + 1)
})
