// One exchange over HTTP: reads a request to its end, lets a fault strike if one is due, and sends the answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import { type Answer, type Ask, type Call, type OwnAnswers, Refusal } from './room.ts'

/** The largest request body read, in bytes: above every upload limit of a platform in the lab. */
const bodyLimit = 120_000_000

/** Everything one call needs to be played. */
export interface Play {
  readonly call: Call
  readonly fault: Fault | undefined
  readonly answers: OwnAnswers
  /** Runs something later; if the lab stops or is reset before, `dropped` is run instead. */
  later(act: () => void, ms: number, dropped?: () => void): void
}

/** Reads the body; undefined when it is too large, or when the caller goes away before its end. */
export const readBody = (request: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((done) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimit) chunks.push(chunk)
      else done(undefined)
    })
    request.once('end', () => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.once('error', () => done(undefined))
  })

/** The request as a room sees it; `mount` is cut off the path. */
export const askOf = (request: IncomingMessage, body: Buffer, mount: string): Ask => {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method ?? 'GET',
    path: url.slice(mount.length, mark < 0 ? undefined : mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark)),
    headers: request.headers,
    body,
    ip: request.socket.remoteAddress ?? '',
  }
}

const contentOf = (body: Answer['body']): [string, string | Buffer] => {
  if (body === undefined) return ['text/plain', '']
  if (typeof body === 'string') return ['text/html; charset=utf-8', body]
  if (Buffer.isBuffer(body)) return ['application/octet-stream', body]
  return ['application/json; charset=utf-8', JSON.stringify(body)]
}

export const send = (response: ServerResponse, answer: Answer): void => {
  const [type, content] = contentOf(answer.body)
  response.writeHead(answer.status, { 'content-type': type, 'content-length': Buffer.byteLength(content), ...answer.headers })
  response.end(content)
}

/** An address with a per cent sign that escapes nothing. */
export const misspelt: Answer = {
  status: 400,
  body: { error: 'This address is not written as addresses are: "%" must be followed by two digits.' },
}

/** Does what the call asks; what a room refuses becomes its answer, and a mistake of our own is the platform's 500. */
const actOut = async (call: Call, answers: OwnAnswers): Promise<Answer> => {
  try {
    return await call.act()
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    if (error instanceof URIError) return misspelt
    process.emitWarning(error instanceof Error ? error : new Error(String(error)))
    return answers.failed()
  }
}

const cut = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy()
}

const proxyPage =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>'

/** 10 MB of JSON that a careless client would swallow whole. */
const hugeAnswer = (): Answer => ({ status: 200, body: { padding: 'x'.repeat(10_000_000) } })

const brokenAnswer = (answer: Answer): Answer => {
  const [type, content] = contentOf(answer.body)
  const bytes = Buffer.from(content)
  return { status: 200, headers: { 'content-type': type }, body: bytes.subarray(0, Math.max(1, bytes.length >> 1)) }
}

/** Plays a call with its fault. A post that the platform would refuse anyway is refused, whatever the fault. */
export const play = async (response: ServerResponse, { call, fault, answers, later }: Play): Promise<void> => {
  const act = () => actOut(call, answers)
  const acted = async (strike: (answer: Answer) => void): Promise<void> => {
    const answer = await act()
    if (answer.status >= 400) send(response, answer)
    else strike(answer)
  }
  switch (fault?.fault) {
    case undefined:
      return send(response, await act())
    case 'refuse':
      return send(response, answers.refused())
    case 'throttle':
      return send(response, answers.throttled(fault.retryAfter))
    case 'expired-token':
      return send(response, answers.expired())
    case 'unavailable':
      return send(response, answers.unavailable())
    case 'html':
      return send(response, { status: 502, body: proxyPage })
    case 'redirect':
      return send(response, { status: 307, headers: { location: elsewhere(response) } })
    case 'reset':
      return cut(response)
    case 'hang':
      return
    case 'post-then-reset':
      return acted(() => cut(response))
    case 'post-but-500':
      return acted(() => send(response, answers.failed()))
    case 'post-late':
      later(act, fault.afterMs)
      return cut(response)
    case 'broken-json':
      return acted((answer) => send(response, brokenAnswer(answer)))
    case 'huge':
      return acted(() => send(response, hugeAnswer()))
    case 'slow':
      return later(
        async () => send(response, await act()),
        fault.afterMs,
        () => cut(response),
      )
  }
}

/** The same port under another host name: a client that follows is caught without anything leaving the machine. */
const elsewhere = (response: ServerResponse): string => `http://localhost:${response.socket?.localPort}/elsewhere`
