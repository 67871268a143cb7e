// The letters of picture cards, as widths and outlines: Fira Sans, and Noto's symbols for signs that Fira does not have.
import { readFileSync } from 'node:fs'
import opentype, { type Font, type Glyph } from 'opentype.js'

/** Regular, SemiBold, Bold. */
export type Weight = 400 | 600 | 700

interface Placed {
  /** Of the line's beginning, on its baseline; pixels. */
  readonly x: number
  readonly y: number
  /** Of the em. */
  readonly size: number
  readonly weight: Weight
  readonly colour: string
}

const opened = new Map<string, Font>()

/** Read once and kept: reading takes fifty times as long as setting a card. */
const fontOf = (name: string): Font => {
  const known = opened.get(name)
  if (known) return known
  const { buffer, byteOffset, byteLength } = readFileSync(new URL(`./letters/${name}.woff`, import.meta.url))
  const font = opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)
  opened.set(name, font)
  return font
}

/** True when one of the fonts has the sign in every weight. */
export const isInFonts = (sign: string): boolean =>
  has(fontOf('noto-symbols'), sign) || ([400, 600, 700] as const).every((weight) => has(fontOf(`fira-sans-${weight}`), sign))

const has = (font: Font, sign: string): boolean => font.charToGlyphIndex(sign) > 0

interface Sign {
  readonly glyph: Glyph
  /** Names its outline within one picture. */
  readonly id: string
  /** Of its left edge from the beginning of the line, in ems. */
  readonly at: number
}

interface Shaped {
  readonly signs: readonly Sign[]
  /** Ems. */
  readonly width: number
}

/** One after the other with kerning, each from the first font that has it. */
const shape = (text: string, weight: Weight): Shaped => {
  const [letters, symbols] = [fontOf(`fira-sans-${weight}`), fontOf('noto-symbols')]
  const signs: Sign[] = []
  let [width, before]: [number, Glyph | null] = [0, null]
  for (const sign of text) {
    const isLetter = has(letters, sign) || !has(symbols, sign)
    const glyph = (isLetter ? letters : symbols).charToGlyph(sign)
    if (isLetter && before) width += letters.getKerningValue(before, glyph) / unitsPerEm
    signs.push({ glyph, id: `${isLetter ? weight : 's'}-${glyph.index}`, at: width })
    width += glyph.advanceWidth / unitsPerEm
    before = isLetter ? glyph : null
  }
  return { signs, width }
}

/** Of all four fonts. */
const unitsPerEm = 1000

const widths = new Map<string, number>()

/** Words that are remembered at most; then all are forgotten, since most come from one text. */
const mostWidths = 20_000

/** How wide the text is on one line, in ems. */
export const widthOf = (text: string, weight: Weight): number => {
  const key = `${weight}${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (widths.size >= mostWidths) widths.clear()
  const { width } = shape(text, weight)
  widths.set(key, width)
  return width
}

/** Sets lines of text into one SVG: every outline stands in it once, and is used where its letter comes. */
export interface Typesetter {
  /** The line as a group. */
  set(text: string, placed: Placed): string
  /** What the SVG must hold beside the lines. */
  outlines(): string
}

export const typesetter = (): Typesetter => {
  const outlines = new Map<string, string>()
  return {
    set: (text, { x, y, size, weight, colour }) => {
      const uses = shape(text, weight).signs.map(({ glyph, id, at }) => {
        if (!outlines.has(id)) outlines.set(id, outlineOf(glyph))
        return outlines.get(id) === '' ? '' : `<use href="#l${id}" x="${Math.round(at * unitsPerEm)}"/>`
      })
      return `<g transform="translate(${rounded(x)} ${rounded(y)}) scale(${size / unitsPerEm})" fill="${colour}">${uses.join('')}</g>`
    },
    outlines: () => `<defs>${[...outlines].map(([id, d]) => (d === '' ? '' : `<path id="l${id}" d="${d}"/>`)).join('')}</defs>`,
  }
}

const rounded = (pixels: number): number => Math.round(pixels * 10) / 10

/** In units of the font: whole numbers. */
const outlineOf = (glyph: Glyph): string =>
  glyph
    .getPath(0, 0, unitsPerEm)
    .commands.map(
      ({ type, x1, y1, x2, y2, x, y }) =>
        type +
        [x1, y1, x2, y2, x, y]
          .filter((one) => one !== undefined)
          .map(Math.round)
          .join(' '),
    )
    .join('')
