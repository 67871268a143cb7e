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

/** @throws Broken with the reason as its cause; a redirection is an answer as soon as it is known as one. */
export const exchange = ({ url, method, headers, body, signal, maxBytes }: Asked): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let controller: Dispatcher.DispatchController | undefined
    let head = { status: 0, headers: {} as Answered['headers'] }
    let size = 0
    const stop = (): void => {
      controller?.abort(toError(signal.reason))
      if (controller === undefined) reject(new Broken(signal.reason, true))
    }
    signal.addEventListener('abort', stop, { once: true })
    const over = (): void => signal.removeEventListener('abort', stop)
    agent.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method: method.toUpperCase() as Dispatcher.HttpMethod, headers, body },
      {
        onRequestStart: (begun) => {
          controller = begun
          if (signal.aborted) stop()
        },
        onResponseStart: (_, status, fields) => {
          head = { status, headers: fields }
          if (isRedirection(status)) resolve({ ...head, text: '' })
        },
        onResponseData: (begun, chunk) => {
          size += chunk.byteLength
          if (size > maxBytes) begun.abort(new Error(`die Antwort ist größer als ${maxBytes} Bytes`))
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
