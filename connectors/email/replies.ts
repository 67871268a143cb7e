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
/** An account whose limit is reached: most count an hour or the last 24, and capacity comes back bit by bit. */
const limitMs = 3_600_000

/**
 * What the reply means for the recipient.
 *
 * @throws NotYetError, ChannelError, RejectedError or UnreachableError where it concerns more than the recipient; nothing was sent then
 */
export const endedBy = (reply: Reply): Ended => {
  const { code, command } = reply
  const said = `Der Mailserver antwortet auf ${command} mit ${reply.words || code}`
  const words = quotable(said, [])
  const later = code < 500
  const putOff = (): NotYetError => new NotYetError(words, reply.retryAfterMs ?? comeBackMs)
  if (code === 421) throw putOff()
  if (command === 'CONNECT') throw later ? putOff() : new UnreachableError(words)
  const ofLetter = command === 'RCPT TO' || command === 'DATA'
  if (ofLetter && !later && isOfMailbox(reply.words)) return { state: 'refused', words }
  if (isOfLimit(reply.words)) {
    const limited = quotable(`Das Konto, von dem gesendet wird, hat seine Grenze erreicht. ${said}`, [])
    throw new NotYetError(limited, reply.retryAfterMs ?? (later ? comeBackMs : limitMs))
  }
  if (!ofLetter) throw later ? putOff() : new ChannelError(words)
  if (later) return { state: 'later', words }
  if (isOfAccount(reply.words)) throw new ChannelError(quotable(`Das Konto, von dem gesendet wird, darf so nicht senden. ${said}`, []))
  if (command === 'RCPT TO') return { state: refusesAddress.has(code) ? 'refused' : 'later', words }
  if (isOfAddress(reply.words)) return { state: 'later', words }
  throw new RejectedError(words)
}

/** The first enhanced code of the words, and no part of an internet address: https://www.rfc-editor.org/rfc/rfc3463#section-2 */
const enhanced = (words: string): string => /(?<![\d.])5\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(words)?.[0] ?? ''

/**
 * RFC 5321 (4.2.3): the mailbox is not there, or not local, or its name is not allowed. Not 552, which RFC 5321 (4.5.3.1.10) takes for
 * temporary here, and not 554, which says nothing: neither is surely the recipient's, so they are put off, and given up in the end.
 */
const refusesAddress: ReadonlySet<number> = new Set([550, 551, 553])

/** No such mailbox, domain or address, moved, takes no mail (RFC 7505), disabled, full: https://www.rfc-editor.org/rfc/rfc3463#section-3.2 */
const mailboxCodes: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1', '5.2.2'])

/**
 * Exchange Online says `STOREDRV.Submission` of the mailbox that sends, also where that one is full (5.2.2), unless it names an address as
 * invalid; and 5.2.2 where that one has sent too much:
 * https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online
 */
const isOfMailbox = (words: string): boolean =>
  /InvalidRecipients/.test(words) || (mailboxCodes.has(enhanced(words)) && !/STOREDRV\.Submission|submission quota/i.test(words))

/** X.1.X is about an address and X.2.X about a mailbox, but these others do not say whose it is. */
const isOfAddress = (words: string): boolean => /^5\.[12]\./.test(enhanced(words))

/**
 * 5.4.5: https://support.google.com/a/answer/3726730. 5.1.90, 5.7.233:
 * https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online
 */
const limitCodes: ReadonlySet<string> = new Set(['5.4.5', '5.1.90', '5.7.233'])

/** A bare "quota exceeded" is not among them: so say servers of a recipient's full mailbox. */
const limitWords: readonly RegExp[] = [
  // https://learn.microsoft.com/exchange/mail-flow-best-practices/continuous-error-throttling-smtp-auth-submissions (5.2.251 to 5.2.255)
  /sender throttled/i,
  // https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
  /submission ?quota ?exceeded|RefuseQuota/i,
  // https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html, and https://support.google.com/a/answer/6140680
  /\b(?:daily|hourly|24.hour)\b[\w ]* (?:limit|quota)\b/i,
  // https://www.ionos.ca/help/email/general-topics/what-are-the-mass-mailing-limits/
  /\b(?:send|sending|relay) (?:limit|quota)\b/i,
  // https://support.prolateral.com/index.php?/Knowledgebase/Article/View/187/35/what-does-smtp-554-571-mean
  /exceeded your (?:\w+ )?quota/i,
  // cPanel
  /exceeded the max [\w ]+ per (?:hour|day)/i,
]

const isOfLimit = (words: string): boolean => limitCodes.has(enhanced(words)) || limitWords.some((pattern) => pattern.test(words))

/**
 * 5.1.7 and 5.1.8 are about the sender's address (RFC 3463), the others about senders and tenants that are shut out:
 * https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online
 */
const accountCodes: ReadonlySet<string> = new Set([
  '5.1.7',
  '5.1.8',
  '5.7.501',
  '5.7.502',
  '5.7.503',
  '5.7.705',
  '5.7.708',
  '5.7.750',
  '5.7.800',
])

const accountWords: readonly RegExp[] = [
  // of the mailbox that sends, whatever follows: a wrong sender, a mailbox that is full or locked
  /STOREDRV\.Submission|SendAsDenied|permissions? to send as/,
  // Postfix holds this back until RCPT TO: https://www.postfix.org/postconf.5.html#smtpd_delay_reject
  /\b(?:sender address|client host|helo command)\b.{0,80}\b(?:rejected|blocked)\b/i,
  /\brelay(?:ing)?(?: access)? (?:denied|not permitted)\b|\bunable to relay\b/i,
  // https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
  /email address is not verified|sending paused/i,
  /\b(?:(?:your|sending) account|outgoing mail)\b.{0,120}\b(?:suspended|disabled|blocked|locked|banned)\b/i,
]

const isOfAccount = (words: string): boolean => accountCodes.has(enhanced(words)) || accountWords.some((pattern) => pattern.test(words))
