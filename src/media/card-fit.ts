// As large as it goes: the lines and sizes of a card's title and text, and as much of the text as there is room for.
import type { Card } from '../rendering/derive.ts'
import { type CutAt, shorten } from '../rendering/shorten.ts'
import { isGrave } from '../rendering/templates.ts'
import type { Weight } from './card-letters.ts'
import { type Division, linesOf } from './card-lines.ts'

/** Lines of one size; heights in pixels. */
export interface Block {
  readonly lines: readonly string[]
  readonly size: number
  readonly lineHeight: number
  readonly weight: Weight
}

export const singleLine = (text: string, size: number, weight: Weight): Block => ({
  lines: [text],
  size,
  lineHeight: Math.round(size * 1.2),
  weight,
})

export const heightOf = ({ lines, lineHeight }: Block): number => lines.length * lineHeight

/** The first that has a way: a whole word at a smaller size is read sooner than a divided one, down to the size of a third picture. */
const ways: readonly (readonly [sizes: readonly number[], division: Division, most: number])[] = [
  [[96, 84, 72], 'nowhere', 4],
  [[96, 84, 72], 'seams', 4],
  [[60], 'nowhere', 5],
  [[60], 'seams', 5],
  [[50], 'nowhere', 6],
  [[50], 'seams', 6],
  [[44], 'nowhere', 20],
  [[44], 'seams', 20],
  [[44], 'patterns', 20],
  [[44], 'anywhere', 20],
]

export const fitTitle = (title: string, language: string, width: number): Block => {
  for (const [sizes, division, most] of ways)
    for (const size of sizes) {
      const lines = linesOf(title, { size, width, weight: 700, isEven: true, language }, division)
      if (lines !== null && lines.length <= most) return { lines, size, lineHeight: Math.round(size * 1.13), weight: 700 }
    }
  throw new Error('a line takes no letter of the title')
}

const textSizes = [58, 51, 46, 42, 38, 34] as const

/** Paragraph by paragraph; a word that is too wide is divided, at a seam where it has one. */
export const block = (text: string, { language }: Pick<Card, 'language'>, how: { size: number; width: number; weight: Weight }): Block => {
  const measure = { ...how, isEven: false, language }
  const lines = text.split('\n').flatMap((paragraph) => {
    for (const division of ['nowhere', 'seams', 'patterns'] as const) {
      const found = linesOf(paragraph, measure, division)
      if (found !== null) return found.length === 0 ? [''] : found
    }
    return linesOf(paragraph, measure, 'anywhere') ?? []
  })
  return { lines, size: how.size, lineHeight: Math.round(how.size * 1.38), weight: how.weight }
}

/** The text at the largest size at which all of it is at most `room` high; else its beginning at the smallest. */
export const fitText = (card: Card, width: number, room: number): Block => {
  const set = (text: string, size: number): Block => block(text, card, { size, width, weight: 400 })
  for (const size of textSizes) {
    const whole = set(card.text, size)
    if (heightOf(whole) <= room) return whole
  }
  const smallest = textSizes.at(-1) ?? 34
  const beginning = longest(card.text, (text) => heightOf(set(text, smallest)) <= room, isGrave(card) ? 'sentence' : 'word')
  return beginning === '' ? { ...set('', smallest), lines: [] } : set(beginning, smallest)
}

/** The longest beginning that fits, ended as in a post; empty where none does. */
export const longest = (text: string, fits: (beginning: string) => boolean, at: CutAt): string => {
  const upTo = (length: number): string => shorten(text, (beginning) => beginning.length <= length, at)
  let [low, high] = [0, text.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(upTo(middle))) low = middle
    else high = middle
  }
  return upTo(low)
}
