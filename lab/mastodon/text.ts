// How Mastodon reads a status: what counts, what becomes a link, and the HTML that comes back.
// As its source has it: app/validators/status_length_validator.rb, app/lib/extractor.rb, config/initializers/twitter_regex.rb.
import { graphemes } from '../graphemes.ts'
import { escapeHtml } from '../html.ts'
import type { Mark } from '../ledger.ts'
import { isTopLevel } from '../top-level-domains.ts'

const hashtagPattern = /(?<![\w/&])#([\p{L}\p{M}\p{N}_·]*[\p{L}_][\p{L}\p{M}\p{N}_·]*)/gu
/** Where a link may begin, and everything up to the next space: how much of it is the link is decided below. */
const begin = /(?<![a-z0-9@＠$#＃])(?<scheme>https?:\/\/)(?<rest>[^\p{White_Space}]+)/giu
/** A host as far as it could go: anything but ASCII punctuation, with dots, hyphens and underscores between. */
const hostSigns = /^(?:[^\p{Cc}\p{Z}!-,/:-@[-^`{-~]|[-._])+/u
/** What follows a host: a port, a path that ends in no punctuation and closes its brackets, a query. A fragment needs a path before it. */
const port = /^:\d+/
const plainPath = '[^\\p{White_Space}<>()?]'
const bracket = `\\((?:${plainPath}+|${plainPath}*\\(${plainPath}+\\)${plainPath}*)\\)`
const lastSign = `(?:[^\\p{White_Space}()?!*"'「」<>;:=,.$%\\[\\]~&|@]|${bracket})`
const path = new RegExp(`^/(?:${plainPath}*(?:${bracket}${plainPath}*)*${lastSign}|${plainPath}+/)*`, 'u')
const query = /^\?[\w!?*'();:&=+$/%#[\]\-.,~|@^\u{a0}-\u{10ffff}]*[\w&=#/\-\u{a0}-\u{10ffff}]/u

const longestUrl = 4096

/** The longest beginning that ends in a top-level domain; neither a letter of ASCII, a digit, `@`, `+` nor a hyphen may follow it. */
const hostOf = (rest: string): string | null => {
  const labels = hostSigns.exec(rest)?.[0].split('.') ?? []
  for (let count = labels.length; count >= 2; count -= 1) {
    const host = labels.slice(0, count).join('.')
    const names = labels.slice(0, count)
    const top = /^[a-z0-9-]+/i.exec(names.at(-1)!)?.[0] ?? ''
    const end = host.length - names.at(-1)!.length + top.length
    const good =
      names.slice(0, -1).every((name) => name !== '' && name.length <= 63 && !/^[-_]|[-_]$/.test(name)) && !names.at(-2)!.includes('_')
    if (good && isTopLevel(top.toLowerCase()) && !/^[0-9a-z@+-]/i.test(rest.slice(end))) return host.slice(0, end)
  }
  return null
}

const urlOf = (scheme: string, rest: string): string | null => {
  const host = hostOf(rest)
  if (host === null) return null
  let url = host
  for (const part of [port, path, query]) url += part.exec(rest.slice(url.length))?.[0] ?? ''
  return scheme.length + url.length > longestUrl ? null : scheme + url
}

/** The web links of a text, in order. */
export const linksOf = (text: string): Mark[] => {
  const links: Mark[] = []
  if (!text.includes('://')) return links
  begin.lastIndex = 0
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const href = urlOf(found.groups!.scheme!, found.groups!.rest!)
    if (href !== null) links.push({ from: found.index, to: found.index + href.length, href })
    begin.lastIndex = found.index + (href ?? found.groups!.scheme!).length
  }
  return links
}

/** Account::MENTION_RE */
const mentionPattern =
  /(?<![=/\p{L}\p{M}\p{N}\p{Pc}])@(?<user>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@(?<domain>[\p{L}\p{M}\p{N}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{N}\p{Pc}]+)*))?/giu
/** What may not follow a mention. */
const noEnd = /^(?:[@＠\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]|[\u0300-\u036f]|:\/\/)/u
const longestDomain = 253

/** What the text measures against `max_characters`, given what the instance reserves for a link. */
export const measured = (text: string, notice: string, perUrl: number): number => {
  const links = linksOf(text)
  let counted = ''
  let at = 0
  for (const { from, to } of links) {
    counted += shortened(text, at, from) + 'x'.repeat(perUrl)
    at = to
  }
  return graphemes(notice + counted + shortened(text, at, text.length))
}

/** A stretch outside links, with every remote mention as its `@user` alone. */
const shortened = (text: string, from: number, to: number): string => {
  const stretch = text.slice(from, to)
  if (!stretch.includes('@')) return stretch
  return stretch.replace(mentionPattern, (whole, user: string, domain: string | undefined, at: number) => {
    const isOne = domain !== undefined && domain.length <= longestDomain && !noEnd.test(stretch.slice(at + whole.length))
    return isOne ? `@${user}` : whole
  })
}

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
