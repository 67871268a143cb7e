// Makes a text fit: a warning at the end of a sentence, anything else at least between two words that can be parted. What is kept says
// nothing that the whole does not say.
import { enclosed } from '../connector/enclosed.ts'
import { sentenceEnds } from '../connector/sentences.ts'
import { lastTurn } from '../connector/turning-words.ts'
import { partings } from './partings.ts'
import { mayPart, wordEnds } from './word-ends.ts'

/** Says that there is more; readers find the rest behind the link. */
export const more = ' …'

/** `sentence`: whole sentences only, and none whose meaning hangs on one that is lost. `word`: also within a sentence, unless what is lost would turn its meaning. */
export type CutAt = 'sentence' | 'word'

/**
 * The longest beginning of `text` that fits, with ` …` after it; empty when none does. Within a sentence only where at least half of what
 * fits would else be lost.
 * @param fits whether the post fits with this text in it; a shorter text must not fit worse than a longer one
 */
export const shorten = (text: string, fits: (shortened: string) => boolean, at: CutAt = 'word'): string => {
  if (fits(text)) return text
  const sentences = at === 'sentence' ? partings(text) : sentenceEnds(text).filter((end) => end < text.length)
  const whole = longest(text, sentences, fits)
  if (at === 'sentence') return whole === undefined ? '' : upTo(text, whole)
  const words = wordEnds(text)
  const last = longest(text, words, fits) ?? 0
  const within =
    whole !== undefined && whole >= last / 2
      ? undefined
      : lastWithin(
          text,
          words.filter((end) => end <= last),
          sentences,
        )
  const cut = within ?? whole
  return cut === undefined ? '' : upTo(text, cut)
}

/** The last of these places up to which the text fits; undefined: none. */
const longest = (text: string, cuts: readonly number[], fits: (shortened: string) => boolean): number | undefined =>
  cuts[lastFitting(cuts.length, (index) => fits(upTo(text, cuts[index]!)))]

/** The last of these ends of words at which the sentence that goes on there may be left; undefined: it may be left at none. */
const lastWithin = (text: string, words: readonly number[], sentences: readonly number[]): number | undefined => {
  const last = words.at(-1) ?? 0
  const start = sentences.findLast((end) => end < last) ?? 0
  const from =
    start +
    lastTurn(
      text.slice(
        start,
        sentences.find((end) => end >= last),
      ),
    )
  const isEnclosed = enclosed(text)
  return words.findLast((end) => end > start && end >= from && !isEnclosed(end) && mayPart(text, end))
}

const upTo = (text: string, cut: number): string => {
  const kept = text.slice(0, cut)
  return /(?:…|\.\.)$/.test(kept) ? kept : kept + more
}

/** Index of the last of `count` candidates that fits, -1 if none: grows from the short end, so that long ones are rarely measured. */
const lastFitting = (count: number, fits: (index: number) => boolean): number => {
  let low = -1
  let high = 0
  while (high < count && fits(high)) {
    low = high
    high = high * 2 + 1
  }
  high = Math.min(high, count)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}
