// Where a German word may be divided at the end of a line: by the patterns of `hyphen`, and which of these places is the seam of a compound.
import german from 'hyphen/de-1996/index.js'
import { parts } from './word-parts.ts'

export interface Break {
  /** Letters before it. */
  readonly at: number
  /** True between two words of a compound: Kampfmittel-beseitigung, not Kampfmittelbe-seitigung. */
  readonly isSeam: boolean
}

/** Letters that stay together on each side. */
const leastLetters = 4

/** Endings before an -s that joins words: Reinigung-s-gebühren. */
const joined = /(?:ung|heit|keit|schaft|ion|tät|tag|rat|amt|hof|betrieb|verkehr|geburt|gebiet|dienst|arbeit|hilf)s$/

/** A syllable that begins a word and ends none: behind it no line ends. */
const prefix = /^(?:ab|an|auf|aus|be|bei|durch|ein|emp|ent|er|ge|her|hin|miss|mit|nach|ob|über|um|un|unter|ur|ver|vor|wieder|zer|zu|zur)$/

/** Words of which the patterns know no seam, or a wrong one: here is the right one. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['ammoniakaustritt', 'ammoniak|austritt'],
  ['coronaschutz', 'corona|schutz'],
])

/** Between what letters a word can be divided; for words of letters alone. */
export const breaksOf = (word: string): readonly Break[] => {
  const lower = word.toLowerCase()
  if (lower.length !== word.length) return []
  const exception = exceptions.get(lower)
  if (exception !== undefined) return [{ at: exception.indexOf('|'), isSeam: true }]
  const syllables = german.hyphenateSync(lower, { hyphenChar: '|', minWordLength: 2 * leastLetters }).split('|')
  const breaks: Break[] = []
  let at = 0
  for (const syllable of syllables.slice(0, -1)) {
    at += syllable.length
    const isOpen = prefix.test(syllable) && !endsWithMoreThan(lower.slice(0, at), syllable.length)
    if (at < leastLetters || lower.length - at < leastLetters || isOpen) continue
    breaks.push({ at, isSeam: isSeam(lower.slice(0, at), lower.slice(at)) })
  }
  return breaks
}

const isSeam = (before: string, after: string): boolean => (joined.test(before) || ends(before)) && begins(after)

/** Letters that join words: Straße-n, Woche-n, Kind-er, Verkehr-s. */
const joints = ['', 's', 'n', 'en', 'er', 'es', 'e'] as const

const lengths = [...new Set([...parts].map(({ length }) => length))].sort((one, other) => other - one)

const ends = (text: string): boolean =>
  joints.some((joint) => {
    const stem = text.endsWith(joint) ? text.slice(0, text.length - joint.length) : ''
    return lengths.some((length) => length <= stem.length && parts.has(stem.slice(stem.length - length)))
  })

/** A word that only looks like a prefix at its end: Ver-ein, Ufer. */
const endsWithMoreThan = (text: string, letters: number): boolean =>
  lengths.some((length) => length > letters && length <= text.length && parts.has(text.slice(text.length - length)))

const begins = (text: string): boolean => lengths.some((length) => length <= text.length && parts.has(text.slice(0, length)))
