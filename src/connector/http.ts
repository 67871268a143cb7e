// How connectors talk HTTP: one request, one capped answer, and failures in the class that says whether something may have been posted.
import type { z } from 'zod'
import { UnclearError, UnreachableError } from './errors.ts'
import { neverLeft, quotable, reasonOf } from './network-failure.ts'
import type { Secret } from './secret.ts'

export { quotable } from './network-failure.ts'
export { retryAfterMs } from './retry-after.ts'

/** `write`: after it something may be there that was not before. Uploads that nobody sees count as `read`. */
export type CallKind = 'read' | 'write'

export interface HttpRequest {
  readonly method: string
  readonly url: string | URL
  readonly headers?: ConstructorParameters<typeof Headers>[0]
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | undefined
  readonly signal: AbortSignal
  /** The longest answer taken, in bytes; 1 MB unless said otherwise. */
  readonly maxBytes?: number
  readonly kind: CallKind
  /** What must not be quoted from the answer; a bearer token in `headers` is known without being named. */
  readonly secrets?: readonly Secret[]
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; anything else is a broken answer and throws in the class of the call. */
  json(): unknown
  /** The body as JSON of this shape; anything else throws likewise. */
  as<T>(shape: z.ZodType<T>): T
  /** A piece of the answer (or of `words` taken from it) fit for an error message: one line, no secrets, 300 characters at most. */
  quote(words?: string): string
}

const defaultMaxBytes = 1_000_000

/**
 * Sends one request. Any HTTP status is an answer, except redirects: a read follows one to the same host, nothing else is followed.
 *
 * @throws UnreachableError when surely nothing was posted: no connection, no name, no trust, or any failure of a read.
 * @throws UnclearError when a write failed after its bytes may have left.
 */
export const send = async (request: HttpRequest): Promise<Answer> => {
  if (request.signal.aborted) throw new UnreachableError(`${label(request)}: nicht begonnen, die Zeit war um`)
  const response = await exchange(request, new URL(request.url))
  const target = redirection(response, new URL(request.url))
  if (target === undefined) return answerOf(request, response)
  await response.body?.cancel()
  if (target === 'elsewhere' || request.kind === 'write') throw failure(request, `die Antwort ${response.status} führt woandershin`)
  const second = await exchange(request, target)
  if (redirection(second, target) !== undefined) {
    await second.body?.cancel()
    throw failure(request, 'eine Umleitung führt zur nächsten')
  }
  return answerOf(request, second)
}

const exchange = async (request: HttpRequest, url: URL): Promise<Response> => {
  const { method, headers, body, signal } = request
  try {
    return await fetch(url.href, { method, redirect: 'manual', signal, ...(headers && { headers }), ...(body !== undefined && { body }) })
  } catch (error) {
    if (neverLeft(error)) throw new UnreachableError(`${label(request)}: ${reasonOf(error)}`, { cause: error })
    throw failure(request, reasonOf(error), error)
  }
}

const redirection = (response: Response, from: URL): URL | 'elsewhere' | undefined => {
  if (response.status < 300 || response.status > 399) return undefined
  const location = response.headers.get('location') ?? ''
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  return target?.host === from.host && target.protocol === from.protocol ? target : 'elsewhere'
}

const answerOf = async (request: HttpRequest, response: Response): Promise<Answer> => {
  const text = await textOf(request, response)
  const secrets = secretsOf(request)
  const quote = (words = text) => quotable(words, secrets)
  const json = (): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      throw failure(request, `die Antwort ${response.status} ist kein JSON: ${quote()}`)
    }
  }
  const as = <T>(shape: z.ZodType<T>): T => {
    const parsed = shape.safeParse(json())
    if (parsed.success) return parsed.data
    throw failure(request, `die Antwort ${response.status} hat eine andere Gestalt: ${quote()}`)
  }
  return { status: response.status, headers: response.headers, text, json, as, quote }
}

const textOf = async (request: HttpRequest, response: Response): Promise<string> => {
  const most = request.maxBytes ?? defaultMaxBytes
  try {
    return isAnnouncedWithin(response, most) ? await response.text() : await gathered(response, most)
  } catch (error) {
    throw failure(request, reasonOf(error), error)
  }
}

/** With an honest length there is nothing to count; a dishonest one breaks the connection. */
const isAnnouncedWithin = ({ headers }: Response, most: number): boolean =>
  headers.has('content-length') && !headers.has('content-encoding') && Number(headers.get('content-length')) <= most

const gathered = async (response: Response, most: number): Promise<string> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > most) throw new Error(`die Antwort ist größer als ${most} Bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The class of a failure after which a read surely posted nothing and a write perhaps did. */
const failure = (request: HttpRequest, what: string, cause?: unknown): Error => {
  const options = cause === undefined ? undefined : { cause }
  const words = quotable(`${label(request)}: ${what}`, [])
  return request.kind === 'write' ? new UnclearError(words, options) : new UnreachableError(words, options)
}

/** Without the query: tokens travel there on some platforms. */
const label = ({ method, url }: HttpRequest): string => {
  const { origin, pathname } = new URL(url)
  return `${method} ${quotable(origin + pathname, [])}`
}

const secretsOf = ({ headers, secrets = [] }: HttpRequest): readonly string[] => {
  const authorization = new Headers(headers).get('authorization') ?? ''
  return [...secrets.map((value) => value.reveal()), authorization.replace(/^\S+\s+/, '')]
}
