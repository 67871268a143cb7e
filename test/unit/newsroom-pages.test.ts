// What the public pages say: nothing that was put in gets out as markup, nothing is said twice, everything is marked in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { newsroom } from '../../connectors/newsroom.ts'
import { kinds, statuses } from '../../src/announcement/announcement.ts'
import type { Post } from '../../src/connector/connector.ts'
import { assets, kernClasses } from '../../src/newsroom/assets.ts'
import { standingOf } from '../../src/newsroom/channels-view.ts'
import { contrast, readable, themeCss } from '../../src/newsroom/colours.ts'
import { cityPage, indexPage, itemPage } from '../../src/newsroom/pages.ts'
import { excerpt, paragraphs } from '../../src/newsroom/text.ts'
import { bodyOf, plainTitle } from '../../src/newsroom/wording.ts'
import { render } from '../../src/rendering/render.ts'
import type { NewsroomItem } from '../../src/store/newsroom.ts'
import { aChannel, aCity, anAnnouncement, aPost } from '../support/builders.ts'
import { aVideo } from '../support/mp4.ts'

const choices = { kind: fc.constantFrom(...kinds), status: fc.constantFrom(...statuses), language: fc.constantFrom('de', 'en', 'ar') }
const publicUrl = 'https://rundruf.example'
const key = '01934c1e-7a37-7c8e-9d0b-3a4f6e2b9c71'

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

const aPage = (items: readonly NewsroomItem[], warnings: readonly NewsroomItem[] = []): string =>
  cityPage({ city: aCity(), items, warnings, older: null, before: null, suspended: new Set(), publicUrl }).toString()

/** What is read, without tags. */
const words = (page: string): string => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

test('no text, title, link or alternative text of a post becomes markup of the page', () => {
  const evil = fc.oneof(
    fc.string(),
    fc.constantFrom('<script>', '"><img src=x onerror=1>', "' onload='x", '</title>', '<!--', 'javascript:alert(1)'),
  )
  fc.assert(
    fc.property(evil, evil, evil, evil, (title, text, link, alt) => {
      const image = { id: 'a'.repeat(64), type: 'image/png', size: 1, width: 1, height: 1, alt }
      const item = anItem({ post: aPost({ title, text, link, images: [image] }) })
      const plain = anItem({ post: aPost({ title: 'T', text: 'x', link: null, images: [{ ...image, alt: 'A' }] }) })
      const tags = (page: string) =>
        (page.match(/<[a-z!/]+/g) ?? []).filter((tag) => tag !== '<p' && tag !== '</p' && tag !== '<br' && tag !== '<a' && tag !== '</a')
      assert.deepEqual(tags(aPage([item])).sort(), tags(aPage([plain])).sort())
      for (const [, href = ''] of aPage([item], [item]).matchAll(/href="([^"]*)"/g)) assert.match(href, /^(https?:\/\/|\/|#)/)
    }),
  )
})

test('every fate of an announcement is said in words', () => {
  const retracted = words(aPage([anItem({ retractedAt: '2025-02-14T10:00:00.000Z' })]))
  assert.match(retracted, /Zurückgezogen am 14\. Februar 2025, 11:00 Uhr/)
  assert.match(retracted, /Freibad öffnet am Samstag/)
  assert.match(words(aPage([anItem({ updatedAt: '2025-07-14T10:00:00.000Z' })])), /Korrigiert am 14\. Juli 2025, 12:00 Uhr/)
  const expires = '2025-02-15T00:00:00.000Z'
  assert.match(words(aPage([anItem({ post: aPost({ expires }), expired: true })])), /Nicht mehr gültig seit 15\. Februar 2025, 01:00 Uhr/)
  assert.match(words(aPage([anItem({ post: aPost({ expires }) })])), /Gültig bis 15\. Februar 2025/)
  assert.match(words(aPage([anItem({ clearedBy: { key, at: expires } })])), /Entwarnung am 15\. Februar 2025.*Zur Entwarnung/)
  assert.match(
    words(aPage([anItem({ clears: { key, title: 'WARNUNG: Rauch', kind: 'warning', status: 'Actual' } })])),
    /Entwarnung zu: Rauch/,
  )
  for (const status of ['Exercise', 'Test'] as const)
    assert.match(words(aPage([anItem({ post: aPost({ status }) })])), /ÜBUNG.* Keine echte Gefahr/)
})

test('a retracted text is struck out, on the page of the city and on its own', () => {
  const item = anItem({ retractedAt: '2025-02-14T10:00:00.000Z' })
  for (const page of [aPage([item]), itemPage({ city: aCity(), item, publicUrl }).toString()])
    assert.match(page, /<del datetime="2025-02-14T10:00:00.000Z">Freibad öffnet am Samstag<\/del>/)
})

test('a warning that holds is above everything, on the page of the city and on that of all', () => {
  const warning = anItem({ post: aPost({ kind: 'warning', severity: 'Extreme', title: 'Hochwasser' }) })
  const city = words(aPage([], [warning]))
  assert.match(city, /Aktuelle Warnung Warnung: Extreme Gefahr Hochwasser.*Meldungen/)
  const all = indexPage({ cities: new Map([['bonn', aCity()]]), warnings: [warning], newest: new Map(), publicUrl }).toString()
  assert.match(words(all), /Aktuelle Warnung Bonn · Warnung: Extreme Gefahr Hochwasser/)
  assert.doesNotMatch(words(aPage([warning])), /Aktuelle Warnung/)
})

test('without announcements the page says so, and still shows channels and feeds', () => {
  const page = aPage([])
  assert.match(words(page), /Es gibt noch keine Meldungen/)
  for (const file of ['feed.rss', 'feed.atom', 'feed.json']) {
    assert.match(page, new RegExp(`<link rel="alternate" type="[^"]+" href="/bonn/${file}"`))
    assert.match(page, new RegExp(`<a class="kern-link" href="/bonn/${file}"`))
  }
})

test('every channel of the city is shown with how it stands, since when, and why', () => {
  const because = 'X passt nicht zu den Werten der Stadt.'
  const channels = [
    aChannel({ name: 'm', platform: 'mastodon', url: 'https://social.example/@bonn' }),
    aChannel({ name: 'b', platform: 'bluesky', url: 'https://bsky.app/profile/bonn' }),
    aChannel({ name: 'x', platform: 'x', use: 'emergency-only', since: '2025-02-14', because, url: 'https://x.com/bonn' }),
    aChannel({ name: 't', platform: 'threads', use: 'dormant', since: '2025-01-01', url: 'https://threads.example/bonn' }),
    aChannel({ name: 'f', platform: 'facebook', use: 'left', since: '2025-02-03', url: 'https://facebook.example/bonn' }),
    aChannel({ name: 'g', platform: 'google-plus', url: 'https://plus.google.com/bonn' }),
  ]
  const suspended = new Set(['b'])
  const content = { city: aCity({ channels }), items: [], warnings: [], older: null, before: null, suspended, publicUrl }
  const page = cityPage(content).toString()
  const read = words(page)
  assert.match(read, /Aktiv Mastodon .*Nur im Notfall X .*Seit dem 14\. Februar 2025\. X passt nicht zu den Werten der Stadt\./)
  assert.match(read, /Zurzeit gestört Bluesky .*Ruht Threads .*Ruht seit dem 1\. Januar 2025\./)
  assert.match(
    read,
    /Geschlossen Facebook .*Geschlossen am 3\. Februar 2025\. .*Google\+ .*Die Plattform wurde am 2\. April 2019 eingestellt\./,
  )
  assert.match(page, /href="https:\/\/social\.example\/@bonn"/)
  assert.doesNotMatch(page, /facebook\.example|plus\.google/)
  assert.deepEqual(
    channels.map((channel) => standingOf(channel, suspended)),
    ['open', 'disturbed', 'emergency', 'resting', 'closed', 'closed'],
  )
})

test('what is in another language says so', () => {
  assert.match(aPage([anItem({ post: aPost({ language: 'ar', title: 'تحذير' }) })]), /<h3 class="item-title" dir="auto" lang="ar">/)
  assert.match(aPage([anItem()]), /^<!doctype html>\n<html lang="de">/)
})

test('a page full of the longest announcements stays under 60 KB, a usual one even with its style sheets', () => {
  const text = 'Überschwemmungsgebiet & „Straße" '.repeat(2000)
  const images = Array.from({ length: 4 }, () => ({
    id: 'a'.repeat(64),
    type: 'image/png',
    size: 1,
    width: 1,
    height: 1,
    alt: 'Ein Bild. '.repeat(500),
  }))
  const items = Array.from({ length: 15 }, () => anItem({ post: aPost({ text, title: 'Ein ziemlich langer Titel '.repeat(5), images }) }))
  assert.ok(Buffer.byteLength(aPage(items)) < 60_000)
  assert.ok(Buffer.byteLength(assets().style.body) < 36_000)
  const usual = Array.from({ length: 15 }, () => anItem())
  assert.ok(Buffer.byteLength(aPage(usual)) + Buffer.byteLength(assets().style.body) + themeCss(aCity().colours).length < 60_000)
})

test('a page has no script, no inline style and nothing from another host', () => {
  const page = aPage([anItem()], [anItem()])
  assert.doesNotMatch(page, /<script|<style|style=|\son[a-z]+=/)
  for (const [, address = ''] of page.matchAll(/(?:src|<link rel="(?:stylesheet|icon)" href)="([^"]*)"/g)) assert.match(address, /^\/[a-z]/)
})

test('the title before and the link after the text are shown once', () => {
  const link = 'https://www.bonn.de/freibad'
  const body = (over: Partial<Post>) => bodyOf(aPost({ title: 'T', link, ...over }))
  assert.deepEqual(body({ text: `T\n\nText.\n\n${link}` }), { text: 'Text.', link })
  assert.deepEqual(body({ text: `Siehe ${link} für mehr.` }), { text: `Siehe ${link} für mehr.`, link: null })
  assert.deepEqual(body({ text: `Mehr unter ${link}` }), { text: `Mehr unter ${link}`, link: null })
  assert.deepEqual(body({ title: 'Text', text: 'Textil', link: null }), { text: 'Textil', link: null })
  assert.deepEqual(body({ text: 'T', link: 'javascript:alert(1)' }), { text: '', link: null })
})

test('what rendering puts around the words of the city is taken off again: the page says it by other means', () => {
  const words = fc.stringMatching(/^[A-Z][a-zäöü]{2,9}( [a-zäöü]{2,9}){0,5}$/)
  const links = fc.constantFrom(null, 'https://www.bonn.de/a?b=c')
  const ends = fc.constantFrom(null, '2099-01-01T00:00:00.000Z')
  const { kind: ofKind, status: ofStatus, language: ofLanguage } = choices
  fc.assert(
    fc.property(words, words, links, ends, ofKind, ofStatus, ofLanguage, (title, text, link, expires, kind, status, language) => {
      const announcement = anAnnouncement({ title, text, link, expires, kind, status, language })
      const rendered = render(announcement, aChannel(), { connector: newsroom, limits: newsroom.limits, cityName: 'Bonn' })
      assert.ok(rendered.fits)
      assert.equal(plainTitle(rendered.post), title)
      assert.deepEqual(bodyOf(rendered.post), { text, link })
    }),
  )
})

test('web addresses in a text become links without the punctuation of the sentence', () => {
  assert.equal(
    paragraphs('Mehr: https://www.bonn.de/a?b=1&c=2).\nDanke\n\nEnde', {}).toString(),
    '<p>Mehr: <a class="kern-link" href="https://www.bonn.de/a?b=1&amp;c=2">bonn.de/a?b=1&amp;c=2</a>).<br>Danke</p><p>Ende</p>',
  )
})

test('an excerpt is never longer than asked for and is a beginning of the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 10, max: 200 }), (text, max) => {
      const short = excerpt(text, max, 'notice')
      assert.equal(short.cut, text.length > max)
      if (!short.cut) return assert.equal(short.text, text)
      assert.ok(/(?:…|\.\.)$/.test(short.text) && short.text.length <= max + 2)
      assert.ok(text.trimStart().startsWith(short.text.slice(0, -1).trim()))
    }),
    { seed: 160 },
  )
})

test('an excerpt of a warning ends after a whole sentence, or says nothing of the text', () => {
  const text = 'Öffnen Sie die Türen und Fenster im Keller auf keinen Fall. Bleiben Sie im Haus.'
  assert.equal(excerpt(text, 70, 'warning').text, 'Öffnen Sie die Türen und Fenster im Keller auf keinen Fall. …')
  assert.equal(excerpt(text, 50, 'warning').text, '…')
})

test('an excerpt of a text that begins with a long address or a long word is not an ellipsis alone', () => {
  const address = `https://www.bonn.de/${'hochwasser/'.repeat(30)}`
  assert.equal(excerpt(`${address} Die Brücke ist gesperrt.`, 90, 'notice').text, `${address} …`)
  assert.equal(excerpt(`${'Donaudampfschiff'.repeat(20)} fährt`, 32, 'notice').text, 'DonaudampfschiffDonaudampfschiff …')
  assert.equal(excerpt('👨‍👩‍👧‍👦'.repeat(20), 12, 'notice').text, '👨‍👩‍👧‍👦 …')
})

test('whatever colours a city has, text on them and in them reaches WCAG AA', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(colour, colour, (primary, onPrimary) => {
      const css = themeCss({ primary, onPrimary })
      const ink = /--city-on:(#\w{6})/.exec(css)?.[1]
      assert.equal(/--city:(#\w{6})/.exec(css)?.[1], primary)
      assert.ok(contrast(primary, ink!) >= 4.5)
      for (const ground of ['#ffffff', '#f1f2f6', '#1f2338', '#000000']) assert.ok(contrast(readable(primary, ground), ground) >= 4.5)
    }),
  )
  assert.match(themeCss({ primary: 'red;}body{display:none', onPrimary: 'white' }), /^:root\{--city:#1a3da5;/)
})

test('the style sheet has every KERN class and variable that the pages use, and little else', () => {
  const { body } = assets().style
  for (const name of kernClasses) assert.ok(body.includes(`.${name}`), name)
  const declared = new Set([...body.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]))
  const ours = new Set(['--city', '--city-on', '--city-accent'])
  const missing = [...body.matchAll(/var\((--[\w-]+)\)/g)]
    .map((match) => match[1]!)
    .filter((name) => !declared.has(name) && !ours.has(name))
  assert.deepEqual([...new Set(missing)], [])
  assert.match(body, /^\/\* Auszug aus KERN/)
  assert.equal(body.split('{').length, body.split('}').length)
})

test('a film is shown with its captions, loads nothing before somebody wants to see it, and says what is to be seen', () => {
  const { video } = aVideo('Ein Sprung <vom> Turm')
  const page = itemPage({ city: aCity(), item: anItem({ post: aPost({ video }) }), publicUrl }).toString()
  assert.match(page, new RegExp(`<video [^>]*controls preload="none"[^>]*><source src="/media/${video.id}" type="video/mp4">`))
  assert.match(page, new RegExp(`<track kind="captions" src="/media/${video.captions[0]?.id}" srclang="de"`))
  assert.match(page, /<figcaption>Ein Sprung &lt;vom&gt; Turm<\/figcaption>/)
})
