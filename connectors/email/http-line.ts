// The line to the lab: the whole letter as bytes in one POST. A rehearsal may speak to one port of this machine and to nothing else, and
// there the faults, the ledger and the wall stand behind HTTP; so the letter is the same byte for byte, and only its last hop is not SMTP.
import { z } from 'zod'
import { UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type HttpRequest, retryAfterMs, send } from '../../src/connector/http.ts'
import type { Line } from './line.ts'
import { type Ended, endedBy, type Reply } from './replies.ts'
import type { EmailSettings } from './settings.ts'

type Call = Pick<HttpRequest, 'method' | 'kind' | 'signal' | 'headers' | 'body'> & { readonly path: string }

/** As long as a letter may take once it has begun, in milliseconds. */
const patienceMs = 20_000

export const openHttpLine = async (settings: EmailSettings, signal: AbortSignal): Promise<Line> => {
  const call = ({ path, headers, ...rest }: Call): Promise<Answer> =>
    send({
      ...rest,
      url: settings.base.replace(/\/+$/, '') + path,
      headers: { ...signed(settings), ...headers },
      secrets: settings.login ? [settings.login.password] : [],
    })
  const greeting = await call({ method: 'GET', path: '/account', kind: 'read', signal })
  if (greeting.status !== 200) unsigned(greeting)
  return {
    send: async ({ from, to }, letter) => {
      const headers = { 'content-type': 'message/rfc822', 'x-mail-from': from, 'x-rcpt-to': to }
      const wish = { method: 'POST', path: '/messages', kind: 'write', headers, body: Uint8Array.from(letter) } as const
      try {
        const answer = await call({ ...wish, signal: AbortSignal.timeout(patienceMs) })
        return answer.status === 202 && answer.as(taken) ? { state: 'sent' } : refused(answer)
      } catch (error) {
        if (error instanceof UnclearError) return { state: 'unclear', words: error.message }
        throw error
      }
    },
    close: () => {},
  }
}

/** Without a sign-in the sender's address says whose letters they are. */
const signed = ({ login, from }: EmailSettings): Readonly<Record<string, string>> =>
  login
    ? { authorization: `Basic ${Buffer.from(`${login.user}:${login.password.reveal()}`).toString('base64')}` }
    : { 'x-mail-from': from.address }

const taken = z.object({ id: z.string() })
const reply = z.object({ code: z.int().min(400).max(599), text: z.string(), command: z.enum(['AUTH', 'MAIL FROM', 'RCPT TO', 'DATA']) })

/** The refusal of the server behind it; anything else in its place leaves it open whether the letter was taken. */
const refused = (answer: Answer): Ended => {
  const said = replyOf(answer)
  if (said) return endedBy(said)
  throw new UnclearError(`Der Mailserver antwortet ${answer.status}: ${answer.quote()}`)
}

/** Signing in sends nothing: what is unclear there is at worst unreachable. */
const unsigned = (answer: Answer): void => {
  const said = replyOf(answer)
  if (said) endedBy(said)
  throw new UnreachableError(`Der Mailserver antwortet ${answer.status}: ${answer.quote()}`)
}

const replyOf = (answer: Answer): Reply | undefined => {
  try {
    const { code, text, command } = reply.parse(JSON.parse(answer.text))
    const asked = answer.headers.has('retry-after') ? { retryAfterMs: retryAfterMs(answer.headers, Date.now()) } : {}
    return { code, command, words: answer.quote(`${code} ${text}`), ...asked }
  } catch {
    return undefined
  }
}
