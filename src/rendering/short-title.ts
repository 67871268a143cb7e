// The headline where a platform's field for it is short (YouTube, TikTok): never half a warning.
import { headlineOf, wordsIn } from './headline.ts'
import { shorten } from './shorten.ts'
import { type Content, isGrave } from './templates.ts'

/**
 * The headline; where it has more than `max` characters its beginning, of a warning or all-clear by whole sentences alone. Where no beginning
 * will do, kind and city: the text below says the whole title.
 */
export const shortTitle = (content: Content, max = Number.POSITIVE_INFINITY): string => {
  const whole = headlineOf(content)
  const fits = (title: string): boolean => title.length <= max
  if (fits(whole)) return whole
  const words = wordsIn(content.language)
  const beginning = shorten(whole, fits, isGrave(content) ? 'sentence' : 'word')
  return beginning === ''
    ? headlineOf({ ...content, title: `${words.lead[content.kind] ?? words.kinds[content.kind]}: ${content.city}` })
    : beginning
}
