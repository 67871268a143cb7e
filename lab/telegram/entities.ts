// What Telegram finds in a plain text by itself: links, hashtags, mentions, in UTF-16 units. https://core.telegram.org/bots/api#messageentity
import type { Mark } from '../ledger.ts'

interface Entity {
  readonly type: 'url' | 'hashtag' | 'mention' | 'email'
  readonly offset: number
  readonly length: number
}

/** In the order of their right: a hashtag inside a link is none. */
const patterns: readonly (readonly [Entity['type'], RegExp])[] = [
  ['url', /https?:\/\/[^\s<>"„“”»«]*[^\s<>"„“”»«.,;:!?'’…)\]}]/giu],
  ['email', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu],
  ['hashtag', /(?<![\w/&#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu],
  ['mention', /(?<![\w/@])@[a-z]\w{3,31}/giu],
]

export const entitiesOf = (text: string): { readonly entities: readonly Entity[]; readonly marks: readonly Mark[] } => {
  const entities: Entity[] = []
  for (const [type, pattern] of patterns)
    for (const { index, 0: found } of text.matchAll(pattern))
      if (!entities.some(({ offset, length }) => index < offset + length && offset < index + found.length))
        entities.push({ type, offset: index, length: found.length })
  entities.sort((one, other) => one.offset - other.offset)
  const marks = entities
    .filter(({ type }) => type === 'url')
    .map(({ offset, length }) => ({ from: offset, to: offset + length, href: text.slice(offset, offset + length) }))
  return { entities, marks }
}

/** The first link, whose preview Telegram shows unless another is wished for. */
export const linkOf = (text: string): string | null => entitiesOf(text).marks[0]?.href ?? null
