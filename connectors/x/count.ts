// What a text counts on X: config v3 of https://docs.x.com/fundamentals/counting-characters, never less than X's own library says.
import { emojiSequence } from './emoji.ts'
import { linksIn } from './links.ts'

/** A post may count this much. */
export const mostWeight = 280
/** Every link becomes one to t.co, which counts this much. */
export const linkWeight = 23

/** The characters that count 2: all but letters up to Georgian and the spaces, dashes and quotation marks of western typography. */
const heavy = /[\u1100-\u1fff\u200e\u200f\u2020-\u2031\u2038-\u{10ffff}]/gu

/** The weight of a text, in characters of X. */
export const weight = (text: string): number => {
  const whole = text.normalize('NFC')
  const links = linksIn(whole).map(({ start, end, sure }) => {
    const written = sure ? 0 : weighed(whole.slice(start, end), [])
    return { start, end, weight: Math.max(linkWeight, written) }
  })
  return weighed(whole, links)
}

/** A stretch of text with a weight of its own. */
interface Piece {
  readonly start: number
  readonly end: number
  readonly weight: number
}

/** An emoji made of several characters counts 2; one that begins within a link is none. */
const weighed = (text: string, links: readonly Piece[]): number => {
  // no such emoji is made of what counts 1
  const light = text.search(heavy) < 0
  const emoji = light
    ? []
    : [...text.matchAll(emojiSequence)].map(({ index, 0: { length } }) => ({ start: index, end: index + length, weight: 2 }))
  let count = 0
  let at = 0
  for (const piece of [...links, ...emoji].sort((one, other) => one.start - other.start)) {
    if (piece.start < at) continue
    count += plain(text.slice(at, piece.start)) + piece.weight
    at = piece.end
  }
  return count + plain(text.slice(at))
}

const plain = (words: string): number => (words.match(heavy) ?? []).reduce((count, { length }) => count + 2 - length, words.length)
