// Meta's published collection of Threads requests as a judge of ours; read from RUNDRUF_SPECS, never copied.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PassedRequest } from './fault-proxy.ts'

const file = join(
  resolve(import.meta.dirname, '../..', process.env.RUNDRUF_SPECS ?? '../shared/specs'),
  'threads-api.postman_collection.json',
)

/** Why the collection cannot be read; undefined when it is there. */
export const withoutCollection = existsSync(file) ? undefined : `no collection at ${file} (set RUNDRUF_SPECS)`

interface Item {
  readonly item?: readonly Item[]
  readonly request?: {
    readonly method: string
    readonly url: { readonly path: readonly string[]; readonly query?: readonly { readonly key: string; readonly value: string | null }[] }
  }
}

interface Collection extends Item {
  readonly variable: readonly { readonly key: string; readonly value: string }[]
}

/** What the collection asks for at one address: the names of its fields, and the values that lists may hold. */
interface Known {
  readonly method: string
  readonly path: RegExp
  readonly names: ReadonlySet<string>
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>
}

/** The token, as the collection's own settings add it, and the cursors that its answers show. */
const everywhere: readonly string[] = ['access_token', 'after', 'before']

/** Says what is wrong with a request; empty: nothing. */
export const threadsJudge = (): ((request: PassedRequest) => readonly string[]) => {
  const collection: Collection = JSON.parse(readFileSync(file, 'utf8'))
  const known = requestsIn(collection).map((request) => knownOf(collection, request))
  return ({ method, path, body }) => {
    const [address = '', query = ''] = path.split('?')
    const place = address.replace(/^\/v1\.0(?=\/)/, '')
    const met = known.filter((one) => one.method === method && one.path.test(place))
    if (met.length === 0) return [`there is no ${method} ${place}`]
    const fields = [...new URLSearchParams(query), ...new URLSearchParams(body.toString())]
    return fields.flatMap(([name, value]) => wrongIn(met, `${method} ${place}`, { name, value }))
  }
}

const requestsIn = ({ item = [], request }: Item): readonly NonNullable<Item['request']>[] => [
  ...(request ? [request] : []),
  ...item.flatMap(requestsIn),
]

const knownOf = ({ variable }: Collection, { method, url }: NonNullable<Item['request']>): Known => {
  const parts = url.path.filter((part) => part !== '').map((part) => (part.startsWith('{{') ? String.raw`\d+` : part))
  const query = url.query ?? []
  const lists = query.flatMap(({ key, value }) => {
    const list = variable.find((one) => value === `{{${one.key}}}` && /^(?:fields|metrics)_/.test(one.key))
    return list ? [[key, new Set(list.value.replace(/\{[^}]*\}/g, '').split(','))] as const] : []
  })
  return { method, path: new RegExp(`^/${parts.join('/')}$`), names: new Set(query.map(({ key }) => key)), lists: new Map(lists) }
}

const wrongIn = (met: readonly Known[], place: string, { name, value }: { name: string; value: string }): readonly string[] => {
  if (!everywhere.includes(name) && !met.some(({ names }) => names.has(name))) return [`${place} has no ${name}`]
  const lists = met.flatMap((one) => one.lists.get(name) ?? [])
  if (lists.length === 0) return []
  return value
    .split(',')
    .filter((word) => !lists.some((list) => list.has(word)))
    .map((word) => `${place}: ${name} has no ${word}`)
}
