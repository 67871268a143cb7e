// Where German sentences end, and where a text that is no warning may end within one.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sentenceEnds } from '../../src/connector/sentences.ts'
import { shorten } from '../../src/rendering/shorten.ts'

const sentences = (text: string): readonly string[] => {
  const ends = sentenceEnds(text)
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim())
}
const isOne = (text: string): void => assert.deepEqual(sentences(text), [text])
const areTwo = (first: string, second: string, gap = ' '): void => assert.deepEqual(sentences(first + gap + second), [first, second])

/** Abbreviations of offices, newspapers and calendars, with what may follow them: none of them ends a sentence. */
const abbreviations = `
Abb. 5|Abf. Köln|Abs. 2|Abschn. B|Abt. Verkehr|a. D. Müller|a. d. Ruhr|a. M. wird|Ank. Bonn|Anl. Zwei|Anm. Drei|App. 12|Apr. 2026|Art. 5 GG|Aufl. 2026|Aug. 2026|Ausg. B|Az. 12
Bd. Zwei|Bearb. Meier|begl. Abschrift|Beil. Drei|bes. Kinder|betr. Wasser|Bez. Köln|Bgm. Meier|Bf. Beuel|Bhf. Bonn|Bsp. Eins|bspw. Keller|bzgl. Strom|bzw. Türen
ca. Drei|Chr. Meier|Co. KG|d. h. Keller|d. J. Ende|desgl. Türen|Dez. 2026|dgl. Mehr|Di. 8 Uhr|Dipl.-Ing. Meier|Dir. Meier|Do. 9 Uhr|Dr. Meier|Dr. med. Meier|durchschn. Drei
e. V. Bonn|ebd. Seite|ehem. Kaserne|eigtl. Montag|einschl. Keller|entspr. Regeln|etc. Bonn|ev. Kirche|evtl. Montag|exkl. Keller|f. Bonn|Fa. Meier|Fam. Meier|Febr. 2026|ff. BGB|Fr. Meier|Fr. 8 Uhr|frz. Grenze
geb. Meier|gegr. 1900|gem. § 5|Ges. Bonn|gesch. Meier|gest. 1900|gez. Meier|ggf. Montag|ggfs. Montag|ggü. Bonn|Hbf. Bonn|hl. Messe|Hr. Meier|Hrn. Meier|Hrsg. Bonn|i. A. Meier|i. d. R. Montag|i. H. v. Drei|i. V. Meier|i. S. d. Gesetzes
Ing. Meier|inkl. Keller|insb. Kinder|insbes. Kinder|J. Meier|Jan. 2026|jew. Montag|Jh. Bonn|Jhd. Bonn|jr. Meier|Jun. 2026|Jul. 2026|Kap. Drei|kath. Kirche|Kfm. Meier|Kl. Drei|Kto. 12|led. Meier|lfd. Nummer|lt. Polizei|Ltd. Bonn
m. E. Montag|Mag. Meier|max. Drei|med. Dienst|Mi. 9 Uhr|mind. Drei|Min. Dauer|Mio. Euro|mtl. Drei|Mo. Ruhetag|möbl. Zimmer|Mrd. Euro|Msgr. Meier|n. Chr. Geburt|näml. Montag|nördl. Bonn|Nov. 2026|Nr. Drei|o. Ä. Dinge|o. g. Straßen|od. Keller
öff. Gebäude|öffentl. Gebäude|Okt. 2026|österr. Grenze|östl. Bonn|Pfr. Meier|phil. Fakultät|Pl. Drei|Prof. Meier|Proz. Anteil|rd. Drei|Red. Bonn|Reg. Bezirk|röm. Mauer|s. o. Bonn|s. u. Bonn|Sa. 9 Uhr|Sen. Meier|Sept. 2026|So. 9 Uhr|sog. Bombe|sogen. Bombe|St. Augustin|städt. Bad
staatl. Bad|Std. Dauer|stellv. Leiter|Stck. Brot|Str. Drei|südl. Bonn|tägl. Montag|techn. Hilfe|Tel. Bonn|telef. Auskunft|teilw. Gesperrt|Tsd. Euro|u. a. Bonn|u. Ä. Dinge|u. U. Montag|u. v. a. Dinge|u. z. Montag|ugs. Bonn|unt. Bonn|urspr. Montag|usf. Bonn|usw. Bonn
v. a. Kinder|v. Chr. Geburt|v. H. Anteil|verh. Meier|Verf. Meier|vgl. Bonn|voraussichtl. Montag|vorl. Zahlen|Vors. Meier|vorm. Bonn|Whg. Drei|westl. Bonn|wiss. Dienst|z. B. Keller|z. Hd. Meier|z. T. Montag|z. Zt. Montag|zit. Bonn|zus. Drei|zusätzl. Busse|zw. Bonn|zzgl. Strom|Weststr. Drei|Friedrich-Ebert-Str. Drei
rückw. Ausgang|Turnh. Beuel|Gemeindeh. Vilich|Telefonnr. Drei|Tannenb. Süd|Marktplatz 1a. Eingang
`
  .trim()
  .split(/[|\n]/)

describe('a sentence', () => {
  it(`does not end after an abbreviation (${abbreviations.length} of them)`, () => {
    const wrong = abbreviations.filter((abbreviation) => sentences(`Das gilt für ${abbreviation} und mehr.`).length > 1)
    assert.deepEqual(wrong, [])
  })

  it('does not end at an ordinal number, a date, a time or an amount', () => {
    for (const text of [
      'Am 3. Mai ist frei.',
      'Der 1. FC Köln spielt.',
      'Bis zum 30. November 2026 gilt das.',
      'Am 30.11. Um 8 Uhr nicht.',
      'Die 100. Sitzung war gut.',
      'Heinrich IV. Straße in Bonn.',
      'Es kostet 3.000 Euro.',
      'Um 18.30 Uhr ist Schluss.',
      'Das regelt § 5 Abs. 2 Nr. 3 Satz 1.',
    ])
      isOne(text)
  })

  it('does not end before a digit, a paragraph sign or a lower-case letter', () => {
    for (const text of [
      'Rufen Sie an Tel. 0228 77.',
      'Das gilt gem. § 5.',
      'Er kam. und ging.',
      'Achtung! hier nicht.',
      'Ab 9. 300 Gäste.',
    ])
      isOne(text)
  })

  it('does not end within quotation marks or brackets, of whatever kind', () => {
    for (const [open, close] of ['„“', '»«', '«»', '“”', '‚‘', '()', '[]', '""'].map((pair) => [...pair]))
      isOne(`Er sagt: ${open}Komm. Geh.${close} und ging.`)
    areTwo('Er sagt: „Komm. Geh.“', 'Sie ging.')
    areTwo('Ein 27" Bildschirm steht da.', 'Ein 24" Bildschirm auch.')
  })

  it('does not end with a question, whose answer belongs to it, nor before what takes it back', () => {
    isOne('Fenster öffnen? Auf keinen Fall!')
    isOne('Sie können das Wasser trinken. Das gilt nicht in Beuel.')
    isOne('Alle Schulen sind offen. Ausgenommen ist die Gesamtschule.')
    isOne('Gehen Sie in den Keller. Nein!')
    isOne('Sie können das Wasser trinken. In Beuel und Vilich gilt das nicht.')
    areTwo('Bleiben Sie im Haus.', 'Nicht in den Keller gehen.')
    areTwo('Schließen Sie die Fenster.', 'Keine Kerzen anzünden!')
  })

  it('does not end before what limits or denies what it said, however long that is', () => {
    isOne('Trinken Sie das Leitungswasser. Auf keinen Fall jedoch, ohne es vorher abzukochen.')
    isOne('Verlassen Sie das Haus. Keinesfalls mit dem Aufzug.')
    isOne('Fahren Sie über die Brücke. Niemals bei Rot.')
    isOne('Kehren Sie zurück. Nur wenn die Sirene heult.')
    isOne('Kehren Sie zurück. Bitte nur mit Ausweis.')
    isOne('Kehren Sie zurück. Erst nach der Durchsage.')
    isOne('Kehren Sie zurück. Nicht vor 18 Uhr.')
    isOne('Kehren Sie zurück. Kein Betreten ohne Ausweis.')
    isOne('Öffnen Sie die Fenster. Vorher die Lüftung ausschalten.')
    isOne('Bleiben Sie im Haus. Nein, gehen Sie hinaus.')
    isOne('Gehen Sie ins Freie. Halt: nur in Beuel.')
    isOne('Das Wasser ist sauber. Vorsicht bei Säuglingen.')
    isOne('Das Wasser ist sauber. Trotzdem abkochen.')
  })

  it('does not end at a line break within it, nor with dots that trail off', () => {
    isOne('Öffnen Sie Türen und Fenster\nauf keinen Fall.')
    isOne('Öffnen Sie auf keinen Fall\nFenster und Türen.')
    isOne('Das Wasser … Sie wissen schon.')
    isOne('Das Wasser ... Sie wissen schon.')
  })

  it('ends where one ends', () => {
    areTwo('Schließen Sie die Fenster.', 'Öffnen Sie nichts.')
    areTwo('Achtung!', 'Das Wasser steigt.')
    areTwo('Rufen Sie die 112.', 'Bleiben Sie ruhig.')
    areTwo('Helfen Sie dem THW.', 'Es kommt um 8 Uhr.')
    areTwo('So ist es so.', 'Alles gut.')
    areTwo('Kommen Sie früh.', 'Es wird voll.')
    areTwo('Ziehen Sie sich in den Betrieb zurück, in den Korb.', 'Das reicht.')
    areTwo('Gehen Sie zum Schuh.', 'Fahren Sie durch den Bach.')
    areTwo('Bleiben Sie im Haus!', '300 Helfer kommen.')
    areTwo('Mehr auf www.bonn.de.', 'Danke.')
    areTwo('Fenster zu', 'Lüftung aus', '\n\n')
    areTwo('- Fenster zu', '- Lüftung aus', '\n')
    areTwo('1. Fenster schließen.', '2. Lüftung ausschalten.', '\n')
    areTwo('請關閉門窗。', '不要出門。', '')
    areTwo('هل أنت بخير؟ نعم.', 'ابق في المنزل.')
  })
})

describe('a text that is no warning, cut within a sentence,', () => {
  /** What is left of the text in `max` characters. */
  const cut = (text: string, max: number): string => shorten(text, (one) => one.length <= max)

  const rows: readonly (readonly [what: string, text: string, kept: string])[] = [
    [
      'ends before a number, not between its groups',
      'Fragen beantwortet gern die Stadt unter der Rufnummer 0228 77 40 00 von früh bis spät',
      'Fragen beantwortet gern die Stadt …',
    ],
    [
      'ends at no U+00A0 and no U+202F',
      'Das Rathaus kostet hundert\u00a0Millionen\u202fEuro und wird am Ende viel teurer',
      'Das Rathaus kostet …',
    ],
    ['ends at no bracket', 'Der Umzug (mit Kapelle und vielen Wagen aus allen Orten am Rhein) beginnt früh', 'Der Umzug …'],
    ['ends at no quotation', 'Das Stück „Der Besuch der alten Dame im neuen Haus am Rhein“ beginnt früh', 'Das Stück …'],
    ['ends after no article', 'Das Fest beginnt mit dem großen und langen Umzug durch die ganze Innenstadt', 'Das Fest beginnt …'],
    [
      'ends after no “Rad- und”',
      'Gebaut werden viele neue Rad- und Fußwege am Rhein und in allen Stadtteilen',
      'Gebaut werden viele neue …',
    ],
    ['ends before what turns it round', 'Das Fest im Park am Rhein beginnt in diesem Jahr wegen des Wetters nicht am Samstag', ''],
    ['does not add dots to dots', 'Weil … die Stadt am Rhein schön ist und alle dort wohnen wollen', ''],
    ['ends within no word', 'Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsbetrieb', ''],
  ]
  for (const [what, text, kept] of rows) {
    it(what, () => {
      for (let max = kept.length; max < text.length; max++) {
        const left = cut(text, max)
        if (max === kept.length) assert.equal(left, kept)
        assert.doesNotMatch(left, /(?:\d|Rufnummer|der|dem|mit|und|Rad-|hundert|… …) …$|^Weil …$/)
        if (kept === '' && /nicht/.test(text)) assert.match(left, /^$|nicht/)
        assert.equal([...left.matchAll(/[„(]/g)].length, [...left.matchAll(/[“)]/g)].length)
      }
    })
  }
})
