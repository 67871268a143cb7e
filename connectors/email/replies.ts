// What a mail server says, in our classes: of one recipient, of the letter, of the account, or of the server as a whole (RFC 5321, RFC 3463).
import { ChannelError, NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { quotable } from '../../src/connector/http.ts'

/** One refusal of a server: its code, its words, and the command that it answers. */
export interface Reply {
  /** `550`. */
  readonly code: number
  readonly words: string
  readonly command: 'CONNECT' | 'AUTH' | 'MAIL FROM' | 'RCPT TO' | 'DATA'
  /** Milliseconds, where the server names them. */
  readonly retryAfterMs?: number
}

/** How one letter ended there, as far as it concerns its recipient alone. */
export type Ended = { readonly state: 'sent' } | { readonly state: 'refused' | 'later' | 'unclear'; readonly words: string }

/** A server that puts everybody off is asked again after so long, unless it names a time. */
const comeBackMs = 60_000

/**
 * What the reply means for the recipient.
 *
 * @throws NotYetError, ChannelError, RejectedError or UnreachableError where it concerns more than the recipient; nothing was sent then
 */
export const endedBy = (reply: Reply): Ended => {
  const words = quotable(`Der Mailserver antwortet auf ${reply.command} mit ${reply.words || reply.code}`, [])
  if (reply.code === 421) throw new NotYetError(words, reply.retryAfterMs ?? comeBackMs)
  const later = reply.code < 500
  switch (reply.command) {
    case 'RCPT TO':
      return { state: later ? 'later' : 'refused', words }
    case 'DATA':
      if (later) return { state: 'later', words }
      if (isOfMailbox(reply.words)) return { state: 'refused', words }
      throw new RejectedError(words)
    case 'AUTH':
    case 'MAIL FROM':
      throw later ? new NotYetError(words, reply.retryAfterMs ?? comeBackMs) : new ChannelError(words)
    case 'CONNECT':
      throw later ? new NotYetError(words, reply.retryAfterMs ?? comeBackMs) : new UnreachableError(words)
  }
}

/** Enhanced codes X.1.X are about the address and X.2.X about the mailbox: https://www.rfc-editor.org/rfc/rfc3463#section-3 */
const isOfMailbox = (words: string): boolean => /\b5\.[12]\.\d{1,3}\b/.test(words)
