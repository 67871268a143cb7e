// How a platform of the lab is minded, beside its faults: what its clock shows, and what it makes of the texts that it took.
import { type Mood, textMoods } from './mood.ts'
import type { Answer } from './room.ts'

const evenMood: Mood = { clockMs: 0, text: 'as-sent' }

export interface Moods {
  set(platform: string, mood: Partial<Mood>): Mood
  of(platform: string): Mood
  clear(platform?: string): void
  list(): Readonly<Record<string, Mood>>
}

export const openMoods = (): Moods => {
  const moods = new Map<string, Mood>()
  const of = (platform: string): Mood => moods.get(platform) ?? evenMood
  return {
    set(platform, wish) {
      const mood = { ...of(platform), ...wish }
      moods.set(platform, mood)
      return mood
    },
    of,
    clear: (platform) => void (platform === undefined ? moods.clear() : moods.delete(platform)),
    list: () => Object.fromEntries(moods),
  }
}

/** Reads a mood out of a request body; gives the sentence that says what is wrong with it instead. */
export const readMood = (body: unknown): Partial<Mood> | string => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'The body must be a JSON object such as {"clockMs":-120000,"text":"cleaned"}.'
  const { clockMs, text, ...more } = body as Readonly<Record<string, unknown>>
  const [unknownKey] = Object.keys(more)
  if (unknownKey !== undefined) return `"${unknownKey}" is not a setting of a mood: clockMs, text.`
  if (clockMs !== undefined && !Number.isSafeInteger(clockMs)) return '"clockMs" must be a whole number of milliseconds.'
  if (text !== undefined && !(typeof text === 'string' && Object.hasOwn(textMoods, text)))
    return `"text" must be one of: ${Object.keys(textMoods).join(', ')}.`
  return body as Partial<Mood>
}

/** What a reading call answers in this mood. */
export const minded = (answer: Answer, { text }: Mood): Answer => {
  const { body } = answer
  if (text !== 'cleaned' || typeof body !== 'object' || Buffer.isBuffer(body) || answer.status >= 300) return answer
  return { ...answer, body: reworded(body) as object }
}

/** Where platforms show the words of a post, in JSON. */
const wordy: ReadonlySet<string> = new Set([
  'text',
  'message',
  'caption',
  'description',
  'title',
  'textOriginal',
  'textDisplay',
  'body',
  'content',
])

const reworded = (value: unknown, name = ''): unknown => {
  if (typeof value === 'string') return wordy.has(name) ? cleaned(value) : value
  if (Array.isArray(value)) return value.map((one) => reworded(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reworded(inner, key)]))
}

/** What platforms have been seen to do to signs: letters and digits stay. Angle brackets and ampersands stay, where a text is HTML they are no signs. */
export const cleaned = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[„“”»«]/gu, '"')
    .replace(/[‚‘’]/gu, "'")
    .replace(/[–—]/gu, '-')
    .replace(/…/gu, '...')
    .replace(/\p{Extended_Pictographic}|\p{Variation_Selector}|\u200D|[•→←≤≥°*]/gu, '')
    .replace(/[^\S\n]+/gu, ' ')
