// How connectors talk HTTP: one request, one capped answer, and failures in the class that says whether something may have been posted.
import { FormData } from 'undici'
import type { z } from 'zod'
import { UnclearError, UnreachableError } from './errors.ts'
import { type Answered, Broken, exchange, isRedirection } from './exchange.ts'
import { neverLeft, quotable, reasonOf } from './network-failure.ts'
import type { Secret } from './secret.ts'

export { quotable } from './network-failure.ts'
export { retryAfterMs } from './retry-after.ts'
/** What an upload is made of; the one built into Node is of another make. */
export { FormData }

/** `write`: after it something may be there that was not before. Uploads that nobody sees count as `read`. */
export type CallKind = 'read' | 'write'

type RequestHeaders = Headers | Readonly<Record<string, string>>

export interface HttpRequest {
  readonly method: string
  readonly url: string | URL
  readonly headers?: RequestHeaders
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | undefined
  readonly signal: AbortSignal
  /** The longest answer taken, in bytes; 1 MB unless said otherwise. */
  readonly maxBytes?: number
  readonly kind: CallKind
  /** What must not be quoted from the answer or the address; a bearer token in `headers` is known without being named. */
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
  /**
   * A piece of the answer (or of `words` taken from it) fit for an error message: one line, no secrets, `most` characters (300). Words are
   * never cut before they come here: a piece of a secret cannot be told from any other word.
   */
  quote(words?: string, most?: number): string
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
  const from = new URL(request.url)
  const first = await ask(request, from)
  const target = redirection(first, from)
  if (target === undefined) return answerOf(request, first)
  if (target === 'elsewhere' || request.kind === 'write') throw failure(request, `die Antwort ${first.status} führt woandershin`)
  const second = await ask(request, target)
  if (redirection(second, target) !== undefined) throw failure(request, 'eine Umleitung führt zur nächsten')
  return answerOf(request, second)
}

const ask = async (request: HttpRequest, url: URL): Promise<Answered> => {
  const { method, headers = {}, body = null, signal, maxBytes = defaultMaxBytes } = request
  try {
    return await exchange({ url, method, headers: { ...always, ...plain(headers) }, body, signal, maxBytes })
  } catch (error) {
    const { neverLeft: surely, cause } = error instanceof Broken ? error : { neverLeft: false, cause: error }
    if (surely || neverLeft(cause)) throw new UnreachableError(`${label(request)}: ${reasonOf(cause)}`, { cause })
    throw failure(request, reasonOf(cause), cause)
  }
}

/** Some platforms refuse who does not say what it is; no answer is so long that packing it would save anything. */
const always = { 'user-agent': 'rundruf', 'accept-encoding': 'identity' }

const plain = (headers: RequestHeaders): Readonly<Record<string, string>> =>
  headers instanceof Headers ? Object.fromEntries(headers) : headers

const redirection = ({ status, headers }: Answered, from: URL): URL | 'elsewhere' | undefined => {
  if (!isRedirection(status) || isHalfDone(status, headers)) return undefined
  const location = String(headers.location ?? '')
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  return target?.host === from.host && target.protocol === from.protocol ? target : 'elsewhere'
}

/** 308 without a target: what Google's resumable uploads answer to a piece. https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol */
const isHalfDone = (status: number, headers: Answered['headers']): boolean => status === 308 && headers.location === undefined

const answerOf = (request: HttpRequest, { status, headers: fields, text }: Answered): Answer => {
  const quote = (words = text, most?: number) => quotable(words, secretsOf(request), most)
  const json = (): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      throw failure(request, `die Antwort ${status} ist kein JSON: ${quote()}`)
    }
  }
  const as = <T>(shape: z.ZodType<T>): T => {
    const parsed = shape.safeParse(json())
    if (parsed.success) return parsed.data
    throw failure(request, `die Antwort ${status} hat eine andere Gestalt: ${quote()}`)
  }
  // read only where something went wrong
  let headers: Headers | undefined
  return {
    status,
    get headers() {
      headers ??= toHeaders(fields)
      return headers
    },
    text,
    json,
    as,
    quote,
  }
}

const toHeaders = (fields: Answered['headers']): Headers =>
  new Headers(Object.entries(fields).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])))

/** The class of a failure after which a read surely posted nothing and a write perhaps did. */
const failure = (request: HttpRequest, what: string, cause?: unknown): Error => {
  const options = cause === undefined ? undefined : { cause }
  const words = quotable(`${label(request)}: ${what}`, [])
  return request.kind === 'write' ? new UnclearError(words, options) : new UnreachableError(words, options)
}

/** Without the query: tokens travel there on some platforms, on others (Telegram) in the path. */
const label = (request: HttpRequest): string => {
  const { origin, pathname } = new URL(request.url)
  return `${request.method} ${quotable(origin + pathname, secretsOf(request))}`
}

const secretsOf = ({ headers, secrets = [] }: HttpRequest): readonly string[] => {
  const credential = (new Headers(headers).get('authorization') ?? '').replace(/^\S+\s+/, '')
  // OAuth 1.0a: names and values, of which the names and the short values say nothing
  const values = [...credential.matchAll(/"([^"]{16,})"/g)].map(([, value = '']) => value)
  return [...secrets.map((value) => value.reveal()), ...(credential.includes('="') ? values : [credential])]
}
