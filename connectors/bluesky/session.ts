// Signed in to Bluesky: one session for a channel, renewed when it has run out, however many calls notice it at once.
import { z } from 'zod'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type HttpRequest, quotable, send } from '../../src/connector/http.ts'
import { untilAborted } from '../../src/connector/until-aborted.ts'
import { named, refusal } from './failures.ts'
import type { BlueskySettings } from './settings.ts'

export interface Session {
  readonly did: string
  readonly handle: string
  readonly accessJwt: string
  readonly refreshJwt: string
}

/** A request below the base: `/xrpc/…` with its query. */
type BlueskyCall = Pick<HttpRequest, 'method' | 'body' | 'signal' | 'kind'> & { readonly path: string; readonly headers: Headers }

export interface SignedIn {
  /** The session, opened when it is first needed. Waits no longer than `signal` allows. */
  session(signal: AbortSignal): Promise<Session>
  /** Sends with the session's token, and once more with a new one when it had run out. Any status is an answer. */
  send(call: BlueskyCall): Promise<Answer>
  /** Words fit for an error message: without the app password and the tokens. */
  quote(words: string): string
}

/** Longer than any sign-in takes; shared by all who wait for it, so no single attempt's signal ends it. */
const signInMs = 15_000

/**
 * Rejects with ChannelError when the account or its app password is refused, NotYetError after too many sign-ins (30 in 5 minutes:
 * https://docs.bsky.app/docs/advanced-guides/rate-limits), UnreachableError for all that may pass.
 */
export const signIn = (settings: BlueskySettings): SignedIn => {
  let current: Promise<Session> | undefined
  let tokens: readonly string[] = []

  const keep = (opening: Promise<Session>): Promise<Session> => {
    current = opening
    opening.then(
      ({ accessJwt, refreshJwt }) => {
        tokens = [accessJwt, refreshJwt]
      },
      () => {
        if (current === opening) current = undefined
      },
    )
    return opening
  }
  const session = (): Promise<Session> => current ?? keep(create(settings))

  return {
    session: (signal) => untilAborted(session(), signal, late),
    quote: (words) => quotable(words, [settings.appPassword.reveal(), ...tokens]),
    send: async (call) => {
      const held = session()
      const first = await untilAborted(held, call.signal, late)
      const answer = await send(requestOf(settings, call, first.accessJwt))
      if (!hasRunOut(answer)) return answer
      const renewed = current === held ? keep(renew(settings, first)) : session()
      return send(requestOf(settings, call, (await untilAborted(renewed, call.signal, late)).accessJwt))
    },
  }
}

const late = (): Error => new UnreachableError('Bluesky: nicht angemeldet, die Zeit war um')

/** 400 as a PDS says it, 401 as the entryway does. */
const hasRunOut = (answer: Answer): boolean =>
  answer.status === 401 || (answer.status === 400 && ['ExpiredToken', 'InvalidToken'].includes(named(answer).name ?? ''))

const requestOf = ({ base, appPassword }: BlueskySettings, call: BlueskyCall, token: string): HttpRequest => {
  const headers = new Headers(call.headers)
  headers.set('authorization', `Bearer ${token}`)
  const { method, body, signal, kind } = call
  return { method, body, signal, kind, headers, url: base + call.path, secrets: [appPassword] }
}

const opened = z.object({
  did: z.string(),
  handle: z.string(),
  accessJwt: z.string(),
  refreshJwt: z.string(),
  active: z.boolean().optional(),
})

const asSession = (answer: Answer): Session => {
  const { status, headers, text } = answer
  if (status < 200 || status > 299) throw refusal({ ...named(answer), status, headers }, 'read')
  // tokens that came in an odd answer are not quoted
  const { success, data } = opened.safeParse(parsed(text))
  if (!success) throw new UnreachableError('Bluesky: Die Antwort auf die Anmeldung hat eine andere Gestalt als beschrieben.')
  const { active, ...session } = data
  if (active === false) throw new ChannelError('Bluesky: Das Konto ist stillgelegt oder gesperrt.')
  return session
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const post = ({ base, appPassword }: BlueskySettings, method: string, more: Partial<HttpRequest>): Promise<Answer> =>
  send({
    method: 'POST',
    url: `${base}/xrpc/com.atproto.server.${method}`,
    kind: 'read',
    signal: AbortSignal.timeout(signInMs),
    secrets: [appPassword],
    ...more,
  })

/** https://docs.bsky.app/docs/api/com-atproto-server-create-session */
const create = async (settings: BlueskySettings): Promise<Session> => {
  const body = JSON.stringify({ identifier: settings.handle, password: settings.appPassword.reveal() })
  return asSession(await post(settings, 'createSession', { headers: { 'content-type': 'application/json' }, body }))
}

/** https://docs.bsky.app/docs/api/com-atproto-server-refresh-session; where that is refused too, we sign in anew. */
const renew = async (settings: BlueskySettings, { refreshJwt }: Session): Promise<Session> => {
  const answer = await post(settings, 'refreshSession', { headers: { authorization: `Bearer ${refreshJwt}` } })
  return answer.status === 400 || answer.status === 401 ? create(settings) : asSession(answer)
}
