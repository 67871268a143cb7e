// The lab's small pure parts: counting, links, HTML, content ids, timestamp ids, rate windows, the reading of faults.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cidOfBytes, cidOfRecord } from '../../lab/bluesky/cid.ts'
import { openTids } from '../../lab/bluesky/tid.ts'
import { faultKinds, openFaults, readWish } from '../../lab/faults.ts'
import { graphemes } from '../../lab/graphemes.ts'
import { html } from '../../lab/html.ts'
import { contentOf, hashtagsOf, linksOf, marksOf, measured } from '../../lab/mastodon/text.ts'
import { counter } from '../../lab/rate.ts'

const segmenter = new Intl.Segmenter()

test('characters are counted as grapheme clusters, in simple and in complex text', () => {
  assert.equal(graphemes('Grüße'), 5)
  assert.equal(graphemes('👨‍👩‍👧‍👦👋🏽'), 2)
  const units = fc.constantFrom('a', 'ß', '\n', '\r', '€', '„', '\u00ad', '\u200b', '\u200d', '\u0301', '👩', '🏽', '🇩', '\ufe0f')
  const signs = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: units }))
  fc.assert(fc.property(signs, (text) => graphemes(text) === [...segmenter.segment(text)].length))
})

test('every link counts 23 and a remote mention only its name, whatever their length', () => {
  const long = `https://www.bonn.de/${'a'.repeat(200)}`
  assert.equal(measured(`${long}`, '', 23), 23)
  assert.equal(measured(`Siehe http://a.de.`, '', 23), 'Siehe '.length + 23 + 1)
  assert.equal(measured('https://bonn.de#oben http://127.0.0.1/a', '', 23), 23 + '#oben http://127.0.0.1/a'.length)
  assert.equal(measured(`(${long})`, '', 23), 25)
  assert.equal(measured('Hallo @stadt@social.bund.de!', '', 23), 'Hallo @stadt!'.length)
  assert.equal(measured('Hallo @stadt und rathaus@bonn.de', '', 23), 'Hallo @stadt und rathaus@bonn.de'.length)
  assert.equal(measured('Text', 'Warnung', 23), 11)
  assert.equal(measured(long, '', 30), 30)
})

test('a link ends before the punctuation of its sentence and keeps the brackets that it opened', () => {
  const hrefs = (text: string) => linksOf(text).map(({ href }) => href)
  assert.deepEqual(hrefs('Mehr (https://de.wikipedia.org/wiki/Bonn_(Stadt)), auch http://bonn.de/?a=1&b=2!'), [
    'https://de.wikipedia.org/wiki/Bonn_(Stadt)',
    'http://bonn.de/?a=1&b=2',
  ])
  assert.deepEqual(hrefs('javascript:alert(1) ftp://x.de bonn.de'), [])
})

test('hashtags are found with umlauts, once each, and never inside a link or as a number', () => {
  assert.deepEqual(hashtagsOf('#Übung #Übung #2026 https://bonn.de/#oben a#b #Bonn2026'), ['Übung', 'Bonn2026'])
  assert.deepEqual(
    marksOf('#Bonn https://bonn.de', 'http://x').map(({ href }) => href),
    ['http://x/tags/bonn', 'https://bonn.de'],
  )
})

test('the HTML of a status has paragraphs, breaks and links, and nothing of the text gets out of it', () => {
  assert.equal(contentOf('Eins\nzwei\n\ndrei', 'http://x'), '<p>Eins<br />zwei</p><p>drei</p>')
  assert.match(contentOf('<script>"&', 'http://x'), /^<p>&lt;script&gt;&quot;&amp;<\/p>$/)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '#', 'a', ' ', 'https://b.de/', '\n') }), (text) => {
      const tags = contentOf(text, 'http://x').match(/<[^>]*>/g) ?? []
      return tags.every((tag) => /^<(\/?(p|a|span)|br \/|a href="[^"<>]*"[^<>]*|span class="\w*")>$/.test(tag))
    }),
  )
})

test('a template escapes whatever is put into it, but not HTML made by it', () => {
  assert.equal(
    html`<p title="${'"'}">${['<b>', html`<i>${'&'}</i>`, null, false, 3]}</p>`.html,
    '<p title="&quot;">&lt;b&gt;<i>&amp;</i>3</p>',
  )
})

test('content ids are those of the AT Protocol: vectors made with @atproto/lex-cbor and @atproto/lex-data', () => {
  assert.equal(cidOfBytes(Buffer.from('hallo')), 'bafkreigtouoth6onkbe4jlzliyttkrl6ju526eylzo4h6oe6gsp3v2zaxe')
  const blob = {
    $type: 'blob',
    ref: { $link: 'bafkreigtouoth6onkbe4jlzliyttkrl6ju526eylzo4h6oe6gsp3v2zaxe' },
    mimeType: 'image/png',
    size: 5,
  }
  const record = {
    $type: 'app.bsky.feed.post',
    createdAt: '2026-01-01T00:00:00.000Z',
    text: 'Grüße 👋',
    langs: ['de'],
    n: [1, -1, 24, 300, 70_000, 5_000_000_000],
    b: true,
    z: null,
    embed: { $type: 'app.bsky.embed.images', images: [{ alt: 'A', image: blob }] },
  }
  assert.equal(cidOfRecord(record), 'bafyreie7tulzonpmopo2rce23lgyw6kwsz5w5wwvjtjlud5v7syobwf2x4')
  assert.equal(cidOfRecord(Object.fromEntries(Object.entries(record).reverse())), cidOfRecord(record))
})

test('timestamp ids are well formed and always larger than the last, even when the clock steps back', () => {
  let clock = 1_800_000_000_000
  const next = openTids(() => clock)
  const ids = [next(), next(), next()]
  clock -= 60_000
  ids.push(next(), next())
  for (const id of ids) assert.match(id, /^[234567abcdefghij][234567a-z]{12}$/)
  assert.deepEqual(ids.toSorted(), ids)
  assert.equal(new Set(ids).size, ids.length)
})

test('a rate window counts points per key, refuses one too many, and opens again when its time is over', () => {
  let clock = 1_000_500
  const rate = counter({ points: 5, seconds: 10 }, () => clock, false)
  assert.deepEqual(rate.take('a', 3), { limit: 5, seconds: 10, remaining: 2, resetAt: 1_010_500, allowed: true })
  assert.equal(rate.take('b', 5).allowed, true)
  assert.equal(rate.take('a', 3).allowed, false)
  clock += 10_000
  assert.equal(rate.take('a', 5).allowed, true)
  assert.equal(counter({ points: 1, seconds: 300 }, () => clock, true).take('a').resetAt, 1_200_000)
})

test('a wrong wish for a fault is answered with a sentence that names what is wrong', () => {
  const wrong: readonly [unknown, RegExp][] = [
    [undefined, /JSON object/],
    [[], /JSON object/],
    [{}, /"fault" must be one of: refuse/],
    [{ fault: 'toString' }, /"fault" must be one of/],
    [{ fault: 'slow', often: 3 }, /"often" is not a setting/],
    [{ fault: 'slow', times: -1 }, /"times"/],
    [{ fault: 'slow', times: 1.5 }, /"times"/],
    [{ fault: 'slow', afterMs: '5' }, /"afterMs"/],
    [{ fault: 'slow', afterMs: 2 ** 31 }, /"afterMs"/],
    [{ fault: 'slow', account: 5 }, /"account"/],
    [{ fault: 'slow', operation: 'all' }, /"operation" must be one of/],
    [{ fault: 'throttle', retryAfter: -1 }, /"retryAfter"/],
  ]
  for (const [wish, sentence] of wrong) assert.match(String(readWish(wish)), sentence)
  for (const fault of Object.keys(faultKinds)) assert.deepEqual(readWish({ fault, times: 'always' }), { fault, times: 'always' })
})

test('a fault meets only its platform, account and operation, as often as it was asked to', () => {
  const faults = openFaults()
  faults.set('mastodon', { fault: 'refuse', times: 2, account: 'bonn' })
  const bonn = { account: 'bonn', operation: 'publish' } as const
  assert.equal(faults.take('bluesky', bonn), undefined)
  assert.equal(faults.take('mastodon', { account: 'mainz', operation: 'publish' }), undefined)
  assert.equal(faults.take('mastodon', { account: 'bonn', operation: 'read' }), undefined)
  assert.equal(faults.take('mastodon', bonn)?.fault, 'refuse')
  assert.equal(faults.list()[0]?.left, 1)
  assert.equal(faults.take('mastodon', bonn)?.fault, 'refuse')
  assert.equal(faults.take('mastodon', bonn), undefined)
  for (const times of [0, 'always'] as const) {
    faults.set('mastodon', { fault: 'hang', times, operation: 'any' })
    for (let turn = 0; turn < 5; turn++) assert.equal(faults.take('mastodon', { account: null, operation: 'session' })?.fault, 'hang')
  }
  faults.clear('mastodon')
  assert.deepEqual(faults.list(), [])
})
