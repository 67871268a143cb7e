// The picture card of an announcement: what stands on it, and what it says to those who do not see it.
import type { Announcement } from '../announcement/announcement.ts'
import { localTime } from '../announcement/local-time.ts'
import type { PostImage } from '../connector/connector.ts'
import type { Limits } from '../connector/limits.ts'
import { type Card, type Derivation, type Derived, setting } from './derive.ts'
import { bareTitle, headlineOf } from './headline.ts'
import { shorten } from './shorten.ts'
import { type Content, isGrave } from './templates.ts'

/** Characters of the text that can stand on a card at most; how many do is seen when it is set. */
const mostText = 900

export interface CardWish {
  readonly announcement: Pick<Announcement, 'kind' | 'severity' | 'status'>
  /** Title and text as they go to this channel. */
  readonly content: Content
  readonly colours: Card['colours']
  readonly limits: Limits
}

/** The wish for the card of this channel; null where the platform wants none. */
export const cardFor = ({ announcement, content, colours, limits }: CardWish): Derivation | null => {
  if (!limits.needsMedia || limits.card === undefined) return null
  const { kind, severity, status } = announcement
  const { text, language, expires, link, city } = content
  return setting({
    ...limits.card,
    city,
    colours,
    kind,
    severity,
    status,
    language,
    title: bareTitle(content),
    text: within(text, mostText, content),
    until: kind === 'warning' && expires !== null ? localTime(expires, /^en\b/i.test(language) ? 'en' : 'de') : null,
    address: link === null ? null : addressOf(link),
  })
}

/** The card as the post carries it; null where it has not been set. Its alternative text is what it says, up to the platform's length. */
export const cardImage = (wish: CardWish, derived: Derived): PostImage | null => {
  const made = derived.get(cardFor(wish)?.name ?? '')
  const { altMax } = wish.limits.images
  const said = `${headlineOf(wish.content)}\n\n${wish.content.text}`
  return made ? { ...made, alt: within(said, altMax > 0 ? altMax : mostText, wish.content) } : null
}

const within = (text: string, max: number, content: Content): string =>
  shorten(text, (beginning) => beginning.length <= max, isGrave(content) ? 'sentence' : 'word')

/** The host as people say it; null where nobody would type it. */
const addressOf = (link: string): string | null => {
  const host = new URL(link).hostname.replace(/^www\./, '')
  return host.length <= 40 ? host : null
}
