// What a mail server says: reply codes of RFC 5321 with the enhanced codes of RFC 3463, as JSON in an HTTP answer.
import type { Answer, OwnAnswers } from '../room.ts'

export type Command = 'AUTH' | 'MAIL FROM' | 'RCPT TO' | 'DATA'

const said = (status: number, code: number, text: string, command: Command, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: { code, text, command },
})

/** Thrown to answer with a refusal of the server. */
export class Refused extends Error {
  readonly code: number
  readonly text: string
  readonly command: Command
  constructor(code: number, text: string, command: Command) {
    super(`${code} ${text}`)
    this.code = code
    this.text = text
    this.command = command
  }
}

/** The answer of what is done there, or the refusal that it threw. */
export const answered = (act: () => Answer): Answer => {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refused) return said(422, error.code, error.text, error.command)
    throw error
  }
}

export const taken = (id: string): Answer => ({ status: 202, body: { id, code: 250, text: '2.0.0 Ok: queued' } })

/** What it answers when a fault strikes. */
export const mailAnswers: OwnAnswers = {
  refused: () => said(422, 554, '5.7.1 Message rejected by content policy', 'DATA'),
  throttled: (seconds) => said(429, 421, '4.7.0 Too many messages, try again later', 'MAIL FROM', { 'retry-after': String(seconds) }),
  expired: () => said(401, 535, '5.7.8 Authentication credentials invalid', 'AUTH', { 'www-authenticate': 'Basic realm="mail"' }),
  unavailable: () => said(503, 421, '4.3.2 Service not available, closing transmission channel', 'DATA'),
  failed: () => ({ status: 500, body: { text: 'The connection to the mail server was lost' } }),
  notFound: () => ({ status: 404, body: { text: 'There is nothing here' } }),
}
