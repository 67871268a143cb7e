// One account on Threads: calls whose refusals already have their class. https://developers.facebook.com/docs/threads
import type { Tools } from '../../src/connector/connector.ts'
import { type Answer, type CallKind, type HttpRequest, send } from '../../src/connector/http.ts'
import type { Secret } from '../../src/connector/secret.ts'
import { isTokenRefused, type Problem, problemOf, refusal } from './failures.ts'
import type { ThreadsSettings } from './settings.ts'
import { openToken, type Token } from './token.ts'

interface ThreadsCall {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below base and version: `/me/threads`. */
  readonly path: string
  /** What is undefined is left out. */
  readonly fields?: Readonly<Record<string, string | undefined>>
  readonly kind: CallKind
  readonly signal: AbortSignal
  /** A refusal that is as good as an answer, or has another class here. */
  readonly unless?: (said: Problem) => boolean
}

export interface ThreadsClient {
  readonly tools: Tools
  readonly token: Token
  /** @throws every class of error; undefined: refused as `unless` foresaw. */
  ask(call: ThreadsCall): Promise<Answer | undefined>
  /** Likewise where nothing is foreseen. */
  call(call: Omit<ThreadsCall, 'unless'>): Promise<Answer>
}

export const openClient = (settings: ThreadsSettings, tools: Tools): ThreadsClient => {
  const token = openToken(settings, tools)
  const whose = `das Konto ${settings.account ?? 'der Stadt'}`
  const sent = async (wanted: ThreadsCall): Promise<Answer> => {
    const held = await token.current(wanted.signal)
    const answer = await send(requestOf(settings, wanted, held))
    const other = isTokenRefused(answer) ? await token.other(held) : undefined
    return other ? send(requestOf(settings, wanted, other)) : answer
  }
  const ask = async (wanted: ThreadsCall): Promise<Answer | undefined> => {
    const answer = await sent(wanted)
    if (answer.status >= 200 && answer.status < 300) return answer
    const said = problemOf(answer)
    if (said && wanted.unless?.(said)) return undefined
    throw refusal(answer, wanted.kind, whose)
  }
  return { tools, token, ask, call: async (wanted) => (await ask(wanted)) as Answer }
}

/** The token goes with the fields, as documented: in the body of what is posted, else in the query, which no error repeats. */
const requestOf = (
  { base, version }: ThreadsSettings,
  { method, path, kind, signal, fields = {} }: ThreadsCall,
  token: Secret,
): HttpRequest => {
  const given = Object.entries({ ...fields, access_token: token.reveal() }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  const form = new URLSearchParams(given).toString()
  const request = { method, kind, signal, secrets: [token] }
  const url = `${base}/${version}${path}`
  if (method !== 'POST') return { ...request, url: `${url}?${form}` }
  return { ...request, url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form }
}
