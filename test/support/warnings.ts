// German warnings at random, always the same for the same seed: built of sentences, so that a test knows where each of them ends.
import type { Announcement } from '../../src/announcement/announcement.ts'

export interface DrawnWarning {
  readonly announcement: Partial<Announcement>
  /** As they stand in its text. */
  readonly sentences: readonly string[]
}

const places = ['Beuel', 'Bad Godesberg', 'der Kölner Str. 5', 'St. Augustin', 'Frankfurt a. M.', 'der Innenstadt (ca. 500 m um den Hbf.)']
const actions = [
  'Öffnen Sie die Türen und Fenster in PLACE auf keinen Fall.',
  'Das Trinkwasser in PLACE darf seit dem 3. Mai nicht getrunken werden.',
  'Rufen Sie bei Fragen die Rufnummer 0228 77-40 00 (Mo. bis Fr., 8 bis 18 Uhr) an.',
  'Gehen Sie in PLACE nicht in Keller, Tiefgaragen u. Ä.!',
  'Gem. § 5 Abs. 2 des Gesetzes ist das Betreten des Gebiets um PLACE bis 30.11.2026, 18.30 Uhr, verboten.',
  'Schließen Sie z. B. Fenster, Türen und Lüftungen, ggf. auch Dachluken.',
  'Die Feuerwehr sagt: „Bleiben Sie im Haus. Öffnen Sie nichts.“',
  'Es gibt bisher keine Verletzten, d. h. niemand wurde behandelt.',
  'Betroffen sind rd. 1.200 Menschen in PLACE, darunter Dr. Meiers Praxis und das Altenheim.',
  'Der Rad- und Fußweg in PLACE ist gesperrt; die Nr. 62 fährt nicht.',
  'Trinken Sie kein Leitungswasser, auch nicht abgekocht, wenn Sie in PLACE wohnen.',
  'Mehr auf www.bonn.de/rauch und bei der Leitstelle.',
  'Die Sperrung kostet etwa 2,5 Mio. Euro und dauert max. drei Std. oder länger.',
  'Am 14. Februar um 8 Uhr gibt es die nächste Meldung.',
]
const gaps = [' ', ' ', ' ', '\n', '\n\n']

/** A generator of Park and Miller: the same numbers on every machine. */
const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** So many warnings of 1 to 12 sentences. */
export const warnings = function* (count: number, seed: number): Generator<DrawnWarning> {
  const draw = numbers(seed)
  const one = (list: readonly string[]): string => list[draw(list.length)] ?? ''
  for (let number = 0; number < count; number++) {
    const sentences = Array.from({ length: 1 + draw(12) }, () => one(actions).replace('PLACE', one(places)))
    const text = sentences.map((sentence, index) => (index === 0 ? '' : one(gaps)) + sentence).join('')
    const title = ['Rauch in Beuel', 'Trinkwasser nicht trinken', 'Bombe in der Weststr. gefunden'][draw(3)] ?? ''
    yield {
      announcement: { kind: draw(4) === 0 ? 'all-clear' : 'warning', severity: 'Extreme', title, text, link: 'https://www.bonn.de/w' },
      sentences,
    }
  }
}

/** A text taken apart into the sentences of which it was built; what is none of them stays as one piece. */
export const sentencesOf = (text: string): readonly string[] => {
  const known = actions.flatMap((action) => places.map((place) => action.replace('PLACE', place)))
  const found: string[] = []
  let rest = text.trim()
  while (rest !== '') {
    const next = known.find((sentence) => rest.startsWith(sentence)) ?? rest
    found.push(next)
    rest = rest.slice(next.length).trimStart()
  }
  return found
}
