// Measures whole posts against everything that a platform limits, as they are written there.
import { setApart } from '../connector/links.ts'
import { tooManyIn } from '../connector/numbers.ts'
import type { Offer } from './offer.ts'

/** A post as it is written there, and what it measures in the platform's unit. */
export interface Measured {
  readonly text: string
  readonly length: number
}

export interface Ruler {
  /** The platform's name for people. */
  readonly platform: string
  /** Null where it does not fit. */
  fitted(whole: string): Measured | null
  fits(whole: string): boolean
  /** What the post has too many of, in German; null: nothing. */
  tooMany(whole: string): string | null
  /** What a text that is too long measures, what is possible and what must go. */
  excess(whole: string): Excess
}

/** In words, with the unit: `12 Zeichen`; `max` without. */
export interface Excess {
  readonly is: string
  readonly max: string
  readonly over: string
}

export const rulerOf = ({ connector, limits: { text: limits } }: Offer, link: string | null): Ruler => {
  const { max, maxBytes = Number.POSITIVE_INFINITY, unit } = limits
  const tooMany = (whole: string): string | null => tooManyIn(whole, link, limits)
  const isWithinBytes = (whole: string): boolean => whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes
  const written = (whole: string): string => (limits.linksRunOn ? setApart(whole, { own: link }) : whole)
  const fitted = (whole: string): Measured | null => {
    const text = written(whole)
    const length = connector.measure(text, limits)
    return length <= max && isWithinBytes(text) && tooMany(text) === null ? { text, length } : null
  }
  return {
    platform: connector.title ?? connector.platform,
    fitted,
    fits: (whole) => fitted(whole) !== null,
    tooMany,
    excess: (whole) => {
      const length = connector.measure(written(whole), limits)
      return length > max ? excessOf(length, max, unit) : excessOf(Buffer.byteLength(written(whole)), maxBytes, 'Byte')
    },
  }
}

/** How much `length` is more than `max`, in words. */
export const excessOf = (length: number, max: number, unit = 'Zeichen'): Excess => {
  const [is, over, most] = [length, length - max, max].map((count) => count.toLocaleString('de-DE'))
  return { is: `${is} ${unit}`, max: `${most}`, over: `${over} ${unit}` }
}
