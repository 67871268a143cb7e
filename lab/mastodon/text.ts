// How Mastodon reads a status: what counts, what becomes a link, and the HTML that comes back.
// Counting as in https://docs.joinmastodon.org/user/posting/#text: every link 23, a remote mention only its `@user`, in grapheme clusters.
import { graphemes } from '../graphemes.ts'
import { escapeHtml } from '../html.ts'
import type { Mark } from '../ledger.ts'

const urlPattern = /https?:\/\/[^\s<>"]+/giu
const remoteMention = /(?<![=/\w])@(\w+(?:[\w.-]*\w)?)@[\w.-]*\w/gu
const hashtagPattern = /(?<![\w/&])#([\p{L}\p{M}\p{N}_·]*[\p{L}_][\p{L}\p{M}\p{N}_·]*)/gu
/** What the text measures against `max_characters`, given what the instance reserves for a link. */
export const measured = (text: string, notice: string, perUrl: number): number =>
  graphemes(notice + text.replace(urlPattern, (url) => 'x'.repeat(perUrl) + url.slice(trimmed(url).length)).replace(remoteMention, '@$1'))

/** A link without the punctuation that closes the sentence, and without a bracket that it did not open. */
const trimmed = (url: string): string => {
  let end = url
  for (;;) {
    const next = end.replace(/[.,;:!?'“”„»«…*\]}]+$/u, '')
    const unopened = next.endsWith(')') && next.split(')').length > next.split('(').length
    const shorter = unopened ? next.slice(0, -1) : next
    if (shorter === end) return end
    end = shorter
  }
}

/** The web links of a text, in order. */
export const linksOf = (text: string): Mark[] =>
  text.includes('://')
    ? [...text.matchAll(urlPattern)].map((match) => {
        const href = trimmed(match[0])
        return { from: match.index, to: match.index + href.length, href }
      })
    : []

/** The hashtags of a text without their sign, each once. */
export const hashtagsOf = (text: string): string[] => {
  if (!text.includes('#')) return []
  const links = linksOf(text)
  const outside = [...text.matchAll(hashtagPattern)].filter(({ index }) => !links.some(({ from, to }) => index >= from && index < to))
  return [...new Set(outside.map((match) => match[1]!))]
}

/** What Mastodon makes of a text by itself: its links and hashtags, in order. */
export const marksOf = (text: string, base: string): Mark[] => {
  const links = linksOf(text)
  const tags = [...text.matchAll(hashtagPattern)]
    .filter(({ index }) => !links.some(({ from, to }) => index >= from && index < to))
    .map((match) => ({ from: match.index, to: match.index + match[0].length, href: tagUrl(base, match[1]!) }))
  return [...links, ...tags].sort((one, other) => one.from - other.from)
}

const tagUrl = (base: string, tag: string): string => `${base}/tags/${encodeURIComponent(tag.toLowerCase())}`

/** A link as Mastodon shows it: without its scheme, and shortened after 30 characters; the whole stays for screen readers. */
const anchor = (href: string): string => {
  const prefix = /^https?:\/\/(?:www\.)?/i.exec(href)![0]
  const shown = href.slice(prefix.length, prefix.length + 30)
  const rest = href.slice(prefix.length + 30)
  const spans = [`<span class="invisible">${prefix}</span>`, `<span class="${rest ? 'ellipsis' : ''}">${escapeHtml(shown)}</span>`]
  spans.push(`<span class="invisible">${escapeHtml(rest)}</span>`)
  return `<a href="${escapeHtml(href)}" target="_blank" rel="nofollow noopener" translate="no">${spans.join('')}</a>`
}

const tagged = (text: string, base: string): string =>
  escapeHtml(text).replace(
    hashtagPattern,
    (_, tag: string) => `<a href="${tagUrl(base, tag)}" class="mention hashtag" rel="tag">#<span>${tag}</span></a>`,
  )

/** The `content` of a status: paragraphs, breaks, links and hashtags. */
export const contentOf = (text: string, base: string): string => {
  if (text === '') return ''
  let html = ''
  let at = 0
  for (const { from, to, href } of linksOf(text)) {
    html += tagged(text.slice(at, from), base) + anchor(href)
    at = to
  }
  html += tagged(text.slice(at), base)
  return `<p>${html
    .replace(/\r\n?/g, '\n')
    .replace(/\n{2,}/g, '</p><p>')
    .replaceAll('\n', '<br />')}</p>`
}
