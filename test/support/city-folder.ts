// City files of a test's own, in a folder that goes with the test file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { prefixOf } from '../../config/belonging.ts'

export interface CityWish {
  readonly channels: readonly Readonly<Record<string, unknown>>[]
  /** Everything goes everywhere, unless said otherwise. */
  readonly rules?: readonly Readonly<Record<string, unknown>>[]
  readonly topics?: Readonly<Record<string, string>>
  readonly districts?: Readonly<Record<string, string>>
  readonly 'quiet-hours'?: { readonly from: string; readonly to: string }
}

/** Writes one file per city, by key (JSON is YAML); gives the folder for `aRundruf({ cities })`. */
export const aCityFolder = (cities: Readonly<Record<string, CityWish>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-cities-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  writeCities(folder, cities)
  return folder
}

/** The same in a folder that is there already and somebody else's to remove. */
export const writeCities = (folder: string, cities: Readonly<Record<string, CityWish>>): void => {
  for (const [key, wish] of Object.entries(cities)) {
    const city = { city: key, key, ars: '053140000000', rules: [{ name: 'Alles', channels: 'all' }], ...wish }
    writeFileSync(join(folder, `${key}.yaml`), withOwnVariables(JSON.stringify(city), prefixOf(key)))
  }
}

/** Cities share the words of a test, but no variable: `env:TOKEN` is Bonn's `BONN_TOKEN` there. */
const withOwnVariables = (file: string, prefix: string): string =>
  file.replace(/"env:(\w+)"/g, (_, name: string) => `"env:${name.startsWith(prefix) ? '' : prefix}${name}"`)
