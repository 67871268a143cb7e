// The letters that a text means where a program wrote them otherwise: HTML, UTF-8 read as Latin-1, digits of another script.

/** Without the tags that platforms put around lines and words, and with entities as their signs (also where `&` was escaped once more). */
export const withoutHtml = (text: string): string =>
  text
    .replace(/<\/?(?:a|b|br|div|em|i|li|ol|p|span|strong|ul)(?:\s[^<>]*)?\/?>/gi, '\n')
    .replace(/&(?:amp;)*(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}\d{0,2}));/gi, (whole, decimal, hex, name) =>
      name === undefined ? (signOf(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)) ?? whole) : (named(name) ?? whole),
    )

const signOf = (point: number): string | undefined => (point <= 0x10_ff_ff ? String.fromCodePoint(point) : undefined)

/** The names of https://html.spec.whatwg.org/multipage/named-characters.html that German texts need; a name that is not here stays. */
const named = (name: string): string | undefined => {
  const [, letter, mark] = /^([a-z])(uml|acute|grave|circ|cedil|tilde|ring)$/i.exec(name) ?? []
  return letter && mark ? `${letter}${marks[mark.toLowerCase()] ?? ''}`.normalize('NFC') : signs.get(name)
}

const marks: Readonly<Record<string, string>> = {
  uml: '\u0308',
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  cedil: '\u0327',
  tilde: '\u0303',
  ring: '\u030A',
}

/** Each a name and its sign. */
const signs: ReadonlyMap<string, string> = new Map(
  (
    'amp& lt< gt> quot" apos\' szligß aeligæ AEligÆ oslashø OslashØ oeligœ OEligŒ ndash– mdash— hellip… bdquo„ ldquo“ rdquo” sbquo‚ ' +
    'lsquo‘ rsquo’ laquo« raquo» lsaquo‹ rsaquo› deg° euro€ sect§ middot· bull• sup2² sup3³ frac12½ frac14¼ frac34¾ times× rarr→ larr← ' +
    'copy© reg® trade™ permil‰ plusmn± le≤ ge≥ microµ nbsp\u00A0 shy\u00AD ensp\u2002 emsp\u2003 thinsp\u2009 zwnj\u200C zwj\u200D'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, -1), entry.slice(-1)]),
)

/** What Windows-1252 has at 0x80 to 0x9F; the five places that it leaves free are the controls of Latin-1. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ'

const misread = new RegExp(
  ['[\\xC2-\\xDF]#', '[\\xE0-\\xEF]##', '[\\xF0-\\xF4]###'].join('|').replaceAll('#', `[\\x80-\\xBF${windows1252}]`),
  'gu',
)

/** `FÃ¼r` is `Für`: bytes of UTF-8 that were read as Latin-1 or Windows-1252. What are no such bytes stays. */
export const wellRead = (text: string): string =>
  text.replace(misread, (run) => {
    const sign = Buffer.from([...run].map(byteOf)).toString('utf8')
    return sign.includes('\uFFFD') ? run : sign
  })

const byteOf = (sign: string): number => {
  const at = windows1252.indexOf(sign)
  return at < 0 ? sign.charCodeAt(0) : 0x80 + at
}

/** The zeros of Arabic, Persian and Devanagari digits; a normal form makes the others (full width) plain. */
const zeros = [0x06_60, 0x06_f0, 0x09_66] as const

/** `٨` is `8`. */
export const plainDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F]/g, (digit) => {
    const point = digit.charCodeAt(0)
    return String(point - (zeros.findLast((zero) => zero <= point) ?? point))
  })

/** Umlauts as they are written without them: `ä` is `ae`, `ß` is `ss`. */
export const withoutUmlauts = (text: string): string =>
  text.normalize('NFC').replace(/[äöüÄÖÜßẞ]/g, (letter) => spelled[letter.toLowerCase()] ?? letter)

const spelled: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }
