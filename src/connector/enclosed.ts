// Which places of a text lie within brackets or quotation marks.

/** What closes each opening sign. `“` and `«` close a German quotation that is open, and else open one. */
const closers: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '„': '“”"',
  '‚': '‘',
  '“': '”',
  '»': '«',
  '«': '»',
  '›': '‹',
  '‹': '›',
  '"': '"',
}

const signs = /[()[\]{}„“”‚‘»«›‹"]|\n\s*\n/gu

/** True for each place (UTF-16 offset) that lies within a pair; what is opened and never closed, or the other way round, encloses nothing. */
export const enclosed = (text: string): ((at: number) => boolean) => {
  const spans = spansOf(text)
  const depth = new Int32Array(text.length + 2)
  for (const { open, close } of spans) {
    depth[open + 1]! += 1
    depth[close + 1]! -= 1
  }
  for (let at = 1; at < depth.length; at++) depth[at]! += depth[at - 1]!
  return (at) => (depth[at] ?? 0) > 0
}

interface Span {
  readonly open: number
  readonly close: number
}

const spansOf = (text: string): readonly Span[] => {
  const spans: Span[] = []
  let open: { readonly sign: string; readonly at: number }[] = []
  for (const { 0: sign, index } of text.matchAll(signs)) {
    if (sign.length > 1) {
      open = open.filter(({ sign: other }) => other !== '"')
      continue
    }
    const matching = open.findLastIndex(({ sign: other }) => closers[other]?.includes(sign))
    if (matching >= 0) {
      spans.push({ open: open[matching]!.at, close: index })
      open.length = matching
    } else if (closers[sign] !== undefined && open.length < mostOpen && !isInch(text, sign, index)) open.push({ sign, at: index })
  }
  return spans
}

/** More open signs than any text has; keeps a hostile one from costing the square of its length. */
const mostOpen = 50

/** A straight quotation mark behind a sign opens nothing: 27" wide. */
const isInch = (text: string, sign: string, at: number): boolean => sign === '"' && /[^\s([{]/.test(text[at - 1] ?? ' ')
