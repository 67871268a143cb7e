// The links that X finds in a text, also those without a scheme: the grammar of twitter-text 3.1.0, https://github.com/twitter/twitter-text.
import { topLevelDomains } from '../../src/connector/top-level-domains.ts'

/** UTF-16 offsets into the text. */
export interface Link {
  readonly start: number
  readonly end: number
  /** False where X may take less of it, or nothing, for a link: a label or an address that is too long. */
  readonly sure: boolean
}

const spaces = String.raw`\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`
const directions = String.raw`\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069`
const noCharacters = String.raw`\uFFFE\uFEFF\uFFFF`
const latin = String.raw`\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF`

const before = `[^A-Za-z0-9@＠$#＃${noCharacters}]|[${directions}]|^`
/** In a host stands anything but ASCII punctuation and white space, quotation marks and emoji included. */
const inHost = String.raw`[^!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$${spaces}${noCharacters}${directions}]`
const topLevel = `(?:(?:${topLevelDomains.join('|')})(?=[^0-9a-zA-Z@+-]|$)|xn--[-0-9a-z]+)`
/** Longer labels than any host may have, so that they are seen and doubted; no longer, so that no text takes long. */
const subdomain = `${inHost}(?:(?:[_-]|${inHost}){0,300}${inHost})?[.]`
const name = `${inHost}(?:(?:-|${inHost}){0,300}${inHost})?[.]`
const host = `(?:${subdomain}){0,30}${name}${topLevel}`

const inPath = String.raw`[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&${latin}]`
const parentheses = String.raw`\((?:${inPath}+|${inPath}*\(${inPath}+\)${inPath}*)\)`
/** A path ends in none of the signs that end a sentence. */
const path = String.raw`/(?:(?:${inPath}|${parentheses})*(?:[+\-a-z\u0400-\u04FF0-9=_#/${latin}]|${parentheses}))?`
const query = String.raw`\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]`

const address = new RegExp(
  `(?<before>${before})(?<url>(?<scheme>https?://)?(?<host>${host})(?::[0-9]+)?(?<path>${path})?(?:${query})?)`,
  'gi',
)
/** Without a scheme only the part of the host that is written in Latin letters becomes a link. */
const latinHost = new RegExp(`(?:[-a-z0-9${latin}]+[.])+${topLevel}`, 'gi')

/** What stands without a space in it, with the space before it, which is looked at, too. */
const run = new RegExp(`[${spaces}]?[^${spaces}]+`, 'g')

/** All of them, in order. */
export const linksIn = (text: string): readonly Link[] =>
  text.includes('.') ? [...text.matchAll(run)].flatMap((found) => (/[.]./.test(found[0]) ? linksInRun(found[0], found.index) : [])) : []

const linksInRun = (words: string, offset: number): readonly Link[] =>
  [...words.matchAll(address)].flatMap(({ index, groups }) => linksOf(offset + index, groups as unknown as Parts))

interface Parts {
  readonly before: string
  readonly url: string
  readonly scheme?: string
  readonly host: string
  readonly path?: string
}

const linksOf = (index: number, { before, url, scheme, host, path }: Parts): readonly Link[] => {
  const start = index + before.length
  if (scheme !== undefined) return short.test(url) ? shortLink(start, url) : [{ start, end: start + url.length, sure: isSure(url, host) }]
  if (/[-_./]$/.test(before)) return []
  const parts = host.match(latinHost) ?? []
  let at = 0
  return parts.map((part, number) => {
    // where such a part stands first; the path belongs to the last one, and counts from there
    const from = host.indexOf(part, at)
    at = from + part.length
    const behind = path !== undefined && number === parts.length - 1 ? url.length - host.length : 0
    return { start: start + from, end: start + at + behind, sure: isSure(url, host) }
  })
}

const short = new RegExp(`^https?://t[.]co/(?<key>[a-z0-9]+)(?:${query})?`, 'i')

/** A link to t.co ends with its key, whatever follows; one with a longer key than any has is none. */
const shortLink = (start: number, url: string): readonly Link[] => {
  const [link = '', key = ''] = short.exec(url) ?? []
  return key.length > 40 ? [] : [{ start, end: start + link.length, sure: true }]
}

/** Within the limits of DNS and of X: labels of 63 characters as they travel, addresses of 4,096. */
const isSure = (url: string, host: string): boolean => url.length < 4_000 && host.split('.').every((label) => mostCharacters(label) <= 63)

/** The most characters that a label becomes on its way: in Punycode a character beyond ASCII takes seven at most. */
const mostCharacters = (label: string): number => {
  const foreign = [...label.replace(/[\x21-\x7e]/g, '')].length
  if (foreign === 0) return label.length
  const plain = label.replace(/[^\x21-\x7e]/g, '').length
  return /^xn--/i.test(label) ? Number.POSITIVE_INFINITY : plain + 7 * foreign + 'xn---'.length
}
