// The published discovery document of the YouTube Data API as a judge of requests; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PassedRequest } from './fault-proxy.ts'

const file = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'youtube.v3.json')

/** Why the description cannot be read; undefined when it is there. */
export const withoutDescription = existsSync(file) ? undefined : `no description at ${file} (set RUNDRUF_SPECS)`

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly string[]
}

interface Method {
  readonly httpMethod: string
  readonly path: string
  readonly parameters?: Readonly<Record<string, { readonly required?: boolean; readonly enum?: readonly string[] }>>
  readonly request?: { readonly $ref: string }
  readonly mediaUpload?: { readonly protocols: { readonly simple: { readonly path: string } } }
}

interface Discovery {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly resources: Readonly<Record<string, { readonly methods?: Readonly<Record<string, Method>> }>>
  readonly schemas: Readonly<Record<string, Schema>>
}

/** Says what is wrong with a request; empty: nothing. Pieces of an upload have a protocol of their own, and tokens come from elsewhere. */
export const youtubeJudge = (): ((request: PassedRequest) => readonly string[]) => {
  const api: Discovery = JSON.parse(readFileSync(file, 'utf8'))
  const methods = Object.values(api.resources).flatMap(({ methods: all = {} }) => Object.values(all))
  return (request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://localhost')
    if (pathname === '/token' || searchParams.has('upload_id')) return []
    const method = methods.find((one) => one.httpMethod === request.method && pathsOf(one).includes(pathname))
    const name = `${request.method} ${pathname}`
    if (!method) return [`there is no ${name}`]
    return [...queryProblems(api, method, searchParams), ...bodyProblems(api, method, request)].map((problem) => `${name} ${problem}`)
  }
}

const pathsOf = ({ path, mediaUpload }: Method): readonly string[] => [`/${path}`, mediaUpload?.protocols.simple.path ?? '']

const queryProblems = (api: Discovery, { parameters = {} }: Method, query: URLSearchParams): readonly string[] => [
  ...[...query].flatMap(([name, value]) => {
    const known = parameters[name]
    if (!known) return name in api.parameters ? [] : [`has no parameter ${name}`]
    return known.enum && !known.enum.includes(value) ? [`${name} is never ${value}`] : []
  }),
  ...Object.entries(parameters).flatMap(([name, { required }]) => (required && !query.has(name) ? [`needs ${name}`] : [])),
]

const bodyProblems = (api: Discovery, { request }: Method, { headers, body }: PassedRequest): readonly string[] => {
  const json = jsonOf(headers['content-type'] ?? '', body)
  if (request === undefined) return json === undefined ? [] : ['takes no body']
  return json === undefined ? ['needs a body'] : valueProblems(api, request, json, '')
}

/** The resource that is sent; of a multipart upload the first part. */
const jsonOf = (type: string, body: Buffer): unknown => {
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8'))
  const boundary = /^multipart\/related; boundary=(.+)$/.exec(type)?.[1]
  const first = boundary && body.toString('utf8').split(`--${boundary}`)[1]
  return first ? JSON.parse(first.slice(first.indexOf('\r\n\r\n'))) : undefined
}

const valueProblems = (api: Discovery, schema: Schema, value: unknown, at: string): readonly string[] => {
  const { type, properties, items, enum: allowed } = schema.$ref === undefined ? schema : (api.schemas[schema.$ref] ?? {})
  if (Array.isArray(value))
    return type === 'array' && items ? value.flatMap((one) => valueProblems(api, items, one, `${at}[]`)) : [`${at} is no list`]
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      properties?.[name] ? valueProblems(api, properties[name], inner, `${at}/${name}`) : [`has no ${at}/${name}`],
    )
  if (typeof value !== type) return [`${at} is a ${type}, not ${JSON.stringify(value)}`]
  return allowed && !allowed.includes(value as string) ? [`${at} is never ${value}`] : []
}
