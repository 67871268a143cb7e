// The parameters of a request to Mastodon, whichever way they came: JSON, form or multipart.
import { type Ask, Refusal } from '../room.ts'
import { failed } from './answers.ts'

export interface Fields {
  /** Every value by its name without brackets: `media_ids[]` is `media_ids`. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly mediaAttributes: readonly { readonly id: string; readonly description?: string }[]
  readonly file: Buffer | null
}

export const fieldsOf = async (ask: Ask): Promise<Fields> => {
  const type = ask.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return fromJson(ask.body)
  if (type.startsWith('multipart/form-data')) return fromMultipart(ask, type)
  return fromPairs([...new URLSearchParams(ask.body.toString())], null)
}

const fromJson = (body: Buffer): Fields => {
  let parsed: unknown
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString())
  } catch {
    throw new Refusal(failed(400, 'Error occurred while parsing request parameters'))
  }
  const pairs = Object.entries((parsed ?? {}) as Record<string, unknown>)
  const values = new Map(
    pairs.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [bare(name), [value].flat().map(String)]),
  )
  const attributes = (parsed as { media_attributes?: { id: unknown; description?: string }[] } | null)?.media_attributes
  const mediaAttributes = Array.isArray(attributes) ? attributes.map((one) => ({ ...one, id: String(one?.id) })) : []
  return { values, mediaAttributes, file: null }
}

const fromMultipart = async (ask: Ask, type: string): Promise<Fields> => {
  const form = await new Response(new Uint8Array(ask.body), { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal(failed(400, 'Error occurred while parsing request parameters'))
  })
  const pairs = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  const file = form.get('file')
  return fromPairs(pairs, file && typeof file !== 'string' ? Buffer.from(await file.arrayBuffer()) : null)
}

const fromPairs = (pairs: readonly (readonly [string, string])[], file: Buffer | null): Fields => {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) values.set(bare(name), [...(values.get(bare(name)) ?? []), value])
  const ids = values.get('media_attributes[id]') ?? []
  const descriptions = values.get('media_attributes[description]') ?? []
  const mediaAttributes = ids.map((id, index) => ({ id, ...(descriptions[index] !== undefined && { description: descriptions[index] }) }))
  return { values, mediaAttributes, file }
}

/** `media_ids[]` → `media_ids`, `media_attributes[][id]` → `media_attributes[id]`. */
const bare = (name: string): string => name.replace('[]', '')
