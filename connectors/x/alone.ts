// An answer that X does not take as one: the same words as a post of its own, which names the post that it is about.
import type { Post } from '../../src/connector/connector.ts'
import { mostWeight, weight } from './count.ts'

/** The text with the address of the other post below it, shortened where both do not fit; the announcement's own link stays. */
export const standingAlone = ({ text, link }: Pick<Post, 'text' | 'link'>, about: string): string => {
  const kept = link !== null && text.trimEnd().endsWith(link) ? link : ''
  const below = `${kept && `\n${kept}`}\n\n↪ ${about}`
  const words = kept ? text.trimEnd().slice(0, -kept.length).trimEnd() : text.trimEnd()
  return fits(`${text}\n\n↪ ${about}`) ? `${text}\n\n↪ ${about}` : shortened(words, below) + below
}

const fits = (text: string): boolean => weight(text) <= mostWeight

const shortened = (words: string, below: string): string => {
  let rest = words
  while (rest !== '' && !fits(`${rest} …${below}`)) rest = rest.replace(/\s*\S+\s*$/u, '')
  return rest === '' ? '' : `${rest} …`
}
