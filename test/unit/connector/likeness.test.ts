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

const warning =
  'WARNUNG: Hochwasser am Rhein\n\nDer Rhein steigt bis Mittwoch auf 8,50 m. Bitte meiden Sie die Uferstraßen in Bonn, Beuel und Bad ' +
  'Godesberg. Fahren Sie Ihre Autos weg. Für Keller gilt: räumen Sie diese bitte bis 18 Uhr.\n\nGültig bis 2. Dezember, 18 Uhr'
const entities: Readonly<Record<string, string>> = { ä: '&auml;', ü: '&uuml;', ß: '&szlig;', '\n': '<br>' }
const told = (from: string, to: string): string => warning.replaceAll(from, to)

const writtenOtherwise: typeof cases = [
  ['named entities and <br>', warning, warning.replace(/[äüß\n]/g, (sign) => entities[sign] ?? sign), 'same'],
  ['entities that are escaped twice', 'Für Müller & Söhne', 'F&amp;uuml;r M&amp;#252;ller &amp;amp; S&#xF6;hne', 'same'],
  ['entities with digits', 'Tor ½ von 5 m² am Café', 'Tor &frac12; von 5 m&sup2; am Caf&eacute;', 'same'],
  ['paragraphs of HTML', warning, `<p>${told('\n\n', '</p><p class="x">')}</p>`, 'same'],
  ['UTF-8 read as Latin-1', warning, Buffer.from(warning).toString('latin1'), 'same'],
  ['UTF-8 read as Windows-1252', 'Für „Straßen“ – 5 €', 'FÃ¼r â€žStraÃŸenâ€œ â€“ 5 â‚¬', 'same'],
  ['an umlaut before a dash is no such byte', 'Kö–Galerie und KÖ–Bogen', 'Kö-Galerie und KÖ-Bogen', 'same'],
  ['umlauts as two letters', warning, warning.replace(/ä/g, 'ae').replace(/[üÜ]/g, 'ue').replace(/ß/g, 'ss'), 'same'],
  ['umlauts as question marks', warning, warning.replace(/[äüß]/g, '?'), 'near'],
  ['Arabic digits', warning, told('8,50', '٨٫٥٠'), 'same'],
  ['a zero at the end is lost', warning, told('8,50', '8,5'), 'near'],
  ['the title is in another field', warning, warning.split('\n\n').slice(1).join('\n\n'), 'near'],
  ['words are lost at several places', warning, told('Bitte meiden', 'Meiden').replace(' Ihre Autos', '').replace('WARNUNG: ', ''), 'near'],
  ['a negation is not the same', warning, told('Fahren Sie', 'Fahren Sie nicht'), 'near'],
  ['another street is not the same', warning, told('Beuel', 'Mehlem'), 'near'],
  ['another level is another post', warning, told('8,50', '8,60'), 'other'],
  ['another day is another post', warning, told('2. Dezember', '3. Dezember'), 'other'],
  ['another hour is another post', warning, told('bis 18 Uhr.', 'bis 19 Uhr.'), 'other'],
  ['October is not January', 'Gesperrt ab 1.10. am Rhein', 'Gesperrt ab 1.1. am Rhein', 'other'],
  ['a street with one letter less is not the same', 'Gesperrt: In der Aue', 'Gesperrt: In der Au', 'near'],
  ['another word that looks like an entity', 'Tom&Jerry; spielt', 'Tom&Heinz; spielt', 'other'],
]

for (const [why, sent, shown, likeness] of [...cases, ...writtenOtherwise])
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
  for (const piece of ['a-', 'a.', '.', 'https://..', '\r', ' ', '1', 'a@', '-', 'a ', '&amp;', '&', '<a ', 'Ã¼', ',0', 'ß']) {
    const [short, long] = [5_000, 20_000].map((length) => {
      const text = `https://${piece.repeat(length / piece.length)}`
      return Math.min(...[1, 2, 3].map(() => Math.max(lasts(text), lasts(text.slice(8)))))
    })
    // the square of four is sixteen; what lasts below ten milliseconds is noise
    assert.ok(long! < Math.max(short!, 10) * 10, `${JSON.stringify(piece)}: ${short} ms, then ${long} ms`)
  }
})

test('F27: words that many texts have do not make them one: with half of the words alike it is another post', () => {
  const rare = fc.uniqueArray(fc.stringMatching(/^[b-df-h]{5,8}$/), { minLength: 40, maxLength: 40 })
  fc.assert(
    fc.property(rare, (words) => {
      const text = (from: number) => Array.from({ length: 20 }, (_, at) => `und ${words[from + at]}`).join(' ')
      assert.equal(likenessOf(text(0), text(20)), 'other')
    }),
    { seed: 27 },
  )
})

test('F27: a text of which three words of ten are lost at one place is asked about, never another post', () => {
  const word = fc.constantFrom('der', 'die', 'und', 'Rhein', 'Straße', 'gesperrt', 'bitte', 'Bonn', 'Keller', 'Ufer', 'meiden', 'Autos')
  const texts = fc.tuple(fc.array(word, { minLength: 20, maxLength: 60 }), fc.nat())
  fc.assert(
    fc.property(texts, ([words, nth]) => {
      const lost = nth % words.length
      const shown = words.toSpliced(lost, Math.floor(words.length * 0.3))
      assert.notEqual(likenessOf(words.join(' '), shown.join(' ')), 'other')
    }),
    { seed: 27 },
  )
})

test('F27: what is a hundred times as long is another post', () => {
  assert.equal(likenessOf('Warnung vor Hochwasser', 'a-'.repeat(500_000)), 'other')
})

test('of two the better counts', () => {
  assert.equal(likest('other', 'near'), 'near')
  assert.equal(likest('exact', 'near'), 'exact')
})
