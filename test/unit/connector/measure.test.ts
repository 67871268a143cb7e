// Counting: the fast way and the slow way must agree.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { graphemes, utf8Bytes } from '../../../src/connector/measure.ts'

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
