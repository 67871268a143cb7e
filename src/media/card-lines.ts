// The lines of a picture card are set here: between words; else at the seam of a compound, with a hyphen; never at an arbitrary letter.
import { type Weight, widthOf } from './card-letters.ts'
import { type Break, breaksOf } from './seams.ts'

export interface Measure {
  /** Pixels. */
  readonly size: number
  readonly width: number
  readonly weight: Weight
  /** Lines of one length, as a title's; else the last may be short. */
  readonly isEven: boolean
  /** BCP 47; the words of other languages than German are not divided. */
  readonly language: string
}

/** Within words a line may end: nowhere, at the seams of compounds, where the patterns allow, or (for what is no word) anywhere. */
export type Division = 'nowhere' | 'seams' | 'patterns' | 'anywhere'

interface Piece {
  readonly text: string
  /** What is between it and the next one. */
  readonly joint: 'blank' | 'hyphen' | 'seam' | 'syllable' | 'letter'
}

/** The lines of one paragraph: few, then even; null where a piece is too wide for a line. */
export const linesOf = (text: string, measure: Measure, division: Division): readonly string[] | null => {
  const pieces = piecesOf(kept(text), measure, division)
  const width = measure.width / measure.size
  const best: { readonly cost: number; readonly from: number }[] = [{ cost: 0, from: 0 }]
  for (let end = 1; end <= pieces.length; end++) {
    let found = { cost: Number.POSITIVE_INFINITY, from: end - 1 }
    for (let from = end - 1; from >= 0; from--) {
      const taken = widthOfLine(pieces.slice(from, end), measure.weight)
      if (taken > width) break
      const slack = !measure.isEven && end === pieces.length ? 0 : (width - taken) / width
      const cost = (best[from]?.cost ?? 0) + costs.line + costs[pieces[end - 1]?.joint ?? 'blank'] + slack ** 2
      if (cost < found.cost) found = { cost, from }
    }
    best.push(found)
  }
  return best.at(-1)?.cost === Number.POSITIVE_INFINITY ? null : readBack(pieces, best)
}

/** A word is divided where that saves more than two lines, or where it is too wide. Off a seam it costs three times as much. */
const costs = { line: 10, blank: 0, hyphen: 4, seam: 25, syllable: 75, letter: 200 } as const

const readBack = (pieces: readonly Piece[], best: readonly { readonly from: number }[]): readonly string[] => {
  const lines: string[] = []
  for (let end = pieces.length; end > 0; end = best[end]?.from ?? 0) lines.unshift(lineOf(pieces.slice(best[end]?.from ?? 0, end)))
  return lines
}

const lineOf = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, joint }, at) => text + between(joint, at === pieces.length - 1)).join('')

const between = (joint: Piece['joint'], isLast: boolean): string => {
  if (joint === 'blank') return isLast ? '' : ' '
  return isLast && (joint === 'seam' || joint === 'syllable') ? '-' : ''
}

const widthOfLine = (pieces: readonly Piece[], weight: Weight): number =>
  pieces.reduce((sum, { text, joint }, at) => sum + widthOf(text, weight) + widthOf(between(joint, at === pieces.length - 1), weight), 0)

const months = 'Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez'
const units =
  '%|‰|°|€|[kcm]?m[²³]?\\b|km/h|[kM]?[WV]\\b|[lt]\\b|Uhr|Euro|Prozent|Grad|Meter|Kilometer|Liter|Minuten|Min\\b|Stunden|Std|Mio|Mrd'

/** What belongs together is not divided: a number and its unit, a day and its month, "um 9 Uhr", "§ 5", "B 42", "z. B."; a dash ends a line. */
const kept = (text: string): string =>
  text
    .replace(new RegExp(`(?<=\\d) (?=${units})`, 'g'), '\u00a0')
    .replace(new RegExp(`(?<=\\b\\d{1,2}\\.) (?=${months})`, 'g'), '\u00a0')
    .replace(/(?<=(?:^|[\s(])(?:um|ab|bis|[A-Z]|§§?|Nr\.|Tel\.|Linie|Abschnitt|Halle|Haus)) (?=\d)/g, '\u00a0')
    .replace(/(?<=(?:^|[\s(])(?:z\.|d\.|u\.|i\.|o\.|Dr\.|Prof\.|St\.|Sankt|Bad|[≥≤<>~≈±→←]))[ ](?=\S)/g, '\u00a0')
    .replace(/ (?=[–—→←] )/g, '\u00a0')

const piecesOf = (text: string, { language }: Measure, division: Division): readonly Piece[] =>
  text
    .split(/[^\S\u00a0]+/)
    .filter((word) => word !== '')
    .flatMap((word) => divided(word, division, /^de\b/i.test(language)))

const divided = (word: string, division: Division, isGerman: boolean): readonly Piece[] => {
  const parts = word.split(/(?<=\p{L}{3}[-/])(?=\p{L}{3})/u)
  return parts.flatMap((part, at) => withJoint(inPieces(part, division, isGerman), at === parts.length - 1 ? 'blank' : 'hyphen'))
}

const withJoint = (pieces: readonly Piece[], joint: Piece['joint']): readonly Piece[] =>
  pieces.map((piece, at) => (at === pieces.length - 1 ? { ...piece, joint } : piece))

const inPieces = (part: string, division: Division, isGerman: boolean): readonly Piece[] => {
  if (division === 'anywhere') return [...part].map((text) => ({ text, joint: 'letter' }))
  const cuts = division === 'nowhere' || !isGerman ? [] : cutsOf(part).filter(({ isSeam }) => isSeam || division === 'patterns')
  const ends = [...cuts, { at: part.length, isSeam: false }]
  return ends.map(({ at, isSeam }, number) => ({ text: part.slice(ends[number - 1]?.at ?? 0, at), joint: isSeam ? 'seam' : 'syllable' }))
}

/** Of every run of letters in it: `(Kampfmittelräumung)` is divided as the word alone. */
const cutsOf = (part: string): readonly Break[] =>
  [...part.matchAll(/\p{L}{8,}/gu)].flatMap(({ 0: run, index }) => breaksOf(run).map((one) => ({ ...one, at: index + one.at })))
