// Counting on Mastodon, held against its own grammar put together from twitter-text's parts, and against the lab's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import twitterText from 'twitter-text'
import { countOnMastodon } from '../../connectors/mastodon/count.ts'
import { measured } from '../../lab/mastodon/text.ts'

const { regexen } = twitterText as unknown as { readonly regexen: Readonly<Record<string, RegExp>> }
const part = (name: string): string => regexen[name]!.source

const inPath = String.raw`[^\s<>()?]`
const balanced = String.raw`\((?:${inPath}+|${inPath}*\(${inPath}+\)${inPath}*)\)`
const ending = String.raw`(?:[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]|${balanced})`
const path = String.raw`(?:(?:${inPath}*(?:${balanced}${inPath}*)*${ending})|(?:${inPath}+\/))`
const query = String.raw`\?[a-z0-9!?*'();:&=+$\/%#\[\]\-_.,~|@^\xa0-\uffff]*[a-z0-9_&=#\/\-\xa0-\uffff]`
/** config/initializers/twitter_regex.rb, `valid_url`. */
const validUrl = () =>
  new RegExp(
    `(${part('validUrlPrecedingChars')})(((?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://)?(${part('validDomain')})(?::[0-9]+)?(?:/${path}*)?(?:${query})?)`,
    'gi',
  )
const validMention =
  /(?<![=/\p{L}\p{M}\p{N}\p{Pc}])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(@[\p{L}\p{M}\p{N}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{N}\p{Pc}]+)*)?/giu
const endMention = /^(?:[@＠]|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]|[\u0300-\u036f]|:\/\/)/

const graphemes = (text: string): number => [...new Intl.Segmenter().segment(text)].length

/** StatusLengthValidator, line by line. */
const theirs = (text: string): number => {
  const entities: { start: number; end: number; counted: string }[] = []
  for (const { index, 1: before = '', 2: url = '', 3: protocol } of text.matchAll(validUrl())) {
    const start = index + before.length
    if (protocol) entities.push({ start, end: start + url.length, counted: 'x'.repeat(23) })
  }
  for (const { index, 0: whole, 1: name, 2: domain } of text.matchAll(validMention)) {
    const end = index + whole.length
    if (!endMention.test(text.slice(end)) && (domain?.length ?? 0) <= 254) entities.push({ start: index, end, counted: `@${name}` })
  }
  entities.sort((one, other) => one.start - other.start)
  let [counted, at] = ['', 0]
  for (const { start, end, counted: instead } of entities) {
    if (start < at) continue
    counted += text.slice(at, start) + instead
    at = end
  }
  return graphemes(counted + text.slice(at))
}

const long = `https://www.bonn.de/pressemitteilungen/${'sehr-lang-'.repeat(20)}`

test('a link counts 23, and what Mastodon does not take for one counts as written', () => {
  const counts: readonly [text: string, count: number][] = [
    [long, 23],
    [`Ü: ${long} 🚒`, 3 + 23 + 2],
    ['https://a.de', 23],
    // a fragment directly behind the host is outside the link
    ['https://www.bonn.de#jetzt-und-hier', 23 + '#jetzt-und-hier'.length],
    [`https://www.bonn.de#${'a'.repeat(100)}`, 23 + 101],
    ['https://www.bonn.de/#jetzt', 23],
    // top-level domains that twitter-text does not know
    ['https://www.rathaus.intern/meldungen/2026', 'https://www.rathaus.intern/meldungen/2026'.length],
    ['http://127.0.0.1:8080/bonn/0190f0e0', 'http://127.0.0.1:8080/bonn/0190f0e0'.length],
    ['http://localhost:8080/bonn/0190f0e0-0000', 'http://localhost:8080/bonn/0190f0e0-0000'.length],
    // without a scheme
    ['www.bonn.de/eine/lange/adresse/ohne/schema', 'www.bonn.de/eine/lange/adresse/ohne/schema'.length],
    [`https://bonn.de/${'a'.repeat(2_032)}`, 23],
    [`https://bonn.de/${'a'.repeat(2_033)}`, 2_049],
    ['https://t.co/abcdefghijk/mehr', 23 + 5],
    ['https://www.bonn.de@evil.example/xxxxxxxxxxx', 44],
    ['(https://de.wikipedia.org/wiki/Bonn_(Stadt)).', 26],
    ['https://bonn.de/straße-und-noch-mehr-davon', 23],
  ]
  for (const [text, count] of counts) assert.equal(countOnMastodon(text, 23), count, text)
  assert.equal(countOnMastodon('https://a.de', undefined), 12)
  assert.equal(countOnMastodon(long, 30), 30)
})

test('a remote mention counts its name, unless Mastodon takes it for none', () => {
  const counts: readonly [text: string, count: number][] = [
    ['Hallo @stadt@social.bund.de!', 'Hallo @stadt!'.length],
    ['@stadt.bonn@social.bund.de', '@stadt.bonn'.length],
    ['@stadt-bonn@social.bund.de:', '@stadt-bonn:'.length],
    ['Hallo @stadt und rathaus@bonn.de', 'Hallo @stadt und rathaus@bonn.de'.length],
    [`@stadt@${'a'.repeat(60)}.${'b'.repeat(200)}`, 7 + 261],
    ['https://a.de/@stadt@social.bund.de', 23],
    ['@stadt@bund.de@x', '@stadt@bund.de@x'.length],
    ['x=@stadt@bund.de', 'x=@stadt@bund.de'.length],
  ]
  for (const [text, count] of counts) assert.equal(countOnMastodon(text, 23), count, text)
})

const word = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('Rhein', 'und', 'Straße', 'Übung', '„Freibad“', '–', '€', 'u\u0308', '🚒', '👩🏽‍🚒', 'z.B.', '10.30 Uhr'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      long,
      'http://bonn.de',
      'bonn.de',
      'https://www.köln.de/ä',
      'www.stadt-frankfurt.de/warnung#jetzt',
      'https://bonn.de#jetzt-gleich-hier',
      'HTTPS://BONN.DE/',
      'https://rathaus.intern/eine/lange/adresse/hier',
      'https://de.wikipedia.org/wiki/Bonn_(Stadt)',
      'https://www.bonn.de@evil.example/x',
      'https://bonn.de?x=1&y=ü',
      'stadt@bonn.de',
      '@rhein',
      '@amt@bund.de',
      '@das.amt@social.bund.de',
      '#Bonn',
    ),
  },
)
const gaps = [' ', ' ', ' ', '\n\n', ', ', '. ', ': ', ' (', ') ']
const textsWith = (...more: readonly string[]) =>
  fc.array(fc.tuple(word, fc.constantFrom(...gaps, ...more)), { maxLength: 30 }).map((pieces) => pieces.flat().join(''))

test('10,000 texts as offices write them, and with words run together, count what the validator counts', () => {
  fc.assert(
    fc.property(textsWith(''), (text) => assert.equal(countOnMastodon(text, 23), theirs(text), text)),
    { numRuns: 10_000, seed: 4_711 },
  )
})

test('10,000 texts as offices write them count in the lab what the validator counts', () => {
  fc.assert(
    fc.property(textsWith(), (text) => assert.equal(measured(text, '', 23), theirs(text), text)),
    { numRuns: 10_000, seed: 4_712 },
  )
})

const scrap = fc.constantFrom(
  ...[
    '.',
    '/',
    '?',
    '=',
    '&',
    '-',
    '_',
    '@',
    '#',
    '(',
    ')',
    '“',
    '%20',
    'https://',
    'ssb://',
    'www.',
    'de',
    'bonn.de',
    'a',
    'ü',
    '中',
    ' ',
    '\u200d',
    '\u00ad',
  ],
  ...['🚒', '\u0301', ',', ':', ':80', '@amt@bund.de', 'https://t.co/', 'xn--kln-sna'],
)

test('whatever the text, the count is never less than the validator’s', () => {
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 24 }), (scraps) => {
      const text = scraps.join('')
      assert.ok(countOnMastodon(text, 23) >= theirs(text), `${text}: ${countOnMastodon(text, 23)} < ${theirs(text)}`)
    }),
    { numRuns: 10_000, seed: 4_713 },
  )
})

test('no text takes long to count', () => {
  for (const unit of ['https://', 'https://a.de/(', 'a.', 'ä', '@', '@a', '(', 'https://bonn.de,', 'a-', 'https://a.de/.'])
    countOnMastodon(`https://bonn.de/ ${unit.repeat(20_000 / unit.length)}`, 23)
})
