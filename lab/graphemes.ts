// Counts what a reader calls characters.

/** One grapheme cluster per unit for sure: no joiners, no combining marks, no surrogates. */
const simpleText = /^[\n\x20-\x7e\u00a0-\u024f\u2010-\u2027\u2030-\u205e\u20ac]*$/

const segmenter = new Intl.Segmenter()

/** Grapheme clusters of a text. */
export const graphemes = (text: string): number => {
  if (simpleText.test(text)) return text.length
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}
