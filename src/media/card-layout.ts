// Where things are on a picture card: the head with the title takes half of it where there is room, the text gets the rest. Pixels.
import type { Card } from '../rendering/derive.ts'
import { type Block, block, fitText, fitTitle, heightOf, longest } from './card-fit.ts'
import { cardWords } from './card-words.ts'

/** The width for which the sizes are meant; the picture is scaled to what was asked for. */
export const width = 1080
export const margin = 72
/** How long a line can be. */
export const line = width - 2 * margin

/** Of the bands above and below what is not meant for the public. */
export const markHeight = 96
export const headTop = 64
/** Of the sign and word for the kind. */
export const labelHeight = 108
/** Between that and the title at least. */
const headGap = 44
export const headFoot = 56
export const bodyTop = 56
export const footHeight = 122
/** Between the text and the foot. */
const footGap = 24
const headShare = 0.5

export interface Laid {
  readonly headHeight: number
  readonly title: Block
  readonly until: Block | null
  readonly text: Block
}

/** @param height between the bands */
export const laidOut = (card: Card, height: number): Laid => {
  const until = card.until === null ? null : untilBlock(card, card.until)
  const fixed = headTop + labelHeight + headGap + headFoot + bodyTop + (card.address === null ? margin : footHeight + footGap)
  const room = height - fixed - (until === null ? 0 : heightOf(until))
  const title = titleWithin(card, room)
  const text = fitText(card, line, room - heightOf(title))
  const least = headTop + labelHeight + headGap + heightOf(title) + headFoot
  const spare = room - heightOf(title) - heightOf(text)
  return { headHeight: Math.round(Math.min(least + spare, Math.max(least, height * headShare))), title, until, text }
}

const untilBlock = ({ language }: Card, until: string): Block => {
  const { lineHeight, ...set } = block(`${cardWords(language).until} ${until}`, { language }, { size: 46, width: line, weight: 700 })
  return { ...set, lineHeight: lineHeight + 12 }
}

/** All of it, unless it alone is higher than the room for it and for the text. */
const titleWithin = ({ title, language }: Card, room: number): Block => {
  const set = (text: string): Block => fitTitle(text, language, line)
  const whole = set(title)
  if (heightOf(whole) <= room) return whole
  return set(longest(title, (beginning) => beginning !== '' && heightOf(set(beginning)) <= room, 'word') || '…')
}
