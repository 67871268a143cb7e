// Turns a channel's settings, as the city file has them, into the settings its connector takes: secrets resolved, addresses decided.
import { readFileSync } from 'node:fs'
import type { AnyConnector } from '../src/connector/connector.ts'
import { ChannelError } from '../src/connector/errors.ts'
import { Secret } from '../src/connector/secret.ts'
import type { Channel, City } from '../src/policy/policy.ts'
import { type Config, isLoopback } from './config.ts'
import { type Field, fieldsOf, isReference } from './credentials.ts'

type Settings = Readonly<Record<string, unknown>>

/**
 * The settings with which the connector connects, parsed by its own schema.
 * In rehearsal every secret becomes `rehearsal-<city>-<channel>` and every address (`base`) the lab's, whatever the file says.
 * @throws ChannelError in plain German when a secret is missing, an address is not encrypted, or the connector refuses the settings
 */
export const channelSettings = (
  config: Pick<Config, 'mode' | 'labPort' | 'variable'>,
  city: Pick<City, 'key'>,
  channel: Pick<Channel, 'name' | 'platform' | 'settings'>,
  connector: AnyConnector,
): unknown => {
  const fields = fieldsOf(connector)
  const settings =
    config.mode === 'rehearsal'
      ? rehearsed(config.labPort, `rehearsal-${city.key}-${channel.name}`, { channel, fields })
      : resolved(config, channel, fields)
  const parsed = connector.settings.safeParse(settings)
  if (parsed.success) return parsed.data
  const names = parsed.error.issues.map((issue) => issue.path.join('.') || 'settings').join(', ')
  throw new ChannelError(
    `${connector.title} kann sich nicht verbinden: In den Einstellungen des Kanals »${channel.name}« stimmt nicht: ${names}.`,
  )
}

interface Wanted {
  readonly channel: Pick<Channel, 'platform' | 'settings'>
  readonly fields: ReadonlyMap<string, Field>
}

/** A drill holds no real credential and knows no address but the lab's. */
const rehearsed = (labPort: number, credential: string, { channel, fields }: Wanted): Settings => {
  const isSecret = (name: string, value: unknown): boolean => fields.get(name)?.secret === true || isReference(value)
  const written = Object.entries(channel.settings).map(([name, value]) => [name, isSecret(name, value) ? new Secret(credential) : value])
  const needed = [...fields].filter(([, field]) => field.secret && field.required).map(([name]) => [name, new Secret(credential)])
  const lab = `http://127.0.0.1:${labPort}/${channel.platform}`
  const addresses = [...fields].filter(([, field]) => field.address).map(([name]) => [name, lab])
  return Object.fromEntries([...needed, ...written, ...addresses])
}

const resolved = (
  config: Pick<Config, 'variable'>,
  channel: Pick<Channel, 'name' | 'settings'>,
  fields: ReadonlyMap<string, Field>,
): Settings => {
  refuseClear(channel, fields)
  for (const [name, { address }] of fields) if (address) refuseOpen(channel, name)
  return Object.fromEntries(
    Object.entries(channel.settings).map(([name, value]) => [
      name,
      isReference(value) ? resolveSecret(value, config, channel.name) : value,
    ]),
  )
}

/** City files are checked when they are read; a settings object from elsewhere is not. */
const refuseClear = ({ name, settings }: Pick<Channel, 'name' | 'settings'>, fields: ReadonlyMap<string, Field>): void => {
  const inClear = Object.keys(settings).find((key) => fields.get(key)?.secret === true && !isReference(settings[key]))
  if (inClear !== undefined)
    throw new ChannelError(`Beim Kanal »${name}« steht »${inClear}« im Klartext. Erlaubt ist nur ein Verweis wie env:NAME oder file:PFAD.`)
}

/** `smtp:` asks for STARTTLS wherever it leaves this machine (connectors/email). */
const encrypted: readonly string[] = ['https:', 'smtps:', 'smtp:']

/** Credentials travel in every request: without encryption only inside this machine. */
const refuseOpen = ({ name, settings }: Pick<Channel, 'name' | 'settings'>, field: string): void => {
  const address = settings[field]
  if (address === undefined) return
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
  if (encrypted.includes(url?.protocol ?? '') || (url?.protocol === 'http:' && isLoopback(url.hostname))) return
  throw new ChannelError(`Die Adresse (${field}) des Kanals »${name}« muss mit https:// beginnen; http:// gilt nur auf diesem Rechner.`)
}

/**
 * The secret behind `env:NAME` or `file:PATH` (a relative path counts from the working directory; a closing line break is dropped).
 * @throws ChannelError when it is not there or empty
 */
export const resolveSecret = (reference: string, config: Pick<Config, 'variable'>, channel: string): Secret => {
  const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
  const value = kind === 'env' ? config.variable(name) : readSecretFile(name, channel)
  if (value) return new Secret(value)
  const what = kind === 'env' ? `Die Umgebungsvariable ${name} ist nicht gesetzt` : `Die Datei ${name} ist leer`
  throw new ChannelError(`${what}; der Kanal »${channel}« braucht sie als Zugang.`)
}

const readSecretFile = (path: string, channel: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    throw new ChannelError(`Die Datei ${path} ist nicht zu lesen; der Kanal »${channel}« braucht sie als Zugang.`, { cause })
  }
}
