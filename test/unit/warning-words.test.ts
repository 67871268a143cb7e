// The words of warnings and all-clears: no sentence of them is cut, and there is a form of them for every platform.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectors } from '../../connectors/index.ts'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { more } from '../../src/rendering/shorten.ts'
import { posted, refused, room } from '../support/posted.ts'
import { sentencesOf, warnings } from '../support/warnings.ts'

const link = 'https://www.bonn.de/warnung'
const warning = (over: Partial<Announcement>): Partial<Announcement> => ({
  kind: 'warning',
  severity: 'Severe',
  title: 'Rauch in Beuel',
  link,
  ...over,
})

describe('a warning that is too long', () => {
  const seen: readonly (readonly [what: string, text: string, max: number, kept: string])[] = [
    [
      'does not lose “auf keinen Fall”',
      'Bleiben Sie im Haus. Öffnen Sie die Türen und Fenster im Keller der betroffenen Häuser auf keinen Fall.',
      150,
      'Bleiben Sie im Haus. …',
    ],
    [
      'does not lose “auf keinen Fall” where a mail program broke the line',
      'Bleiben Sie im Haus. Öffnen Sie die Türen und Fenster im Keller\nauf keinen Fall. Rufen Sie nur im Notfall an.',
      135,
      'Bleiben Sie im Haus. …',
    ],
    [
      'does not lose its verb',
      'Das gilt ab sofort. Das Trinkwasser in Beuel und Vilich darf nicht getrunken werden. Kochen hilft wenig, sagt das Amt.',
      160,
      'Das gilt ab sofort. Das Trinkwasser in Beuel und Vilich darf nicht getrunken werden. …',
    ],
    [
      'does not lose a number',
      'Fenster zu. Rufen Sie bei Fragen die Rufnummer 0228 77 4000 an. Danke für Ihre Hilfe.',
      116,
      'Fenster zu. …',
    ],
    [
      'does not part a question from its answer',
      'Bleiben Sie im Haus. Darf ich das Leitungswasser trinken? Nein. Holen Sie Wasser an der Ausgabe.',
      118,
      'Bleiben Sie im Haus. …',
    ],
    [
      'does not lose the exception to what it says',
      'Fenster zu. Das Wasser können Sie trinken. Das gilt nicht in Beuel und in Vilich. Danke.',
      122,
      'Fenster zu. …',
    ],
    [
      'is not cut within a quotation',
      'Fenster zu. Die Feuerwehr sagt: „Gehen Sie hinein. Schließen Sie alles.“ Danke.',
      118,
      'Fenster zu. …',
    ],
  ]
  for (const [what, text, max, kept] of seen) {
    it(what, () => assert.equal(posted(warning({ text }), room(max)).text, `WARNUNG: Rauch in Beuel\n\n${kept}\n\n${link}`))
  }

  it('is its title and the way to everything else where not even its first sentence fits', () => {
    const text = 'Öffnen Sie die Türen und Fenster im Keller der betroffenen Häuser auf keinen Fall.'
    assert.equal(posted(warning({ text }), room(100)).text, `WARNUNG: Rauch in Beuel\n\nAlles auf: ${link}`)
    const until = { expires: '2026-07-15T16:00:00.000Z' }
    assert.equal(
      posted(warning({ text, ...until }), room(110)).text,
      `WARNUNG: Rauch in Beuel\n\nGültig bis 15. Juli 2026, 18:00 Uhr\nAlles auf: ${link}`,
    )
    assert.equal(posted(warning({ text, ...until }), room(70)).text, `WARNUNG: Rauch in Beuel\n\nAlles auf: ${link}`)
    assert.match(posted(warning({ text, language: 'en' }), room(100)).text, /^WARNING: Rauch in Beuel\n\nRead all of it at: https/)
  })

  it('goes without its link rather than not at all, with whole sentences', () => {
    const long = `https://www.bonn.de/${'a'.repeat(200)}`
    const { text, link: kept } = posted(
      warning({ text: 'Bleiben Sie im Haus. Schließen Sie alle Fenster und Türen.', link: long }),
      room(60),
    )
    assert.equal(text, 'WARNUNG: Rauch in Beuel\n\nBleiben Sie im Haus. …')
    assert.equal(kept, long)
  })

  it('does without the link in its text where the platform shows it beside', () => {
    const long = `https://www.bonn.de/${'a'.repeat(280)}`
    const text = 'Bleiben Sie im Haus. Schließen Sie alle Fenster und Türen.'
    assert.equal(
      posted(warning({ text, link: long, severity: 'Extreme' }), room(300, { linkBeside: true })).text,
      `WARNUNG: Rauch in Beuel\n\n${text}`,
    )
  })

  it('goes without pictures whose alternative text is too long', () => {
    const media = [{ id: 'a'.repeat(64), type: 'image/png', size: 1000, width: 640, height: 480, alt: 'Rauch '.repeat(400) }]
    assert.deepEqual(posted(warning({ text: 'Fenster zu.', media }), room(300)).images, [])
  })

  it('takes its own text where a channel’s text does not fit', () => {
    const own = { channelTexts: { newsroom: 'Wort '.repeat(80).trim() } }
    assert.equal(posted(warning({ text: 'Fenster zu.', ...own }), room(300)).text, `WARNUNG: Rauch in Beuel\n\nFenster zu.\n\n${link}`)
  })

  it('is refused only where its title does not fit, with the characters to lose and the field to fill', () => {
    assert.equal(
      refused(warning({ title: 'Rauch '.repeat(10).trim(), text: 'Fenster zu.' }), room(50)),
      'Schon der Titel ist für Bluesky zu lang: 68 Zeichen, höchstens 50 sind möglich. Kürzen Sie um 18 Zeichen, oder schreiben Sie einen eigenen Text für diesen Kanal: channelTexts: { "newsroom": "…" }.',
    )
  })

  it('says in the plan by how much it is too long, and where another wording goes', () => {
    const text = 'Bleiben Sie im Haus. Öffnen Sie die Türen und Fenster im Keller der betroffenen Häuser auf keinen Fall.'
    const { notes } = posted(warning({ text }), room(150))
    assert.deepEqual(notes, [
      'Die Meldung ist für Bluesky um 7 Zeichen zu lang: Dort steht weniger, aber kein halber Satz. Soll dort etwas anderes stehen, schreiben Sie einen eigenen Text für diesen Kanal: channelTexts: { "newsroom": "…" }.',
    ])
  })
})

it('an extreme warning with the longest link, a long title and a long text has a form on every platform', () => {
  for (const connector of connectors.values()) {
    const offer = { connector, limits: { ...connector.limits, needsMedia: false }, cityName: 'Bonn' }
    const said = {
      link: `https://www.bonn.de/${'a'.repeat(1_970)}`,
      title: 'Rauch '.repeat(40).trim(),
      text: 'Öffnen Sie nichts. '.repeat(1_000).trim(),
    }
    const { text } = posted(warning({ ...said, severity: 'Extreme', expires: '2026-07-15T16:00:00.000Z' }), offer)
    assert.ok(text.startsWith(`WARNUNG: ${said.title}`), connector.platform)
  }
})

describe('whatever is warned of, on whatever platform', () => {
  it('a post ends at a sentence, and each of its sentences stands in the original (10,000 warnings)', () => {
    const platforms = [...connectors.values()]
    let cut = 0
    let number = 0
    for (const { announcement, sentences } of warnings(10_000, 9)) {
      const connector = platforms[number++ % platforms.length]!
      const limits = { ...connector.limits, needsMedia: false }
      const { text } = posted(announcement, { connector, limits, cityName: 'Bonn' })
      assert.ok(connector.measure(text, limits.text) <= limits.text.max)
      const [title, ...said] = text.replace(`\n\n${announcement.link}`, '').split('\n\n')
      assert.ok(title?.includes(announcement.title ?? ''))
      const body = said.join('\n\n').replace(new RegExp(`${more}$`), '')
      if (body !== announcement.text) cut++
      if (body === '' || body.startsWith('Alles auf: ')) continue
      assert.ok(announcement.text?.startsWith(body))
      for (const sentence of sentencesOf(body))
        assert.ok(sentences.includes(sentence), `${sentence} does not stand in ${announcement.text}`)
    }
    assert.ok(cut > 2_000, `only ${cut} were cut: the property says little`)
  })
})
