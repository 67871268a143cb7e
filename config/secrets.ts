// Turns a channel's settings, as the city file has them, into the settings its connector takes: secrets resolved, addresses decided.
import { readFileSync } from 'node:fs'
import type { AnyConnector } from '../src/connector/connector.ts'
import { ChannelError } from '../src/connector/errors.ts'
import { Secret } from '../src/connector/secret.ts'
import type { Channel, City } from '../src/policy/policy.ts'
import { faultOf, isAddress, leavesOf, mapLeaves, type Path, strayIn, turned } from './addresses.ts'
import { foreign, isReference, ownFile, type SecretPlaces } from './belonging.ts'
import type { Config } from './config.ts'
import { type Field, fieldsOf } from './credentials.ts'

type Settings = Readonly<Record<string, unknown>>

/** What settings are made of, beside the city file. */
export type Surroundings = Pick<Config, 'mode' | 'labPort' | 'variable'> & SecretPlaces

/**
 * The settings with which the connector connects, parsed by its own schema.
 * In rehearsal every secret becomes `rehearsal-<city>-<channel>` and every address, at any depth, the lab's, whatever the file says.
 * @throws ChannelError in plain German when a secret is missing or not the city's, an address is not encrypted or cannot be turned to the
 * lab, or the connector refuses the settings
 */
export const channelSettings = (
  config: Surroundings,
  city: Pick<City, 'key'>,
  channel: Pick<Channel, 'name' | 'platform' | 'settings'>,
  connector: AnyConnector,
): unknown => {
  const wanted = { channel, fields: fieldsOf(connector), city: city.key }
  const lab = config.mode === 'rehearsal' ? `http://127.0.0.1:${config.labPort}/${channel.platform}` : null
  const settings = lab === null ? resolved(config, wanted) : rehearsed(lab, wanted)
  const parsed = connector.settings.safeParse(settings)
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.') || 'settings').join(', ')
    throw new ChannelError(
      `${connector.title} kann sich nicht verbinden: In den Einstellungen des Kanals »${channel.name}« stimmt nicht: ${names}.`,
    )
  }
  const names = [...wanted.fields].filter(([, field]) => field.name).map(([name]) => name)
  const stray = lab === null ? undefined : strayIn(parsed.data, lab, names)
  if (stray) throw notOurs(channel.name, stray.path)
  return parsed.data
}

interface Wanted {
  readonly city: string
  readonly channel: Pick<Channel, 'name' | 'platform' | 'settings'>
  readonly fields: ReadonlyMap<string, Field>
}

/** A drill holds no real credential and knows no address but the lab's. */
const rehearsed = (lab: string, { channel, fields, city }: Wanted): Settings => {
  const credential = new Secret(`rehearsal-${city}-${channel.name}`)
  const usual = [...fields].flatMap(([name, field]) => (field.usual === undefined ? [] : [[name, field.usual] as const]))
  const withAddresses = usual.filter(([, value]) => leavesOf(value).some(({ leaf }) => isAddress(leaf)))
  const written = Object.entries({ ...Object.fromEntries(withAddresses), ...channel.settings }).map(([name, value]) => {
    const { secret = false, address = false, name: isName = false } = fields.get(name) ?? {}
    if (secret) return [name, credential]
    return [name, address || isName ? value : mapLeaves(value, rehearsedLeaf({ lab, credential, channel: channel.name }), [name])]
  })
  const needed = [...fields].filter(([, field]) => field.secret && field.required).map(([name]) => [name, credential])
  const addresses = [...fields].filter(([, field]) => field.address).map(([name]) => [name, lab])
  return Object.fromEntries([...needed, ...written, ...addresses])
}

const rehearsedLeaf =
  ({ lab, credential, channel }: { readonly lab: string; readonly credential: Secret; readonly channel: string }) =>
  (leaf: unknown, path: Path): unknown => {
    if (isReference(leaf)) return credential
    if (!isAddress(leaf)) return leaf
    const there = turned(leaf, lab)
    if (there === undefined) throw notOurs(channel, path)
    return there
  }

const notOurs = (channel: string, path: Path): ChannelError =>
  new ChannelError(
    `Die Adresse (${path.join('.')}) des Kanals »${channel}« lässt sich nicht auf die Probebühne lenken; in der Probe verbindet sich der Kanal deshalb nicht.`,
  )

const resolved = (config: Surroundings, wanted: Wanted): Settings => {
  const { channel, fields } = wanted
  refuseClear(channel, fields)
  const flagged = [...fields].filter(([name, { address }]) => address && channel.settings[name] !== undefined)
  const addresses = leavesOf(channel.settings).filter(({ leaf }) => isAddress(leaf))
  for (const { path, leaf } of [...flagged.map(([name]) => ({ path: [name], leaf: channel.settings[name] })), ...addresses]) {
    const fault = faultOf(leaf)
    if (fault) throw new ChannelError(`Die Adresse (${path.join('.')}) des Kanals »${channel.name}« ${fault.de}`)
  }
  const change = (leaf: unknown): unknown => (isReference(leaf) ? resolveSecret(leaf, config, wanted) : leaf)
  return mapLeaves(channel.settings, change) as Settings
}

/** City files are checked when they are read; a settings object from elsewhere is not. */
const refuseClear = ({ name, settings }: Pick<Channel, 'name' | 'settings'>, fields: ReadonlyMap<string, Field>): void => {
  const inClear = Object.keys(settings).find((key) => fields.get(key)?.secret === true && !isReference(settings[key]))
  if (inClear !== undefined)
    throw new ChannelError(`Beim Kanal »${name}« steht »${inClear}« im Klartext. Erlaubt ist nur ein Verweis wie env:NAME oder file:PFAD.`)
}

/**
 * The secret behind `env:NAME` or `file:PATH` (a relative path counts from the city's folder of secrets; a closing line break is dropped).
 * @throws ChannelError when it is not the city's, not there, or empty
 */
const resolveSecret = (reference: string, config: Surroundings, { city, channel }: Pick<Wanted, 'city' | 'channel'>): Secret => {
  const refused = foreign(reference, { city, cities: [city] }, config)
  if (refused) throw new ChannelError(`${refused.de} So steht es beim Kanal »${channel.name}«.`)
  const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
  // shared files are where the operator says; the city's own are read where they really are
  const value = kind === 'env' ? config.variable(name) : readSecretFile(ownFile(name, city, config) ?? name, channel.name)
  if (value) return new Secret(value)
  const what = kind === 'env' ? `Die Umgebungsvariable ${name} ist nicht gesetzt` : `Die Datei ${name} ist leer`
  throw new ChannelError(`${what}; der Kanal »${channel.name}« braucht sie als Zugang.`)
}

const readSecretFile = (path: string, channel: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new ChannelError(`Die Datei ${path} ist nicht zu lesen; der Kanal »${channel}« braucht sie als Zugang.`, { cause })
  }
}
