// One request and its whole answer over a connection that stays open: undici without its streams, which cost as much again.
import { Agent, type Dispatcher, type FormData } from 'undici'

export interface Asked {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | FormData | null
  readonly signal: AbortSignal
  /** The longest answer taken, in bytes. */
  readonly maxBytes: number
  /** The longest exchange, in milliseconds, for a caller whose signal never comes; five minutes, longer than any attempt. */
  readonly maxMs?: number
}

export interface Answered {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  /** Empty for a redirection: what it says besides is not read. */
  readonly text: string
}

/** `neverLeft`: the time was up while the request still waited for its connection. */
export class Broken extends Error {
  readonly neverLeft: boolean
  constructor(cause: unknown, neverLeft: boolean) {
    super('the exchange broke', { cause })
    this.neverLeft = neverLeft
  }
}

const agent = new Agent()
const utf8 = new TextDecoder()

export const isRedirection = (status: number): boolean => status >= 300 && status <= 399

/** What a redirection says besides is waited for so long, and no longer than so many bytes, to keep its connection for the next request. */
const besides = { ms: 1000, bytes: 65_536 } as const

/**
 * However it ends, nothing of it is left: a connection is kept only after a whole answer.
 *
 * @throws Broken with the reason as its cause; a redirection is an answer as soon as it is known as one.
 */
export const exchange = ({ url, method, headers, body, signal, maxBytes, maxMs = 300_000 }: Asked): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let controller: Dispatcher.DispatchController | undefined
    let head = { status: 0, headers: {} as Answered['headers'] }
    let size = 0
    let most = maxBytes
    let ended: unknown
    const end = (reason: unknown): void => {
      ended = reason
      controller?.abort(toError(reason))
      if (controller === undefined) reject(new Broken(reason, true))
    }
    const stop = (): void => end(signal.reason)
    const endAfter = (ms: number): NodeJS.Timeout => setTimeout(() => end(new Error('die Antwort nahm kein Ende')), ms).unref()
    signal.addEventListener('abort', stop, { once: true })
    let timer = endAfter(maxMs)
    const over = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    agent.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method: method.toUpperCase() as Dispatcher.HttpMethod, headers, body },
      {
        onRequestStart: (begun) => {
          controller = begun
          // it stood in line for a connection until its time was over: said to have never left, it must not leave now
          if (ended !== undefined) begun.abort(toError(ended))
          else if (signal.aborted) stop()
        },
        onResponseStart: (_, status, fields) => {
          head = { status, headers: fields }
          if (!isRedirection(status)) return
          resolve({ ...head, text: '' })
          most = besides.bytes
          clearTimeout(timer)
          timer = endAfter(besides.ms)
        },
        onResponseData: (begun, chunk) => {
          size += chunk.byteLength
          if (size > most) begun.abort(new Error(`die Antwort ist größer als ${most} Bytes`))
          else chunks.push(chunk)
        },
        onResponseEnd: () => {
          over()
          resolve({ ...head, text: utf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) })
        },
        onResponseError: (_, error) => {
          over()
          reject(new Broken(error, false))
        },
      },
    )
  })

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))
