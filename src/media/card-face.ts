// How a picture card looks: the head in the kind's colour with the title, the text on white below, the address at the foot. Pixels.
import type { Card } from '../rendering/derive.ts'
import { coloursOf, exercise, grey, ink, warningRed, white } from './card-colours.ts'
import { type Block, block, heightOf, singleLine } from './card-fit.ts'
import { icon } from './card-icons.ts'
import { bodyTop, footHeight, headFoot, headTop, labelHeight, laidOut, line, margin, markHeight, width } from './card-layout.ts'
import { type Typesetter, typesetter, widthOf } from './card-letters.ts'
import { cardWords } from './card-words.ts'

/** The card as SVG, its letters as outlines. The same card is the same text. */
export const cardSvg = (card: Card): string => {
  const height = Math.round((width * card.height) / card.width)
  const band = card.status === 'Actual' ? 0 : markHeight
  const colours = coloursOf(card)
  const { headHeight, title, until, text } = laidOut(card, height - 2 * band)
  const headBottom = band + headHeight
  const setter = typesetter()
  const below = headBottom + bodyTop
  const drawn = [
    rect(0, height, white),
    rect(band, headHeight, colours.ground),
    ...(colours.band === null ? [] : [rect(band, 28, colours.band), rect(headBottom - 4, 4, colours.band)]),
    ...(band > 0 ? [mark(setter, card, 0), mark(setter, card, height - band)] : []),
    label(setter, card, colours.ink),
    set(setter, title, { top: headBottom - headFoot - heightOf(title), colour: colours.ink }),
    ...(until === null ? [] : [set(setter, until, { top: below, colour: warningRed })]),
    set(setter, text, { top: below + (until === null ? 0 : heightOf(until)), colour: ink }),
    ...(card.address === null ? [] : [foot(setter, card.address, height - band - footHeight)]),
  ].join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${setter.outlines()}${drawn}</svg>`
}

const rect = (y: number, height: number, fill: string): string =>
  `<rect x="0" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`

interface Where {
  readonly top: number
  readonly colour: string
  /** The margin unless said. */
  readonly left?: number
  /** Then the lines end at the right margin. */
  readonly isRight?: boolean
}

const set = (
  setter: Typesetter,
  { lines, size, lineHeight, weight }: Block,
  { top, colour, left = margin, isRight = false }: Where,
): string =>
  lines
    .map((text, at) => {
      const x = isRight ? width - margin - widthOf(text, weight) * size : left
      return setter.set(text, { x, y: baseline(top + at * lineHeight, lineHeight, size), size, weight, colour })
    })
    .join('')

/** Fira's ascender is 0.935 of its em, its descender 0.265. */
const baseline = (top: number, lineHeight: number, size: number): number => top + (lineHeight - 1.2 * size) / 2 + 0.935 * size

/** The kind by sign and word, and the city beside it. */
const label = (setter: Typesetter, { kind, severity, status, city, language }: Card, colour: string): string => {
  const top = headTop + (status === 'Actual' ? 0 : markHeight)
  const { kinds, dangers, clear } = cardWords(language)
  const below = kind === 'warning' && severity !== null ? dangers[severity] : kind === 'all-clear' ? clear : ''
  const left = margin + labelHeight + 28
  const taken = Math.max(widthOf(kinds[kind], 600) * 60, widthOf(below, 400) * 44)
  const named = cityBlock(city, language, width - margin - left - taken - 48)
  return [
    icon(kind, { x: margin, y: top, size: labelHeight, colour }),
    set(setter, singleLine(kinds[kind], 60, 600), { top: top + (below === '' ? 18 : -6), colour, left }),
    set(setter, singleLine(below, 44, 400), { top: top + 60, colour, left }),
    set(setter, named, { top: top + (labelHeight - heightOf(named)) / 2, colour, isRight: true }),
  ].join('')
}

/** Size and lines at most: the larger the fewer. */
const citySizes = [
  [48, 1],
  [42, 2],
  [34, 3],
  [26, 4],
] as const

const cityBlock = (city: string, language: string, room: number): Block => {
  const blocks = citySizes.map(([size, most]) => ({ most, block: block(city, { language }, { size, width: room, weight: 600 }) }))
  const fitting = blocks.find(({ block: { lines }, most }) => lines.length <= most) ?? blocks.at(-1)
  if (!fitting) throw new Error('there are sizes for the city')
  return { ...fitting.block, lineHeight: Math.round(fitting.block.size * 1.1) }
}

/** Not meant for the public: said above and below, so that no excerpt hides it. */
const mark = (setter: Typesetter, { status, language }: Card, top: number): string => {
  if (status === 'Actual') return ''
  const word = cardWords(language).marks[status]
  const said = `${word} · ${word} · ${word}`
  const stripes = Array.from(
    { length: 16 },
    (_, at) => `M${at * 84 - 120} ${top + markHeight} l72 -${markHeight} h42 l-72 ${markHeight} Z`,
  ).join('')
  const left = (width - widthOf(said, 600) * 52) / 2
  return [
    rect(top, markHeight, exercise.ground),
    `<path d="${stripes}" fill="${exercise.stripe}"/>`,
    set(setter, singleLine(said, 52, 600), { top: top + 17, colour: white, left }),
  ].join('')
}

const foot = (setter: Typesetter, address: string, top: number): string =>
  `<rect x="${margin}" y="${top}" width="${line}" height="3" fill="${grey}"/>` +
  set(setter, singleLine(address, Math.min(42, line / widthOf(address, 600)), 600), { top: top + 34, colour: ink })
