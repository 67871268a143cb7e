// Reads the folder of city files: every file is either a whole policy, or out with the places of its mistakes.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { type Problem, Refusal } from '../src/announcement/refusal.ts'
import type { Connectors } from '../src/connector/connector.ts'
import { checkCity } from '../src/policy/checks.ts'
import type { CityCheck } from '../src/policy/city-check.ts'
import { didYouMean } from '../src/policy/did-you-mean.ts'
import { explain } from '../src/policy/explain.ts'
import type { Finding } from '../src/policy/finding.ts'
import { platforms } from '../src/policy/platforms.ts'
import type { City } from '../src/policy/policy.ts'
import { cityFile, toCity } from '../src/policy/schema.ts'
import { checkSense } from '../src/policy/sense.ts'
import { noPlaces, type SecretPlaces } from './belonging.ts'
import { checkLeaves, checkSettings } from './credentials.ts'
import { type ReadYaml, readYaml } from './places.ts'
import { hashHint, losesValue } from './yaml-mistakes.ts'

export interface Cities {
  readonly cities: ReadonlyMap<string, City>
  /** SHA-256 of each city's policy, hex: the same for files that differ only in comments and order of keys. */
  readonly digests: ReadonlyMap<string, string>
  /** The files that were left out, with what is wrong in them. Empty unless tolerant. */
  readonly out: readonly WrongFile[]
}

interface WrongFile {
  /** `bonn.yaml` */
  readonly file: string
  /** The key that the file's name gives. */
  readonly key: string
  readonly problems: readonly Problem[]
}

export interface LoadOptions {
  /** True: cities with a wrong file are left out and reported; false: one wrong file refuses all. */
  readonly tolerant: boolean
  /** Only these cities, by key. */
  readonly only?: readonly string[]
  /** Where secrets are; absent: only in the cities' own variables. */
  readonly places?: SecretPlaces
}

/**
 * Every city of a folder.
 * @throws Refusal naming every problem with its place (`bonn.yaml:12 channels[1].platform`): a wrong file unless
 * tolerant, a folder that cannot be read or has no city file, a city in `only` that has no file
 */
export const loadCities = (folder: string, connectors: Connectors, options: LoadOptions): Cities => {
  const all = cityFiles(folder)
  const files = all.filter(({ key }) => options.only?.includes(key) ?? true)
  const missing = (options.only ?? []).filter((key) => !files.some((file) => file.key === key))
  if (missing.length > 0) throw new Refusal(missing.map((key) => noSuchCity(folder, key)))
  const house = { folder, connectors, cities: all.map(({ key }) => key), places: options.places ?? noPlaces }
  const read = files.map((file) => readCity(file, house))
  const out = read.filter((one) => 'problems' in one)
  if (out.length > 0 && !options.tolerant) throw new Refusal(out.flatMap(({ problems }) => problems))
  const cities = read.flatMap((one) => ('city' in one ? [one.city] : []))
  return {
    cities: new Map(cities.map((city) => [city.key, city])),
    digests: new Map(cities.map((city) => [city.key, policyDigest(city)])),
    out,
  }
}

/** SHA-256 of a policy, hex: what a plan carries to show by which policy it was made. */
export const policyDigest = (city: City): string => createHash('sha256').update(JSON.stringify(city, sortedKeys)).digest('hex')

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Reads every file of a folder; never throws for what a file says. */
export const checkCities = (folder: string, connectors: Connectors, places: SecretPlaces = noPlaces): readonly CityCheck[] =>
  cityFiles(folder).map((file, _, all) => {
    const read = readCity(file, { folder, connectors, cities: all.map(({ key }) => key), places })
    const path = join(folder, file.file)
    if ('problems' in read) return { file: path, city: null, problems: read.problems }
    const { key, city: name, channels, rules } = read.city
    return { file: path, city: { key, name, channels: channels.length, rules: rules.length }, problems: read.hints }
  })

interface FoundFile {
  readonly file: string
  readonly key: string
}

const cityFiles = (folder: string): readonly FoundFile[] => {
  const files = namesIn(folder).filter((file) => /\.ya?ml$/i.test(file))
  if (files.length > 0) return files.sort().map((file) => ({ file, key: basename(file, extname(file)) }))
  throw new Refusal({
    code: 'no-cities',
    de: `Im Ordner ${folder} liegt keine Kanalregelung (erwartet: Dateien wie bonn.yaml).`,
    en: `The folder ${folder} has no city file (expected: files like bonn.yaml).`,
    place: folder,
  })
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch (cause) {
    const de = `Der Ordner der Kanalregelungen ${folder} ist nicht zu lesen. RUNDRUF_CITIES nennt einen anderen.`
    const en = `The folder of city files ${folder} cannot be read. RUNDRUF_CITIES names another.`
    throw new Refusal({ code: 'no-cities', de, en, place: folder }, { cause })
  }
}

const noSuchCity = (folder: string, key: string): Problem => {
  const keys = cityFiles(folder).map((file) => file.key)
  const meant = didYouMean(key, keys)
  return {
    code: 'unknown-city',
    de: `Die Stadt »${key}« gibt es hier nicht.${meant ? ` Meinten Sie »${meant}«?` : ''} Es gibt: ${keys.join(', ')}.`,
    en: `There is no city "${key}" here.${meant ? ` Did you mean "${meant}"?` : ''} There are: ${keys.join(', ')}.`,
    place: folder,
  }
}

type Read = WrongFile | { readonly city: City; readonly hints: readonly Problem[] }

interface House {
  readonly folder: string
  readonly connectors: Connectors
  /** The keys of all files of the folder. */
  readonly cities: readonly string[]
  readonly places: SecretPlaces
}

const readCity = ({ file, key }: FoundFile, { folder, connectors, cities, places }: House): Read => {
  const bytes = readFileSync(join(folder, file))
  const text = decoded(bytes)
  if (text === null) return { file, key, problems: [notUtf8(file, bytes)] }
  const yaml = readYaml(file, text)
  if (yaml.problems.length > 0) return { file, key, problems: yaml.problems }
  const parsed = cityFile.safeParse(yaml.data)
  const known = [...new Set([...platforms.keys(), ...connectors.keys()])]
  const findings = parsed.success
    ? [
        ...wrongKey(parsed.data.key, file),
        ...checkCity(parsed.data, known),
        ...checkSettings(parsed.data, connectors),
        ...checkLeaves(parsed.data, cities, places),
      ]
    : explain(parsed.error.issues, yaml.data)
  if (!parsed.success || findings.length > 0) {
    return { file, key, problems: inOrder(findings.map((finding) => withHash(text, placed(yaml, finding)))) }
  }
  return { city: toCity(parsed.data), hints: inOrder(checkSense(parsed.data).map((finding) => placed(yaml, finding))) }
}

const placed = (yaml: ReadYaml, { code, de, en, path, atKey }: Finding): Problem => ({ code, de, en, place: yaml.place(path, atKey) })

/** The text without a byte order mark; null where it is not UTF-8. */
const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const notUtf8 = (file: string, bytes: Buffer): Problem => {
  const lines = bytes.toString('latin1').split('\n')
  const line = lines.findIndex((one) => decoded(Buffer.from(one, 'latin1')) === null) + 1
  return {
    code: 'not-utf8',
    de: 'Die Datei ist nicht in UTF-8 gespeichert, hier wird es zum ersten Mal sichtbar; bitte mit dieser Kodierung neu speichern.',
    en: 'The file is not stored in UTF-8, as can be seen here first; store it again in that encoding.',
    place: `${file}:${Math.max(line, 1)}`,
  }
}

/** Where a value is missing because a `#` has made a comment of it. */
const withHash = (text: string, problem: Problem): Problem => {
  const line = text.split('\n')[lineOf(problem) - 1] ?? ''
  const isAbsent = ['wrong-value', 'missing-key', 'unknown-value'].includes(problem.code)
  return isAbsent && losesValue(line) ? { ...problem, de: `${problem.de} ${hashHint[0]}`, en: `${problem.en} ${hashHint[1]}` } : problem
}

const wrongKey = (key: string, file: string): readonly Finding[] => {
  if (file === `${key}.yaml`) return []
  const de = `Die Datei heißt ${file}, der Schlüssel aber »${key}«. Erwartet: der Dateiname ${key}.yaml oder der passende Schlüssel.`
  const en = `The file is called ${file}, but the key is "${key}". Expected: the file name ${key}.yaml, or the key that fits.`
  return [{ code: 'key-is-not-file-name', path: ['key'], de, en }]
}

/** As a reader meets them from top to bottom. */
const inOrder = (problems: readonly Problem[]): readonly Problem[] => problems.toSorted((a, b) => lineOf(a) - lineOf(b))

const lineOf = ({ place }: Problem): number => Number(place?.match(/:(\d+)/)?.[1] ?? 0)
