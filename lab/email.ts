// The mail server's stand-in: takes letters as SMTP servers do (RFC 5321), with their codes, but over HTTP, where the lab's faults live.
import { answered, mailAnswers, Refused, taken } from './email/answers.ts'
import { type Letter, readLetter } from './email/letter.ts'
import type { Answer, Ask, Call, Parts, Room } from './room.ts'

/**
 * Opens the room: `GET /account` signs in, `POST /messages` takes one letter (`message/rfc822`) for the one recipient of `x-rcpt-to`.
 * A password `rehearsal-<account>` is good for that account. As with the simulators of mail providers, some recipients do not take
 * letters: `unknown@…` does not exist (550), `full@…` cannot take any just now (452).
 */
export const openEmail = (parts: Parts): Room => ({
  platform: 'email',
  answers: mailAnswers,
  call: (ask) => callOf(parts, ask),
  clear: () => {},
})

const callOf = (parts: Parts, ask: Ask): Call | undefined => {
  const account = accountOf(ask)
  const call = (operation: Call['operation'], act: (account: string) => Answer): Call => ({
    operation,
    account,
    act: () => (account === null ? mailAnswers.expired() : answered(() => act(account))),
  })
  switch (`${ask.method} ${ask.path}`) {
    case 'GET /account':
      return call('session', (name) => ({ status: 200, body: { account: name, text: 'ready' } }))
    case 'POST /messages':
      return call('publish', (name) => post(parts, name, ask))
    default:
      return undefined
  }
}

/** Basic credentials, as AUTH PLAIN carries them, or the sender of who shows none, as a relay does that knows its machines; null: wrong ones. */
const accountOf = ({ headers }: Ask): string | null => {
  const from = String(headers['x-mail-from'] ?? '')
  if (headers.authorization === undefined) return mailbox.test(from) ? from : null
  const plain = Buffer.from(/^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '', 'base64').toString()
  return /^[^:]+:rehearsal-(\S{1,200})$/.exec(plain)?.[1] ?? null
}

/** RFC 5321: 64 characters before the @, 255 of a domain; 3.6.4 of RFC 5322 for the ids. */
const mailbox = /^[^\s<>@]{1,64}@[^\s<>@]{1,255}$/

const post = (parts: Parts, account: string, ask: Ask): Answer => {
  const [from, to] = [String(ask.headers['x-mail-from'] ?? ''), String(ask.headers['x-rcpt-to'] ?? '')]
  if (!mailbox.test(from)) throw new Refused(550, '5.1.7 Bad sender address', 'MAIL FROM')
  if (!mailbox.test(to)) throw new Refused(501, '5.1.3 Bad recipient address syntax', 'RCPT TO')
  if (/^unknown@/i.test(to)) throw new Refused(550, '5.1.1 User unknown', 'RCPT TO')
  if (/^full@/i.test(to)) throw new Refused(452, '4.2.2 Mailbox full, try again later', 'RCPT TO')
  const letter = readLetter(ask.body)
  enter(parts, { account, to, letter })
  return taken(letter.id)
}

/** Each letter is an entry of its own, as each lies in a mailbox of its own. */
const enter = (parts: Parts, { account, to, letter }: { readonly account: string; readonly to: string; readonly letter: Letter }): void => {
  const { id, subject, text, language, inReplyTo } = letter
  const url = `${parts.url()}/email/letters/${encodeURIComponent(id)}`
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? null
  const content = { text, language, link, images: [], title: subject, notice: `An: ${to}` }
  parts.ledger.add({ platform: 'email', account, id, url, replyTo: inReplyTo }, content, new Date(parts.now()).toISOString())
}
