// Meta's own lists of edges, parameters and fields as a judge of requests to the Graph API; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PassedRequest } from './fault-proxy.ts'

const folder = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'meta-graph-specs')

/** Why the lists cannot be read; undefined when they are there. */
export const withoutLists = existsSync(folder) ? undefined : `no field lists at ${folder} (set RUNDRUF_SPECS)`

interface Param {
  readonly name: string
  readonly type: string
  readonly required?: boolean
}

interface Operation {
  readonly method: string
  /** Absent for the node itself. */
  readonly endpoint?: string
  readonly params: readonly Param[]
}

interface Node {
  readonly apis: readonly Operation[]
  readonly fields: readonly Param[]
}

const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))

const nodesOf = {
  facebook: ['Page', 'PagePost', 'Photo', 'AdVideo', 'Comment'],
  instagram: ['IGUser', 'IGMedia'],
} as const

/** What every read takes beside its own parameters: https://developers.facebook.com/docs/graph-api/overview */
const always: readonly string[] = ['fields', 'limit', 'after', 'access_token']

/** What Meta documents elsewhere than in these lists, by method and path without version and ids. */
const documented: Readonly<Record<string, readonly string[]>> = {
  // https://developers.facebook.com/docs/graph-api/reference/debug_token
  'GET /debug_token': ['input_token'],
  // https://developers.facebook.com/docs/video-api/guides/reels-publishing/: bytes, with their offset in the headers
  'POST /video-upload/*': [],
  // https://developers.facebook.com/docs/instagram-platform/reference/ig-comment/replies
  'POST /*/replies': ['message'],
  'GET /*/replies': [],
}

/** A file has no name in the lists: "you must specify this or a file attachment", says the page of POST /{page}/photos. */
const files: readonly string[] = ['source']

/** Fields that only pages of the documentation name: of a container, of a comment on Instagram. */
const documentedFields: readonly string[] = ['status_code', 'status', 'text', 'quota_usage', 'config', 'parent_id', 'from']

/** Says what is wrong with a request; empty: nothing. */
export const graphJudge = (platform: keyof typeof nodesOf): ((request: PassedRequest) => Promise<readonly string[]>) => {
  const nodes = nodesOf[platform].map((name) => read<Node>(name))
  const enums = new Map(read<{ name: string; values: string[] }[]>('enum_types').map(({ name, values }) => [name, values]))
  return async (request) => {
    const { method, path, given } = await partsOf(request)
    const elsewhere = documented[`${method} ${path}`]
    const wrong = (what: string) => `${method} ${path}: ${what}`
    const operations = elsewhere
      ? [{ method, params: elsewhere.map((name) => ({ name, type: 'string' })) }]
      : nodes.flatMap(({ apis }) => apis.filter((one) => one.method === method && (one.endpoint ?? '') === edgeOf(path)))
    if (operations.length === 0) return [wrong('there is no such edge')]
    const faults = operations.map((operation) => [...judged(operation, given, enums)])
    const best = faults.toSorted((one, other) => one.length - other.length)[0]!
    return [...best, ...unknownFields(nodes, given.get('fields'))].map(wrong)
  }
}

/** `/*` for an object, `/*` + edge for what hangs on it. */
const edgeOf = (path: string): string => path.split('/')[2] ?? ''

const partsOf = async ({ method, path, headers, body }: PassedRequest) => {
  const url = new URL(path, 'http://lab')
  const given = new Map<string, unknown>(url.searchParams)
  const type = headers['content-type'] ?? ''
  if (type.startsWith('application/json')) for (const [name, value] of Object.entries(JSON.parse(body.toString()))) given.set(name, value)
  if (type.startsWith('multipart/')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
    for (const [name, value] of form) given.set(name, value)
  }
  const bare = url.pathname.replace(/^(\/video-upload)?\/v\d+\.\d+(?=\/)/, '$1')
  return { method, path: bare.replace(/\/\d+(?:_\d+)?(?=\/|$)/g, '/*'), given }
}

function* judged(
  { params, method }: Operation,
  given: ReadonlyMap<string, unknown>,
  enums: ReadonlyMap<string, readonly string[]>,
): Generator<string> {
  for (const { name, required } of params) if (required && !given.has(name)) yield `${name} is missing`
  for (const [name, value] of given) {
    const param = params.find((one) => one.name === name)
    const isFile = value instanceof Blob
    if (!param && !(isFile ? files.includes(name) : always.includes(name))) yield `${name} is no parameter`
    if (param && !isFile && !fits(value, param.type, enums, method !== 'POST'))
      yield `${name} is no ${param.type}: ${JSON.stringify(value)}`
  }
}

/** In a query and in a form everything is text. */
const fits = (value: unknown, type: string, enums: ReadonlyMap<string, readonly string[]>, inQuery: boolean): boolean => {
  const list = /^list(?:<(.*)>)?$/.exec(type)
  if (list) {
    const all: unknown = typeof value === 'string' ? (inQuery ? value.split(',') : JSON.parse(value)) : value
    return Array.isArray(all) && all.every((one) => list[1] === undefined || fits(one, list[1], enums, inQuery))
  }
  const values = enums.get(type)
  if (values) return values.some((one) => one.toLowerCase() === String(value).toLowerCase())
  switch (type) {
    case 'unsigned int':
    case 'int':
      return /^-?\d+$/.test(String(value))
    case 'bool':
      return ['true', 'false'].includes(String(value))
    case 'string':
    case 'datetime':
      return typeof value === 'string'
    case 'Object':
    case 'map':
      return true
    default:
      return false
  }
}

/** The names in front of braces, brackets and dots must be fields or edges of one of the nodes. */
const unknownFields = (nodes: readonly Node[], fields: unknown): readonly string[] => {
  if (typeof fields !== 'string') return []
  const known = new Set(nodes.flatMap((node) => [...node.fields.map(({ name }) => name), ...node.apis.map(({ endpoint }) => endpoint)]))
  const names = flat(fields)
    .split(',')
    .map((name) => name.split('.')[0]!)
  return names.filter((name) => !known.has(name) && !documentedFields.includes(name)).map((name) => `${name} is no field`)
}

/** Without what stands in brackets and braces. */
const flat = (fields: string): string => {
  const inner = fields.replace(/\([^()]*\)|\{[^{}]*\}/g, '')
  return inner === fields ? fields : flat(inner)
}
