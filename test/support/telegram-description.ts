// The published description of Telegram's Bot API as a judge of requests; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PassedRequest } from './fault-proxy.ts'

const file = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'telegram-bot-api.json')

/** Why the description cannot be read; undefined when it is there. */
export const withoutDescription = existsSync(file) ? undefined : `no description at ${file} (set RUNDRUF_SPECS)`

interface Field {
  readonly name: string
  /** `Integer`, `String`, `Array of InputMediaPhoto`, the name of a type. */
  readonly types: readonly string[]
  readonly required: boolean
}

interface Description {
  readonly methods: Readonly<Record<string, { readonly fields?: readonly Field[] }>>
  readonly types: Readonly<Record<string, { readonly fields?: readonly Field[]; readonly subtypes?: readonly string[] }>>
}

type Fields = Readonly<Record<string, unknown>>

/** Says what is wrong with a request; empty: nothing. */
export const telegramJudge = (): ((request: PassedRequest) => Promise<readonly string[]>) => {
  const description: Description = JSON.parse(readFileSync(file, 'utf8'))
  return async (request) => {
    const name = /^\/bot[^/]+\/(\w+)$/.exec(request.path)?.[1] ?? ''
    const method = description.methods[name]
    if (!method || request.method !== 'POST') return [`there is no ${request.method} ${name}`]
    return wrongIn(description, name, { fields: method.fields ?? [], given: await givenIn(request) })
  }
}

/** What a form carries is text: objects in it are JSON. */
const givenIn = async ({ headers, body }: PassedRequest): Promise<Fields> => {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return JSON.parse(body.toString())
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  return Object.fromEntries([...form].map(([name, value]) => [name, typeof value === 'string' ? readable(value) : value]))
}

const readable = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const wrongIn = (
  description: Description,
  place: string,
  { fields, given }: { fields: readonly Field[]; given: Fields },
): readonly string[] => {
  // the uploads to which a field points by attach://
  const attached = new Set([...JSON.stringify(given).matchAll(/attach:\/\/(\w+)/g)].map((match) => match[1]))
  const unknown = Object.keys(given).filter((name) => !attached.has(name) && !fields.some((field) => field.name === name))
  const missing = fields.filter(({ name, required }) => required && given[name] === undefined)
  const wrong = fields.flatMap(({ name, types }) => {
    const value = given[name]
    if (value === undefined) return []
    const found = types.map((type) => wrongAs(description, type, { place: `${place}.${name}`, value }))
    return found.some(({ length }) => length === 0) ? [] : (found[0] ?? [])
  })
  return [...unknown.map((name) => `${place} has no ${name}`), ...missing.map(({ name }) => `${place} needs ${name}`), ...wrong]
}

interface Given {
  readonly place: string
  readonly value: unknown
}

const wrongAs = (description: Description, type: string, { place, value }: Given): readonly string[] => {
  const wrong = [`${place} is no ${type}: ${JSON.stringify(value)}`]
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(value)) return wrong
    return value.flatMap((one, index) => wrongAs(description, type.slice('Array of '.length), { place: `${place}.${index}`, value: one }))
  }
  const simple = simpleTypes[type]
  if (simple) return simple(value) ? [] : wrong
  const { fields, subtypes = [] } = description.types[type] ?? {}
  const tried = subtypes.map((subtype) => wrongAs(description, subtype, { place, value }))
  if (tried.length > 0) return tried.some(({ length }) => length === 0) ? [] : wrong
  return typeof value === 'object' && value !== null ? wrongIn(description, place, { fields: fields ?? [], given: value as Fields }) : wrong
}

const simpleTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  Integer: Number.isInteger,
  Float: (value) => typeof value === 'number',
  // a form does not tell a text of digits from a number
  String: (value) => typeof value === 'string' || typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  InputFile: (value) => value instanceof Blob,
}
