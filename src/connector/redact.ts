// Takes secrets out of words: whole ones and pieces of them, however they are written. Always before the words are cut.

/** So many characters of a secret in a row are a secret; fewer give nothing away. */
const pieceLength = 16

/** What is shown in the place of a secret. */
const censored = '[secret]'

/** Words are looked at so far, in characters: much further than they are ever shown. A piece at that edge is found like any other. */
const windowLength = 16_000
/** At the edge an escape may be cut apart (`%2B`, `\u002b`): the last word there is left out. */
const edge = /\S{0,120}$/u

/** Longer secrets (signed tokens) are never sent in base64. */
const longestInBase64 = 512
/** Shorter middles of a base64 text may be anybody's. */
const shortestInBase64 = 6

export interface Redactor {
  /** The words on one line, without secrets. */
  clean(words: string): string
  /** Whether there is anything to take out. */
  finds(words: string): boolean
}

/**
 * Takes out every run of 16 characters or more of these secrets, and a shorter secret as a whole: as it is, in base64 (with anything before
 * and after it), in either case of letters, and behind any escapes of addresses, JSON and HTML, also escaped twice. Linear in the words.
 */
export const redactor = (secrets: readonly string[]): Redactor => {
  const known = indexOf(secrets)
  return {
    clean: (words) => {
      const line = oneLine(words)
      const opened = unescaped(line)
      // escapes are opened only where something was hidden behind them
      const spots = opened === line ? [] : spotsIn(opened, known)
      return spots.length > 0 ? covered(opened, spots) : covered(line, spotsIn(line, known))
    },
    finds: (words) => [words, unescaped(words)].some((form) => spotsIn(form, known).length > 0),
  }
}

const oneLine = (words: string): string => {
  const short = words.length > windowLength ? `${words.slice(0, windowLength).replace(edge, '').toWellFormed()} …` : words
  return short.replace(/\s+/gu, ' ').trim()
}

interface Index {
  /** Every run of 16 characters of a longer secret. */
  readonly pieces: ReadonlySet<string>
  /** Shorter secrets, whole. */
  readonly whole: readonly string[]
}

const indexOf = (secrets: readonly string[]): Index => {
  const forms = new Set(secrets.flatMap(formsOf).map(folded))
  const pieces = new Set<string>()
  for (const form of forms) for (let at = 0; at + pieceLength <= form.length; at += 1) pieces.add(form.slice(at, at + pieceLength))
  return { pieces, whole: [...forms].filter((form) => form !== '' && form.length < pieceLength) }
}

/** How a secret may be written where no escapes are left. */
const formsOf = (secret: string): readonly string[] => {
  const plain = oneLine(secret)
  const bytes = Buffer.from(secret)
  // UTF-8 of which each byte was taken for a sign is also what single bytes of an address become
  const apart = ['NFC', 'NFD'].map((form) => Buffer.from(secret.normalize(form)).toString('latin1'))
  const written = [plain, unescaped(plain), plain.normalize('NFC'), plain.normalize('NFD'), ...apart, ...apart.map(oneLine)]
  return [...written, plain.replaceAll(' ', '+'), bytes.toString('hex'), ...(secret.length > longestInBase64 ? [] : inBase64(secret))]
}

/** The three ways in which base64 writes the same bytes, by how many stand before them; without the signs that depend on neighbours. */
const inBase64 = (secret: string): readonly string[] =>
  [0, 1, 2]
    .map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
      const whole = bytes.toString('base64').replace(/=+$/, '')
      return whole.slice(before === 0 ? 0 : before + 1, bytes.length % 3 === 0 ? undefined : -1)
    })
    .filter((form) => form.length >= shortestInBase64)

/** Letters in one case and base64 in one alphabet; the length stays, so that places stay. */
const folded = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/[-_]/g, (sign) => (sign === '-' ? '+' : '/'))

const escapes =
  /\\x([0-9a-f]{2})|\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\(["'\\/])|%([0-9a-f]{2})|&#(\d{1,7});|&#x([0-9a-f]{1,6});|&(amp|lt|gt|quot|apos);/gi
const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What shows nothing and may stand between any two signs. */
const unseen = /<wbr ?\/?>|\p{Cf}/gu

/** Without escapes, also those of escapes, and without what is not seen. Bytes beyond ASCII stay apart. */
const unescaped = (text: string): string => {
  let opened = text.replace(unseen, '')
  for (let depth = 0; depth < 3; depth += 1) {
    const before: string = opened
    opened = opened.replace(escapes, (_, short, braced, unicode, sign, byte, decimal, hex, name) => {
      const code = Number.parseInt(short ?? braced ?? unicode ?? byte ?? hex ?? '', 16) || Number(decimal)
      return sign ?? names[String(name).toLowerCase()] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : '')
    })
    if (opened === before) return opened.replace(unseen, '')
  }
  return opened.replace(unseen, '')
}

type Spot = readonly [from: number, to: number]

/** Where secrets are, in order, none touching the next. */
const spotsIn = (text: string, { pieces, whole }: Index): readonly Spot[] => {
  const words = folded(text)
  const found: Spot[] = []
  for (let at = 0; pieces.size > 0 && at + pieceLength <= words.length; at += 1)
    if (pieces.has(words.slice(at, at + pieceLength))) found.push([at, at + pieceLength])
  for (const secret of whole)
    for (let at = words.indexOf(secret); at >= 0; at = words.indexOf(secret, at + secret.length)) found.push([at, at + secret.length])
  return joined(found.sort(([a], [b]) => a - b))
}

const joined = (spots: readonly Spot[]): readonly Spot[] => {
  const apart: [number, number][] = []
  for (const [from, to] of spots) {
    const last = apart.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else apart.push([from, to])
  }
  return apart
}

const covered = (text: string, spots: readonly Spot[]): string => {
  let [words, done] = ['', 0]
  for (const [from, to] of spots) {
    words += text.slice(done, from) + censored
    done = to
  }
  return words + text.slice(done)
}
