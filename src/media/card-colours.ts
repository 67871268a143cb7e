// What colours a picture card has: red warns, green ends a warning, violet is an exercise, the city's own is for everything else.
import { contrast } from '../policy/contrast.ts'
import type { Card } from '../rendering/derive.ts'

export interface Colours {
  readonly ground: string
  readonly ink: string
  /** A band above the ground where the ground itself is not the city's colour; null: none. */
  readonly band: string | null
}

export const ink = '#15181e'
export const white = '#ffffff'
export const grey = '#d5d9e0'
export const warningRed = '#b3001b'
const allClearGreen = '#1a6b3c'
export const exercise = { ground: '#521f7c', stripe: '#6d33a0' } as const

/** WCAG 2.2, 1.4.3. */
const enough = 4.5

export const coloursOf = ({ kind, status, colours }: Pick<Card, 'kind' | 'status' | 'colours'>): Colours => {
  if (status !== 'Actual') return { ground: exercise.ground, ink: white, band: null }
  if (kind === 'warning') return { ground: warningRed, ink: white, band: null }
  if (kind === 'all-clear') return { ground: allClearGreen, ink: white, band: null }
  if (isRed(colours.primary)) return { ground: white, ink, band: colours.primary }
  return { ground: colours.primary, ink: inkOn(colours), band: null }
}

const inkOn = ({ primary, onPrimary }: Card['colours']): string => {
  if (contrast(onPrimary, primary) >= enough) return onPrimary
  // black, not our ink: one of black and white reaches 4.5 on every colour
  return contrast(white, primary) >= contrast('#000000', primary) ? white : '#000000'
}

/** A notice of a city whose colour is red must not be taken for a warning: red, and as dark as the warning's. */
const isRed = (colour: string): boolean => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number]
  return red > 120 && red > 2.2 * Math.max(green, blue)
}
