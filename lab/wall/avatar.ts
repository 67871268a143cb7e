// The picture of an account that has none: its first letters on a colour of its own.
import { createHash } from 'node:crypto'
import { escapeHtml } from '../html.ts'
import { nameOf } from './card.ts'

/** A self-contained SVG; the same account always looks the same. */
export const avatarSvg = (account: string, platform: string): string => {
  const hue = createHash('sha256').update(account).digest()[0]! * 1.4
  const letters = lettersOf(nameOf(account))
  const round = platform === 'mastodon' ? 18 : 50
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" role="img" aria-label="${escapeHtml(account)}"><rect width="100" height="100" rx="${round}" fill="hsl(${hue} 45% 42%)"/><text x="50" y="50" dy=".36em" text-anchor="middle" font-family="system-ui,sans-serif" font-size="42" font-weight="600" fill="#fff">${escapeHtml(letters)}</text></svg>`
}

/** The initials of two words, or the first two letters of one. */
const lettersOf = (name: string): string => {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? '')].slice(0, 2)
  return letters.join('').toUpperCase()
}
