// Which settings of a connector are secret, and whether a city file keeps to references for them.
import { z } from 'zod'
import type { AnyConnector } from '../src/connector/connector.ts'
import { Secret } from '../src/connector/secret.ts'
import type { Finding } from '../src/policy/checks.ts'
import type { ChannelFile, CityFile } from '../src/policy/schema.ts'

/** What a connector's settings schema says of one field. */
export interface Field {
  readonly secret: boolean
  /** True for web addresses of the platform: `base`, and what else is a URL. */
  readonly address: boolean
  readonly required: boolean
}

/** The fields of a connector's settings, by name; `secret()` marks the secret ones. */
export const fieldsOf = (connector: AnyConnector): ReadonlyMap<string, Field> => {
  const { properties = {}, required = [] } = z.toJSONSchema(connector.settings, { io: 'input', unrepresentable: 'any' })
  return new Map(
    Object.entries(properties).map(([name, said]) => {
      const field = typeof said === 'object' ? said : {}
      return [
        name,
        { secret: field.secret === true, address: name === 'base' || field.format === 'uri', required: required.includes(name) },
      ]
    }),
  )
}

/** `env:NAME` or `file:PATH`. */
export const isReference = (value: unknown): value is string => typeof value === 'string' && /^(env:[A-Za-z_]\w*|file:.+)$/.test(value)

/** Names that give a secret away where no connector is there to say so. */
const soundsSecret = /token|secret|passw|credential|session|api-?key|private-?key|bearer/i

/** Settings in clear that must be references, and settings that the connector does not take. Never repeats a value. */
export const checkSettings = (file: CityFile, connectors: ReadonlyMap<string, AnyConnector>): readonly Finding[] =>
  file.channels.flatMap((channel, index) => {
    const connector = connectors.get(channel.platform)
    const path = ['channels', index, 'settings']
    const fields = connector ? fieldsOf(connector) : new Map<string, Field>()
    const inClear = clearSecrets(channel, fields).map((name) => clearSecret(path, name))
    // A secret in clear is one mistake, not two: the connector is asked only once it is gone.
    return inClear.length > 0 || connector === undefined ? inClear : refusedSettings(channel, connector, path)
  })

const clearSecrets = (channel: ChannelFile, fields: ReadonlyMap<string, Field>): readonly string[] =>
  Object.entries(channel.settings ?? {})
    .filter(([name, value]) => (fields.get(name)?.secret ?? soundsSecret.test(name)) && !isReference(value))
    .map(([name]) => name)

const clearSecret = (path: Finding['path'], name: string): Finding => ({
  code: 'secret-in-clear',
  path: [...path, name],
  de: `»${name}« ist geheim und darf nicht im Klartext hier stehen. Erwartet: ein Verweis wie env:NAME oder file:PFAD. War der Wert echt, muss er jetzt ersetzt werden.`,
  en: `"${name}" is secret and must not stand here in clear. Expected: a reference like env:NAME or file:PATH. If the value was real, it must be replaced now.`,
})

/** A resting or left channel, and one that a person serves, may say as little as it likes: no program ever signs in there. */
const refusedSettings = (channel: ChannelFile, connector: AnyConnector, path: Finding['path']): readonly Finding[] => {
  if (channel.use === 'dormant' || channel.use === 'left' || channel.by === 'hand') return []
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
const withoutReferences = (settings: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, isReference(value) ? new Secret(value) : value]))
