// What a cleaned text is, whatever was put in.
import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import fc from 'fast-check'
import { clean, faultsOf } from '../../src/announcement/hygiene.ts'

const sign = fc.constantFrom(
  ...[
    'a',
    'ü',
    'u',
    '\u0308',
    '\u0301',
    ' ',
    '\n',
    '\r',
    '\v',
    '\f',
    '\t',
    '\u0085',
    '\u2028',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2060',
  ],
  ...[
    '\ufeff',
    '\ufe0f',
    '\ufe0e',
    '\u034f',
    '\u3164',
    '\u115f',
    '\uf0b7',
    '\uf0e0',
    '\ue000',
    '\ufffd',
    '\ufff9',
    '\u202e',
    '👩',
    '🚒',
    '🏴',
    'م',
    'क',
    '\u094d',
  ],
  ...['\u{e0067}', '\u{e0062}', '\u{e0065}', '\u{e006e}', '\u{e007f}', '\u{e0100}', '\ud800', '1', '\u20e3'],
)
const anyText = fc.oneof(
  fc.array(sign, { maxLength: 20 }).map((signs) => signs.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

test('what is clean stays as it is when it is cleaned once more', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, lines) => assert.equal(clean(clean(text, lines), lines), clean(text, lines))),
    { numRuns: 10_000, seed: 3_164 },
  )
})

test('a clean text without faults has nothing in it that cannot be seen, but for joiners, marks of direction and what makes an emoji', () => {
  const hidden = /[\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\p{Co}]|\u034f/u
  const flag = /\u{1f3f4}\u{e0067}\u{e0062}[\u{e0061}-\u{e007a}]{3}\u{e007f}/gu
  fc.assert(
    fc.property(anyText, (text) => {
      const taken = clean(text)
      if (faultsOf(taken, 1_000, true).length > 0) return
      assert.doesNotMatch(taken, hidden)
      assert.doesNotMatch(taken.replace(flag, ''), /[\u{e0000}-\u{e0fff}]/u)
      assert.doesNotMatch(taken, /[\r\v\f\x85]|[\ufe00-\ufe0f]{2}/)
    }),
    { numRuns: 10_000, seed: 3_165 },
  )
})

test('office texts pass as they are', () => {
  for (const text of [
    'Die Straße „Am Hofgarten“ ist bis 14. Februar, 18:00 Uhr gesperrt – Umleitung über §-Platz (z. B. Linie 66).',
    'Bürger*innen, Bürger:innen & Bürger_innen: 10 % auf alles ≥ 5 €, CO₂ ½ ‰ ← → ✓ ✗',
    '• Erstens\n\t– Zweitens\n1. Drittens',
    'Île-de-France, Łódź, Čeština, Türkçe, Ελληνικά, українська, العربية',
  ])
    assert.deepEqual([clean(text), faultsOf(text, 1_000, true)], [text, []])
})

describe('signs that nobody sees', () => {
  const among = [
    '\u{1d173}',
    '\u{1bca0}',
    '\u17b4',
    '\u180b',
    '\u180f',
    '\ufe01',
    '\u{13430}',
    '\u{110bd}',
    '\u0600',
    '\u070f',
    '\u200e',
    '\u061c',
  ]

  it('are taken out of words in Latin letters, whatever script they come from', () => {
    for (const sign of among) assert.equal(clean(`Evaku${sign}ierung`), 'Evakuierung', sign.codePointAt(0)?.toString(16))
    assert.equal(clean('Gefahr!\u2800Weg'), 'Gefahr! Weg')
  })

  it('stay where their script or an emoji needs them', () => {
    for (const text of ['ᠠ᠋ᠡ', 'مرحبا\u200fبك', '❤️ Danke', '1️⃣ Fenster', '👨‍👩‍👧 alle', '\u0600١٢'])
      assert.equal(clean(text), text.normalize('NFC'))
  })
})
