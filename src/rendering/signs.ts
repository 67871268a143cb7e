// What of a text a picture card can draw, and what it would lose: no sign that means something vanishes without a word.
import { letters } from './letters.ts'

export interface Drawn {
  /** As it is drawn. */
  readonly text: string
  /** Pictographs that only decorate; the card does without them. */
  readonly dropped: readonly string[]
  /** Signs without which the card would say something else: then there is none. */
  readonly missing: readonly string[]
}

/** Signs that no letter of ours has, and those that say the same. */
const instead: Readonly<Record<string, string>> = {
  '\u202f': '\u00a0',
  '\u2007': '\u00a0',
  '\u2010': '-',
  '\u2011': '-',
  '′': "'",
  '″': '"',
  '⇒': '→',
  '⇐': '←',
  '⇔': '↔',
  '㎡': 'm²',
  '㎥': 'm³',
  '❌': '✗',
  '✅': '✓',
  '🚫': '⛔',
  '📞': '☎',
  '📧': '✉',
}

/** Nothing of it is seen: soft hyphens, marks of direction, joiners, selectors of a sign's look, the frame of a key cap. */
const invisible = /\p{Cf}|\p{Variation_Selector}|\u20e3/gu

const pictograph = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]$/u

const known = new RegExp(`^[${letters.replace(/([0-9a-f]+)/g, '\\u{$1}').replaceAll(' ', '')}]$`, 'u')

/** Combining marks are drawn as part of their letter alone: by itself such a mark would be set beside it. */
const isDrawable = (sign: string): boolean => sign === '\n' || (known.test(sign) && !/\p{M}/u.test(sign))

/** A sign is replaced only where it is missing: m² stays m². */
export const drawn = (text: string): Drawn => {
  const [dropped, missing] = [new Set<string>(), new Set<string>()]
  let kept = ''
  for (const sign of text.normalize('NFC').replace(/\t/g, ' ').replace(invisible, '')) {
    const same = instead[sign] ?? (isDrawable(sign) ? sign : sign.normalize('NFKC').replace(/\u2044/g, '/'))
    if ([...same].every(isDrawable)) kept += same
    else (pictograph.test(sign) ? dropped : missing).add(sign)
  }
  return { text: tidied(kept), dropped: [...dropped], missing: [...missing] }
}

/** Where a pictograph stood, its blanks go with it. */
const tidied = (text: string): string =>
  text
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim()

/** `»水« (U+6C34)`: said so that it can be found and replaced. */
export const named = (signs: readonly string[]): string =>
  signs
    .slice(0, 5)
    .map((sign) => `»${sign}« (U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`)
    .join(', ') + (signs.length > 5 ? ' und weitere' : '')
