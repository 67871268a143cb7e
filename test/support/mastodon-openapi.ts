// The published description of Mastodon's API as a judge of requests; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Document, OpenAPIBackend } from 'openapi-backend'
import type { PassedRequest } from './fault-proxy.ts'

const file = join(resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'), 'mastodon-openapi.json')

/** Why the description cannot be read; undefined when it is there. */
export const withoutDescription = existsSync(file) ? undefined : `no description at ${file} (set RUNDRUF_SPECS)`

/** Says what is wrong with a request; empty: nothing. */
export const mastodonJudge = async (): Promise<(request: PassedRequest) => readonly string[]> => {
  const definition = corrected(JSON.parse(readFileSync(file, 'utf8')))
  const api = new OpenAPIBackend({
    definition,
    quick: true,
    strict: false,
    ajvOpts: { strict: false, formats: { binary: true, 'date-time': true, date: true, uri: true, url: true, email: true } },
  })
  await api.init()
  return ({ method, path, headers, body }) => {
    const [name = '/', query = ''] = path.split('?')
    const operation = api.matchOperation({ method, path: name, query, headers })
    if (!operation) return [`there is no ${method} ${name}`]
    // An upload's form is bytes; its fields are judged by the platform.
    if (!headers['content-type']?.startsWith('application/json')) return []
    const { errors } = api.validateRequest({ method, path: name, query, headers, body: JSON.parse(body.toString('utf8')) }, operation)
    return (errors ?? []).map(({ instancePath, message }) => `${method} ${name} ${instancePath} ${message}`)
  }
}

interface Description {
  readonly paths: Record<
    string,
    Record<
      string,
      { parameters?: { name: string; schema: object }[]; requestBody?: { content: Record<string, { schema: Record<string, unknown> }> } }
    >
  >
}

/** Two slips of the generated description: a header cannot be an object, and a status with text and images is allowed. */
const corrected = (definition: Description): Document => {
  const { parameters = [], requestBody } = definition.paths['/api/v1/statuses']?.post ?? {}
  for (const parameter of parameters) if (parameter.name === 'Idempotency-Key') parameter.schema = { type: 'string' }
  const body = requestBody?.content['application/json']
  if (body) body.schema = { anyOf: body.schema.oneOf }
  return definition as unknown as Document
}
