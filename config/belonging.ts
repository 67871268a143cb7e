// Which references a city's file may name: its own variables and files, what the operator has listed for all, and never the house's own.
import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Finding } from '../src/policy/finding.ts'

/** `env:NAME` or `file:PATH`. */
export const isReference = (value: unknown): value is string => typeof value === 'string' && /^(env:[A-Za-z_]\w*|file:.+)$/.test(value)

/** What the operator says of secrets. */
export interface SecretPlaces {
  /** Absolute path of the folder with one folder of files for each city, named by its key; null: there are no such files. */
  readonly secrets: string | null
  /** References that every city's file may name, as they are written there. */
  readonly sharedSecrets: readonly string[]
}

/** Nothing but the cities' own variables. */
export const noPlaces: SecretPlaces = { secrets: null, sharedSecrets: [] }

/** Variables that are settings of this program or of its stores: whoever lists them, they are no credential of a channel. */
export const isOwnVariable = (name: string): boolean => /^(?:RUNDRUF_\w*|DATABASE_URL|REDIS_URL|PG[A-Z]+)$/i.test(name)

/** `frankfurt-am-main` has the variables `FRANKFURT_AM_MAIN_…`: capitals, hyphens as underscores, one underscore behind. */
export const prefixOf = (city: string): string => `${city.toUpperCase().replaceAll('-', '_')}_`

/** The file of a reference, with every symlink followed; undefined: it is not below the city's folder. */
export const ownFile = (path: string, city: string, { secrets }: SecretPlaces): string | undefined => {
  if (secrets === null) return undefined
  const folder = resolve(secrets, city)
  const wanted = resolve(folder, path)
  const real = realOf(wanted)
  return isBelow(wanted, folder) && isBelow(real, realOf(folder)) ? real : undefined
}

/** What is not there yet counts as it is written. */
const realOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..'
}

type Words = Pick<Finding, 'de' | 'en'>

/** Whose it is among the cities of an installation; `kreis-soest` comes before `kreis`. */
export interface Claimant {
  readonly city: string
  /** The keys of all city files. */
  readonly cities: readonly string[]
}

/** Why the city's file may not name this reference; undefined: it may. */
export const foreign = (reference: string, claimant: Claimant, places: SecretPlaces): Words | undefined => {
  const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
  if (kind === 'env' && isOwnVariable(name)) return ofTheHouse(reference)
  if (places.sharedSecrets.includes(reference)) return undefined
  if (kind === 'env') return isOwnName(name, claimant) ? undefined : foreignVariable(reference, claimant.city)
  return ownFile(name, claimant.city, places) === undefined ? foreignFile(reference, claimant.city, places) : undefined
}

const isOwnName = (name: string, { city, cities }: Claimant): boolean => {
  const own = prefixOf(city)
  const closer = cities.some((other) => prefixOf(other).length > own.length && name.startsWith(prefixOf(other)))
  return name.startsWith(own) && name.length > own.length && !closer
}

const ofTheHouse = (reference: string): Words => ({
  de: `»${reference}« ist eine Einstellung von Rundruf selbst und nie der Zugang eines Kanals. Bitte den Zugang in eine eigene Variable schreiben.`,
  en: `"${reference}" is a setting of Rundruf itself and never a channel's credential. Please put the credential into a variable of its own.`,
})

const listed = 'in RUNDRUF_SHARED_SECRETS'

const foreignVariable = (reference: string, city: string): Words => ({
  de: `»${reference}« gehört nicht zu dieser Stadt. Erwartet: eine Variable, deren Name mit ${prefixOf(city)} beginnt, oder eine, die der Betreiber ${listed} nennt.`,
  en: `"${reference}" does not belong to this city. Expected: a variable whose name begins with ${prefixOf(city)}, or one that the operator lists ${listed}.`,
})

const foreignFile = (reference: string, city: string, { secrets }: SecretPlaces): Words => {
  const folder = secrets === null ? `${city}/` : `${join(secrets, city)}/`
  return {
    de: `»${reference}« gehört nicht zu dieser Stadt. Erwartet: eine Datei unter ${folder} (auch nicht über einen Link hinaus), oder eine, die der Betreiber ${listed} nennt.`,
    en: `"${reference}" does not belong to this city. Expected: a file below ${folder} (no link out of it either), or one that the operator lists ${listed}.`,
  }
}
