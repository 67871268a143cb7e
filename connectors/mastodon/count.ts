// What a status counts on Mastodon: its StatusLengthValidator, which takes links by twitter-text 3.1.0 with a grammar of its own for what
// follows the host. https://github.com/mastodon/mastodon/blob/main/app/validators/status_length_validator.rb
import { graphemes } from '../../src/connector/measure.ts'
import { topLevelDomains } from '../../src/connector/top-level-domains.ts'

/** A stretch of text that counts something else than as written. */
interface Piece {
  readonly start: number
  readonly end: number
  /** What counts instead of it. */
  readonly counted: string
}

const spaces = String.raw`\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`
const directions = String.raw`\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069`
const noCharacters = String.raw`\uFFFE\uFEFF\uFFFF`

const before = `(?<=[^A-Za-z0-9@＠$#＃${noCharacters}]|[${directions}]|^)`
/** In a host may be anything but ASCII punctuation and white space. */
const inHost = String.raw`[^\x00-\x20\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f${spaces}${noCharacters}${directions}]`
/** Longer labels than any host may have, so that they are seen and doubted; no longer, so that no text takes long. */
const label = (more: string): string => `${inHost}(?:(?:${more}|${inHost}){0,300}${inHost})?[.]`
const topLevel = `(?:(?:${topLevelDomains.join('|')})(?=[^0-9a-zA-Z@+-]|$)|xn--[0-9a-z]+)`
const host = `(?:${label('[_-]')}){0,30}${label('-')}${topLevel}`

const inPath = String.raw`[^\p{White_Space}<>()?]`
const parentheses = String.raw`\((?:${inPath}+|${inPath}*\(${inPath}+\)${inPath}*)\)`
const pathEnd = String.raw`(?:[^\p{White_Space}()?!*"'「」<>;:=,.$%\[\]~&|@]|${parentheses})`
const path = `/(?:${inPath}*(?:${parentheses}${inPath}*)*${pathEnd}|${inPath}+/)*`
const beyondAscii = String.raw`\u{A0}-\u{D7FF}\u{E000}-\u{FDCF}\u{FDF0}-\u{FFEF}\u{10000}-\u{10FFFD}`
const query = String.raw`\?[a-z0-9!?*'();:&=+$\/%#\[\]\-_.,~\|@\^${beyondAscii}]*[a-z0-9_&=#\/\-${beyondAscii}]`

/** Also without a scheme: that is no link on Mastodon, but it swallows what stands behind it, be it one. */
const address = new RegExp(
  `${before}(?<scheme>(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://)?(?<host>${host})(?::[0-9]+)?(?:${path})?(?:${query})?`,
  'giu',
)

const word = String.raw`\p{L}\p{M}\p{N}\p{Pc}`
const user = String.raw`[a-z0-9_]+(?:[.\-]+[a-z0-9_]+)*`
const latin = String.raw`\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF`
/** `Account::MENTION_RE`, and what may not follow it. */
const mention = new RegExp(
  `(?<![=/${word}])@(?<user>${user})(?:@(?<domain>[${word}]+(?:[.\\-]+[${word}]+)*))?(?<tail>[@＠${latin}]|://)?`,
  'giu',
)

/** A link to t.co ends with its key, whatever follows; one with a longer key than any has is none. */
const shortLink = /^https?:\/\/t[.]co\/([a-z0-9]+)/i

/** Addresses up to this are taken by every version; longer ones are counted as written. */
const longestLink = 2_048
/** A mention with a longer domain is none. */
const longestDomain = 253

/** The count of a text where every link counts `perLink` (absent: as written), never less than Mastodon's. */
export const countOnMastodon = (text: string, perLink: number | undefined): number => {
  const links = perLink === undefined || !text.includes('://') ? [] : linksOf(text, perLink)
  const mentions = text.includes('@') ? mentionsOf(text) : []
  let counted = ''
  let at = 0
  for (const piece of [...links, ...mentions].sort((one, other) => one.start - other.start)) {
    if (piece.start < at) continue
    counted += text.slice(at, piece.start) + piece.counted
    at = piece.end
  }
  return graphemes(counted + text.slice(at))
}

const linksOf = (text: string, perLink: number): readonly Piece[] =>
  [...text.matchAll(address)].flatMap(({ 0: found, index, groups }) => {
    if (groups?.scheme === undefined) return []
    const [short, key = ''] = shortLink.exec(found) ?? []
    if (short !== undefined) return key.length > 40 ? [] : [{ start: index, end: index + short.length, counted: 'x'.repeat(perLink) }]
    const sure = found.length <= longestLink && (groups?.host ?? '').split('.').every((name) => mostCharacters(name) <= 63)
    const placeholder = 'x'.repeat(perLink)
    return { start: index, end: index + found.length, counted: sure || graphemes(found) < perLink ? placeholder : found }
  })

/** The most characters that a label becomes on its way: in Punycode a character beyond ASCII takes seven at most. */
const mostCharacters = (name: string): number => {
  const foreign = [...name.replace(/[\x21-\x7e]/g, '')].length
  return foreign === 0 ? name.length : name.length + 7 * foreign + 'xn---'.length
}

const mentionsOf = (text: string): readonly Piece[] =>
  [...text.matchAll(mention)].flatMap(({ 0: found, index, groups }) => {
    const { user: name = '', domain, tail } = groups ?? {}
    if (tail !== undefined || domain === undefined || domain.length > longestDomain) return []
    return { start: index, end: index + found.length, counted: `@${name}` }
  })
