// Text for a terminal: without control characters, measured in columns, folded into lines. Pure.
import { stripVTControlCharacters } from 'node:util'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the terminal
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const wide = /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const graphemes = new Intl.Segmenter('de', { granularity: 'grapheme' })

/** Without escape sequences, control characters (line breaks stay) and changes of writing direction: what others wrote cannot steer the terminal. */
export const plain = (text: string): string => stripVTControlCharacters(text).replaceAll('\t', ' ').replace(unseen, '')

/** How many columns one line of text takes. */
export const widthOf = (text: string): number => {
  let columns = 0
  for (const { segment } of graphemes.segment(text)) columns += wide.test(segment) ? 2 : 1
  return columns
}

/** Folds text into lines of at most `columns`: at spaces where it can, within a word where it must. Line breaks stay. */
export const fold = (text: string, columns: number): readonly string[] => text.split('\n').flatMap((line) => foldLine(line, columns))

/** Sentences folded to a page; nothing else is done to them. */
export const foldTo = (text: string, page: { readonly width: number }): string => fold(text, page.width).join('\n')

const foldLine = (line: string, columns: number): readonly string[] => {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/ +/).flatMap((piece) => chop(piece, columns))) {
    const longer = current === '' ? word : `${current} ${word}`
    if (widthOf(longer) <= columns) current = longer
    else {
      lines.push(current)
      current = word
    }
  }
  return [...lines, current]
}

const chop = (word: string, columns: number): readonly string[] => {
  if (widthOf(word) <= columns) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && widthOf(piece) + widthOf(segment) > columns) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...pieces, piece]
}
