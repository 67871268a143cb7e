// How a picture card looks: the city's colour with the title above, the text on white below. Sizes in pixels of a card 1,080 wide.
import { kindTitles, severityTitles, statusTitles } from '../announcement/wording.ts'
import { contrast } from '../policy/contrast.ts'
import type { Card } from '../rendering/derive.ts'
import { fontFamily } from './card-fonts.ts'

/** What satori draws: an element with its style, as JSX would make it. */
export interface Face {
  readonly type: 'div'
  readonly props: { readonly style: Style; readonly children?: readonly Face[] | string }
}

type Style = Readonly<Record<string, string | number>>

/** Sizes of the letters, and as much of title and text as there is room for. */
export interface Setting {
  readonly titleSize: number
  readonly textSize: number
  readonly title: string
  readonly text: string
}

/** The width for which the sizes are meant. */
export const drawnWidth = 1080

/** How long a line can be. */
export const lineWidth = ({ kind }: Pick<Card, 'kind'>): number => drawnWidth - 2 * margin - (kind === 'warning' ? 2 * frame : 0)

const margin = 76
/** Of the frame in which warnings stand. */
const frame = 20

const ink = '#15181e'
const red = '#b3001b'
const green = '#1a6b3c'
const white = '#ffffff'

const box = (style: Style, children: readonly Face[] | string = []): Face => ({
  type: 'div',
  props: { style: { display: 'flex', boxSizing: 'border-box', ...style }, children },
})

/** The whole card at its drawn width; `auto`: as high as all of it needs. */
export const face = (card: Card, setting: Setting, height: number | 'auto'): Face => {
  const around = card.kind === 'warning' ? frame : 0
  return box({ width: drawnWidth, ...(height !== 'auto' && { height }), padding: around, background: red, fontFamily, color: ink }, [
    box({ flexDirection: 'column', flexGrow: 1, background: white }, [
      ...(card.status === 'Actual' ? [] : [mark(card)]),
      head(card, setting),
      body(card, setting),
      ...(card.address === null ? [] : [foot(card.address)]),
    ]),
  ])
}

const words = (language: string) => (/^en\b/i.test(language) ? english : german)

const german = { kinds: kindTitles, severities: severityTitles, statuses: statusTitles, until: 'Gültig bis' }
const english = {
  kinds: { warning: 'Warning', 'all-clear': 'All clear', notice: 'Notice', event: 'Event' },
  severities: { Extreme: 'extreme', Severe: 'severe', Moderate: 'moderate', Minor: 'minor' },
  statuses: { Actual: 'Actual', Exercise: 'Exercise', Test: 'Test' },
  until: 'Valid until',
} as const

/** Not meant for the public: said three times, so that no part of the picture hides it. */
const mark = ({ status, language }: Card): Face => {
  const word = words(language).statuses[status].toUpperCase()
  return box(
    {
      justifyContent: 'center',
      padding: '18px 0',
      background: '#ffd500',
      fontSize: 40,
      fontWeight: 700,
      letterSpacing: 4,
      whiteSpace: 'nowrap',
    },
    `${word} – ${word} – ${word}`,
  )
}

const inkOn = ({ primary, onPrimary }: Card['colours']): string => {
  if (contrast(onPrimary, primary) >= 4.5) return onPrimary
  return contrast(white, primary) >= contrast(ink, primary) ? white : ink
}

const head = (card: Card, setting: Setting): Face =>
  box(
    {
      flexDirection: 'column',
      flexGrow: 1,
      justifyContent: 'space-between',
      padding: `64px ${margin}px 68px`,
      background: card.colours.primary,
      color: inkOn(card.colours),
    },
    [
      box({ justifyContent: 'space-between', alignItems: 'center', marginBottom: 52 }, [
        box({ flexShrink: 1, marginRight: 40, fontSize: 40, fontWeight: 600, lineHeight: 1.15, wordBreak: 'break-word' }, card.city),
        badge(card),
      ]),
      title(setting.title, setting.titleSize),
    ],
  )

const badge = ({ kind, severity, language, colours }: Card): Face => {
  const { kinds, severities } = words(language)
  const text = kind === 'warning' && severity !== null ? `${kinds[kind]} · ${severities[severity]}` : kinds[kind]
  const plain = { background: inkOn(colours), color: colours.primary }
  const loud = { background: white, color: kind === 'warning' ? red : green }
  const colour = kind === 'warning' || kind === 'all-clear' ? loud : plain
  return box(
    { flexShrink: 0, padding: '12px 26px 14px', borderRadius: 40, fontSize: 32, fontWeight: 700, whiteSpace: 'nowrap', ...colour },
    text,
  )
}

export const title = (text: string, size: number): Face =>
  box({ fontSize: size, fontWeight: 700, lineHeight: 1.14, letterSpacing: -size / 80, wordBreak: 'break-word', textWrap: 'balance' }, text)

const body = (card: Card, { textSize, text }: Setting): Face =>
  box({ flexDirection: 'column', flexGrow: 1, padding: `60px ${margin}px 44px` }, [
    ...(card.until === null ? [] : [until(card)]),
    prose(text, textSize),
  ])

const until = ({ until: time, language }: Card): Face =>
  box({ marginBottom: 28, fontSize: 38, fontWeight: 700, color: red }, `${words(language).until} ${time}`)

const prose = (text: string, size: number): Face =>
  box({ fontSize: size, fontWeight: 400, lineHeight: 1.42, whiteSpace: 'pre-wrap', wordBreak: 'break-word' }, text)

const foot = (address: string): Face =>
  box(
    {
      margin: `0 ${margin}px`,
      padding: '34px 0 46px',
      borderTop: '3px solid #d5d9e0',
      fontSize: 38,
      fontWeight: 600,
      wordBreak: 'break-all',
    },
    address,
  )
