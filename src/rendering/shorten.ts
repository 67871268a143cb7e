// Makes a text fit: at the end of a sentence if that keeps enough of it, else between two words; never inside a link or a character.

/** Says that there is more; readers find the rest behind the link. */
export const more = ' …'

/**
 * The longest beginning of `text` that fits, with ` …` after it; empty when not even one word does.
 * @param fits whether the post fits with this text in it; a shorter text must not fit worse than a longer one
 */
export const shorten = (text: string, fits: (shortened: string) => boolean): string => {
  const cuts = cutsOf(text)
  const last = lastFitting(cuts.length, (index) => fits(upTo(text, cuts[index]!)))
  for (let index = last; index >= 0; index--) {
    const end = endOf(text, sentenceBefore(text, cuts[index]!))
    const shortened = text.slice(0, end) + more
    if (end > 0 && isBoundary(text, end) && fits(shortened)) return shortened
  }
  return ''
}

/** Words may be as long as this; what is longer is a script without spaces and may be cut between any two characters. */
const longestWord = 60

const upTo = (text: string, cut: number): string => text.slice(0, endOf(text, cut)) + more

/** Before the comma or dash that would stand in front of the ellipsis; an address keeps whatever it ends with. */
const endOf = (text: string, cut: number): number => {
  let start = cut
  while (start > 0 && !/\s/.test(text[start - 1]!)) start--
  if (/:\/\/|^www\.|@/i.test(text.slice(start, cut))) return cut
  return cut - (/[\s,;:–—-]*$/u.exec(text.slice(Math.max(0, cut - 40), cut))?.[0].length ?? 0)
}

/** The places where the text may end: after each word, and between the characters of a word that is too long to be one. */
const cutsOf = (text: string): readonly number[] => {
  const cuts: number[] = []
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (word.length > longestWord) cuts.push(...cutsWithin(word).map((cut) => index + cut))
    cuts.push(index + word.length)
  }
  return cuts
}

const characters = new Intl.Segmenter('de', { granularity: 'grapheme' })

/** A web address, with or without its scheme, or a mail address. Bounded, so that no word, however long, takes long. */
const address = /(?:https?:\/\/|www\.)\S+|[^\s@]{1,64}@[^\s@]{1,255}|[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+(?:[/?#:]\S*)?/giu

const cutsWithin = (word: string): readonly number[] => {
  const links = /[.@:]/.test(word) ? word.matchAll(address) : [].values()
  const cuts: number[] = []
  let link = links.next().value
  for (const { index } of characters.segment(word)) {
    while (link !== undefined && index >= link.index + link[0].length) link = links.next().value
    if (index > 0 && (link === undefined || index <= link.index)) cuts.push(index)
  }
  return cuts
}

/** Index of the last of `count` candidates that fits, -1 if none: grows from the short end, so that long ones are rarely measured. */
const lastFitting = (count: number, fits: (index: number) => boolean): number => {
  let low = -1
  let high = 0
  while (high < count && fits(high)) {
    low = high
    high = high * 2 + 1
  }
  high = Math.min(high, count)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

/** The end of the last sentence before the cut, if at least half of what fits is kept so; else the cut. */
const sentenceBefore = (text: string, cut: number): number => {
  if (endsSentence(text, cut)) return cut
  for (let at = cut - 1; at >= cut / 2; at--) {
    if (/\s/.test(text[at]!) && !/\s/.test(text[at - 1] ?? ' ') && endsSentence(text, at)) return at
  }
  return cut
}

const abbreviations = new Set(
  'abs art bzw ca co dr etc evtl fr ggf hr inkl jh max min mio mrd mr mrs nr prof rd sog st std str tel usw vgl zzgl jan feb aug sep sept okt nov dez'.split(
    ' ',
  ),
)

/** A full stop after a number, a single letter or a known abbreviation ends nothing: 14. Februar, z. B., Dr. Weber. */
const endsSentence = (text: string, at: number): boolean => {
  if (text[at] === '\n') return true
  const end = /([\p{L}\p{N}]*)([.!?…])["'“”»«)\]]*$/u.exec(text.slice(Math.max(0, at - 40), at))
  if (end === null) return false
  const [, word = '', mark] = end
  return mark !== '.' || !(word.length < 2 || /^\d+$/.test(word) || abbreviations.has(word.toLowerCase()))
}

/** True when no character (as readers see it) stretches over this place. */
const isBoundary = (text: string, at: number): boolean => {
  if (at >= text.length) return true
  const isPlain = (code: number): boolean => code < 0x300 && code !== 0x0d
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return true
  return characters.segment(text).containing(at)?.index === at
}
