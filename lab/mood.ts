// In what mood a platform of the lab can be: what its clock shows, and what it makes of texts.
export const textMoods = {
  'as-sent': 'shows the text as it was sent',
  cleaned: 'drops emojis and other signs, writes quotation marks and dashes plainly, spaces and umlauts in its own way',
  markdown: 'reads Markdown and keeps the source (Mastodon alone: glitch-soc, Akkoma, GoToSocial)',
  'markdown-only': 'reads Markdown and gives no source away (Mastodon alone: Hollo, older servers)',
} as const

type TextMood = keyof typeof textMoods

export interface Mood {
  /** How far the platform's clock is ahead of the lab's, in milliseconds; negative: behind it. Its `Date` and its posts show it. */
  readonly clockMs: number
  readonly text: TextMood
}
