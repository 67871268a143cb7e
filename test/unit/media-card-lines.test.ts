// The lines of picture cards: between words, else at the seam of a compound, never at an arbitrary letter; what belongs together stays so.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fitTitle } from '../../src/media/card-fit.ts'
import { isInFonts, widthOf } from '../../src/media/card-letters.ts'
import { type Division, linesOf } from '../../src/media/card-lines.ts'
import { breaksOf } from '../../src/media/seams.ts'
import { drawn, named } from '../../src/rendering/signs.ts'

/** Written in the manner of German municipal titles; the words are the ones that offices use. */
const titles = readFileSync(new URL('../support/municipal-titles.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')

const line = 936
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')

/** The places at which a word of the title was divided: `Kampfmittel|beseitigung`. */
const divisionsOf = (title: string, lines: readonly string[]): readonly string[] =>
  lines.slice(0, -1).flatMap((text, at) => {
    const [tail = '', head = ''] = [spaced(text).split(' ').at(-1), spaced(lines[at + 1] ?? '').split(' ')[0]]
    if (!tail.endsWith('-') || ` ${title} `.includes(` ${tail} `) || title.includes(tail + head.replace(/-$/, ''))) return []
    return [`${tail.slice(0, -1)}|${head.replace(/[-:,.]$/, '')}`]
  })

/** Of all divisions in the 500 titles, looked at one by one: each is the seam of a compound. */
const seen = new Set(
  `Hochwasser|gefahrenabwehr gefahrenabwehr|verordnung Kampfmittel|beseitigungsdienst Katastrophen|schutzeinheiten
  Straßenreinigungs|gebührensatzung Fahrbahndecken|erneuerung Geschwindigkeits|messungen Anwohnerpark|gebührenordnung
  Kindertages|stättengebühren Ganztags|betreuungsanspruch Sportstätten|entwicklungsplan Haushalts|sicherungskonzept
  Hunde|steuerbestands steuerbestands|aufnahme Zweitwohnungs|steuersatzung Friedhofs|entwicklungs entwicklungs|konzept
  Gewässer|unterhaltungs unterhaltungs|maßnahmen Regenwasser|bewirtschaftung Landschaftsschutz|gebietsverordnung
  Flächennutzungs|planänderung Wohnraum|förderungsbestimmungen Personal|ausweisbeantragung Kraftfahrzeug|zulassungsstelle
  Katastrophen|schutzbedarfsplan Städtepartnerschafts|jubiläum Talsperren|bewirtschaftungs bewirtschaftungs|plan
  Grundwasser|entnahmeverbot Gebärdensprach|dolmetschung Geschwindigkeits|begrenzung`.split(/\s+/),
)

describe('the title of a card', () => {
  test('of 500 municipal titles each is set between words or at seams, whole, within its lines, and not smaller than 60', () => {
    assert.equal(titles.length, 500)
    for (const title of titles) {
      const { lines, size, weight } = fitTitle(title, 'de', line)
      const divisions = divisionsOf(title, lines)
      for (const division of divisions) assert.ok(seen.has(division), `${division} in "${title}"`)
      const joined = lines
        .map((text, at) =>
          at < lines.length - 1 && divisionsOf(title, [text, lines[at + 1] ?? '']).length > 0 ? text.slice(0, -1) : `${text} `,
        )
        .join('')
      assert.equal(
        spaced(joined)
          .replace(/([-/–]) (?=\p{L})/gu, '$1')
          .trim(),
        title.replace(/([-/–]) (?=\p{L})/gu, '$1'),
      )
      assert.ok(size >= 60 && lines.every((text) => widthOf(text, weight) * size <= line), title)
    }
  })

  test('a real warning: "Hochwasser am Rhein" is divided between its words', () => {
    for (const size of [96, 120, 150]) {
      const lines = linesOf('Hochwasser am Rhein', { size, width: line, weight: 700, isEven: true, language: 'de' }, 'patterns')
      assert.deepEqual(lines?.map(spaced), ['Hochwasser', 'am Rhein'])
    }
  })

  test('at seams only, however large the letters are', () => {
    const large = (word: string, division: Division): string =>
      (linesOf(word, { size: 120, width: line, weight: 700, isEven: true, language: 'de' }, division) ?? ['-']).join('|')
    assert.equal(large('Kampfmittelbeseitigung', 'seams'), 'Kampfmittel-|beseitigung')
    assert.equal(large('Trinkwasserversorgung', 'seams'), 'Trinkwasser-|versorgung')
    assert.equal(large('Kellerüberflutungen', 'seams'), 'Keller-|überflutungen')
    assert.equal(large('Bahnunterführungen', 'seams'), 'Bahn-|unterführungen')
    assert.equal(large('Weihnachtsmarkteröffnung', 'seams'), 'Weihnachts-|markteröffnung')
    assert.equal(large('(Ammoniakaustritt)', 'seams'), '(Ammoniak-|austritt)')
    assert.equal(large('Kfz-Zulassungsbehörde', 'seams'), 'Kfz-Zulassungs-|behörde')
  })

  test('what is no seam is not taken for one', () => {
    const seams = (word: string) =>
      breaksOf(word)
        .filter(({ isSeam }) => isSeam)
        .map(({ at }) => `${word.slice(0, at)}|${word.slice(at)}`)
    assert.deepEqual(seams('Briefwahlunterlagen'), ['Briefwahl|unterlagen'])
    assert.deepEqual(seams('Versicherungen'), [])
    assert.deepEqual(seams('Verkehrsversuch').includes('Verkehrsver|such'), false)
  })

  test('the names that every object of JavaScript has are words like others', () => {
    for (const word of Object.getOwnPropertyNames(Object.prototype).filter((name) => /^[a-z]+$/i.test(name)))
      for (const { at } of breaksOf(word)) assert.ok(at > 0 && at < word.length, word)
  })

  test('words of another language than German are not divided', () => {
    const measure = { size: 150, width: line, weight: 700, isEven: true, language: 'en' } as const
    assert.equal(linesOf('Internationalization', measure, 'patterns'), null)
  })

  test('a number and its unit, a day and its month, "um 9:00 Uhr", "B 42", "Bad Godesberg" and "Bonn-Beuel" stay together', () => {
    const narrow = { size: 40, width: 300, weight: 400, isEven: false, language: 'de' } as const
    for (const [text, together] of [
      ['Pegel steigt auf über 9,00 m', '9,00 m'],
      ['Wir öffnen am 1. Dezember wieder', '1. Dezember'],
      ['Evakuierung beginnt um 09:00 Uhr', 'um 09:00 Uhr'],
      ['Vollsperrung der B 42', 'B 42'],
      ['Es staut sich in Bad Honnef', 'Bad Honnef'],
      ['Wir treffen uns in Bonn-Beuel', 'Bonn-Beuel'],
      ['Sturm mit ≥ 120 km/h im Tal', '≥ 120 km/h'],
    ] as const)
      assert.ok(
        linesOf(text, narrow, 'nowhere')?.some((one) => spaced(one).includes(together)),
        together,
      )
  })
})

describe('signs on a card', () => {
  test('those that offices write are drawn as they are', () => {
    const offices = '→ ← ↑ ↓ ↔ ≥ ≤ ≠ ≈ ± ² ³ ₂ ½ ¼ ¾ ⅓ ‰ % € § № – — „“ ‚‘ »« ›‹ … • · ° µ Ω × ÷ ẞ Ł ő ž ğ ş ✓ ✗ ⚠ ☎ ✉ ■ ● ☐ ☑ CO₂ m²'
    assert.deepEqual(drawn(offices), { text: offices, dropped: [], missing: [] })
    assert.deepEqual(drawn('Увага, προσοχή, dikkat, chú ý'), { text: 'Увага, προσοχή, dikkat, chú ý', dropped: [], missing: [] })
  })

  test('whose letters are missing are drawn by others that say the same, and only those', () => {
    assert.equal(drawn('≥ 9\u202fm\u2011Marke, 5′, 10″, m², 20㎡, ﬁnden, ⇒ ①').text, '≥ 9\u00a0m-Marke, 5\', 10", m², 20m², finden, → 1')
    assert.equal(drawn('🚫 Wasser trinken ❌ ✅ 1️⃣').text, '⛔ Wasser trinken ✗ ✓ 1')
  })

  test('pictographs that decorate fall away and are named, letters that are missing are named', () => {
    assert.deepEqual(drawn('Danke 🎉 an alle 👩‍🚒!\n\nTschüss ☀️'), {
      text: 'Danke an alle !\n\nTschüss ☀',
      dropped: ['🎉', '👩', '🚒'],
      missing: [],
    })
    assert.deepEqual(drawn('洪水').missing, ['洪', '水'])
    assert.equal(named(['水']), '»水« (U+6C34)')
  })

  test('the list of what can be drawn is what the fonts have', () => {
    const wrong: string[] = []
    for (let code = 0x20; code < 0x3000; code++) {
      const sign = String.fromCodePoint(code)
      if (/[\p{M}\p{Cf}\p{Z}\p{Cn}]/u.test(sign) || sign !== sign.normalize('NFC')) continue
      const { text, missing, dropped } = drawn(`a${sign}a`)
      const says = text === `a${sign}a` && missing.length + dropped.length === 0
      if (says !== isInFonts(sign)) wrong.push(`${sign} ${code.toString(16)} ${says}`)
    }
    assert.deepEqual(wrong, [])
  })
})
