// Measures whole posts against both ceilings of a platform.
import type { Offer } from './render.ts'

export interface Ruler {
  /** The platform's name for people. */
  readonly platform: string
  /** What the text measures in the platform's unit; null where it does not fit. */
  fitted(whole: string): number | null
  fits(whole: string): boolean
  /** What a text that does not fit measures, what is possible and what must go, each with its unit: `12 Zeichen`. */
  excess(whole: string): Excess
}

export interface Excess {
  readonly is: string
  readonly max: string
  readonly over: string
}

export const rulerOf = ({ connector, limits: { text: limits } }: Offer): Ruler => {
  const { max, maxBytes = Number.POSITIVE_INFINITY } = limits
  const isWithinBytes = (whole: string): boolean => whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes
  const measure = (whole: string): number => connector.measure(whole, limits)
  const fitted = (whole: string): number | null => {
    const length = measure(whole)
    return length <= max && isWithinBytes(whole) ? length : null
  }
  return {
    platform: connector.title ?? connector.platform,
    fitted,
    fits: (whole) => isWithinBytes(whole) && measure(whole) <= max,
    excess: (whole) => {
      const length = measure(whole)
      return length > max ? excessOf(length, max) : excessOf(Buffer.byteLength(whole), maxBytes, 'Byte')
    },
  }
}

/** How much `length` is more than `max`, in words. */
export const excessOf = (length: number, max: number, unit = 'Zeichen'): Excess => {
  const [is, over, most] = [length, length - max, max].map((count) => count.toLocaleString('de-DE'))
  return { is: `${is} ${unit}`, max: `${most}`, over: `${over} ${unit}` }
}
