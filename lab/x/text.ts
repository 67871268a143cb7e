// How X reads a post: what counts how much, what becomes a link, and the text that comes back with links of its own.
// https://docs.x.com/fundamentals/counting-characters
import { createHash } from 'node:crypto'
import type { Mark } from '../ledger.ts'
import { isTopLevel } from '../top-level-domains.ts'

/** Emoji count 2, links their fixed weight, characters of these ranges 1 and all others 2, in NFC. */
const lightRanges = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
] as const

const isLight = (point: number): boolean => lightRanges.some(([from, to]) => point >= from && point <= to)

/** The weight of a text, given what a link counts. */
export const weightOf = (text: string, linkWeight: number): number => {
  const whole = text.normalize('NFC')
  let weight = 0
  let at = 0
  for (const { from, to } of linksOf(whole)) {
    weight += weightOfWords(whole.slice(at, from)) + linkWeight
    at = to
  }
  return weight + weightOfWords(whole.slice(at))
}

const weightOfWords = (words: string): number => {
  let weight = 0
  for (const character of words.replace(/\p{RGI_Emoji}/gv, '\u{1f600}')) weight += isLight(character.codePointAt(0)!) ? 1 : 2
  return weight
}

const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_\-]*[\p{L}\p{N}])?`
const candidate = new RegExp(
  String.raw`(?<![\w@#$＠＃\-.\/])(?:https?:\/\/)?(?:${label}\.)+(?<top>[a-z][a-z0-9\-]*[a-z0-9])(?![a-z0-9@\-])(?::\d+)?(?:\/[^\s<>"„“”»«‚‘’›‹…]*)?(?:\?[^\s<>"„“”»«‚‘’›‹…]*)?`,
  'giu',
)

/** Punctuation that ends the sentence, and a bracket that the link did not open, stay outside. */
const trimmed = (url: string): string => {
  const shorter = url.replace(/[.,;:!?'’‘›…*~|[\]–—]+$/u, '')
  const unopened = shorter.endsWith(')') && shorter.split(')').length > shorter.split('(').length
  const next = unopened ? shorter.slice(0, -1) : shorter
  return next === url ? url : trimmed(next)
}

/** The links of a text, in order: with or without a scheme, as long as the domain is one. */
export const linksOf = (text: string): Mark[] =>
  text.includes('.')
    ? [...text.matchAll(candidate)].flatMap((match) => {
        if (!isTopLevel(match.groups!.top!.toLowerCase())) return []
        const written = trimmed(match[0])
        const href = /^https?:/i.test(written) ? written : `http://${written}`
        return [{ from: match.index, to: match.index + written.length, href }]
      })
    : []

const shortLink = (seed: string): string =>
  `https://t.co/${createHash('sha256').update(seed).digest('base64url').replace(/[-_]/g, 'x').slice(0, 10)}`

const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export interface UrlEntity {
  /** Characters (code points) of the text. */
  readonly start: number
  readonly end: number
  readonly url: string
  readonly expanded_url: string
  readonly display_url: string
  readonly media_key?: string
}

/** A text as the API gives it: every link shortened, one more for what hangs on it, `&`, `<` and `>` escaped. */
export const shownText = (
  id: string,
  text: string,
  media: { readonly address: string; readonly key: string } | null,
): { text: string; urls: UrlEntity[] } => {
  const urls: UrlEntity[] = []
  let shown = ''
  let at = 0
  const put = (expanded_url: string, media_key?: string): void => {
    const url = shortLink(`${id}/${urls.length}`)
    const start = [...shown].length
    const display_url = expanded_url.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/^(.{26}).+$/u, '$1…')
    urls.push({ start, end: start + url.length, url, expanded_url, display_url, ...(media_key && { media_key }) })
    shown += url
  }
  for (const { from, to, href } of linksOf(text)) {
    shown += escaped(text.slice(at, from))
    put(href)
    at = to
  }
  shown += escaped(text.slice(at))
  if (media) {
    shown += shown === '' ? '' : ' '
    put(media.address, media.key)
  }
  return { text: shown, urls }
}
