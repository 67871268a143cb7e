// Addresses in a channel's settings, at any depth: encrypted and without a name in them when live, and nothing but the lab's in a rehearsal.
import { Secret } from '../src/connector/secret.ts'
import { isLoopback } from './config.ts'

/** A text that begins like an address. Names that look like one say so in their schema: `.meta({ address: false })`. */
export const isAddress = (value: unknown): value is string => typeof value === 'string' && /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(value)

export type Path = readonly (string | number)[]

/** The same value with every leaf (whatever is no list and no plain object) as `change` makes it. */
export const mapLeaves = (value: unknown, change: (leaf: unknown, path: Path) => unknown, path: Path = []): unknown => {
  if (Array.isArray(value)) return value.map((one, index) => mapLeaves(one, change, [...path, index]))
  if (!isPlain(value)) return change(value, path)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapLeaves(one, change, [...path, name])]))
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** Every leaf with its place. */
export const leavesOf = (value: unknown): readonly { readonly path: Path; readonly leaf: unknown }[] => {
  const leaves: { path: Path; leaf: unknown }[] = []
  mapLeaves(value, (leaf, path) => void leaves.push({ path, leaf }))
  return leaves
}

/** `smtp:` asks for STARTTLS wherever it leaves this machine (connectors/email). */
const encrypted: readonly string[] = ['https:', 'wss:', 'smtps:', 'smtp:']
const local: readonly string[] = ['http:', 'ws:']

export interface Fault {
  readonly de: string
  readonly en: string
}

/** Credentials travel in every request: encrypted, except inside this machine; and none is written into the address. */
export const faultOf = (address: unknown): Fault | undefined => {
  const url = typeof address === 'string' ? URL.parse(address) : null
  const { protocol = '', hostname = '' } = url ?? {}
  if (!encrypted.includes(protocol) && !(local.includes(protocol) && isLoopback(hostname)))
    return {
      de: 'muss mit https:// beginnen (wss://, smtps:// oder smtp:// bei solchen Servern); http:// und ws:// gelten nur auf diesem Rechner.',
      en: 'must begin with https:// (wss://, smtps:// or smtp:// for such servers); http:// and ws:// are for this machine alone.',
    }
  if (url?.username || url?.password)
    return {
      de: 'darf keinen Namen und kein Kennwort vor dem @ enthalten; Zugangsdaten gehören in die Felder, die es dafür gibt.',
      en: 'must have no name and no password before the @; credentials belong into the fields that are there for them.',
    }
  return undefined
}

/** The lab's address in the place of this one; undefined: it cannot be turned there. */
export const turned = (address: string, lab: string): string | undefined => {
  const scheme = address.trim().split(':')[0]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') return lab
  return scheme === 'ws' || scheme === 'wss' ? lab.replace(/^http/, 'ws') : undefined
}

/** Where the first address is in these settings that is not the lab's; `names`: fields that hold no addresses, whatever they look like. */
export const strayIn = (settings: unknown, lab: string, names: readonly string[]): { readonly path: Path } | undefined => {
  const { host } = new URL(lab)
  return leavesOf(settings).find(({ leaf, path: [field = ''] }) => {
    if (leaf instanceof Secret || names.includes(String(field))) return false
    const address = leaf instanceof URL ? leaf.href : leaf
    return isAddress(address) && URL.parse(address)?.host !== host
  })
}
