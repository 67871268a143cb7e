// Which sentences of a warning may be lost, and which belong to one that is kept.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { partings } from '../../src/rendering/partings.ts'
import { warnings } from '../support/warnings.ts'

/** The beginnings that may be kept alone. */
const beginnings = (text: string): readonly string[] => partings(text).map((end) => text.slice(0, end))
const isOnePiece = (text: string): void => assert.deepEqual(beginnings(text), [], text)

describe('a warning is not cut', () => {
  it('before an exception, a limit or what goes on to hold', () => {
    for (const text of [
      'Kochen Sie Ihr Trinkwasser ab. Die Anordnung gilt nicht für Beuel und Bad Godesberg.',
      'Abgekochtes Wasser können Sie trinken. Säuglinge und Schwangere dürfen es auch abgekocht nicht trinken.',
      'Abgekochtes Wasser können Sie trinken. Säuglinge dürfen Leitungswasser nicht trinken.',
      'Die Warnung ist aufgehoben. In der Altstadt bleibt sie bestehen.',
      'Die Warnung ist aufgehoben. Für die Altstadt gilt sie weiter.',
      'Die Warnung ist aufgehoben. Weiterhin gültig bleibt sie für die Altstadt.',
      'Die Warnung ist aufgehoben. Die Feuerwehr dankt allen. In der Altstadt bleibt sie bestehen.',
      'Öffnen Sie die Fenster. Frühestens nach der Entwarnung.',
      'Öffnen Sie die Fenster. Ab 18 Uhr.',
      'Fenster und Türen öffnen\n\nNICHT vor der Entwarnung, die über Radio kommt.',
      'Rufen Sie 112 an, wenn Sie in Lebensgefahr sind. Sonst nicht.',
      'Der Alarm ist echt. Kein Witz.',
      'Sie dürfen die Häuser wieder betreten! Keller nicht!',
      'Sie dürfen die Häuser wieder betreten. Keller bleiben tabu.',
      'Die Bewohner der Hauptstraße müssen ihre Häuser verlassen. Hausnummern 1 bis 20 sind nicht betroffen.',
      'Geben Sie Jodtabletten. Personen über 45 Jahre nehmen keine Jodtabletten ein.',
      'Sie können das Wasser trinken, kochen und zum Zähneputzen nutzen.\nDas dürfen Sie erst ab 18 Uhr.',
      'Es besteht keine Gefahr.\n\nStand 10 Uhr; seit 11 Uhr besteht Lebensgefahr.',
    ])
      isOnePiece(text)
  })

  it('before a request that speaks of the one before it, or a condition', () => {
    for (const text of [
      'Gehen Sie in den Keller. Bei Gasgeruch tun Sie das auf keinen Fall.',
      'Gehen Sie in den Keller. Gehen Sie bei Gasgeruch nicht in den Keller.',
      'Nehmen Sie jetzt die Jodtabletten ein. Tun Sie dies erst nach Aufforderung.',
      'Öffnen Sie die Fenster. Öffnen Sie erst nach der Entwarnung.',
      'Verlassen Sie das Gebäude über das Treppenhaus. Ist es verraucht, bleiben Sie in der Wohnung.',
    ])
      isOnePiece(text)
  })

  it('between a rumour and its denial, however many sentences are between them', () => {
    for (const text of [
      'In sozialen Netzwerken heißt es, der Damm sei gebrochen und alle sollten fliehen. Das ist falsch, und wer es verbreitet, bringt andere in Gefahr.',
      'Es wird behauptet, die Talsperre sei gebrochen und alle müssten ihre Häuser verlassen! Das stimmt nicht.',
      'Bitte verlassen Sie sofort Ihre Wohnungen in der Nordstadt. Diese Nachricht ist eine Fälschung.',
      '„Die Talsperre bricht!“ Dieser Satz, der im Netz steht, ist erfunden.',
      'Im Netz heißt es, der Damm sei gebrochen. Alle sollten über die Brücke fliehen. Die Innenstadt sei sicher. Das ist falsch.',
    ])
      isOnePiece(text)
    assert.deepEqual(beginnings('Der Rhein steigt. Im Netz heißt es, der Damm sei gebrochen. Alle sollten fliehen. Das stimmt nicht.'), [
      'Der Rhein steigt.',
    ])
  })

  it('within a list that an unfinished line opens, or whose verdict comes behind it', () => {
    for (const text of [
      'Solange Wasser im Keller steht:\n- Licht und Geräte einschalten\n- Türen und Fenster öffnen\nist lebensgefährlich und verboten.',
      'Folgende Maßnahmen:\n- Fenster öffnen\n- Lüftung einschalten\n- ins Freie gehen\nsind unbedingt zu unterlassen.',
      'Solange Wasser im Keller steht:\n\nLicht einschalten\n\nTüren öffnen\n\nPumpen anschließen\n\nist verboten.',
      '1. Fenster öffnen\n2. Keller betreten\n3. Strom einschalten\n\nDies alles ist bis zur Entwarnung verboten.',
      'Betroffen sind\n• Beuel\n• Oberkassel\n• Holzlar\nnicht mehr betroffen ist Pützchen.',
      'Bitte beachten Sie:\n- Fenster öffnen\n- Lüftung einschalten',
    ])
      isOnePiece(text)
  })
})

describe('a warning may be cut', () => {
  it('before what surely says nothing of the sentence before it', () => {
    for (const [first, second] of [
      ['Schließen Sie die Fenster.', 'Schalten Sie Lüftungen ab.'],
      ['Bleiben Sie im Haus.', 'Rufen Sie nur im Notfall die 112 an.'],
      ['Bleiben Sie im Haus.', 'Nicht in den Keller gehen.'],
      ['Kochen Sie das Wasser ab.', 'Das Gesundheitsamt informiert unter 0228 77 0.'],
      ['Der Rhein steigt.', 'Es besteht Lebensgefahr.'],
      ['Die Bombe ist entschärft.', 'Busse und Bahnen fahren wieder.'],
    ] as const)
      assert.deepEqual(beginnings(`${first} ${second}`), [first])
  })

  it('between the items of a list that a finished line opens, and behind a list', () => {
    assert.deepEqual(beginnings('Bleiben Sie im Haus.\n- Lüftung aus\n- Radio an\n\nDie Feuerwehr misst die Luft.'), [
      'Bleiben Sie im Haus.',
      'Bleiben Sie im Haus.\n- Lüftung aus',
      'Bleiben Sie im Haus.\n- Lüftung aus\n- Radio an',
    ])
    const list = 'Bitte beachten Sie:\n- Fenster schließen\n- Lüftung ausschalten'
    assert.deepEqual(beginnings(`${list}\n\nDie Feuerwehr misst die Luft.`), [list])
  })

  it('in three of four cases at least, although most have a no in every third sentence (10,000 warnings)', () => {
    let whole = 0
    for (const { announcement } of warnings(10_000, 9)) if (partings(announcement.text ?? '').length === 0) whole++
    assert.ok(whole < 2_500, `${whole} have no place to be cut`)
  })
})

it('no text takes long to look through', () => {
  for (const unit of ['a ', 'das alte ', 'gilt ', '- a\n', 'a:\n', 'nicht. ', 'Öffnen Sie ', 'In a b c d. ', 'bleibt x ', ' ', '\n', 'A. '])
    partings(unit.repeat(20_000 / unit.length))
})
