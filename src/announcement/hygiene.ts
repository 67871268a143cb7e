// What may stand in a text that thousands will read: one function that cleans, and one that finds what must not be there.

export const longest = {
  /** Characters (code points); the figures are the house's own. */
  title: 300,
  text: 20_000,
  alt: 2_000,
  topic: 64,
  language: 35,
  link: 2_000,
  media: 20,
  captions: 20,
  variants: 20,
  channelTexts: 100,
} as const

export type TextFault = 'empty' | 'too-long' | 'control-characters' | 'broken-characters' | 'direction-characters'

/** NFC, line ends as `\n`, no space around. */
export const clean = (text: string): string =>
  text
    .replace(/\r\n|\u2028|\u2029/g, '\n')
    .normalize('NFC')
    .trim()

/** Everything that is wrong with a cleaned text of at most `max` characters. `lines`: whether line breaks and tabs are welcome. */
export const faultsOf = (text: string, max: number, lines: boolean): readonly TextFault[] => {
  const faults: TextFault[] = []
  if (isLongerThan(text, max)) return ['too-long']
  if (!text.isWellFormed() || /\p{Noncharacter_Code_Point}/u.test(text)) faults.push('broken-characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  if ((lines ? /[\0-\x08\x0b-\x1f\x7f-\x9f]/ : /[\0-\x1f\x7f-\x9f]/).test(text)) faults.push('control-characters')
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) faults.push('direction-characters')
  if (faults.length === 0 && !/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) faults.push('empty')
  return faults
}

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
