// What a platform limits in number: the different links, the hashtags and the mentions of a post.
import type { TextLimits } from './limits.ts'
import { linksIn } from './links.ts'

/** How many there are of each. */
export type Numbers = Readonly<Record<'links' | 'hashtags' | 'mentions', number>>

/** Whatever looks like one counts as one, so that no platform counts more. */
const hashtag = /#[\p{L}\p{M}\p{N}_]/gu
const mention = /@[\w.]/g

/** `link` is attached to the post: it counts once, be it in the text or not. */
export const numbersIn = (text: string, link: string | null): Numbers => ({
  links: new Set([...(link === null ? [] : [link]), ...linksIn(text, { own: link }).map(({ start, end }) => text.slice(start, end))]).size,
  hashtags: text.match(hashtag)?.length ?? 0,
  mentions: text.match(mention)?.length ?? 0,
})

const words = { links: 'verschiedene Links', hashtags: 'Hashtags', mentions: 'Erwähnungen mit @' } as const

/** What the post has too many of, in German: `6 verschiedene Links, höchstens 5 sind möglich`; null: nothing. */
export const tooManyIn = (text: string, link: string | null, limits: TextLimits): string | null => {
  if (limits.links === undefined && limits.hashtags === undefined && limits.mentions === undefined) return null
  const numbers = numbersIn(text, link)
  for (const what of ['links', 'hashtags', 'mentions'] as const) {
    const max = limits[what] ?? Number.POSITIVE_INFINITY
    if (numbers[what] > max) return `${numbers[what]} ${words[what]}, höchstens ${max} sind möglich`
  }
  return null
}
