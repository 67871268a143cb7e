// Which settings of a connector are secret, and whether a city file keeps to references for them.
import { z } from 'zod'
import type { AnyConnector } from '../src/connector/connector.ts'
import { Secret } from '../src/connector/secret.ts'
import type { Finding } from '../src/policy/finding.ts'
import type { ChannelFile, CityFile } from '../src/policy/schema.ts'
import { faultOf, isAddress, leavesOf, mapLeaves, type Path } from './addresses.ts'
import { foreign, isReference, type SecretPlaces } from './belonging.ts'

/** What a connector's settings schema says of one field. */
export interface Field {
  readonly secret: boolean
  /** True for web addresses of the platform: `base`, and what else is a URL. */
  readonly address: boolean
  /** True for what looks like an address and is only a name: nothing is ever sent there. */
  readonly name: boolean
  readonly required: boolean
  /** What it is where the city file does not say; undefined: there is nothing. */
  readonly usual: unknown
}

/** The fields of a connector's settings, by name; `secret()` marks the secret ones. */
export const fieldsOf = (connector: AnyConnector): ReadonlyMap<string, Field> => {
  const { properties = {}, required = [] } = z.toJSONSchema(connector.settings, { io: 'input', unrepresentable: 'any' })
  return new Map(
    Object.entries(properties).map(([name, said]) => {
      const field = typeof said === 'object' ? said : {}
      const address = name === 'base' || field.format === 'uri'
      const kinds = { secret: field.secret === true, address, name: field.address === false }
      return [name, { ...kinds, required: required.includes(name), usual: field.default }]
    }),
  )
}

/** Names that give a secret away where no connector is there to say so. */
const soundsSecret = /token|secret|passw|credential|session|api-?key|private-?key|bearer/i

/** Settings in clear that must be references, and settings that the connector does not take. Never repeats a value. */
export const checkSettings = (file: CityFile, connectors: ReadonlyMap<string, AnyConnector>): readonly Finding[] =>
  file.channels.flatMap((channel, index) => {
    const connector = connectors.get(channel.platform)
    const path = ['channels', index, 'settings']
    const fields = connector ? fieldsOf(connector) : new Map<string, Field>()
    const inClear = clearSecrets(channel, fields).map((inside) => clearSecret(path, inside))
    // A secret in clear is one mistake, not two: the connector is asked only once it is gone.
    return inClear.length > 0 || connector === undefined ? inClear : refusedSettings(channel, connector, path)
  })

/** Places of what is secret by the connector's word, or further inside by its name, and is no reference. */
const clearSecrets = (channel: ChannelFile, fields: ReadonlyMap<string, Field>): readonly Path[] => {
  const isSecret = (name: string, path: Path): boolean =>
    (path.length === 1 ? fields.get(name)?.secret : undefined) ?? soundsSecret.test(name)
  return leavesOf(channel.settings ?? {})
    .filter(({ path, leaf }) => isSecret(nameOf(path), path) && !isReference(leaf))
    .map(({ path }) => path)
}

/** The last name on the way: of a list's entries the list's. */
const nameOf = (path: Path): string => String(path.findLast((step) => typeof step === 'string') ?? '')

const clearSecret = (path: Finding['path'], inside: Path): Finding => ({
  code: 'secret-in-clear',
  path: [...path, ...inside],
  de: `»${nameOf(inside)}« ist geheim und darf nicht im Klartext hier stehen. Erwartet: ein Verweis wie env:NAME oder file:PFAD. War der Wert echt, muss er jetzt ersetzt werden.`,
  en: `"${nameOf(inside)}" is secret and must not stand here in clear. Expected: a reference like env:NAME or file:PATH. If the value was real, it must be replaced now.`,
})

/** A resting or left channel, and one that a person serves, may say as little as it likes: no program ever signs in there. */
const refusedSettings = (channel: ChannelFile, connector: AnyConnector, path: Finding['path']): readonly Finding[] => {
  const closed = (channel.use === 'dormant' || channel.use === 'left') && channel.from === undefined && channel.until === undefined
  if (closed || channel.by === 'hand') return []
  const settings = withoutReferences(channel.settings ?? {})
  const issues = issuesOf(connector, settings, z.locales.de)
  const english = issuesOf(connector, settings, z.locales.en)
  return issues.map((issue, number) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    const keys = [...fieldsOf(connector).keys()].join(', ')
    return {
      code: 'settings',
      path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key)), ...unknown],
      atKey: unknown.length > 0,
      de: `${connector.title} kann mit dieser Einstellung nichts anfangen: ${issue.message}. Es gibt: ${keys}.`,
      en: `${connector.title} cannot use this setting: ${english[number]?.message ?? issue.message}. There are: ${keys}.`,
    }
  })
}

/** What the connector's own schema says, in zod's words of one language. */
const issuesOf = (connector: AnyConnector, settings: unknown, words: typeof z.locales.de): readonly z.core.$ZodIssue[] =>
  connector.settings.safeParse(settings, { error: words().localeError }).error?.issues ?? []

/** References stand for values that are known only later. */
const withoutReferences = (settings: Readonly<Record<string, unknown>>): unknown =>
  mapLeaves(settings, (value) => (isReference(value) ? new Secret(value) : value))

/** References that belong to others, and addresses to which no credential may go, at any depth. `cities`: the keys of all city files. */
export const checkLeaves = (file: CityFile, cities: readonly string[], places: SecretPlaces): readonly Finding[] =>
  file.channels.flatMap(({ settings = {} }, index) =>
    leavesOf(settings).flatMap(({ leaf, path }): readonly Finding[] => {
      const at = ['channels', index, 'settings', ...path]
      const words = isReference(leaf) ? foreign(leaf, { city: file.key, cities }, places) : undefined
      if (words) return [{ code: 'foreign-secret', path: at, ...words }]
      const fault = isAddress(leaf) ? faultOf(leaf) : undefined
      const name = path.join('.')
      return fault ? [{ code: 'address', path: at, de: `Die Adresse (${name}) ${fault.de}`, en: `The address (${name}) ${fault.en}` }] : []
    }),
  )
