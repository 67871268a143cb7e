// A very small Lexicon: the checks that records are written with, and the sentences in which a PDS refuses them.
// https://atproto.com/specs/lexicon
import { graphemes } from '../graphemes.ts'

/** Checks a value at a path such as `$.record.text`; throws InvalidValue. */
export type Check = (value: unknown, path: string) => void

export class InvalidValue extends Error {
  override name = 'InvalidValue'
}

export const wrong = (message: string, path: string): InvalidValue => new InvalidValue(`${message} at ${path}`)

const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'array' : 'object') : (JSON.stringify(value) ?? 'undefined')

const expected = (type: string, value: unknown, path: string): InvalidValue =>
  wrong(`Expected ${type} value type (got ${shown(value)})`, path)

interface TextRule {
  readonly maxBytes?: number
  readonly maxGraphemes?: number
  readonly format?: keyof typeof formats
}

const formats = {
  datetime: (text: string) => datetime.test(text) && !text.endsWith('-00:00') && !text.startsWith('000') && !Number.isNaN(Date.parse(text)),
  language: (text: string) =>
    /^(i|[a-z]{2,3}(-[a-z]{3}){0,3})?(-?[a-z]{4})?(-?([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-z0-9-]+)?$/i.test(text) &&
    text !== '',
  uri: (text: string) => text.length <= 8192 && /^\w+:(?:\/\/)?[^\s/][^\s]*$/.test(text),
  DID: (text: string) => text.length <= 2048 && /^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$/.test(text),
  'at-uri': (text: string) => /^at:\/\/(did:[a-z]+:[a-zA-Z0-9._:%-]+|[a-z0-9.-]+\.[a-z-]+)(\/[a-zA-Z0-9.-]+(\/[\w.~:-]+)?)?$/.test(text),
  'CID string': (text: string) => /^b[a-z2-7]{58}$/.test(text),
} satisfies Record<string, (text: string) => boolean>

const datetime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)$/

export const text =
  ({ maxBytes, maxGraphemes, format }: TextRule = {}): Check =>
  (value, path) => {
    if (typeof value !== 'string') throw expected('string', value, path)
    const bytes = Buffer.byteLength(value)
    if (maxBytes !== undefined && bytes > maxBytes) throw wrong(`string too big (maximum ${maxBytes}, got ${bytes})`, path)
    if (maxGraphemes !== undefined && value.length > maxGraphemes) {
      const count = graphemes(value)
      if (count > maxGraphemes) throw wrong(`grapheme too big (maximum ${maxGraphemes}, got ${count})`, path)
    }
    if (format && !formats[format](value)) throw wrong(`Invalid ${format} (got ${shown(value)})`, path)
  }

export const integer =
  (minimum: number): Check =>
  (value, path) => {
    if (!Number.isSafeInteger(value)) throw expected('integer', value, path)
    if ((value as number) < minimum) throw wrong(`integer too small (minimum ${minimum}, got ${value})`, path)
  }

export const list =
  (item: Check, max = Number.POSITIVE_INFINITY): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw expected('array', value, path)
    if (value.length > max) throw wrong(`array too big (maximum ${max}, got ${value.length})`, path)
    for (const [index, one] of value.entries()) item(one, `${path}[${index}]`)
  }

type Fields = Readonly<Record<string, Check>>

export const object =
  (required: Fields, optional: Fields = {}): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('object', value, path)
    const fields = value as Readonly<Record<string, unknown>>
    for (const key of Object.keys(required)) if (fields[key] === undefined) throw wrong(`Missing required key "${key}"`, path)
    for (const [key, check] of Object.entries({ ...required, ...optional }))
      if (fields[key] !== undefined) check(fields[key], `${path}.${key}`)
  }

/** An open union: a `$type` that it does not know is taken as it is. */
export const union =
  (known: Fields): Check =>
  (value, path) => {
    const type = (value as { $type?: unknown } | null)?.$type
    if (typeof type !== 'string')
      throw wrong(`Expected an object which includes the "$type" property value type (got ${shown(value)})`, path)
    known[type]?.(value, path)
  }

/** An image, by reference: its type and its size are checked here, its bytes where the record is stored. */
export const image =
  (maxSize: number): Check =>
  (value, path) => {
    if (!isBlob(value)) throw expected('blob', value, path)
    if (!value.mimeType.startsWith('image/')) throw wrong(`Expected "image/*" (got ${shown(value.mimeType)})`, `${path}.mimeType`)
    if (value.size > maxSize) throw wrong(`blob too big (maximum ${maxSize}, got ${value.size})`, path)
  }

export interface BlobRef {
  readonly $type: 'blob'
  readonly ref: { readonly $link: string }
  readonly mimeType: string
  readonly size: number
}

const isBlob = (value: unknown): value is BlobRef => {
  const blob = value as Partial<BlobRef> | null
  return (
    blob?.$type === 'blob' && typeof blob.ref?.$link === 'string' && typeof blob.mimeType === 'string' && Number.isSafeInteger(blob.size)
  )
}

/** Every blob that a record refers to. */
export const blobsIn = (value: unknown): BlobRef[] => {
  if (isBlob(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(blobsIn) : []
}
