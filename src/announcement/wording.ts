// In which language an announcement can be had, and the German words for what it is.
import type { Announcement, Kind } from './announcement.ts'

export const kindTitles: Readonly<Record<Kind, string>> = {
  warning: 'Warnung',
  'all-clear': 'Entwarnung',
  notice: 'Mitteilung',
  event: 'Termin',
}

/** Title and text in one language. `wanted`: false when the wished language is not there and the announcement's own stands in. */
export interface Chosen {
  readonly title: string
  readonly text: string
  readonly language: string
  readonly wanted: boolean
}

type Worded = Pick<Announcement, 'title' | 'text' | 'language' | 'variants'>

/** The wording in the wished language (BCP 47; `en` takes `en-GB` too); the announcement's own where there is none or none is wished. */
export const wordingIn = (announcement: Worded, wished: string | null): Chosen => {
  const { title, text, language, variants } = announcement
  const own = { title, text, language }
  if (wished === null || same(language, wished)) return { ...own, wanted: true }
  const tags = Object.keys(variants)
  const exact = tags.find((tag) => same(tag, wished))
  if (exact === undefined && speaks(language, wished)) return { ...own, wanted: true }
  const tag = exact ?? tags.find((each) => speaks(each, wished))
  const variant = tag === undefined ? undefined : variants[tag]
  if (tag === undefined || variant === undefined) return { ...own, wanted: false }
  return { title: variant.title, text: variant.text, language: tag, wanted: true }
}

const same = (tag: string, other: string): boolean => tag.toLowerCase() === other.toLowerCase()

/** True when a text tagged `tag` serves whoever asked for `wished`: `de-DE` serves `de` and the other way round, but `de-x-leicht` is asked for by name. */
export const speaks = (tag: string, wished: string): boolean => {
  const [has, asked] = [tag.toLowerCase(), wished.toLowerCase()]
  return has === asked || extendsTag(has, asked) || extendsTag(asked, has)
}

const extendsTag = (long: string, short: string): boolean => long.startsWith(`${short}-`) && !long.slice(short.length).includes('-x-')
