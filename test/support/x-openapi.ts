// The published description of X's API as a judge of requests; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Document, OpenAPIBackend } from 'openapi-backend'
import type { PassedRequest } from './fault-proxy.ts'

const file = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'x-openapi.json')

/** Why the description cannot be read; undefined when it is there. */
export const withoutDescription = existsSync(file) ? undefined : `no description at ${file} (set RUNDRUF_SPECS)`

/** Says what is wrong with a request; empty: nothing. */
export const xJudge = async (): Promise<(request: PassedRequest) => readonly string[]> => {
  const definition: Document = JSON.parse(readFileSync(file, 'utf8'))
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    strict: false,
    ajvOpts: {
      strict: false,
      formats: { binary: true, byte: true, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, int32: true, int64: true, uri: true },
    },
  })
  await api.init()
  return (request) => {
    const { method, path, headers } = request
    const [name = '/', query = ''] = path.split('?')
    const operation = api.matchOperation({ method, path: name, query, headers })
    if (!operation) return [`there is no ${method} ${name}`]
    const body = bodyOf(request)
    const { errors } = api.validateRequest({ method, path: name, query, headers, ...(body !== undefined && { body }) }, operation)
    return (errors ?? []).map(({ instancePath, message }) => `${method} ${name} ${instancePath} ${message}`)
  }
}

/** A form as an object: its numbers read as numbers, its bytes standing for themselves. */
const bodyOf = ({ headers, body }: PassedRequest): object | undefined => {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return JSON.parse(body.toString('utf8'))
  if (!type.startsWith('multipart/form-data')) return undefined
  const parts = [...body.toString('latin1').matchAll(/name="(\w+)"\r\n(?:Content-Type: [^\r]+\r\n)?\r\n([\s\S]*?)\r\n--/g)]
  return Object.fromEntries(parts.map(([, name, value = '']) => [name, name === 'segment_index' ? Number(value) : value]))
}
