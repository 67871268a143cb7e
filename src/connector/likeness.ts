// How alike the words of a post are to those that we sent: platforms shorten links, read Markdown, drop signs and decode entities.

/**
 * `exact`: sign for sign, but for white space. `same`: the letters and digits are the same, which is what every rendering keeps. `near`: it
 * may be the same post with a part lost (links, numbers of a list, single letters, the end). `other`: another post.
 */
export type Likeness = 'exact' | 'same' | 'near' | 'other'

export const likenessOf = (sent: string, shown: string): Likeness => {
  // what is so much longer is another post, and an answer may have a million signs
  const most = Math.min(sent.length, shown.length) * 4 + 1_000
  return likenessOfShort(sent.slice(0, most), shown.slice(0, most))
}

const likenessOfShort = (sent: string, shown: string): Likeness => {
  if (visible(sent) === visible(shown)) return 'exact'
  const [one, other] = [letters(sent), letters(shown)]
  if (one === other) return one === '' ? 'near' : 'same'
  if (namesAnother(linksIn(sent), linksIn(shown))) return 'other'
  const bare: Pair = [letters(bared(sent)), letters(bared(shown))]
  if (bare[0] === bare[1] || isCut([one, other]) || isCut(bare)) return 'near'
  return digits(bared(sent)) === digits(bared(shown)) && isThinned(bare) ? 'near' : 'other'
}

/** The better of two. */
export const likest = (one: Likeness, other: Likeness): Likeness => (rank[one] <= rank[other] ? one : other)

const rank = { exact: 0, same: 1, near: 2, other: 3 } as const

/** What a reader sees, without white space and without the signs that show nothing (joiners, direction marks, variation selectors). */
const visible = (text: string): string => text.normalize('NFC').replace(/\s|\p{Cf}|\p{Variation_Selector}/gu, '')

const letters = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** Only what no normal form makes: ² may be lost as a sign. */
const digits = (text: string): string => text.replace(/[^0-9]+/g, '')

/** No place is begun at twice: a regular expression that looks for a host anywhere takes the square of the length. */
const host = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/u
const hostMark = '\0'

/** Without what a platform may show otherwise: links (also those without `https://`) and the numbers of a list. */
const bared = (text: string): string =>
  text
    .replace(/https?:\/\/\S+/giu, ' ')
    .replace(/[\p{L}\p{N}.@-]+/gu, (run) => (run.includes('@') ? run : run.replace(host, hostMark)))
    .replace(/\0(?:\/\S*)?/g, ' ')
    .replace(/^[^\S\n\r\u2028\u2029]*\d{1,9}[.)](?=\s)/gmu, ' ')

const linksIn = (text: string): readonly string[] => [...text.matchAll(/https?:\/\/\S+/giu)].map(([link]) => withoutDots(link))

const withoutDots = (link: string): string => {
  let end = link.length
  while (end > 0 && '.…'.includes(link.charAt(end - 1))) end -= 1
  return link.slice(0, end)
}

/** A link to another page of the same site is no shortened one. */
const namesAnother = (sent: readonly string[], shown: readonly string[]): boolean =>
  sent.length === shown.length &&
  sent.some((link, at) => {
    const other = shown[at] ?? ''
    return hostOf(link) === hostOf(other) && !link.startsWith(other) && !other.startsWith(link)
  })

const hostOf = (link: string): string => link.split('/', 3).join('/').toLowerCase()

type Pair = readonly [string, string]

const inOrder = ([one, other]: Pair): Pair => (one.length <= other.length ? [one, other] : [other, one])

/** So many letters are no accident. */
const enough = 20

/** One ends where the other goes on. */
const isCut = (pair: Pair): boolean => {
  const [short, long] = inOrder(pair)
  return short.length >= enough && short.length * 2 >= long.length && long.startsWith(short)
}

/** One is the other with single letters lost, at most a tenth of them. */
const isThinned = (pair: Pair): boolean => {
  const [short, long] = inOrder(pair)
  if (short === '' || short.length < long.length * 0.9) return false
  let at = 0
  for (const letter of long) if (short.startsWith(letter, at)) at += letter.length
  return at === short.length
}
