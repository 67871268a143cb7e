// Counting on X, held against X's own library: the same on ten thousand texts as people write them, and never less on any text.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import twitterText from 'twitter-text'
import { weight } from '../../connectors/x/count.ts'
import { x } from '../../connectors/x/index.ts'
import { linksIn } from '../../connectors/x/links.ts'
import { aPost } from '../support/builders.ts'

const theirs = (text: string): number => twitterText.parseTweet(text).weightedLength

const emoji = ['🚒', '👨‍👩‍👧‍👦', '🇩🇪', '👩🏽‍🚒', '⚠️', '⚡️', '1️⃣', '©️', '❤️', '👍🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🧑', '🏃‍♀️', '☔', '✈', '👁‍🗨']
const links = [
  'https://www.bonn.de/pressemitteilungen/2026/november/freibad-oeffnet-am-samstag?quelle=rundruf',
  'http://bonn.de',
  'bonn.de',
  'warnung.koeln',
  'x.bayern/a_(b)',
  'https://www.köln.de/ä',
  'www.stadt-frankfurt.de/warnung#jetzt',
  'HTTPS://BONN.DE/',
  'https://t.co/abcdefghij',
  'stadt@bonn.de',
  '@rhein',
  '@amt@bund.example',
  '#Bonn',
  'z.B.',
  '10.30',
]
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'Rhein',
      'und',
      'Straße',
      'Übung',
      'öffnet',
      '„Freibad“',
      '–',
      '…',
      '€',
      'ﬁ',
      'u\u0308',
      '中文',
      '한국',
      'мост',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...emoji) },
  { weight: 2, arbitrary: fc.constantFrom(...links) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
)
const gap = fc.constantFrom(' ', ' ', ' ', '\n\n', ', ', '. ', ': ', ' (', ') ')
const written = fc.array(fc.tuple(word, gap), { maxLength: 40 }).map((pieces) => pieces.flat().join(''))

/** Pieces of links and emoji in every order, and any character of Unicode. */
const piece = fc.oneof(
  fc.constantFrom(...emoji, ...links),
  fc.constantFrom(
    '.',
    '/',
    '?',
    '=',
    '&',
    '-',
    '_',
    '@',
    '#',
    '$',
    '(',
    ')',
    '“',
    '„',
    '"',
    '%20',
    'https://',
    'http://',
    'www.',
    'xn--',
    ':8080',
  ),
  fc.constantFrom(
    '\u200d',
    '\ufe0f',
    '\ufe0e',
    '\u20e3',
    '🏽',
    '👩',
    '1',
    'é',
    'ß',
    '\u200e',
    '\ufeff',
    '\ud83d',
    'İ',
    'ſ',
    'K',
    'рф',
    '.com',
    '.DE',
  ),
  fc.constantFrom('x'.repeat(70), 'ü'.repeat(70)),
  fc.string({ unit: 'binary', maxLength: 3 }),
)

describe('what a text counts on X', () => {
  test('is what X’s own library counts, on ten thousand texts as people write them', () => {
    fc.assert(
      fc.property(written, (text) => assert.equal(weight(text), theirs(text), JSON.stringify(text))),
      { numRuns: 10_000 },
    )
  })

  test('is never less than X’s own library counts, whatever the text', () => {
    const any = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(any, (text) => assert.ok(weight(text) >= theirs(text), JSON.stringify(text))),
      { numRuns: 10_000 },
    )
  })

  test('is never less for any single character, alone, coloured or with a tone of skin', () => {
    for (let point = 0; point < 0x1fbff; point += 1)
      for (const after of ['', '\ufe0f', '🏿']) {
        const text = String.fromCodePoint(point) + after
        if (weight(text) < theirs(text)) assert.fail(`U+${point.toString(16)} ${JSON.stringify(after)}: ${weight(text)} < ${theirs(text)}`)
      }
  })

  test('is quickly known for a text without end', () => {
    for (const text of [`${'a'.repeat(100_000)}.de`, 'a.'.repeat(20_000), `${'ü'.repeat(20_000)} bonn.de`, `${'(a'.repeat(20_000)}.de/(`])
      assert.ok(weight(text) > 280)
  })

  test('documented examples', () => {
    for (const [text, count] of [
      ['', 0],
      ['Grüße aus Bonn', 14],
      ['u\u0308', 1],
      ['„Straße“ – 5 €', 15],
      ['你好', 4],
      ['👨‍👩‍👧‍👦', 2],
      ['stadt.de', 23],
      ['Alles auf warnung.koeln!', 34],
      ['https://www.bonn.de/a-very-long-way-to-say-it', 23],
    ] as const)
      assert.equal(weight(text), count, text)
  })
})

describe('what a post costs on X', () => {
  for (const [text, amount] of [
    ['Das Freibad öffnet am Samstag um 9.30 Uhr.', 0.015],
    ['Mehr auf https://www.bonn.de/freibad', 0.2],
    ['Mehr auf bonn.de.', 0.2],
    ['Mehr bei @bonn und freibad@bonn.de', 0.015],
  ] as const)
    test(`${text} costs ${amount} USD`, () => assert.deepEqual(x.cost?.(aPost({ text })), { amount, currency: 'USD' }))

  test('links are found where X finds them', () => {
    const text = '„bonn.de“ (https://www.bonn.de/a(b)), warnung.koeln/x?y=1.'
    assert.deepEqual(
      linksIn(text).map(({ start, end }) => text.slice(start, end)),
      ['bonn.de', 'https://www.bonn.de/a(b)', 'warnung.koeln/x?y=1'],
    )
  })
})
