// Where a text that is no warning may end within a sentence.
import { isAbbreviated, isOpenWord } from '../connector/german-words.ts'
import { linksIn } from '../connector/links.ts'

/** What is not parted: everything but spaces; U+00A0 and U+202F hold together what stands beside them. */
const solid = String.raw`[^ \t\n\r\v\f\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]`
const words = new RegExp(`${solid}+`, 'gu')

/** The ends of all words, in order; of writing without spaces (Chinese, Thai) the places between two characters. Not all of them will do. */
export const wordEnds = (text: string): readonly number[] => {
  const ends: number[] = []
  for (const { 0: word, index } of text.matchAll(words)) {
    for (const within of endsWithin(word)) ends.push(index + within)
    const end = index + bare(word).length
    if (end > 0) ends.push(end)
  }
  return ends
}

/** Without the comma or dash that would stand in front of the ellipsis; an address keeps whatever it ends with. */
const bare = (word: string): string =>
  isAddress.test(word) ? word : word.slice(0, word.length - (/[\s,;:–—-]*$/u.exec(word.slice(-40))?.[0].length ?? 0))
const isAddress = /:\/\/|^www\.|@/i

/** Long enough for a word and the abbreviation before it. */
const around = 120

const lastWord = new RegExp(`${solid}+$`, 'u')
const rest = new RegExp(`^(${solid}*)\\s*(${solid}*)`, 'u')

/**
 * True when words may be parted at this end of one: not behind one that wants another (`am`, `Rad- und`), at a number or what belongs to
 * it, before a dash, or within a character.
 */
export const mayPart = (text: string, at: number): boolean =>
  isBoundary(text, at) && mayPartAt(text.slice(Math.max(0, at - around), at), text.slice(at, at + around))

const mayPartAt = (before: string, after: string): boolean => {
  const kept = lastWord.exec(before)?.[0] ?? ''
  const [, cut = '', next = ''] = rest.exec(after) ?? []
  if (isAddress.test(kept) || (cut !== '' && bare(cut) !== '')) return true
  if (kept === '' || kept.endsWith('..') || /[&+/|=(§…]$/u.test(kept) || /^[–—&+/|=…-]/u.test(next)) return false
  if (/\p{N}[.)%°]*$/u.test(kept) || /^[(„"]?[+§]?\p{N}/u.test(next)) return false
  if (kept.endsWith('.') && isAbbreviated(before.slice(0, -1), next)) return false
  return !isOpenWord(/\p{L}$/u.test(kept) && cut === '-' ? `${kept}-` : kept)
}

const spaceless = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`
const between = new RegExp(String.raw`${spaceless}\p{M}*[、，；]?(?=${spaceless})`, 'gu')

const endsWithin = (word: string): readonly number[] => {
  const ends = [...word.matchAll(between)].map(({ 0: character, index }) => index + character.length)
  const links = (ends.length > 0 ? linksIn(word) : []).values()
  const outside: number[] = []
  let link = links.next().value
  for (const end of ends) {
    while (link !== undefined && end >= link.end) link = links.next().value
    if (link === undefined || end <= link.start) outside.push(end)
  }
  return outside
}

const characters = new Intl.Segmenter('de', { granularity: 'grapheme' })

/** True when no character (as readers see it) stretches over this place. */
const isBoundary = (text: string, at: number): boolean => {
  if (at >= text.length) return true
  const isPlain = (code: number): boolean => code < 0x300 && code !== 0x0d
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return true
  return characters.segment(text).containing(at)?.index === at
}
