// The form an announcement arrives in, field by field: names and types are zod's business, what a text may contain is hygiene's.
import { z } from 'zod'
import { uuidForm } from '../connector/uuid.ts'
import { certainties, kinds, type Medium, severities, statuses, urgencies } from './announcement.ts'
import { clean, faultsOf, linkFaultsOf, longest } from './hygiene.ts'
import { readTime } from './local-time.ts'
import type { Details, ProblemCode } from './problems.ts'

/** How a check tells zod which of our problems it found. */
export interface Found {
  readonly code: ProblemCode
  readonly details?: Details
}

type Complain = (found: Found) => void

/** A string that is cleaned, then checked; every complaint becomes a problem of its own. */
const checked = (check: (text: string, complain: Complain) => string | undefined, lines = true) =>
  z.string().transform((raw, context) => {
    const text = clean(raw, lines)
    return check(text, (found) => context.addIssue({ code: 'custom', params: found })) ?? text
  })

const prose = (max: number, lines: boolean) =>
  checked((text, complain) => {
    for (const code of faultsOf(text, max, lines)) complain({ code, details: { max } })
    return text
  }, lines)

const pattern = (expected: RegExp, code: ProblemCode) =>
  checked((text, complain) => {
    if (!expected.test(text)) complain({ code })
    return text
  })

const link = checked((text, complain) => {
  for (const code of linkFaultsOf(text)) complain({ code, details: { max: longest.link } })
  return text
})

const time = checked((text, complain) => {
  const read = readTime(text)
  if ('utc' in read) return read.utc
  complain({ code: `time-${read.fault}` })
  return undefined
})

/** The tag in its usual spelling (`DE-de` is `de-DE`), or null when it is none. */
export const languageTag = (tag: string): string | null => {
  if (tag.length > longest.language) return null
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}

const language = checked((text, complain) => {
  const tag = languageTag(text)
  if (tag === null) complain({ code: 'language-malformed', details: { value: text } })
  return tag ?? undefined
})

/** Empty where nothing in it can be read: whether that is right depends on the medium. */
const alt = checked((text, complain) => {
  const faults = faultsOf(text, longest.alt, true)
  for (const code of faults) if (code !== 'empty') complain({ code, details: { max: longest.alt } })
  return faults.includes('empty') ? '' : text
})

const file = { id: pattern(/^[0-9a-f]{64}$/, 'media-id-malformed'), size: z.int().positive() }

const captions = z.strictObject({ ...file, type: pattern(/^text\/vtt$/, 'captions-type'), language })

const codec = pattern(/^[a-z0-9_.-]{1,40}$/, 'media-type-malformed')

const altFault = (words: string, decorative: boolean, moves: boolean): ProblemCode | null => {
  if (decorative && moves) return 'decorative-video'
  if (decorative && words !== '') return 'decorative-with-alt'
  return decorative || words !== '' ? null : 'alt-missing'
}

/** An image, which alone may be decorative; or a video: that has a length in seconds. */
const medium = z
  .strictObject({
    ...file,
    type: pattern(/^(?:image|video)\/[a-z0-9.+-]{1,40}$/, 'media-type-malformed'),
    width: z.int().positive(),
    height: z.int().positive(),
    alt: alt.nullish(),
    decorative: z.boolean().nullish(),
    singleColour: z.boolean().nullish(),
    seconds: z.number().positive().optional(),
    codec: codec.optional(),
    audioCodec: codec.nullish(),
    captions: z.array(captions).optional(),
  })
  .transform((given, context): Medium => {
    const { seconds, codec: pictures, audioCodec = null, captions: subtitles = [], decorative, singleColour, alt: words, ...file } = given
    const image = { ...file, alt: words ?? '' }
    const complain = (code: ProblemCode, ...path: readonly string[]) =>
      context.addIssue({ code: 'custom', path: [...path], params: { code, details: { max: longest.captions } } satisfies Found })
    const moves = image.type.startsWith('video/')
    if (moves !== (seconds !== undefined) || moves !== (pictures !== undefined)) complain('media-type-malformed', 'type')
    if (!moves && subtitles.length > 0) complain('captions-without-video', 'captions')
    if (subtitles.length > longest.captions) complain('too-many', 'captions')
    const fault = altFault(image.alt, decorative === true, moves)
    if (fault !== null) complain(fault, fault === 'decorative-video' ? 'decorative' : 'alt')
    if (seconds === undefined || pictures === undefined)
      return { ...image, ...(decorative === true && { decorative }), ...(singleColour === true && { singleColour }) }
    return { ...image, seconds, codec: pictures, audioCodec, captions: subtitles }
  })

const wording = z.strictObject({ title: prose(longest.title, false), text: prose(longest.text, true) })

const key = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/
const topic = pattern(key, 'topic-malformed')
const district = pattern(key, 'district-malformed')

/** The announcement as it arrives: times as written, languages and channels not yet compared with anything. */
export const shape = z.strictObject({
  city: z.string(),
  kind: z.enum(kinds),
  title: prose(longest.title, false),
  text: prose(longest.text, true),
  link: link.nullish(),
  /** One topic; `topics` may name several. */
  topic: topic.nullish(),
  topics: z.array(topic).nullish(),
  /** Areas of the city; none: the whole city. */
  districts: z.array(district).nullish(),
  severity: z.enum(severities).nullish(),
  urgency: z.enum(urgencies).nullish(),
  certainty: z.enum(certainties).nullish(),
  status: z.enum(statuses).nullish(),
  language: language.nullish(),
  variants: z.record(z.string(), wording).nullish(),
  channelTexts: z.record(z.string(), prose(longest.text, true)).nullish(),
  media: z.array(medium).nullish(),
  expires: time.nullish(),
  publishAt: time.nullish(),
  references: pattern(new RegExp(uuidForm, 'i'), 'references-malformed').nullish(),
})

export type Shaped = z.output<typeof shape>
