// What a text counts: graphemes and UTF-8 bytes. Pure, and fast for the texts people here write.

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
