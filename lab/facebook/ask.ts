// A request to the Graph API taken apart: whose token, which object and edge, and its parameters, whichever way they came.
import { type Ask, Refusal } from '../room.ts'
import { failed, refusal } from './answers.ts'

export interface GraphAsk {
  readonly method: string
  /** The path below the version: `['4711', 'feed']`. */
  readonly path: readonly string[]
  readonly params: ReadonlyMap<string, unknown>
  readonly file: Buffer | null
}

/** The parts of a path with its version in front; undefined: it is no address of the API. */
export const pathOf = ({ path }: Ask): readonly string[] | undefined => {
  const [, version = '', ...rest] = path.split('/')
  return /^v\d+\.\d+$/.test(version) && rest.length > 0 ? rest.map(decodeURIComponent) : undefined
}

/** The account of a good token; null for a wrong one or none. */
export const accountOf = (ask: Ask): string | null =>
  /^(?:Bearer|OAuth) rehearsal-(\S{1,200})$/i.exec(ask.headers.authorization ?? `Bearer ${ask.query.get('access_token') ?? ''}`)?.[1] ??
  null

export const badToken = () => refusal(190, 'Invalid OAuth access token - Cannot parse access token', { status: 401 })

export const graphAskOf = async (ask: Ask, path: readonly string[]): Promise<GraphAsk> => {
  const params = new Map<string, unknown>([...ask.query])
  const type = ask.headers['content-type'] ?? ''
  let file: Buffer | null = null
  if (ask.body.length > 0 && type.startsWith('application/json')) for (const [name, value] of fromJson(ask.body)) params.set(name, value)
  else if (type.startsWith('multipart/form-data')) {
    for (const [name, value] of await formOf(ask, type))
      if (typeof value === 'string') params.set(name, value)
      else file = Buffer.from(await value.arrayBuffer())
  } else if (type.startsWith('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(ask.body.toString())) params.set(name, value)
  return { method: ask.method, path, params, file }
}

const fromJson = (body: Buffer): [string, unknown][] => {
  try {
    return Object.entries(JSON.parse(body.toString()))
  } catch {
    throw new Refusal(failed(100, 'The body is not valid JSON'))
  }
}

const formOf = async (ask: Ask, type: string) =>
  new Response(new Uint8Array(ask.body), { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refusal(failed(100, 'The form cannot be read'))
  })

/** A parameter as text; '' where there is none. */
export const text = ({ params }: GraphAsk, name: string): string => {
  const value = params.get(name)
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)
}

/** A parameter that is a list; it may come as JSON in a string. */
export const list = ({ params }: GraphAsk, name: string): readonly unknown[] | undefined => {
  const value = params.get(name)
  if (value === undefined) return undefined
  const parsed: unknown = typeof value === 'string' ? parsedJson(value) : value
  if (!Array.isArray(parsed)) throw new Refusal(failed(100, `Param ${name} must be an array`))
  return parsed
}

const parsedJson = (value: string): unknown => {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** One page of a list: `limit` at most, from the cursor `after` on. */
export const paged = <T>(ask: GraphAsk, all: readonly T[], json: (one: T) => object): object => {
  const limit = Math.min(Math.max(Number(text(ask, 'limit')) || 25, 1), 100)
  const from = Number(Buffer.from(text(ask, 'after'), 'base64url').toString()) || 0
  const data = all.slice(from, from + limit).map(json)
  const cursor = (index: number): string => Buffer.from(String(index)).toString('base64url')
  return { data, ...(data.length > 0 && { paging: { cursors: { before: cursor(from), after: cursor(from + data.length) } } }) }
}

/** Only the fields that were asked for, and always the id; without `fields` those that the API gives by itself. */
export const chosen = (ask: GraphAsk, object: Readonly<Record<string, unknown>>, byDefault: readonly string[] = ['id']): object => {
  const asked = topLevel(text(ask, 'fields'))
  const names = asked.length === 0 ? byDefault : ['id', ...asked]
  const unknown = asked.find((name) => !(name in object))
  if (unknown !== undefined) throw new Refusal(failed(100, `(#100) Tried accessing nonexisting field (${unknown}) on node type`))
  return Object.fromEntries(names.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]])))
}

/** `id,shares,reactions.limit(0).summary(total_count),attachments{target{id}}` → the names in front. */
const topLevel = (fields: string): readonly string[] => {
  let depth = 0
  let flat = ''
  for (const sign of fields) {
    if ('({'.includes(sign)) depth += 1
    if (depth === 0) flat += sign
    if (')}'.includes(sign)) depth -= 1
  }
  return flat.split(',').flatMap((name) => name.split('.')[0] || [])
}

/** `2026-11-26T11:42:46+0000`, as the API writes times. */
export const graphTime = (iso: string): string => iso.replace(/\.\d+Z$/, '+0000')
