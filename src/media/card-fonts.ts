// The letters of picture cards: Fira Sans (SIL Open Font License 1.1), in the alphabets that it has. No font of the machine is used.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Font } from 'satori'

const { resolve } = createRequire(import.meta.url)

/** The package divides the font by alphabets; the first that has a letter draws it. */
const alphabets = ['latin', 'latin-ext', 'vietnamese', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext'] as const
type Alphabet = (typeof alphabets)[number]

export const fontFamily = alphabets.map((alphabet) => `Fira Sans ${alphabet}`).join(', ')

/** Those of the fonts that this text needs. */
export const fontsFor = (text: string): readonly Font[] =>
  alphabets
    .filter((alphabet) => alphabet === 'latin' || new RegExp(`[${lettersOf(alphabet)}]`, 'u').test(text))
    .flatMap((alphabet) => ([400, 600, 700] as const).map((weight) => font(alphabet, weight)))

const font = (alphabet: Alphabet, weight: 400 | 600 | 700): Font => ({
  name: `Fira Sans ${alphabet}`,
  data: readFileSync(resolve(`@fontsource/fira-sans/files/fira-sans-${alphabet}-${weight}-normal.woff`)),
  weight,
  style: 'normal',
})

/** What of the text can be drawn: pictographs and other signs fall away. Null where letters would: then a card would say something else. */
export const drawable = (text: string): string | null => {
  const known = new RegExp(`^[${alphabets.map(lettersOf).join('')}]$`, 'u')
  let drawn = ''
  for (const character of text.normalize('NFC').replace(/[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g, '')) {
    if (known.test(character)) drawn += character
    else if (/[\p{L}\p{N}]/u.test(character)) return null
  }
  return drawn
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim()
}

/** `U+0460-052F,U+20B4` as the inside of a class of characters. */
const lettersOf = (alphabet: Alphabet): string => {
  ranges ??= JSON.parse(readFileSync(resolve('@fontsource/fira-sans/unicode.json'), 'utf8')) as Record<Alphabet, string>
  return ranges[alphabet].replace(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?,?/g, (_, from: string, to = from) => `\\u{${from}}-\\u{${to}}`)
}

let ranges: Readonly<Record<Alphabet, string>> | undefined
