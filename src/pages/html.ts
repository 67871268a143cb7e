// Templates that escape what is put into them: `html` for pages, `xml` for feeds, `raw` for our own constants.

const language = Symbol('markup')

/** Finished markup. What is not markup of the same language is text, and is escaped when it is put into a template. */
export interface Markup<Language extends 'html' | 'xml' = 'html' | 'xml'> {
  readonly [language]: Language
  toString(): string
}
export type Html = Markup<'html'>
export type Xml = Markup<'xml'>

/** What may stand in a template: text and numbers are escaped, lists are joined, null, undefined and false are nothing. */
export type Part = Markup | string | number | null | undefined | false | readonly Part[]

type Template<Language extends 'html' | 'xml'> = (fixed: TemplateStringsArray, ...parts: readonly Part[]) => Markup<Language>

/** HTML with everything put in escaped, in text and in quoted attributes. Attributes must be quoted by the template. */
export const html: Template<'html'> = (fixed, ...parts) => join('html', fixed, parts)

/** XML likewise. HTML put into it becomes escaped text, as feeds want it. */
export const xml: Template<'xml'> = (fixed, ...parts) => join('xml', fixed, parts)

/** Our own constant markup, unescaped: takes no values, so that nothing from outside can get in. */
export const raw = (fixed: TemplateStringsArray): Html => markup('html', fixed.join(''))

/** Markup of a library that makes it of our values itself, and escapes them: an SVG. Nothing that came from outside. */
export const trusted = (made: string): Html => markup('html', made)

/** Text as it may stand in HTML and XML: five characters escaped, characters that XML forbids left out, lone surrogates replaced. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** A web link that may stand in an `href`: http or https, without a user's name; null for everything else. */
export const webLink = (link: string | null): string | null => {
  if (link === null || !URL.canParse(link)) return null
  const { protocol, href, username, password } = new URL(link)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' ? href : null
}

/** Everything outside the production `Char` of XML 1.0 (section 2.2), within the well-formed strings. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const markup = <Language extends 'html' | 'xml'>(of: Language, text: string): Markup<Language> => ({
  [language]: of,
  toString: () => text,
})

const join = <Language extends 'html' | 'xml'>(of: Language, fixed: TemplateStringsArray, parts: readonly Part[]): Markup<Language> =>
  markup(
    of,
    fixed.reduce((text, piece, index) => text + written(of, parts[index - 1]) + piece),
  )

const written = (of: 'html' | 'xml', part: Part): string => {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if (isList(part)) return part.map((one) => written(of, one)).join('')
  return part[language] === of ? part.toString() : escaped(part.toString())
}

const isList = (part: Markup | readonly Part[]): part is readonly Part[] => Array.isArray(part)
