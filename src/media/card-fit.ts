// As large as it goes: sizes of the letters of a card, and as much of the text as there is room for.
import type { Card } from '../rendering/derive.ts'
import { shorten } from '../rendering/shorten.ts'
import { isGrave } from '../rendering/templates.ts'
import type { Typesetter } from './card-draw.ts'
import { face, lineWidth, type Setting, title } from './card-face.ts'

const smallestTitle = 44
const smallestText = 34

/** Largest first: the title takes the first at which it leaves room and no word is broken, the text the first at which all of it fits. */
const titleSizes = [104, 96, 88, 80, 72, 64, 56, 50, smallestTitle] as const
const textSizes = [62, 58, 54, 50, 46, 42, 38, smallestText] as const

/** Share of the card's height that the title may take. */
const titleShare = 0.34

export const fit = async (card: Card, height: number, { heightOf, widthOf }: Omit<Typesetter, 'draw'>): Promise<Setting> => {
  const titleSize = await sizeOfTitle(card, height, { heightOf, widthOf })
  const fits = async (setting: Setting): Promise<boolean> => (await heightOf(face(card, setting, 'auto'))) <= height
  const whole = { titleSize, textSize: smallestText, title: card.title, text: card.text }
  const textSize = await largest(textSizes, (size) => fits({ ...whole, textSize: size }))
  if (textSize !== undefined) return { ...whole, textSize }
  if (await fits({ ...whole, text: '' }))
    return { ...whole, text: await longest(card.text, (text) => fits({ ...whole, text }), isGrave(card)) }
  return { ...whole, text: '', title: await longest(card.title, (shorter) => fits({ ...whole, text: '', title: shorter }), false) }
}

const sizeOfTitle = async (card: Card, height: number, { heightOf, widthOf }: Omit<Typesetter, 'draw'>): Promise<number> => {
  const longestWord = card.title.split(/\s/).reduce((one, other) => (other.length > one.length ? other : one), '')
  const unbroken = (smallestTitle * lineWidth(card)) / (await widthOf(title(longestWord, smallestTitle)))
  const fits = async (size: number): Promise<boolean> =>
    size <= unbroken && (await heightOf(title(card.title, size), lineWidth(card))) <= height * titleShare
  return (await largest(titleSizes, fits)) ?? smallestTitle
}

/** The first that fits of sizes that get smaller; by halves, for measuring takes its time. */
const largest = async (sizes: readonly number[], fits: (size: number) => Promise<boolean>): Promise<number | undefined> => {
  let [low, high] = [0, sizes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (await fits(sizes[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return sizes[low]
}

/** The longest beginning that fits, ended as in a post: of what is `grave` whole sentences alone. */
const longest = async (text: string, fits: (beginning: string) => Promise<boolean>, grave: boolean): Promise<string> => {
  const upTo = (length: number): string => shorten(text, (beginning) => beginning.length <= length, grave ? 'sentence' : 'word')
  let [low, high] = [0, text.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (await fits(upTo(middle))) low = middle
    else high = middle
  }
  return upTo(low)
}
