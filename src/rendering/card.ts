// The picture card of an announcement: what stands on it, what it lacks, and what it says to those who do not see it.
import type { Announcement } from '../announcement/announcement.ts'
import { localTime } from '../announcement/local-time.ts'
import type { PostImage } from '../connector/connector.ts'
import type { Limits } from '../connector/limits.ts'
import { type Card, type Derivation, type Derived, setting } from './derive.ts'
import { bareTitle, headlineOf, wordsIn, wordsLanguage } from './headline.ts'
import { shorten } from './shorten.ts'
import { drawn, named } from './signs.ts'
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

export interface PlannedCard {
  /** Null where a sign is missing without which the card would say something else. */
  readonly wish: Derivation | null
  /** German: why there is none, or what it does without. */
  readonly notes: readonly string[]
}

/** The card of this channel; null where the platform wants none. */
export const planCard = (wish: CardWish): PlannedCard | null => {
  if (!wish.limits.needsMedia || wish.limits.card === undefined) return null
  const { text, city, correction } = wish.content
  const title = bareTitle(wish.content)
  const parts = {
    title: drawn(correction ? `${wordsIn(wish.content.language).correction}: ${title}` : title),
    text: drawn(within(text, mostText, wish.content)),
    city: drawn(city),
  }
  const missing = unique(Object.values(parts).flatMap((part) => part.missing))
  if (missing.length > 0)
    return {
      wish: null,
      notes: [`Eine Bildkarte ist nicht möglich: Ihrer Schrift fehlt ${named(missing)}. Bitte anders schreiben oder ein Bild mitgeben.`],
    }
  if (parts.title.text === '') return { wish: null, notes: ['Eine Bildkarte ist nicht möglich: Der Titel besteht nur aus Bildzeichen.'] }
  const dropped = unique(Object.values(parts).flatMap((part) => part.dropped))
  return {
    wish: setting(cardOf(wish, { title: parts.title.text, text: parts.text.text, city: parts.city.text }, wish.limits.card)),
    notes: dropped.length > 0 ? [`Auf der Bildkarte fehlt ${named(dropped)}.`] : [],
  }
}

const cardOf = (
  { announcement: { kind, severity, status }, content, colours }: CardWish,
  words: Pick<Card, 'title' | 'text' | 'city'>,
  size: Pick<Card, 'width' | 'height'>,
): Card => ({
  ...size,
  ...words,
  colours,
  kind,
  severity,
  status,
  language: content.language,
  until: timeOf(content),
  address: content.link === null ? null : addressOf(content.link),
})

const unique = (signs: readonly string[]): readonly string[] => [...new Set(signs)]

/** The card as the post carries it; null where it has not been set. Its alternative text is what it says, up to the platform's length. */
export const cardImage = (wish: CardWish, derived: Derived): PostImage | null => {
  const made = derived.get(planCard(wish)?.wish?.name ?? '')
  return made ? { ...made, alt: altOf(wish.content, wish.limits.images.altMax || mostText) } : null
}

/** Until when a warning holds, as it stands on the card; null: not said. */
const timeOf = ({ kind, expires, language }: Content): string | null =>
  kind === 'warning' && expires !== null ? localTime(expires, wordsLanguage(language)) : null

/** Headline, text and time as on the card; what is an exercise says so at both ends. Of these only the text is shortened. */
const altOf = (content: Content, max: number): string => {
  const before = `${headlineOf(content)}\n\n`
  const { until, mark } = wordsIn(content.language)
  const time = timeOf(content)
  const after = [...(time === null ? [] : [`${until} ${time}`]), content.status === 'Actual' ? [] : mark[content.status]]
    .flat()
    .map((part) => `\n\n${part}`)
    .join('')
  return before.length + after.length > max / 2
    ? within(`${before}${content.text}`, max, content)
    : (before + within(content.text, max - before.length - after.length, content) + after).replace(/\n{3,}/g, '\n\n').trim()
}

const within = (text: string, max: number, content: Content): string =>
  shorten(text, (beginning) => beginning.length <= max, isGrave(content) ? 'sentence' : 'word')

/** The host as people say it; null where nobody would type it. */
const addressOf = (link: string): string | null => {
  const host = new URL(link).hostname.replace(/^www\./, '')
  return host.length <= 40 ? host : null
}
