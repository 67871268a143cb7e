// The Graph API, as Facebook Pages and Instagram accounts share it: one token, one version, and refusals that already have their class.
import { z } from 'zod'
import { UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type FormData, type HttpRequest, send } from '../../src/connector/http.ts'
import { type Secret, secret } from '../../src/connector/secret.ts'
import { isGone, refusal } from './failures.ts'

export interface GraphSettings {
  readonly token: Secret
  /** `v25.0`; each lives for about two years: https://developers.facebook.com/docs/graph-api/changelog/versions */
  readonly version: string
  readonly base: string
}

/** The settings that both platforms have; the channel's own come beside them. */
export const graphFields = {
  token: secret(),
  version: z
    .string()
    .regex(/^v\d{1,3}\.\d{1,2}$/, { error: 'version: so geschrieben wie v25.0' })
    .default('v25.0'),
  base: z
    .url({ protocol: /^https?$/ })
    .transform((address) => address.replace(/\/+$/, ''))
    .default('https://graph.facebook.com'),
}

/** The id of a page or an account: digits alone. */
export const graphId = (what: string) => z.string().regex(/^\d{5,20}$/, { error: `${what}: die Kennnummer aus der Meta Business Suite` })

type GraphCall = Pick<HttpRequest, 'kind' | 'signal' | 'maxBytes'> & {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below base and version: `/4711/feed`. */
  readonly path: string
  /** In the query of a GET or DELETE, as JSON in the body of a POST. */
  readonly params?: Readonly<Record<string, unknown>>
  /** An upload; takes the place of `params`. */
  readonly form?: FormData
  /** What a POST gives back of what it made: https://developers.facebook.com/docs/graph-api/overview#read-after-write */
  readonly fields?: string
  /** What is not there is as good as done. */
  readonly goneIsFine?: boolean
}

export interface Graph {
  readonly base: string
  readonly title: string
  /** @throws every class of error; an answer that comes back is what was wanted. */
  call(call: GraphCall): Promise<Answer>
  /** Sends bytes to an address that the API gave for them, if it is the API's own. */
  upload(address: string, bytes: Uint8Array<ArrayBuffer>, from: number, signal: AbortSignal): Promise<Answer>
  /** What the API says of the token itself. */
  aboutToken(signal: AbortSignal): Promise<Answer>
}

/** @param title the platform's name, for the words of errors */
export const openGraph = ({ token, version, base }: GraphSettings, title: string): Graph => {
  const asked = async (request: HttpRequest, goneIsFine = false): Promise<Answer> => {
    const answer = await send({ ...request, secrets: [token] })
    if (answer.status >= 200 && answer.status < 300) return answer
    if (goneIsFine && isGone(answer)) return answer
    throw refusal(answer, request.kind, title)
  }
  const authorization = `Bearer ${token.reveal()}`
  const call: Graph['call'] = ({ path, params, form, fields, goneIsFine, ...request }) =>
    asked({ ...request, ...written(`${base}/${version}${path}`, request.method, { params, form, fields }, authorization) }, goneIsFine)
  return {
    base,
    title,
    call,
    upload: (address, bytes, from, signal) => {
      const headers = { authorization: `OAuth ${token.reveal()}`, offset: String(from), file_size: String(bytes.byteLength) }
      return asked({ method: 'POST', url: own(address, base), headers, body: bytes.subarray(from), kind: 'read', signal })
    },
    // https://developers.facebook.com/docs/graph-api/reference/debug_token
    aboutToken: (signal) => call({ method: 'GET', path: '/debug_token', params: { input_token: token.reveal() }, kind: 'read', signal }),
  }
}

type Content = { readonly [K in 'params' | 'form' | 'fields']: GraphCall[K] | undefined }

const written = (
  address: string,
  method: GraphCall['method'],
  { params = {}, form, fields }: Content,
  authorization: string,
): Pick<HttpRequest, 'url' | 'headers' | 'body'> => {
  const inBody = method === 'POST'
  const query = new URLSearchParams(inBody ? {} : Object.entries(params).map(([name, value]): [string, string] => [name, plain(value)]))
  if (fields) query.set('fields', fields)
  const url = query.size === 0 ? address : `${address}?${query}`
  const headers = { accept: 'application/json', authorization }
  if (!inBody) return { url, headers }
  if (form) return { url, headers, body: form }
  return { url, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(params) }
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The token goes to nobody but the API: an address elsewhere is not used. */
const own = (address: string, base: string): URL => {
  const url = new URL(address)
  const there = new URL(base)
  const isOwn = url.hostname === there.hostname || (url.protocol === 'https:' && url.hostname.endsWith('.facebook.com'))
  if (!isOwn || url.protocol !== there.protocol)
    throw new UnreachableError(`Eine Adresse bei ${url.host} für den Upload gehört nicht zu Facebook; sie wird nicht benutzt.`)
  return url
}
