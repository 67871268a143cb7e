// A city's colours made readable: what stands on them and beside them reaches WCAG AA, whatever the city chose.
import type { City } from '../policy/policy.ts'

/** WCAG 2.2, 1.4.3: contrast of text. */
const enough = 4.5

/** The lightest and the darkest ground that coloured text stands on: KERN's neutral-025, and neutral-900 in dark mode. */
const grounds = { light: '#f1f2f6', dark: '#1f2338' } as const

/** KERN's own blue, for a colour that cannot be read. */
const fallback = { primary: '#1a3da5', onPrimary: '#ffffff' } as const

/** The dark blue of pages that belong to no city. */
const neutral: City['colours'] = { primary: '#1b2a4a', onPrimary: '#ffffff' }

/** The city's colours as CSS variables, a style sheet of its own because inline styles are not allowed. */
export const themeCss = ({ primary, onPrimary }: City['colours']): string => {
  const ground = parse(primary) ? primary : fallback.primary
  const ink = parse(onPrimary) && contrast(onPrimary, ground) >= enough ? onPrimary : better(ground)
  const set = (accent: string): string => `--city-accent:${accent};--kern-color-action-default:${accent}`
  return `:root{--city:${ground};--city-on:${ink};${set(readable(ground, grounds.light))}}
@media (prefers-color-scheme:dark){:root{${set(readable(ground, grounds.dark))}}}
@media print{:root{${set('#000000')}}}
`
}

/** The colours of the page of all cities: one of its own, and each city's within its own entry. */
export const allThemesCss = (cities: Iterable<City>): string =>
  themeCss(neutral) +
  [...cities].map(({ key, colours }) => `.city-${key}{--city:${parse(colours.primary) ? colours.primary : fallback.primary}}\n`).join('')

/** Contrast of two colours (`#rrggbb`), 1 to 21, by WCAG 2.2. Throws for anything else. */
export const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The colour itself where it can be read on `ground`; else moved towards black or white until it can. */
export const readable = (colour: string, ground: string): string => {
  const aim = better(ground)
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, aim, share)
    if (contrast(mixed, ground) >= enough) return mixed
  }
  return aim
}

type Channels = readonly [number, number, number]

const parse = (colour: string): Channels | null => {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  return match && ([1, 2, 3].map((part) => Number.parseInt(match[part] ?? '', 16)) as unknown as Channels)
}

const channels = (colour: string): Channels => {
  const parsed = parse(colour)
  if (!parsed) throw new Error(`not a colour: ${colour}`)
  return parsed
}

const luminance = (colour: string): number => {
  const [red, green, blue] = channels(colour).map((value) => linear(value / 255)) as unknown as Channels
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

const better = (ground: string): string => (contrast('#ffffff', ground) >= contrast('#000000', ground) ? '#ffffff' : '#000000')

const mix = (one: string, other: string, share: number): string => {
  const target = channels(other)
  const mixed = channels(one).map((value, index) => Math.round(value * (1 - share) + (target[index] ?? 0) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
