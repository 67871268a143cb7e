// Stands between a connector and a real peer: passes everything on, keeps a note of every request, and lets one fault strike when told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault, FaultyCall } from '../contract/peer.ts'

export interface PassedRequest {
  readonly method: string
  /** With its query, below the target. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** An error of the platform that says these words. */
export type ErrorShape = (words: string) => object

export interface Repeating {
  /** Characters in front of the repeated words. */
  readonly before?: number
  /** An access token and a refresh token: who asks for one gets these, in the words of all platforms. */
  readonly granted?: readonly [access: string, refresh: string]
}

export interface FaultProxy {
  readonly url: string
  readonly requests: readonly PassedRequest[]
  set(fault: Fault | null): void
  /** From now on every request is refused with words that repeat its address, credential and body, in the platform's own shape of an error. */
  repeatBack(shape: ErrorShape, more?: Repeating): void
  /** Whether a token was given out. */
  granted(): boolean
  struck(): boolean
  close(): Promise<void>
}

export interface ProxyOptions {
  /** Without a closing slash. */
  readonly target: string
  /** What a request is, so that a fault meets the right ones. */
  callOf?(request: PassedRequest): FaultyCall | 'other'
  /** How the platform itself says these. */
  readonly answers?: Readonly<Record<'refuse' | 'expired-token', readonly [status: number, body: object]>>
}

/** The faults that a proxy can play without the platform's help. */
export const proxyFaults = [
  'refuse',
  'throttle',
  'unavailable',
  'html',
  'redirect',
  'reset',
  'hang',
  'expired-token',
  'post-then-reset',
  'post-but-500',
  'broken-json',
  'huge',
] as const

export const startFaultProxy = async (options: ProxyOptions): Promise<FaultProxy> => {
  const requests: PassedRequest[] = []
  let fault: Fault | null = null
  let left = 0
  const due = (request: PassedRequest): Fault | null => {
    if (fault === null || left === 0 || options.callOf?.(request) !== (fault.operation ?? 'publish')) return null
    left -= 1
    return fault
  }
  let repeating: Repeated | undefined
  let grants = 0
  const server = createServer(async (incoming, response) => {
    const request = await received(incoming)
    requests.push(request)
    if (repeating?.granted && asksForToken.test(request.path)) {
      grants += 1
      return grant(response, repeating.granted)
    }
    if (repeating) return repeated(request, response, repeating)
    await play({ ...options, own: `http://${incoming.headers.host}` }, { request, response, fault: due(request) }).catch(() =>
      response.socket?.resetAndDestroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    set: (wish) => {
      fault = wish
      left = wish?.times === 'always' ? Number.POSITIVE_INFINITY : (wish?.times ?? 1)
    },
    repeatBack: (shape, more = {}) => {
      repeating = { shape, ...more }
    },
    granted: () => grants > 0,
    struck: () => left === 0,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Where tokens and sessions are asked for, on all platforms. */
const asksForToken = /oauth2?\/token|^\/token$|refresh_access_token|createSession|refreshSession/

const grant = (response: ServerResponse, [access, refresh]: readonly [string, string]): void => {
  const oauth = {
    access_token: access,
    refresh_token: refresh,
    expires_in: 5_184_000,
    refresh_expires_in: 5_184_000,
    token_type: 'bearer',
    scope: '',
  }
  const session = { did: 'did:plc:contract', handle: 'bonn.example', accessJwt: access, refreshJwt: refresh, active: true }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...oauth, ...session }))
}

type Repeated = { readonly shape: ErrorShape } & Repeating

/** A token other than the granted one has run out. */
const repeated = (
  { path, headers, body }: PassedRequest,
  response: ServerResponse,
  { shape, before = 0, granted: [access] = ['', ''] }: Repeated,
): void => {
  const words = `${'. '.repeat(before).slice(0, before)}you said ${headers.authorization} ${path} ${body}`
  response.writeHead(words.includes(access) ? 400 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(shape(words)))
}

const received = async (incoming: IncomingMessage): Promise<PassedRequest> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  return { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers, body: Buffer.concat(chunks) }
}

interface Exchange {
  readonly request: PassedRequest
  readonly response: ServerResponse
  readonly fault: Fault | null
}

/** `own`: the proxy's address as the caller knows it; the platform's own in a Location becomes it. */
const play = async (options: ProxyOptions & { readonly own: string }, { request, response, fault }: Exchange): Promise<void> => {
  const json = (status: number, body: object, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  const passed = () => passOn(options, request)
  switch (fault?.fault) {
    case undefined:
      return answer(response, await passed())
    case 'refuse':
    case 'expired-token':
      return json(...(options.answers?.[fault.fault] ?? [400, { error: 'Bad Request' }]))
    case 'throttle':
      return json(429, { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' }, { 'retry-after': String(fault.retryAfter ?? 30) })
    case 'unavailable':
      return json(503, { error: 'NotEnoughResources', message: 'Service Unavailable' })
    case 'html':
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')
    case 'redirect':
      return void response.writeHead(307, { location: 'http://elsewhere.invalid/' }).end()
    case 'hang':
      return
    case 'reset':
      return void response.socket?.resetAndDestroy()
    case 'post-then-reset':
      await passed()
      return void response.socket?.resetAndDestroy()
    case 'post-but-500':
      await passed()
      return json(500, { error: 'InternalServerError', message: 'Internal Server Error' })
    case 'broken-json':
      return answer(response, halved(await passed()))
    case 'huge':
      await passed()
      return json(200, { padding: 'x'.repeat(10_000_000) })
    case 'post-late':
      throw new Error('a proxy cannot post later than it was asked to')
  }
}

interface Passed {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

const passOn = async (
  { target, own }: Pick<ProxyOptions, 'target'> & { readonly own: string },
  { method, path, headers, body }: PassedRequest,
): Promise<Passed> => {
  const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, 'accept-encoding': _____, ...kept } = headers
  const init = { method, headers: kept, redirect: 'manual' as const, ...(body.length > 0 && { body: new Uint8Array(body) }) }
  const response = await fetch(target + path, init)
  const answered = new Headers(response.headers)
  const location = answered.get('location')
  if (location?.startsWith(target)) answered.set('location', own + location.slice(target.length))
  return { status: response.status, headers: answered, body: Buffer.from(await response.arrayBuffer()) }
}

const halved = ({ headers, body }: Passed): Passed => ({ status: 200, headers, body: body.subarray(0, body.length >> 1) })

const answer = (response: ServerResponse, { status, headers, body }: Passed): void => {
  const kept = [...headers].filter(
    ([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'].includes(name),
  )
  response.writeHead(status, [...kept.flat(), 'content-length', String(body.length)]).end(body)
}
