// One YouTube channel: calls with a token that is good, whose refusals already have their class.
import type { Tools } from '../../src/connector/connector.ts'
import { type Answer, type HttpRequest, send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import { refusal } from './failures.ts'
import type { YoutubeSettings } from './settings.ts'
import { openTokens } from './tokens.ts'

type YoutubeCall = Pick<HttpRequest, 'method' | 'kind' | 'signal' | 'body'> & {
  /** Below the base (`/youtube/v3/videos?part=snippet`), or the whole address of an upload. */
  readonly path: string
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
  /** What is an answer too, beside success. */
  also?(answer: Answer): boolean
}

export interface YoutubeClient {
  readonly settings: YoutubeSettings
  readonly tools: Tools
  /** @throws every class of error; an answer that comes back is what was wanted. */
  call(call: YoutubeCall): Promise<Answer>
  /** What is kept beside the access token: the granted scopes, and until when the refresh token is good. */
  notes(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
}

export const openClient = (settings: YoutubeSettings, tools: Tools): YoutubeClient => {
  const tokens = openTokens(settings, tools)
  const call = async (wanted: YoutubeCall): Promise<Answer> => {
    const { token } = await tokens.get(wanted.signal)
    let answer = await send(requestOf(settings, wanted, token))
    if (answer.status === 401) answer = await send(requestOf(settings, wanted, (await tokens.get(wanted.signal, token)).token))
    if ((answer.status >= 200 && answer.status < 300) || wanted.also?.(answer)) return answer
    throw refusal(answer, wanted.kind)
  }
  return { settings, tools, call, notes: async (signal) => (await tokens.get(signal)).notes }
}

const requestOf = ({ base }: YoutubeSettings, call: YoutubeCall, token: Secret): HttpRequest => ({
  method: call.method,
  kind: call.kind,
  signal: call.signal,
  url: call.path.startsWith('/') ? base + call.path : call.path,
  // who knows the address of an upload may upload
  secrets: call.path.startsWith('/') ? [] : [new Secret(URL.parse(call.path)?.search ?? '')],
  headers: {
    accept: 'application/json',
    authorization: `Bearer ${token.reveal()}`,
    ...(call.json && { 'content-type': 'application/json; charset=UTF-8' }),
    ...call.headers,
  },
  body: call.json ? JSON.stringify(call.json) : call.body,
})
