// What a text counts: graphemes, UTF-8 bytes, links at a fixed price. Pure, and fast for the texts people here write.

/** A web link inside a text; `start` and `end` are UTF-16 offsets. */
export interface TextLink {
  readonly start: number
  readonly end: number
  readonly url: string
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** What may join its neighbour. CR LF aside, nothing below U+0300 does, no dash, quotation mark or dots, and no euro sign. */
const mayJoin = /[\u0300-\u200f\u2028-\u20ab\u20ad-\uffff\r]/

/** What a reader calls characters: extended grapheme clusters of Unicode (UAX 29). */
export const graphemes = (text: string): number => {
  if (!mayJoin.test(text)) return text.length
  let count = 0
  for (const _ of segmenter.segment(text)) count += 1
  return count
}

/** Bytes of the text in UTF-8. */
export const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

const link = /https?:\/\/[^\s<>"„“”»«]+/giu
const trailing = /[.,;:!?'’…*_~]$/u

/** A sentence's own punctuation after a link, and a bracket that was opened before it, do not belong to the link. */
const withoutTail = (url: string): string => {
  const last = url.at(-1) ?? ''
  const opened = { ')': '(', ']': '[', '}': '{' }[last]
  const foreign = trailing.test(url) || (opened !== undefined && url.split(opened).length < url.split(last).length)
  return foreign ? withoutTail(url.slice(0, -1)) : url
}

/** All web links (`http`, `https`) of a text, in order. */
export const linksIn = (text: string): readonly TextLink[] => {
  if (!text.includes('://')) return []
  return [...text.matchAll(link)].flatMap((match) => {
    const url = withoutTail(match[0])
    return URL.canParse(url) ? [{ start: match.index, end: match.index + url.length, url }] : []
  })
}

/** A host with a top-level domain and nothing but ASCII: what every platform recognises as a link. */
const plain = /^https?:\/\/(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)(?=[/?#:]|$)[\x21-\x7e]*$/i

/**
 * Graphemes, where every link counts `perLink` whatever its length. A link that a platform may not recognise as one (no top-level
 * domain, letters beyond ASCII) counts at least as written, so that the measure is never too small.
 */
export const graphemesWithLinksAt = (text: string, perLink: number | undefined): number => {
  const links = perLink === undefined ? [] : linksIn(text)
  if (perLink === undefined || links.length === 0) return graphemes(text)
  let rest = ''
  let count = 0
  let from = 0
  for (const { start, end, url } of links) {
    rest += `${text.slice(from, start)}x`
    count += (plain.test(url) ? perLink : Math.max(perLink, graphemes(url))) - 1
    from = end
  }
  return count + graphemes(rest + text.slice(from))
}
