// Recognising our words in what platforms make of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleaned } from '../../../lab/moods.ts'
import { type Likeness, likenessOf, likest } from '../../../src/connector/likeness.ts'

const cases: readonly (readonly [why: string, sent: string, shown: string, likeness: Likeness])[] = [
  ['white space and joiners say nothing', 'Straßen  gesperrt\n\nMehr', 'Straßen gesperrt\u200B Mehr', 'exact'],
  ['umlauts may be written in two signs', 'für alle', 'fu\u0308r alle', 'exact'],
  ['Markdown takes stars', 'Bürger*innen und Besucher*innen', 'Bürgerinnen und Besucherinnen', 'same'],
  ['Markdown takes hyphens at the begin of a line', '- Brot\n- Wasser', 'Brot\nWasser', 'same'],
  ['quotation marks and dashes are written otherwise', '„Hitze“ – 38 °C', '"Hitze" - 38 C', 'same'],
  ['emojis are dropped', '🚒 Feuer am Markt', 'Feuer am Markt', 'same'],
  ['a small number is written large', 'CO₂ und m²', 'CO2 und m2', 'same'],
  ['a link is shortened', 'Mehr: https://www.bonn.de/freibad', 'Mehr: https://t.co/a1B2', 'near'],
  ['a link is gone', 'Mehr: https://www.bonn.de/freibad', 'Mehr:', 'near'],
  ['a link is cut', 'Mehr: https://www.bonn.de/freibad', 'Mehr: https://www.bonn.de/fr…', 'near'],
  ['a link to another page is another post', 'Mehr: https://www.bonn.de/a', 'Mehr: https://www.bonn.de/b', 'other'],
  ['a list is numbered anew', '3. Oktober: Fest', 'Oktober: Fest', 'near'],
  ['a letter is lost', 'Straße gesperrt wegen Sturm', 'Strae gesperrt wegen Sturm', 'near'],
  ['the end is lost', 'Die Straße am Rhein ist gesperrt, bitte umfahren', 'Die Straße am Rhein ist gesperrt, b', 'near'],
  ['there are no words at all', '🎉', '🎊', 'near'],
  ['another number is another post', 'Pegel 8,20 Meter', 'Pegel 8,40 Meter', 'other'],
  ['one digit more is another post', 'Meldung s1f1 vom Markt', 'Meldung s11f1 vom Markt', 'other'],
  ['another word is another post', 'Warnung vor Hitze', 'Warnung vor Sturm', 'other'],
  ['nothing is not something', 'Warnung', '', 'other'],
]

for (const [why, sent, shown, likeness] of cases)
  test(`F27: ${why}: ${likeness}`, () => {
    assert.equal(likenessOf(sent, shown), likeness)
    assert.equal(likenessOf(shown, sent), likeness)
  })

test('F27: whatever signs a platform cleans away, letters and digits tell that it is our post', () => {
  const word = fc.constantFrom(
    'Hochwasser',
    'für',
    '„Rhein“',
    '8,20 m',
    '🚒',
    '–',
    'Bürger*innen',
    '#Bonn',
    'https://bonn.de/a?b=1',
    '≥ 30 °C',
    '\n',
  )
  const text = fc.array(word, { minLength: 1, maxLength: 20 }).map((words) => `Bonn ${words.join(' ')}`)
  fc.assert(
    fc.property(text, (sent) => assert.ok(['exact', 'same'].includes(likenessOf(sent, cleaned(sent))), sent)),
    { seed: 27 },
  )
})

test('F27: four times the text takes about four times the work, whatever signs it has', () => {
  const lasts = (text: string): number => {
    const begin = performance.now()
    likenessOf(`${text}x`, `${text}y`)
    return performance.now() - begin
  }
  for (const piece of ['a-', 'a.', '.', 'https://..', '\r', ' ', '1', 'a@', '-']) {
    const [short, long] = [5_000, 20_000].map((length) => {
      const text = `https://${piece.repeat(length / piece.length)}`
      return Math.min(...[1, 2, 3].map(() => Math.max(lasts(text), lasts(text.slice(8)))))
    })
    // the square of four is sixteen; what lasts below five milliseconds is noise
    assert.ok(long! < Math.max(short!, 5) * 10, `${JSON.stringify(piece)}: ${short} ms, then ${long} ms`)
  }
})

test('F27: what is a hundred times as long is another post', () => {
  assert.equal(likenessOf('Warnung vor Hochwasser', 'a-'.repeat(500_000)), 'other')
})

test('of two the better counts', () => {
  assert.equal(likest('other', 'near'), 'near')
  assert.equal(likest('exact', 'near'), 'exact')
})
