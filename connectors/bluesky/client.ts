// The official client library on our own session and our own HTTP, so that every failure has its class and no host but the base is spoken to.
import { Agent } from '@atproto/api'
import type { Tools } from '../../src/connector/connector.ts'
import type { Answer, CallKind, HttpRequest } from '../../src/connector/http.ts'
import { classified, named, refusal } from './failures.ts'
import { type Session, signIn } from './session.ts'
import type { BlueskySettings } from './settings.ts'

export interface BlueskyClient {
  readonly settings: BlueskySettings
  readonly tools: Tools
  session(signal: AbortSignal): Promise<Session>
  /** A call after which nothing is there that was not before (uploads that nobody sees included). */
  read<T>(call: (agent: Agent) => Promise<T>): Promise<T>
  /** A call that puts something there or takes it away. */
  write<T>(call: (agent: Agent) => Promise<T>): Promise<T>
}

export const openClient = (settings: BlueskySettings, tools: Tools): BlueskyClient => {
  const signedIn = signIn(settings)
  const agentFor = (kind: CallKind): Agent =>
    new Agent({
      fetchHandler: async (path, init) => {
        const { method = 'GET', body = null, signal } = init
        const headers = new Headers(init.headers)
        const whole = { path, kind, method, headers, body: (body ?? undefined) as HttpRequest['body'] }
        return asResponse(await signedIn.send({ ...whole, signal: signal ?? AbortSignal.timeout(lastResortMs) }), kind)
      },
    })
  const agents = { read: agentFor('read'), write: agentFor('write') }
  const calling =
    (kind: CallKind) =>
    <T>(call: (agent: Agent) => Promise<T>): Promise<T> =>
      classified(kind, () => call(agents[kind]), signedIn.quote)
  return { settings, tools, session: signedIn.session, read: calling('read'), write: calling('write') }
}

/** For a call that was made without a signal. */
const lastResortMs = 30_000

/** What something in between answered in the platform's place gets its class here; the library would invent a name for it. */
const asResponse = (answer: Answer, kind: CallKind): Response => {
  const { name, words } = answer.status < 300 ? { name: 'Success', words: '' } : named(answer)
  if (name === undefined) throw refusal({ status: answer.status, name, words, headers: answer.headers }, kind)
  const headers = new Headers(answer.headers)
  // The text is decoded already.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(answer.status === 204 ? null : answer.text, { status: answer.status, headers })
}
