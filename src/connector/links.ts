// Where a web link in a text begins and ends: decided here for every place at which Rundruf itself makes links of a text, and counts them.
import { domainToUnicode } from 'node:url'

/** A web link inside a text; `start` and `end` are UTF-16 offsets. */
export interface TextLink {
  readonly start: number
  readonly end: number
  /** Where it leads: with its scheme, in ASCII. */
  readonly url: string
}

/** What is known of a text before its links are looked for. */
export interface Known {
  /** The announcement's own link: where it is written out in the text it is taken whole, whatever stands in it. */
  readonly own?: string | null
  /** Hosts of the city's own: found without a scheme, too. */
  readonly hosts?: readonly string[]
}

/**
 * Where a link may not begin: inside a word, an address or a mail address, behind `@`, `#` and `$`. The grammar of twitter-text 3.1.0,
 * by which X and Mastodon find links.
 */
const before = String.raw`(?<![\p{L}\p{N}_@＠#＃$.\-/])`
/**
 * What no link contains here: spaces; invisible characters; the signs that RFC 3986 leaves out; quotation marks, dashes and dots of
 * typography; pictures. An address that has one of them in it writes it with percent signs.
 */
const inside = String.raw`[^\p{Z}\p{C}\p{DI}\p{Extended_Pictographic}\p{RI}"<>\\^\x60{}«»‘’‚‛“”„‟‹›「」『』‐‑‒–—―−…]`

/** A host and its port; a user's name before it is seen, so that the address can be refused. */
const host = String.raw`(?:(?!\p{DI})[\p{L}\p{N}\p{M}.:_%@＠﹫\[\]\-])*(?<!-)`
/** Two addresses with nothing but a comma between them are two. */
const path = `[/?#](?:(?![,;|]https?://)${inside})*`

const written = (hosts: readonly string[]): RegExp => {
  const names = hosts.map((name) => `|${name.replaceAll('.', '[.]')}(?![\\p{L}\\p{N}_@＠-]|[.][\\p{L}\\p{N}])`)
  return new RegExp(`${before}(?:https?://|www[.]${names.join('')})${host}(?:${path})?`, 'giu')
}
const withoutHosts = written([])

/** All web links of a text, in order: with `http` or `https`, or with a host that begins with `www.` or is the city's own. */
export const linksIn = (text: string, { own, hosts = [] }: Known = {}): readonly TextLink[] => {
  if (hosts.length === 0 && !/:\/\/|www\./i.test(text)) return []
  const guessed = [...text.matchAll(hosts.length === 0 ? withoutHosts : written(hosts))].flatMap(({ 0: found, index }) => {
    const address = withoutTail(upToForeignBracket(found))
    const url = targetOf(address)
    return url === null ? [] : [{ start: index, end: index + address.length, url }]
  })
  const known = own ? occurrences(text, own) : []
  const goesOn = (end: number, guess: TextLink): boolean => /[\p{L}\p{N}]/u.test(text.slice(end, guess.end))
  const sure = known.filter(({ start, end }) => !guessed.some((guess) => guess.start <= start && goesOn(end, guess)))
  const others = guessed.filter((guess) => !sure.some(({ start, end }) => guess.start < end && start < guess.end))
  return [...sure, ...others].sort((one, other) => one.start - other.start)
}

/** True when the link is written out in the text as a whole, not as the beginning of a longer one. */
export const hasLink = (text: string, link: string): boolean =>
  text.includes(link) && linksIn(text, { own: link }).some(({ start, end }) => text.slice(start, end) === link)

/**
 * The text with a narrow space between a link and the closing quotation mark, dash or picture right behind it: for platforms that
 * would take the sign for a part of the link.
 */
export const setApart = (text: string, known: Known = {}): string => {
  let apart = ''
  let at = 0
  for (const { end } of linksIn(text, known)) {
    if (!/[^\p{ASCII}\s]/u.test(text[end] ?? ' ')) continue
    apart += `${text.slice(at, end)}\u202f`
    at = end
  }
  return apart + text.slice(at)
}

/** Hosts that a city's address gives, as people write them: with and without `www.`, in letters and in Punycode. */
export const hostsOf = (website: string | null): readonly string[] => {
  if (website === null || !URL.canParse(website)) return []
  const host = new URL(website).hostname.replace(/^www\./, '')
  return [...new Set([host, domainToUnicode(host)])].filter((name) => name.includes('.'))
}

/** The places of the announcement's own link where nothing follows that would make it another one. */
const occurrences = (text: string, own: string): readonly TextLink[] => {
  const found: TextLink[] = []
  const url = targetOf(own)
  if (url === null) return found
  for (let at = text.indexOf(own); at >= 0; at = text.indexOf(own, at + own.length)) {
    const [end, next] = [at + own.length, text[at + own.length] ?? ' ']
    if (!/[\p{L}\p{N}_/@%&=+~#-]/u.test(next)) found.push({ start: at, end, url })
  }
  return found
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

/** Up to a bracket that the address has not opened, or that it does not close: `Bonn_(Stadt)` is whole, `(https://bonn.de)` is not. */
const upToForeignBracket = (address: string): string => {
  const open: number[] = []
  for (let at = 0; at < address.length; at += 1) {
    const sign = address[at]!
    if (sign === '(' || sign === '[') open.push(at)
    else if (pairs[sign] !== undefined) {
      if (pairs[sign] !== address[open.at(-1) ?? -1]) return address.slice(0, open[0] ?? at)
      open.pop()
    }
  }
  return open[0] === undefined ? address : address.slice(0, open[0])
}

/** Without the punctuation of the sentence around it, and the signs that make words bold or slanted. */
const withoutTail = (address: string): string => {
  let end = address.length
  while (end > 0 && ".,;:!?'*_~|".includes(address[end - 1]!)) end -= 1
  return address.slice(0, end)
}

/** Where an address leads; null: nowhere, or it has a user's name in it, behind which anything can hide. */
const targetOf = (address: string): string | null => {
  const scheme = /^https?:\/\//i.exec(address)?.[0]
  const rest = address.slice(scheme?.length ?? 0)
  if (/^[^/?#]*[@＠﹫]/.test(rest) || (scheme === undefined && !/^[^/?#]+\.[\p{L}\p{N}-]{2,}(?:[:/?#]|$)/u.test(rest))) return null
  const url = (scheme?.toLowerCase() ?? 'https://') + rest
  if (!URL.canParse(url) || (scheme === undefined && /^www\.[^.]*$/i.test(new URL(url).hostname))) return null
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href
}
