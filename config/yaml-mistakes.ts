// What is wrong with the YAML of a file, in words for those who write it: one sentence for one mistake, with what to do.
import type { YAMLError } from 'yaml'

export interface Mistake {
  /** Offset in the text. */
  readonly at: number
  readonly de: string
  readonly en: string
}

type Both = readonly [de: string, en: string]

const quote: Both = ['bitte den ganzen Wert in Anführungszeichen setzen.', 'put the whole value in quotes.']
const quoted = (de: string, en: string): Both => [`${de}; ${quote[0]}`, `${en}; ${quote[1]}`]

const usual: Both = [
  'Diese Stelle lässt sich nicht lesen; bitte Einrückung, Doppelpunkte und Anführungszeichen prüfen.',
  'This place cannot be read; check indentation, colons and quotes.',
]

const bracket: Both = ['Eine Klammer wird nicht geschlossen; bitte ] oder } ergänzen.', 'A bracket is not closed; add ] or }.']

const sentences: Readonly<Record<string, Both>> = {
  BAD_INDENT: [
    'Diese Zeile ist anders eingerückt als die zu ihr gehören; bitte mit gleich vielen Leerzeichen beginnen.',
    'This line is indented unlike those it belongs to; begin it with as many spaces.',
  ],
  TAB_AS_INDENT: ['Hier ist mit einem Tabulator eingerückt; bitte Leerzeichen nehmen.', 'This is indented by a tab; use spaces.'],
  BLOCK_AS_IMPLICIT_KEY: quoted('In diesem Wert steht ein Doppelpunkt mit Leerzeichen', 'This value has a colon with a space'),
  BAD_SCALAR_START: quoted('Ein Wert kann nicht mit @, % oder ` beginnen', 'A value cannot begin with @, % or `'),
  BAD_ALIAS: quoted('Ein Wert, der mit * beginnt, ist in YAML ein Verweis', 'A value that begins with * is a reference in YAML'),
  TAG_RESOLVE_FAILED: quoted('Ein Wert, der mit ! beginnt, ist in YAML eine Typangabe', 'A value that begins with ! is a tag in YAML'),
  BAD_DQ_ESCAPE: [
    'In doppelten Anführungszeichen hat der Rückstrich (\\) eine eigene Bedeutung; bitte einfache Anführungszeichen nehmen.',
    'In double quotes the backslash (\\) has a meaning of its own; use single quotes.',
  ],
  MULTIPLE_DOCS: [
    'Mit --- beginnt hier ein zweites Dokument; bitte je Stadt eine Datei.',
    'A second document begins here with ---; write one file per city.',
  ],
}

/** The mistakes of a text, at most one a line: what follows on the same line is its consequence. */
export const mistakesIn = (text: string, errors: readonly YAMLError[]): readonly Mistake[] => {
  const seen = new Set<number>()
  return errors.flatMap((error) => {
    const at = Math.min(error.pos[0], text.length)
    const line = lineOf(text, at)
    if (seen.has(line)) return []
    seen.add(line)
    const [de, en] = wordsFor(error, text)
    return hinted(text, line, { at, de, en })
  })
}

const wordsFor = ({ code, message, pos }: YAMLError, text: string): Both => {
  if (code === 'DUPLICATE_KEY') {
    const key = /^["']?([^\s"':]+)/.exec(text.slice(pos[0]))?.[1] ?? ''
    return [`»${key}« steht hier zum zweiten Mal; bitte nur einmal angeben.`, `"${key}" is given here for the second time; give it once.`]
  }
  if (/flow (?:map|sequence)|end with a [\]}]/i.test(message)) return bracket
  if (code === 'MISSING_CHAR' && /quote/.test(message))
    return [
      'Ein Anführungszeichen wird nicht geschlossen; bitte am Ende des Wertes ergänzen.',
      'A quote is not closed; add it at the end of the value.',
    ]
  return sentences[code] ?? usual
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** A `#` that begins a value begins a comment in YAML: a colour without quotes, the name of a channel. */
export const hashHint: Both = [
  'Nach einem Leerzeichen beginnt # einen Kommentar; bitte Werte mit # in Anführungszeichen setzen.',
  'After a space, # begins a comment; put values with # in quotes.',
]

const valueAfterHash = /[:,[{]\s+#\S/

/** True where a line has a value that YAML takes for a comment. */
export const losesValue = (line: string): boolean => valueAfterHash.test(line)

/** Where a `#` has swallowed the end of a bracket, that is the mistake, and it is some lines before the place where YAML stumbles. */
const hinted = (text: string, line: number, mistake: Mistake): Mistake => {
  const lines = text.split('\n')
  const found = lines.slice(0, line).findLastIndex((one) => losesValue(one) && /[[{]/.test(one.slice(0, one.search(valueAfterHash) + 1)))
  if (found < 0 || !mistake.de.startsWith('Eine Klammer')) return mistake
  const at = lines.slice(0, found).reduce((sum, one) => sum + one.length + 1, 0) + (lines[found]?.search(/#/) ?? 0)
  return { at, de: hashHint[0], en: hashHint[1] }
}
