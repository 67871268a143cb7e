// Where the sentences of a text end. Where that is in doubt none ends: what is cut there would say something else.
import { enclosed } from './enclosed.ts'
import { isAbbreviated, isOpenAtLineEnd } from './german-words.ts'
import { reachesBack } from './turning-words.ts'

const segmenter = new Intl.Segmenter('de', { granularity: 'sentence' })

/**
 * The places (UTF-16 offsets) behind the last sign of each sentence, in order; the last is the end of the text. Unicode's rules (UAX 29),
 * corrected for German: none within brackets or quotation marks; none after an abbreviation, an ordinal number or a question, whose answer
 * belongs to it; none before a digit, `§`, a lower-case letter, or a sentence that takes something back. A paragraph or an item of a list
 * ends without a full stop too; a single line break does not, since it may only be where an e-mail program broke the line.
 */
export const sentenceEnds = (text: string): readonly number[] => {
  const isEnclosed = enclosed(text)
  const ends: number[] = []
  for (const { segment, index } of segmenter.segment(text)) {
    const end = index + segment.trimEnd().length
    if (end > index && !isEnclosed(end) && isEnd(text, end)) ends.push(end)
  }
  return ends
}

/** Signs that end a sentence in scripts that put no space behind it. */
const fullWidth = /[。！？｡]["'”’」』）]*$/u
const glued = /[\u00a0\u202f\u2007\u2060\ufeff]/u

/** Long enough for the longest word, its quotation marks and the address before it. */
const around = 120

const isEnd = (text: string, end: number): boolean => {
  const gap = spaceAt(text, end)
  if (end + gap.length >= text.length) return true
  const tail = text.slice(Math.max(0, end - around), end)
  if (fullWidth.test(tail)) return true
  const next = text.slice(end + gap.length, end + gap.length + around)
  const lines = gap.split('\n').length - 1
  const isItem = lines > 0 && item.test(next)
  if (gap === '' || (lines === 0 && glued.test(gap)) || goesOn(next, isItem)) return false
  if (/[!।۔]["'“”»«›‹‘’)\]}]*$/u.test(tail)) return true
  if (!isItem && /^["'„“»«(]*\p{N}/u.test(next)) return false
  return isStopped(tail, next, lines > 1) || (endsUnmarked(tail) && (lines > 1 || isItem))
}

const space = /\s*/y
const spaceAt = (text: string, at: number): string => {
  space.lastIndex = at
  return space.exec(text)?.[0] ?? ''
}

const item = /^(?:[-–—•*‣▪◦·✓✔➡→►▶⚠❗🔴]|\d{1,2}[.)]\s|[a-z][.)]\s)/u

/** True when a line that begins so is an item of a list. */
export const isListItem = (line: string): boolean => item.test(line)

/** What cannot begin a sentence, except as an item of a list on a line of its own; and what speaks of the sentence before it. */
const goesOn = (next: string, isItem: boolean): boolean => reachesBack(next) || (!isItem && /^["'„“»«›‹‚‘([]*[\p{Ll}§%€&/+=]/u.test(next))

const stopped = /(?<!\.)\.["'“”»«›‹‘’)\]}]*$/u

/** A full stop that ends more than a word; signs may follow it: closing quotation marks and brackets. */
const isStopped = (tail: string, next: string, paragraph: boolean): boolean => {
  const stop = stopped.exec(tail)
  return stop !== null && (paragraph || !isAbbreviated(tail.slice(0, stop.index), next))
}

const endsUnmarked = (tail: string): boolean => {
  const word = /\S+$/u.exec(tail)?.[0] ?? ''
  return !/[,;:–—\-/&+(…?؟]["'“”»«)]*$/u.test(word) && !word.endsWith('..') && !isOpenAtLineEnd(word)
}
