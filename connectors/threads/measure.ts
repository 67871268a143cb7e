// What a text counts on Threads: "Emojis are counted as the number of UTF-8 bytes", https://developers.facebook.com/docs/threads/posts.
import { utf8Bytes } from '../../src/connector/measure.ts'

const pictorial = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** UTF-16 units, and UTF-8 bytes for whatever may be an emoji: never less than the platform counts. */
export const charactersOnThreads = (text: string): number => {
  if (!pictorial.test(text)) return text.length
  let count = 0
  for (const { segment } of segmenter.segment(text)) count += pictorial.test(segment) ? utf8Bytes(segment) : segment.length
  return count
}
