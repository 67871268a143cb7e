// The feeds: well-formed whatever was put in, the same identities for ever, retractions kept and marked.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv, type SchemaObject } from 'ajv'
import ajvFormats from 'ajv-formats'
import fc from 'fast-check'
import { XmlDocument, type XmlElement } from 'libxml2-wasm'
import { atom } from '../../src/newsroom/feeds/atom.ts'
import { type Feed, feedOf } from '../../src/newsroom/feeds/feed.ts'
import { jsonFeed } from '../../src/newsroom/feeds/json-feed.ts'
import { rss } from '../../src/newsroom/feeds/rss.ts'
import type { NewsroomItem } from '../../src/store/newsroom.ts'
import { aCity, aPost } from '../support/builders.ts'
import { aVideo } from '../support/mp4.ts'

const specs = process.env.RUNDRUF_SPECS ?? join(import.meta.dirname, '../../../shared/specs')
const jsonFeedSchema = join(specs, 'jsonfeed-feed.json')
const key = '01934c1e-7a37-7c8e-9d0b-3a4f6e2b9c71'
const image = { id: 'a'.repeat(64), type: 'image/jpeg', size: 4711, width: 1200, height: 675, alt: 'Die „neue“ Brücke & der <Rhein>' }

const anItem = (over: Partial<NewsroomItem> = {}): NewsroomItem => ({
  city: 'bonn',
  key,
  post: aPost(),
  publishedAt: '2025-02-14T09:30:00.000Z',
  updatedAt: null,
  retractedAt: null,
  expired: false,
  clearedBy: null,
  clears: null,
  ...over,
})

const aFeed = (items: readonly NewsroomItem[], file = 'feed.rss'): Feed =>
  feedOf({ city: aCity(), items, publicUrl: 'https://rundruf.example', file })

const anyPost = fc.record({
  title: fc.string({ unit: 'binary' }),
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<b>&amp;', '\u0000\u000b\ufffe', '\ud800', '<!--')),
  link: fc.constantFrom(null, 'https://bonn.de/?a=1&b="2"', 'javascript:alert(1)'),
  language: fc.constantFrom('de', 'en', 'ar'),
  images: fc.constantFrom([], [image]),
})

test('both XML feeds are well-formed and the JSON feed is JSON, whatever was put in', () => {
  fc.assert(
    fc.property(anyPost, (post) => {
      const feed = aFeed([anItem({ post: aPost(post) })])
      for (const text of [rss(feed), atom(feed)]) XmlDocument.fromString(text.toString()).dispose()
      assert.equal(JSON.parse(jsonFeed(feed)).items.length, 1)
    }),
  )
})

test('a decorative image has an empty alternative text in the entry, and its file no title', () => {
  const feed = aFeed([anItem({ post: aPost({ images: [{ ...image, alt: '' }] }) })])
  assert.ok(feed.entries[0]?.html.toString().includes('alt=""'))
  assert.match(atom(feed).toString(), /<link rel="enclosure"[^>]*type="image\/jpeg"\/>/)
  assert.ok(!('title' in JSON.parse(jsonFeed(feed)).items[0].attachments[0]))
})

test('identity is the same through correction and retraction, the time of change is not', () => {
  const updatedAt = '2025-02-14T10:00:00.000Z'
  const retractedAt = '2025-02-14T11:00:00.000Z'
  const fates = [anItem(), anItem({ updatedAt, post: aPost({ title: 'Anders' }) }), anItem({ updatedAt, retractedAt })]
  const seen = fates.map((item) => xmlOf(atom(aFeed([item]))))
  assert.deepEqual(
    seen.map((feed) => feed.read('//a:entry/a:id')),
    Array(3).fill(`urn:uuid:${key}`),
  )
  assert.deepEqual(
    seen.map((feed) => feed.read('//a:entry/a:updated')),
    ['2025-02-14T09:30:00.000Z', updatedAt, retractedAt],
  )
  assert.deepEqual(
    seen.map((feed) => feed.read('/a:feed/a:updated')),
    ['2025-02-14T09:30:00.000Z', updatedAt, retractedAt],
  )
  assert.equal(new Set(seen.map((feed) => feed.read('/a:feed/a:id'))).size, 1)
  assert.equal(seen[2]!.read('//a:entry/a:title'), 'Zurückgezogen: Freibad öffnet am Samstag')
  for (const item of fates) {
    const [entry] = JSON.parse(jsonFeed(aFeed([item]))).items
    assert.equal(entry.id, `urn:uuid:${key}`)
    assert.equal(entry.url, `https://rundruf.example/bonn/${key}`)
  }
})

test('the identity of a feed is that of its city and does not hang on its address', () => {
  const here = aFeed([])
  const there = feedOf({ city: aCity(), items: [], publicUrl: 'https://newsroom.bonn.example', file: 'feed.atom' })
  assert.equal(there.id, here.id)
  assert.equal(here.id, 'urn:uuid:38556e6b-e6ae-57d5-b368-a48293cca3fd')
  assert.notEqual(feedOf({ city: aCity({ key: 'mainz' }), items: [], publicUrl: '', file: 'feed.rss' }).id, here.id)
})

test('RSS has a lasting guid, RFC 822 dates, escaped HTML and the image as enclosure', () => {
  const text = rss(aFeed([anItem({ post: aPost({ images: [image], text: 'Eins & zwei\n\nDrei' }) })]))
  const feed = xmlOf(text)
  assert.equal(feed.read('/rss/channel/item/guid'), `urn:uuid:${key}`)
  assert.equal(feed.read('/rss/channel/item/guid/@isPermaLink'), 'false')
  assert.equal(feed.read('/rss/channel/item/pubDate'), 'Fri, 14 Feb 2025 09:30:00 GMT')
  assert.equal(feed.read('/rss/channel/atom:link/@href'), 'https://rundruf.example/bonn/feed.rss')
  assert.equal(feed.read('/rss/channel/item/enclosure/@length'), '4711')
  assert.equal(feed.read('/rss/channel/item/enclosure/@url'), `https://rundruf.example/media/${image.id}`)
  const description = feed.read('/rss/channel/item/description')
  assert.match(
    description,
    /^<p>Eins &amp; zwei<\/p><p>Drei<\/p><p><a href="https:\/\/www\.bonn\.de\/freibad">Mehr dazu auf bonn\.de<\/a><\/p>/,
  )
  assert.ok(description.includes('alt="Die „neue“ Brücke &amp; der &lt;Rhein&gt;"'))
})

test('a film is what can be fetched beside an entry, in all three feeds', () => {
  const { video } = aVideo('Ein Sprung vom Turm')
  const items = [anItem({ post: aPost({ video }) })]
  const url = `https://rundruf.example/media/${video.id}`
  const enclosure = xmlOf(rss(aFeed(items)))
  assert.deepEqual(
    ['url', 'length', 'type'].map((name) => enclosure.read(`/rss/channel/item/enclosure/@${name}`)),
    [url, `${video.size}`, 'video/mp4'],
  )
  assert.ok(
    String(atom(aFeed(items))).includes(
      `<link rel="enclosure" href="${url}" length="${video.size}" type="video/mp4" title="Ein Sprung vom Turm"/>`,
    ),
  )
  assert.ok(JSON.stringify(jsonFeed(aFeed(items))).includes(url))
})

test('title and text say what must be known before reading', () => {
  const warning = aPost({ kind: 'warning', severity: 'Severe', title: 'Hochwasser', expires: '2025-02-15T00:00:00.000Z' })
  const titles = [
    anItem({ post: warning }),
    anItem({ post: { ...warning, status: 'Exercise' } }),
    anItem({ post: { ...warning, kind: 'all-clear', title: 'Entwarnung: Brand gelöscht' } }),
  ].map((item) => aFeed([item]).entries[0]!.title)
  assert.deepEqual(titles, ['Warnung: Hochwasser', 'ÜBUNG: Warnung: Hochwasser', 'Entwarnung: Brand gelöscht'])
  const [entry] = aFeed([anItem({ post: warning })]).entries
  assert.deepEqual(entry?.tags, ['Warnung', 'Große Gefahr'])
  assert.match(entry?.text ?? '', /^Große Gefahr\n\nGültig bis 15\. Februar 2025, 01:00 Uhr\n\n/)
})

test('an empty feed is a feed', () => {
  const feed = aFeed([])
  assert.equal(xmlOf(atom(feed)).read('/a:feed/a:updated'), '1970-01-01T00:00:00.000Z')
  XmlDocument.fromString(rss(feed).toString()).dispose()
  assert.deepEqual(JSON.parse(jsonFeed(feed)).items, [])
})

test('the JSON feed keeps to the schema of JSON Feed 1.1', (context) => {
  if (!existsSync(jsonFeedSchema)) return context.skip(`no schema at ${jsonFeedSchema} (set RUNDRUF_SPECS)`)
  const valid = jsonFeedValidator()
  const check = (items: readonly NewsroomItem[]): void => {
    const feed = JSON.parse(jsonFeed(aFeed(items, 'feed.json')))
    assert.ok(valid(feed), JSON.stringify(valid.errors))
  }
  check([])
  check([anItem({ post: aPost({ images: [image] }), retractedAt: '2025-02-14T11:00:00.000Z' }), anItem()])
  fc.assert(fc.property(anyPost, (post) => check([anItem({ post: aPost(post) })])))
  assert.equal(valid({ version: 'https://jsonfeed.org/version/1.1', title: 'T', items: [{ id: 1 }] }), false)
})

/** The published schemas are draft-04; what they use means the same in draft-07 once `id` is left out. */
const jsonFeedValidator = () => {
  const ajv = new Ajv({ strict: false })
  ajvFormats.default(ajv)
  const schema = (name: string): SchemaObject => {
    const { $schema, id, ...rest } = JSON.parse(readFileSync(join(specs, name), 'utf8').replaceAll('"feed-1#', '"feed-1.json#'))
    return rest
  }
  ajv.addSchema(schema('jsonfeed-feed-1.json'), 'feed-1.json')
  return ajv.compile(schema('jsonfeed-feed.json'))
}

const names = { a: 'http://www.w3.org/2005/Atom', atom: 'http://www.w3.org/2005/Atom' }

const xmlOf = (text: { toString(): string }): { read(path: string): string } => {
  const document = XmlDocument.fromString(text.toString())
  return { read: (path) => (document.get(path, names) as XmlElement | null)?.content ?? `nothing at ${path}` }
}
