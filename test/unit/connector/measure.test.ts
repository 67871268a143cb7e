// Counting: the fast way and the slow way must agree, and links are found as people write them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { graphemes, graphemesWithLinksAt, linksIn, utf8Bytes } from '../../../src/connector/measure.ts'

const slow = (text: string) => [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].length

test('graphemes are what Unicode says, whatever the text', () => {
  const german = fc.string({ unit: fc.constantFrom(...'aß Ü„“–…€\r\n\t·', '\u0301', '\u200d', '👩', '🚒', '🏽', '🇩🇪') })
  fc.assert(fc.property(fc.oneof(german, fc.string({ unit: 'binary' })), (text) => graphemes(text) === slow(text)))
})

test('no single character that is counted the fast way joins its neighbours', () => {
  for (let code = 0; code < 0x2100; code += 1) {
    const text = `a${String.fromCharCode(code)}b${String.fromCharCode(code)}`
    assert.equal(graphemes(text), slow(text), code.toString(16))
  }
})

test('a family, a flag and a combined umlaut are one grapheme each', () => {
  assert.equal(graphemes('👨‍👩‍👧‍👦🇩🇪u\u0308'), 3)
  assert.equal(graphemes('Straße\r\n'), 7)
})

test('bytes are those of UTF-8', () => assert.equal(utf8Bytes('aß€🚒'), 1 + 2 + 3 + 4))

test('links are found without the punctuation of the sentence around them', () => {
  const found = (text: string) => linksIn(text).map((link) => link.url)
  assert.deepEqual(found('Mehr unter https://bonn.de/a?b=c#d.'), ['https://bonn.de/a?b=c#d'])
  assert.deepEqual(found('(siehe https://de.wikipedia.org/wiki/Bonn_(Begriff)) und „http://x.de“!'), [
    'https://de.wikipedia.org/wiki/Bonn_(Begriff)',
    'http://x.de',
  ])
  assert.deepEqual(found('https:// und ://x und bonn.de'), [])
})

test('a link costs its price and the rest of the text its graphemes', () => {
  assert.equal(graphemesWithLinksAt('Ü: https://bonn.de/sehr/lang/und/noch/viel/laenger 🚒', 23), 3 + 23 + 2)
  assert.equal(graphemesWithLinksAt('https://a.de', 23), 23)
  assert.equal(graphemesWithLinksAt('https://a.de', undefined), 12)
})

test('a link that a platform may not recognise counts at least as written', () => {
  const local = 'http://127.0.0.1:8080/bonn/0190f0e0-0000-7000-8000-000000000000'
  assert.equal(graphemesWithLinksAt(local, 23), local.length)
  assert.equal(graphemesWithLinksAt('https://bonn.de/straße-und-noch-mehr-davon', 23), 42)
})
