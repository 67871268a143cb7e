// An answer that X does not take as one: the same words as a post of its own, which names the post that it is about.
import type { Post } from '../../src/connector/connector.ts'
import { sentenceEnds } from '../../src/connector/sentences.ts'
import { mostWeight, weight } from './count.ts'

/** The text with the address of the other post below it, shortened by whole sentences where both do not fit; the announcement's own link stays. */
export const standingAlone = ({ text, link }: Pick<Post, 'text' | 'link'>, about: string): string => {
  const kept = link !== null && text.trimEnd().endsWith(link) ? link : ''
  const below = `${kept && `\n${kept}`}\n\n↪ ${about}`
  const words = kept ? text.trimEnd().slice(0, -kept.length).trimEnd() : text.trimEnd()
  return fits(`${text}\n\n↪ ${about}`) ? `${text}\n\n↪ ${about}` : shortened(words, below) + below
}

const fits = (text: string): boolean => weight(text) <= mostWeight

/** By whole sentences, whatever it is: half a sentence may say the opposite. */
const shortened = (words: string, below: string): string => {
  const end = sentenceEnds(words).findLast((end) => end < words.length && fits(`${words.slice(0, end)} …${below}`))
  return end === undefined ? '' : `${words.slice(0, end)} …`
}
