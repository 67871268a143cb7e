// Turns what the schema found wrong in a city file into sentences: what stands there, and what was expected.
import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import type { Finding } from './finding.ts'
import { cityFile } from './schema.ts'

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

/** One finding for every issue of the schema, in words for the author of the file. `data` is the file as it was read. */
export const explain = (issues: readonly Issue[], data: unknown): readonly Finding[] =>
  issues.flatMap((issue) => explainOne(issue, [], data))

const explainOne = (issue: Issue, above: Path, data: unknown): readonly Finding[] => {
  const path: Path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key))
  if (issue.code === 'invalid_key') return [wrongKey(path.slice(0, -1), String(path.at(-1)))]
  if (issue.code === 'invalid_union' && !isWordOrFormat(issue.errors)) {
    const closest = closestOf(issue.errors)
    if (closest !== undefined && (closest.path.length > 0 || closest.code === 'invalid_value')) return explainOne(closest, path, data)
  }
  if (valueAt(data, path) === undefined) return [missing(path)]
  return [wrongValue(path, issue, valueAt(data, path))]
}

/** Days may be written as words and as dates: the words alone would be half of what is expected. */
const isWordOrFormat = (ways: readonly (readonly Issue[])[]): boolean => {
  const here = ways.flat().filter(({ path }) => path.length === 0)
  return here.some(({ code }) => code === 'invalid_value') && here.some(({ code }) => code === 'invalid_format')
}

/** Of the ways a value may be written, the issue of the one that it came closest to. */
const closestOf = (ways: readonly (readonly Issue[])[]): Issue | undefined => {
  const near = (issue: Issue): number => issue.path.length * 2 + (issue.code === 'invalid_value' || issue.code === 'invalid_key' ? 1 : 0)
  return ways.flat().sort((a, b) => near(b) - near(a))[0]
}

const unknownKey = (path: Path, key: string): Finding => {
  const allowed = keysAt(path)
  const meant = didYouMean(key, allowed)
  return {
    code: 'unknown-key',
    path: [...path, key],
    atKey: true,
    de: `Unbekannter Schlüssel »${key}«.${meant ? ` Meinten Sie »${meant}«?` : ''} Erlaubt sind hier: ${allowed.join(', ')}.`,
    en: `Unknown key "${key}".${meant ? ` Did you mean "${meant}"?` : ''} Allowed here are: ${allowed.join(', ')}.`,
  }
}

/** In a record: of known keys, or of keys that the city chooses itself. */
const wrongKey = (path: Path, key: string): Finding =>
  keysAt(path).length > 0
    ? unknownKey(path, key)
    : {
        code: 'wrong-key',
        path: [...path, key],
        atKey: true,
        de: `»${key}« geht nicht als Schlüssel. Erwartet: Kleinbuchstaben, Ziffern und Bindestriche wie jobs-and-training.`,
        en: `"${key}" cannot be a key. Expected: small letters, digits and hyphens like jobs-and-training.`,
      }

const missing = (path: Path): Finding => {
  const key = String(path.at(-1) ?? 'city')
  const [de, en] = expectedAt(path)
  return {
    code: 'missing-key',
    path,
    de: `»${key}« fehlt. Erwartet: ${de}.`,
    en: `"${key}" is missing. Expected: ${en}.`,
  }
}

const wrongValue = (path: Path, issue: Issue, value: unknown): Finding => {
  const written = typeof value === 'object' ? (Array.isArray(value) ? '[…]' : '{…}') : String(value).slice(0, 60)
  if (issue.code === 'invalid_value' && issue.values.length > 1) {
    const allowed = issue.values.map(String)
    const meant = typeof value === 'string' ? didYouMean(value, allowed) : null
    return {
      code: 'unknown-value',
      path,
      de: `»${written}« gibt es hier nicht.${meant ? ` Meinten Sie »${meant}«?` : ''} Erwartet: ${allowed.join(', ')}.`,
      en: `"${written}" does not exist here.${meant ? ` Did you mean "${meant}"?` : ''} Expected: ${allowed.join(', ')}.`,
    }
  }
  const [de, en] = expectedAt(path)
  return {
    code: 'wrong-value',
    path,
    de: `Erwartet: ${de}. Dort steht: »${written}«.`,
    en: `Expected: ${en}. Found: "${written}".`,
  }
}

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    data,
  )

/** The keys that the schema knows at a place. */
const keysAt = (path: Path): readonly string[] => {
  const schema = path.reduce<z.core.$ZodType | undefined>((at, key) => within(at, key), cityFile)
  return waysOf(schema).flatMap((way) => {
    if (way instanceof z.ZodObject) return Object.keys(way.shape)
    return way instanceof z.ZodRecord && way.keyType instanceof z.ZodEnum ? way.keyType.options.map(String) : []
  })
}

const within = (schema: z.core.$ZodType | undefined, key: string | number): z.core.$ZodType | undefined => {
  for (const way of waysOf(schema)) {
    if (way instanceof z.ZodArray && typeof key === 'number') return way.element
    if (way instanceof z.ZodObject && Object.hasOwn(way.shape, key)) return way.shape[key]
  }
  return undefined
}

/** The forms that a value may have: an optional one is unwrapped, a union opened. */
const waysOf = (schema: z.core.$ZodType | undefined): readonly z.core.$ZodType[] => {
  if (schema instanceof z.ZodOptional) return waysOf(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => waysOf(option))
  return schema ? [schema] : []
}

type Both = readonly [de: string, en: string]

/** What belongs at a key, as the end of the sentence `Erwartet: …`. */
const expected: Readonly<Record<string, Both>> = {
  '': ['eine Kanalregelung mit city, key, ars, channels und rules', 'a channel policy with city, key, ars, channels and rules'],
  city: ['der Name der Stadt, zum Beispiel Bonn', 'the name of the city, such as Bonn'],
  key: ['der Schlüssel wie der Dateiname, zum Beispiel bonn', 'the key, like the name of the file, such as bonn'],
  ars: [
    'der Amtliche Regionalschlüssel, 12 Ziffern in Anführungszeichen wie "053140000000"',
    'the Amtlicher Regionalschlüssel, 12 digits in quotes like "053140000000"',
  ],
  website: ['eine Adresse mit https://', 'an address with https://'],
  url: ['eine Adresse mit https://', 'an address with https://'],
  colours: ['primary und on-primary, je eine Farbe wie "#1b4f7f"', 'primary and on-primary, each a colour like "#1b4f7f"'],
  primary: ['eine Farbe wie "#1b4f7f", in Anführungszeichen', 'a colour like "#1b4f7f", in quotes'],
  'on-primary': ['eine Farbe wie "#ffffff", in Anführungszeichen', 'a colour like "#ffffff", in quotes'],
  'quiet-hours': [
    '{ from: "22:00", to: "06:00" } oder eine Liste davon, jede mit ihren Tagen: { on: [sat, sun, holiday], from: "00:00", to: "24:00" }',
    '{ from: "22:00", to: "06:00" }, or a list of them, each with its days: { on: [sat, sun, holiday], from: "00:00", to: "24:00" }',
  ],
  on: [
    'mon, tue, wed, thu, fri, sat, sun, holiday, ein Tag jedes Jahres wie 12-24, ein Tag wie 2028-06-17, oder eine Liste davon',
    'mon, tue, wed, thu, fri, sat, sun, holiday, a day of every year like 12-24, a day like 2028-06-17, or a list of them',
  ],
  from: ['eine Uhrzeit wie "22:00"', 'a time of day like "22:00"'],
  to: ['eine Uhrzeit wie "06:00"', 'a time of day like "06:00"'],
  channels: ['eine Liste von Kanälen', 'a list of channels'],
  'rules.channels': ['all oder eine Liste von Kanalnamen', 'all, or a list of names of channels'],
  rules: ['eine Liste von Regeln mit name, when und channels', 'a list of rules with name, when and channels'],
  name: [
    'ein Name aus Kleinbuchstaben, Ziffern und Bindestrichen wie bluesky-bonn',
    'a name of small letters, digits and hyphens like bluesky-bonn',
  ],
  'rules.name': ['ein Name wie Pressemitteilung', 'a name like Pressemitteilung'],
  platform: ['der Name einer Plattform wie mastodon', 'the name of a platform like mastodon'],
  title: ['ein Anzeigename bis 300 Zeichen', 'a public name of up to 300 characters'],
  'channels.from': ['ein Tag, den es gibt, wie 2027-01-01', 'a day that exists, like 2027-01-01'],
  until: ['ein Tag, den es gibt, wie 2027-12-31', 'a day that exists, like 2027-12-31'],
  since: ['ein Tag, den es gibt, wie 2025-02-14', 'a day that exists, like 2025-02-14'],
  because: ['ein Satz bis 300 Zeichen', 'a sentence of up to 300 characters'],
  topic: [
    'ein Thema in Kleinbuchstaben wie culture, eine Liste, oder { not: [politics] }',
    'a topic in small letters like culture, a list, or { not: [politics] }',
  ],
  not: ['ein Schlüssel in Kleinbuchstaben, oder eine Liste', 'a key in small letters, or a list'],
  district: [
    'ein Gebiet in Kleinbuchstaben wie beuel, eine Liste, oder { not: [beuel] }',
    'a district in small letters like beuel, a list, or { not: [beuel] }',
  ],
  districts: ['Gebiete mit Titel wie { beuel: Beuel }', 'districts with their titles like { beuel: Beuel }'],
  topics: ['Themen mit Titel wie { culture: Kultur }', 'topics with their titles like { culture: Kultur }'],
  language: ['ein Sprachkürzel wie de oder en-GB', 'a language tag like de or en-GB'],
  template: ['ein Wortlaut mit {text}, oder einer je Art der Meldung', 'a wording with {text}, or one for each kind'],
  templates: ['eine Liste von { when: …, text: … }', 'a list of { when: …, text: … }'],
  text: ['ein Wortlaut mit {title} und {text}', 'a wording with {title} and {text}'],
  fallback: ['der Name eines anderen Kanals', 'the name of another channel'],
  pace: ['{ actions: 10, per-seconds: 60 }', '{ actions: 10, per-seconds: 60 }'],
  'per-day': ['eine ganze Zahl ab 1', 'a whole number from 1'],
  actions: ['eine ganze Zahl ab 1', 'a whole number from 1'],
  'per-seconds': ['eine ganze Zahl von Sekunden ab 1', 'a whole number of seconds from 1'],
  settings: ['Einstellungen des Konnektors, zum Beispiel { handle: "@stadt" }', 'settings of the connector, such as { handle: "@city" }'],
  when: ['Bedingungen wie { kind: warning, severity: Severe }', 'conditions like { kind: warning, severity: Severe }'],
  kind: ['warning, all-clear, notice, event oder eine Liste davon', 'warning, all-clear, notice, event, or a list of them'],
  status: ['Actual, Exercise, Test oder eine Liste davon', 'Actual, Exercise, Test, or a list of them'],
  'delay-minutes': ['eine ganze Zahl von Minuten, 1 bis 1440', 'a whole number of minutes, 1 to 1440'],
  media: ['image, video, none oder eine Liste davon', 'image, video, none, or a list of them'],
  hold: [
    'approval, approval-after-release, quiet-hours oder eine Liste davon',
    'approval, approval-after-release, quiet-hours, or a list of them',
  ],
}

/** For an entry of a list the key above it counts: `channels[1]` is one channel. */
const expectedAt = (path: Path): Both => {
  const keys = path.filter((key) => typeof key === 'string')
  const last = keys.at(-1) ?? ''
  return (keys.length === 2 ? expected[`${keys[0]}.${last}`] : undefined) ?? expected[last] ?? ['etwas anderes', 'something else']
}
