// What Telegram finds in a plain text by itself: links, hashtags, mentions, in UTF-16 units. https://core.telegram.org/bots/api#messageentity
// Links with a scheme as its library has them: https://github.com/tdlib/td/blob/master/td/telegram/MessageEntity.cpp, match_urls and fix_url.
import type { Mark } from '../ledger.ts'

interface Entity {
  readonly type: 'url' | 'hashtag' | 'mention' | 'email'
  readonly offset: number
  readonly length: number
}

/** In the order of their right: a hashtag inside a link is none. */
const patterns: readonly (readonly [Entity['type'], RegExp])[] = [
  [
    'url',
    /https?:\/\/(?:[\w.~\-:@]|(?![\u2000-\u206f])[^\p{Z}\p{ASCII}\x80-\xbf])+(?:[/?#](?:(?![\u2000-\u200b\u200e\u200f\u2016-\u206f])[^\p{Z}\n<>"«»])*)?/giu,
  ],
  ['email', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu],
  ['hashtag', /(?<![\w/&#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu],
  ['mention', /(?<![\w/@])@[a-z]\w{3,31}/giu],
]

export const entitiesOf = (text: string): { readonly entities: readonly Entity[]; readonly marks: readonly Mark[] } => {
  const entities: Entity[] = []
  for (const [type, pattern] of patterns)
    for (const { index, 0: run } of text.matchAll(pattern)) {
      const found = type === 'url' ? fixed(run) : run
      if (!entities.some(({ offset, length }) => index < offset + length && offset < index + found.length))
        entities.push({ type, offset: index, length: found.length })
    }
  entities.sort((one, other) => one.offset - other.offset)
  const marks = entities
    .filter(({ type }) => type === 'url')
    .map(({ offset, length }) => ({ from: offset, to: offset + length, href: text.slice(offset, offset + length) }))
  return { entities, marks }
}

/** A link up to a closing bracket in its path that it did not open, without the signs that end a sentence. */
const fixed = (url: string): string => {
  const begin = url.slice(url.indexOf('://') + 3).search(/[/?#]/)
  const host = begin < 0 ? url.length : url.indexOf('://') + 3 + begin
  const open = { '(': 0, '[': 0, '{': 0 }
  let end = host
  for (; end < url.length; end += 1) {
    const sign = url[end]!
    if (sign === '(' || sign === '[' || sign === '{') open[sign] += 1
    const opening = ({ ')': '(', ']': '[', '}': '{' } as const)[sign as ')' | ']' | '}']
    if (opening !== undefined && --open[opening] < 0) break
  }
  return url.slice(0, end).replace(/[.:;,('?!`]+$/, '')
}

/** The first link, whose preview Telegram shows unless another is wished for. */
export const linkOf = (text: string): string | null => entitiesOf(text).marks[0]?.href ?? null
