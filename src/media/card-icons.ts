// The signs of the four kinds on a picture card, drawn as strokes in a square of 100: what an announcement is shows without its colour.
import type { Kind } from '../announcement/announcement.ts'

/** `d` of SVG paths. A warning's triangle, a tick, a letter on its way, a calendar. */
const strokes: Readonly<Record<Kind, string>> = {
  warning: 'M50 10 L94 88 H6 Z M50 38 V62 M50 73 V76',
  'all-clear': 'M14 54 L40 80 L88 24',
  notice: 'M92 8 L8 44 L40 58 L54 92 Z M40 58 L60 38',
  event: 'M12 22 H88 V88 H12 Z M12 44 H88 M32 8 V30 M68 8 V30',
}

export const icon = (kind: Kind, { x, y, size, colour }: { x: number; y: number; size: number; colour: string }): string =>
  `<path d="${strokes[kind]}" transform="translate(${x} ${y}) scale(${size / 100})" fill="none" stroke="${colour}" stroke-width="9" stroke-linejoin="round" stroke-linecap="round"/>`
