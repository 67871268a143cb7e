// How alike the words of a post are to those that we sent: platforms shorten links, read Markdown, drop signs and decode entities.

import { wordShare } from './word-share.ts'
import { plainDigits, wellRead, withoutHtml, withoutUmlauts } from './written.ts'

/**
 * `exact`: sign for sign, but for white space. `same`: the letters and digits are the same, which is what every rendering keeps, however
 * they are written (entities, `ae` for `ä`, UTF-8 read as Latin-1, digits of another script). `near`: it may be the same post with a part
 * lost or changed (links, numbers of a list, single letters, the begin, the end, a fifth of the words). `other`: another post.
 */
export type Likeness = 'exact' | 'same' | 'near' | 'other'

export const likenessOf = (sent: string, shown: string): Likeness => {
  // what is so much longer is another post, and an answer may have a million signs
  const most = Math.min(sent.length, shown.length) * 4 + 1_000
  const texts: Pair = [sent.slice(0, most), shown.slice(0, most)]
  if (visible(texts[0]) === visible(texts[1])) return 'exact'
  const plain = each(texts, (text) => plainDigits(withoutHtml(text)))
  const read = each(plain, wellRead)
  const likeness = likenessOfPlain(plain)
  return read[0] === plain[0] && read[1] === plain[1] ? likeness : likest(likeness, likenessOfPlain(read))
}

const each = ([sent, shown]: Pair, change: (text: string) => string): Pair => [change(sent), change(shown)]

const likenessOfPlain = (texts: Pair): Likeness => {
  const spelled = each(texts, withoutUmlauts)
  const both = [each(texts, letters), each(spelled, letters)]
  if (both.some(([one, other]) => one === other)) return both[0]?.[0] === '' ? 'near' : 'same'
  if (namesAnother(linksIn(texts[0]), linksIn(texts[1]))) return 'other'
  return [texts, spelled].some((pair) => isNear(each(pair, bared))) ? 'near' : 'other'
}

const isNear = (bare: Pair): boolean => {
  const pair = each(bare, letters)
  if (pair[0] === pair[1] || isCut(pair)) return true
  return digits(bare[0]) === digits(bare[1]) && (isThinned(pair) || sharesWords(bare))
}

/** The better of two. */
export const likest = (one: Likeness, other: Likeness): Likeness => (rank[one] <= rank[other] ? one : other)

const rank = { exact: 0, same: 1, near: 2, other: 3 } as const

/** What a reader sees, without white space and without the signs that show nothing (joiners, direction marks, variation selectors). */
const visible = (text: string): string => text.normalize('NFC').replace(/\s|\p{Cf}|\p{Variation_Selector}/gu, '')

const letters = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** Only what no normal form makes: ² may be lost as a sign. */
const digits = (text: string): string => text.replace(/[^0-9]+/g, '')

/** No place is begun at twice: a regular expression that looks for a host anywhere takes the square of the length. */
const host = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/u
const hostMark = '\0'

/**
 * Without what a platform may show otherwise: links (also those without `https://`), the numbers of a list and zeros at the end of a price
 * or a level (`8,50`). Not after a point: `1.10.` is another day than `1.1.`.
 */
const bared = (text: string): string =>
  text
    .replace(/https?:\/\/\S+/giu, ' ')
    .replace(/[\p{L}\p{N}.@-]+/gu, (run) => (run.includes('@') ? run : run.replace(host, hostMark)))
    .replace(/\0(?:\/\S*)?/g, ' ')
    .replace(/^[^\S\n\r\u2028\u2029]*\d{1,9}[.)](?=\s)/gmu, ' ')
    .replace(/(\d),(\d)0(?!\d)/g, (_, before, first) => (first === '0' ? before : `${before},${first}`))

const linksIn = (text: string): readonly string[] => [...text.matchAll(/https?:\/\/\S+/giu)].map(([link]) => withoutDots(link))

const withoutDots = (link: string): string => {
  let end = link.length
  while (end > 0 && '.…'.includes(link.charAt(end - 1))) end -= 1
  return link.slice(0, end)
}

/** A link to another page of the same site is no shortened one. */
const namesAnother = (sent: readonly string[], shown: readonly string[]): boolean =>
  sent.length === shown.length &&
  sent.some((link, at) => {
    const other = shown[at] ?? ''
    return hostOf(link) === hostOf(other) && !link.startsWith(other) && !other.startsWith(link)
  })

const hostOf = (link: string): string => link.split('/', 3).join('/').toLowerCase()

type Pair = readonly [string, string]

const inOrder = ([one, other]: Pair): Pair => (one.length <= other.length ? [one, other] : [other, one])

/** So many letters are no accident. */
const enough = 20

/** One ends where the other goes on, or begins within it (a title that went into another field). */
const isCut = (pair: Pair): boolean => {
  const [short, long] = inOrder(pair)
  return short.length >= enough && short.length * 2 >= long.length && (long.startsWith(short) || long.endsWith(short))
}

/** One is the other with single letters lost, at most a tenth of them. */
const isThinned = (pair: Pair): boolean => {
  const [short, long] = inOrder(pair)
  if (short === '' || short.length < long.length * 0.9) return false
  let at = 0
  for (const letter of long) if (short.startsWith(letter, at)) at += letter.length
  return at === short.length
}

/** Below so many words one of them is what the post is about; eight or nine of ten are a sentence and more. */
const enoughWords = 12

/** A fifth of a text may be a title, a date in another form, a line that the platform adds. More is asked too often. */
const mostWords = 0.8

/** Most words of the shorter are in the longer, in order; only for texts whose numbers are the same, and half as long at least. */
const sharesWords = (bare: Pair): boolean => {
  const [one, other] = [wordsOf(bare[0]), wordsOf(bare[1])]
  const [fewer, more] = [Math.min(one.length, other.length), Math.max(one.length, other.length)]
  return fewer >= enoughWords && fewer * 2 >= more && wordShare(one, other) >= mostWords
}

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []
