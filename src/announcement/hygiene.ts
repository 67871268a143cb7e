// What may stand in a text that thousands will read: one function that cleans, and one that finds what must not be there.

export const longest = {
  /** Characters (code points); the figures are the house's own. */
  title: 300,
  text: 20_000,
  alt: 2_000,
  topic: 64,
  topics: 10,
  districts: 30,
  language: 35,
  link: 2_000,
  media: 20,
  captions: 20,
  variants: 20,
  channelTexts: 100,
} as const

export type TextFault = 'empty' | 'too-long' | 'control-characters' | 'broken-characters' | 'direction-characters' | 'stacked-marks'

/**
 * NFC, line ends as `\n`, no space around; what word processors leave behind is mended, what cannot be seen is taken out. In what has
 * one line, the manual line break and the page break of word processors become a space.
 */
export const clean = (text: string, lines = true): string =>
  text
    .replace(/\r\n?|[\x85\u2028\u2029]/g, '\n')
    .replace(/[\v\f]/g, lines ? '\n' : ' ')
    .replace(/[\uf02d-\uf0fe]/g, (sign) => symbols[sign] ?? sign)
    .replace(tagged, (found) => (found.startsWith('\u{1f3f4}') ? found : ''))
    .replace(unseen, '')
    .replace(/\u2800/g, ' ')
    .replace(amongLetters, '$1')
    .replace(/[\p{Script=Latin}\d\s][\p{Mn}\u200c\u200d]+/gu, (run) => run.replace(/[\u200c\u200d]/g, ''))
    .replace(/[\u200c\u200d]+([\p{Script=Latin}\d\s]?)/gu, (run, next: string, at: number, all: string) =>
      next === '' && at + run.length < all.length ? run : next,
    )
    .replace(/([\ufe00-\ufe0f])[\ufe00-\ufe0f]+/g, '$1')
    .normalize('NFC')
    .trim()

/** Bullets, arrows and ticks of the fonts Symbol and Wingdings, as word processors paste them; other fonts have no signs there. */
const symbols: Readonly<Record<string, string>> = {
  '\uf02d': '-',
  '\uf076': '•',
  '\uf0a7': '•',
  '\uf0a8': '☐',
  '\uf0b0': '°',
  '\uf0b7': '•',
  '\uf0d8': '•',
  '\uf0e0': '→',
  '\uf0fc': '✓',
  '\uf0fe': '☑',
}

/** Tag characters write invisible text, but for the three flags that Unicode makes of them: England, Scotland and Wales. */
const tagged =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}|[\u{e0000}-\u{e0fff}]/gu

/**
 * Soft hyphens (they break addresses), zero-width spaces and joiners of words, marks of order, invisible operators, deprecated formats,
 * and the fillers of Hangul, which look like nothing. The marks of direction of one character stay, and joiners,
 * which emoji, Persian and Hindi need, wherever no Latin letter, digit or space is next to them.
 */
const unseen =
  /[\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]|\u034f/gu

/**
 * What cannot be seen behind a Latin letter: format signs and variants of scripts that have them, and marks of direction between two such
 * letters. What turns the direction of a text is refused.
 */
const amongLetters =
  /(\p{Script=Latin}(?:(?!\p{Default_Ignorable_Code_Point})\p{M})*)(?:(?![\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb])[\p{Cf}\p{Default_Ignorable_Code_Point}]|[\u061c\u200e\u200f](?=\p{Script=Latin}))+/gu

/** Everything that is wrong with a cleaned text of at most `max` characters. `lines`: whether line breaks and tabs are welcome. */
export const faultsOf = (text: string, max: number, lines: boolean): readonly TextFault[] => {
  const faults: TextFault[] = []
  if (isLongerThan(text, max)) return ['too-long']
  if (!text.isWellFormed() || broken.test(text)) faults.push('broken-characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  if ((lines ? /[\0-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb]/ : /[\0-\x1f\x7f-\x9f\ufff9-\ufffb]/).test(text)) faults.push('control-characters')
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) faults.push('direction-characters')
  if (/[\p{Mn}\p{Me}]{5}/u.test(text)) faults.push('stacked-marks')
  if (faults.length === 0 && !/(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) faults.push('empty')
  return faults
}

/** Noncharacters; what a reader of another encoding put there for what it could not read; signs that only one font has; a lost picture. */
const broken = /[\p{Noncharacter_Code_Point}\p{Co}\ufffc\ufffd]/u

const isLongerThan = (text: string, max: number): boolean => {
  if (text.length <= max) return false
  if (text.length > 2 * max) return true
  let characters = 0
  for (const _ of text) characters++
  return characters > max
}

export type LinkFault = TextFault | 'link-malformed' | 'link-scheme' | 'link-credentials'

/** What is wrong with a web link: only `http` and `https`, no name or password in it, at most 2,000 characters. */
export const linkFaultsOf = (link: string): readonly LinkFault[] => {
  const faults = faultsOf(link, longest.link, false)
  if (faults.length > 0) return faults
  if (/\s/u.test(link)) return ['link-malformed']
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(link)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return ['link-scheme']
  if (!/^https?:\/\/[^/\\?#]/i.test(link) || !URL.canParse(link)) return ['link-malformed']
  const { username, password } = new URL(link)
  return username !== '' || password !== '' || /^https?:\/\/[^/?#]*@/i.test(link) ? ['link-credentials'] : []
}
