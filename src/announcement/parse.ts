// The one door into the house: whatever arrives becomes an announcement, or is refused with every fault named.
import type { z } from 'zod'
import { type Announcement, isVideo } from './announcement.ts'
import { longest } from './hygiene.ts'
import { type ProblemCode, problem } from './problems.ts'
import { type Problem, Refusal } from './refusal.ts'
import { type Found, languageTag, type Shaped, shape } from './shape.ts'

export interface ParseContext {
  /** Keys of the cities of this installation. */
  readonly cities: ReadonlySet<string>
  /** ISO 8601 UTC. */
  readonly now: string
  /** Names of a city's channels, where known: a text for any other channel is refused. */
  readonly channels?: (city: string) => readonly string[] | undefined
}

/**
 * Reads and normalises an announcement: NFC, `\n`, times as UTC. A warning without urgency or certainty is immediate and observed:
 * whoever warns at three in the morning means now.
 * @throws {Refusal} with one problem for each fault
 */
export const parseAnnouncement = (input: unknown, context: ParseContext): Announcement => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Refusal(problem('not-an-object', ''))
  const result = shape.safeParse(input)
  const problems = result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(issue, input))
  const raw = input as Record<string, unknown>
  problems.push(...contradictions(raw, context), ...languageFaults(raw), ...channelFaults(raw, context))
  if (result.success) problems.push(...timeFaults(result.data, context.now), ...videoFaults(result.data))
  if (!result.success || problems.length > 0) throw new Refusal(problems.slice(0, mostProblems))
  return announcementOf(result.data)
}

/** Nobody reads more at once, and a hostile body shall not be answered by one larger than itself. */
const mostProblems = 50

const announcementOf = (data: Shaped): Announcement => {
  const warns = data.kind === 'warning'
  const topics = [...new Set([...(data.topics ?? []), ...(data.topic ? [data.topic] : [])])]
  const variants = Object.entries(data.variants ?? {}).map(([tag, wording]) => [languageTag(tag) ?? tag, wording] as const)
  return {
    city: data.city,
    kind: data.kind,
    title: data.title,
    text: data.text,
    link: data.link ?? null,
    topics,
    topic: topics[0] ?? null,
    districts: [...new Set(data.districts ?? [])],
    severity: data.severity ?? null,
    urgency: data.urgency ?? (warns ? 'Immediate' : null),
    certainty: data.certainty ?? (warns ? 'Observed' : null),
    status: data.status ?? 'Actual',
    language: data.language ?? 'de',
    variants: Object.fromEntries(variants),
    channelTexts: data.channelTexts ?? {},
    media: data.media ?? [],
    expires: data.expires ?? null,
    publishAt: data.publishAt ?? null,
    references: data.references?.toLowerCase() ?? null,
  }
}

const problemsOf = (issue: z.core.$ZodIssue, input: unknown): readonly Problem[] => {
  const place = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => problem('unknown-field', place === '' ? key : `${place}.${key}`))
  if (issue.code === 'custom') {
    const { code, details } = issue.params as unknown as Found
    return [problem(code, place, details)]
  }
  if ((valueAt(input, issue.path) ?? undefined) === undefined) return [problem('missing-field', place)]
  if (issue.code === 'invalid_value') return [problem(`unknown-${place}` as ProblemCode, place)]
  return [problem('wrong-type', place, { value: issue.code === 'invalid_type' ? issue.expected : 'int' })]
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input)

/** What contradicts the installation or itself, as far as it can be read: reported beside the faults of single fields. */
const contradictions = (input: Record<string, unknown>, { cities }: ParseContext): readonly Problem[] => {
  const problems: Problem[] = []
  const { city, kind, severity } = input
  if (typeof city === 'string' && !cities.has(city)) problems.push(problem('unknown-city', 'city', { value: city, list: [...cities] }))
  if (kind === 'warning' && (severity === undefined || severity === null)) problems.push(problem('severity-missing', 'severity'))
  for (const field of ['topics', 'districts', 'media', 'variants', 'channelTexts'] as const) {
    if (keysOf(input[field]).length > longest[field]) problems.push(problem('too-many', field, { max: longest[field] }))
  }
  return problems
}

const keysOf = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : [])

const languageFaults = ({ language, variants }: Record<string, unknown>): readonly Problem[] => {
  const seen = new Set([typeof language === 'string' ? languageTag(language) : 'de'])
  return keysOf(variants).flatMap((key) => {
    const tag = languageTag(key)
    if (tag === null) return problem('language-malformed', 'variants', { value: key })
    if (seen.has(tag)) return problem('language-twice', `variants.${key}`, { value: tag })
    seen.add(tag)
    return []
  })
}

const channelFaults = ({ city, channelTexts }: Record<string, unknown>, { channels }: ParseContext): readonly Problem[] => {
  const known = typeof city === 'string' ? channels?.(city) : undefined
  return keysOf(channelTexts).flatMap((key) => {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(key)) return problem('channel-malformed', 'channelTexts', { value: key })
    return known === undefined || known.includes(key) ? [] : problem('unknown-channel', `channelTexts.${key}`, { value: key, list: known })
  })
}

const twoYears = 2 * 365.25 * 86_400_000

const timeFaults = ({ kind, expires, publishAt }: Shaped, now: string): readonly Problem[] => {
  const problems: Problem[] = []
  const ends = expires ? Date.parse(expires) : Number.POSITIVE_INFINITY
  if (ends <= Date.parse(now)) problems.push(problem('expires-past', 'expires'))
  if (publishAt && ends <= Date.parse(publishAt)) problems.push(problem('expires-before-publish', 'expires'))
  // it would silence the warning now and speak later
  if (publishAt && kind === 'all-clear' && Date.parse(publishAt) > Date.parse(now)) problems.push(problem('all-clear-later', 'publishAt'))
  if (publishAt && Date.parse(publishAt) > Date.parse(now) + twoYears) problems.push(problem('publish-too-far', 'publishAt'))
  return problems
}

const videoFaults = ({ media }: Shaped): readonly Problem[] =>
  (media ?? []).filter(isVideo).flatMap((video, at) => {
    const place = `media.${media?.indexOf(video)}`
    const languages = video.captions.map(({ language }) => language)
    const twice = languages.find((language, first) => languages.indexOf(language) !== first)
    return [
      ...(at > 0 ? [problem('one-video', place)] : []),
      ...(twice === undefined ? [] : [problem('captions-twice', `${place}.captions`, { value: twice })]),
    ]
  })
