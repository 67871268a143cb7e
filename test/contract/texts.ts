// Texts that measure exactly what is wanted, made of what is hard to count.
import type { AnyConnector } from '../../src/connector/connector.ts'

/** What counts differently from place to place. */
export const units: Readonly<Record<string, string>> = {
  letters: 'a',
  umlauts: 'ü',
  'combined umlauts': 'u\u0308',
  'families of four': '👨‍👩‍👧‍👦',
  'fire engines': '🚒',
  flags: '🇩🇪',
  'euro signs and dashes': '€–',
  'short words': 'Rhein und ',
}

/** A link that is longer than what any platform reserves for one. */
export const longLink = 'https://www.bonn.de/pressemitteilungen/2026/november/freibad-oeffnet-am-samstag?quelle=rundruf'

/** `begin`, then as many of `unit` as fit, then letters until the text measures exactly the connector's limit (or more, if `begin` does). */
export const fullText = ({ measure, limits: { text: limits } }: AnyConnector, begin: string, unit: string): string => {
  const bytes = (text: string) => Buffer.byteLength(text)
  const missing = (text: string) => limits.max - measure(text, limits)
  const fits = (text: string) => missing(text) >= 0 && bytes(text) + missing(text) <= (limits.maxBytes ?? Number.POSITIVE_INFINITY)
  let text = begin
  // Ever smaller steps, so that long limits take no longer than short ones.
  for (let step = 2 ** 16; step >= 1; step /= 2) while (fits(text + unit.repeat(step))) text += unit.repeat(step)
  return text + 'x'.repeat(Math.max(0, missing(text)))
}
