// Speaks to the service over HTTP: one call a verb, the same Idempotency-Key when a broken connection is tried again.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Problem } from '../announcement/refusal.ts'
import { NotReached, Refused } from './failures.ts'
import { notRunning, type Whereabouts } from './whereabouts.ts'

export interface Api {
  /** @throws Refused, NotReached (so do all of these). `patience`: seconds that the service may take before it answers. */
  get<T>(path: string, patience?: number): Promise<T>
  /** `idempotencyKey`: the person's own, else a random one. */
  post<T>(path: string, body?: object, idempotencyKey?: string): Promise<T>
  /** Sends bytes as they are. */
  /** A `Blob` of a file is read while it goes. */
  upload<T>(path: string, bytes: Blob, type: string): Promise<T>
  remove(path: string): Promise<void>
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: string | Blob
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds. */
  readonly patience?: number
}

const usualPatience = 30
/** Bytes a second of the slowest line on which a film is sent. */
const slowestLine = 400_000
/** Tries after a connection that broke off, a full house or a twin in flight; each pauses longer. */
const pauses = [200, 1000, 3000] as const
const longestPause = 30_000

export const connectTo = (service: Whereabouts): Api => {
  const call = <T>(wish: Call): Promise<T> => answered<T>(service, wish)
  return {
    get: (path, patience) => call({ method: 'GET', path, ...(patience === undefined ? {} : { patience }) }),
    post: (path, body = {}, idempotencyKey = randomUUID()) =>
      call({
        method: 'POST',
        path,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      }),
    upload: (path, bytes, type) =>
      call({
        method: 'POST',
        path,
        body: bytes,
        headers: { 'content-type': type, 'idempotency-key': randomUUID() },
        patience: usualPatience + Math.ceil(bytes.size / slowestLine),
      }),
    remove: (path) => call<void>({ method: 'DELETE', path }),
  }
}

const answered = async <T>(service: Whereabouts, wish: Call): Promise<T> => {
  for (const wait of [...pauses, undefined]) {
    try {
      const answer = await send(service, wish)
      const again = wait === undefined ? undefined : await tryAgainIn(answer, wait)
      if (again === undefined) return await read<T>(service, answer)
      await pause(again)
    } catch (error) {
      if (error instanceof Refused || error instanceof NotReached) throw error
      if (wait === undefined || !brokeOff(error)) throw unreachable(service, wish, error)
      await pause(wait)
    }
  }
  throw new NotReached(`Rundruf unter ${service.url} ist überlastet. Bitte versuchen Sie es gleich noch einmal.`)
}

const send = (service: Whereabouts, wish: Call): Promise<Response> =>
  fetch(`${service.url}/api/v1${wish.path}`, {
    method: wish.method,
    headers: { authorization: `Bearer ${service.key}`, accept: 'application/json, application/problem+json', ...wish.headers },
    body: (wish.body ?? null) as RequestInit['body'] & {},
    redirect: 'manual', // the key goes to this host only
    signal: AbortSignal.timeout((wish.patience ?? usualPatience) * 1000),
  })

/** Milliseconds after which the same call is worth another try; undefined: this answer stands. */
const tryAgainIn = async (answer: Response, wait: number): Promise<number | undefined> => {
  if (answer.status === 429) {
    const asked = Number(answer.headers.get('retry-after') ?? Number.NaN) * 1000
    return Number.isNaN(asked) ? wait : asked <= longestPause ? asked : undefined
  }
  if (answer.status !== 409) return undefined
  const problem = (await answer
    .clone()
    .json()
    .catch(() => ({}))) as { code?: unknown }
  return typeof problem.code === 'string' && problem.code.includes('in-flight') ? wait : undefined
}

const read = async <T>(service: Whereabouts, answer: Response): Promise<T> => {
  const text = await answer.text()
  if (answer.ok && text === '') return undefined as T
  const body = parse(text)
  if (answer.ok && body !== undefined) return body as T
  const problem = body as ProblemAnswer | undefined
  if (answer.status >= 500) throw new NotReached(disturbed(service, answer.status, problem?.detail))
  if (typeof problem?.detail !== 'string')
    throw new NotReached(`Unter ${service.url} antwortet etwas anderes als Rundruf (Status ${answer.status}). Stimmt RUNDRUF_URL?`)
  throw new Refused({
    status: answer.status,
    code: problem.code ?? 'refused',
    detail: problem.detail,
    problems: problem.problems ?? [],
  })
}

interface ProblemAnswer {
  readonly code?: string
  readonly detail?: string
  readonly problems?: readonly Problem[]
}

const parse = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const disturbed = (service: Whereabouts, status: number, detail: string | undefined): string =>
  `Rundruf unter ${service.url} ist gestört (Status ${status}).${detail === undefined ? '' : ` ${detail}`}`

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  if (typeof cause?.code === 'string') return cause.code
  return error instanceof Error && error.name === 'TimeoutError' ? 'TIMEOUT' : 'UNKNOWN'
}

/** True for a connection that stood and broke: the answer may be lost, so the same key is sent again. */
const brokeOff = (error: unknown): boolean => ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT'].includes(codeOf(error))

const unreachable = (service: Whereabouts, wish: Call, error: unknown): NotReached => {
  const code = codeOf(error)
  if (service.found && code === 'ECONNREFUSED') return new NotReached(notRunning, { cause: error })
  const lost = wish.method !== 'GET' && (brokeOff(error) || code === 'TIMEOUT')
  return new NotReached(
    `Rundruf ist unter ${service.url} nicht zu erreichen (${code}).${
      lost ? ' Der Auftrag kann trotzdem angekommen sein: Sehen Sie mit `rundruf list` nach, bevor Sie ihn wiederholen.' : ''
    }`,
    { cause: error },
  )
}
