// The line to a mail server over SMTP: one connection, encrypted wherever it leaves this machine, on which letters follow one another.
import { Readable } from 'node:stream'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { mayReach } from '../../src/connector/exit.ts'
import { quotable } from '../../src/connector/http.ts'
import type { Envelope, Line } from './line.ts'
import { type Ended, endedBy, type Reply } from './replies.ts'
import { type EmailSettings, isLoopback, type Login } from './settings.ts'

/** Milliseconds. RFC 5321 (4.5.3.2) allows ten minutes after the last byte; a server that is well answers within seconds. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 5_000, socketTimeout: 20_000, socketCloseTimeout: 500 }

/** TLS from the first byte for `smtps:`, STARTTLS or nothing for `smtp:`; inside this machine a certificate would prove nothing. */
export const connectionOptions = ({ base, from }: Pick<EmailSettings, 'base' | 'from'>): SMTPConnectionOptions => {
  const { protocol, hostname, port } = new URL(base)
  const secure = protocol === 'smtps:'
  const local = isLoopback(base)
  return {
    ...patience,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !local,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: !local },
    name: from.address.split('@')[1] ?? 'localhost',
  }
}

export const openSmtpLine = async (settings: EmailSettings): Promise<Line> => {
  const options = connectionOptions(settings)
  mayReach(options.host ?? '')
  const connection = new SMTPConnection(options)
  // what breaks a line is told to the letter that is on it; between two letters the next one hears it
  connection.on('error', () => {})
  try {
    await connected(connection)
    if (settings.login) await signedIn(connection, settings.login)
  } catch (error) {
    connection.close()
    throw unsigned(error, secretsOf(settings))
  }
  return {
    send: (envelope, letter) => sent({ connection, secrets: secretsOf(settings) }, envelope, letter),
    close: () => connection.quit(),
  }
}

const connected = (connection: SMTPConnection): Promise<void> =>
  new Promise((done, failed) => {
    connection.once('error', failed)
    connection.once('end', () => failed(new Error('die Verbindung wurde geschlossen')))
    connection.connect((error) => (error ? failed(error) : done()))
  })

/** What a server's words are cleaned of. */
const secretsOf = ({ login }: EmailSettings): readonly string[] => (login ? [login.password.reveal()] : [])

const signedIn = (connection: SMTPConnection, { user, password }: Login): Promise<void> =>
  new Promise((done, failed) => {
    connection.once('error', failed)
    connection.once('end', () => failed(new Error('die Verbindung wurde geschlossen')))
    connection.login({ credentials: { user, pass: password.reveal() } }, (error) => (error ? failed(error) : done()))
  })

type Failed = NonNullable<Parameters<Parameters<SMTPConnection['send']>[2]>[0]>

/** Nothing was sent yet, so that whatever has no class is unreachable. */
const unsigned = (error: unknown, secrets: readonly string[]): Error => {
  const failed = error as Failed
  const words = quotable(failed.response ?? failed.message, secrets)
  const auth = failed.code === 'EAUTH'
  if (failed.responseCode === undefined)
    return auth
      ? new ChannelError(`Die Anmeldung beim Mailserver gelingt nicht: ${words}`)
      : new UnreachableError(`Der Mailserver ist nicht erreichbar: ${words}`)
  try {
    endedBy({ code: failed.responseCode, words, command: auth ? 'AUTH' : 'CONNECT' })
  } catch (classified) {
    return classified as Error
  }
  return new UnreachableError(words)
}

interface OpenLine {
  readonly connection: SMTPConnection
  readonly secrets: readonly string[]
}

/** The server takes the letter with its last byte: before its first has left it surely has not, and after that only its answer tells. */
const sent = ({ connection, secrets }: OpenLine, { from, to }: Envelope, letter: Buffer): Promise<Ended> =>
  new Promise((done, failed) => {
    let leaving = false
    const body = new Readable({
      read() {
        leaving = true
        this.push(letter)
        this.push(null)
      },
    })
    connection.send({ from, to: [to], size: letter.length }, body, (error) => {
      try {
        done(error ? endedWith(error, { to, leaving, secrets }) : { state: 'sent' })
      } catch (classified) {
        failed(classified)
      }
    })
  })

/** Servers repeat the address in their words; it belongs into no error and no log. */
const endedWith = (
  error: Failed,
  { to, leaving, secrets }: { readonly to: string; readonly leaving: boolean; readonly secrets: readonly string[] },
): Ended => {
  const words = quotable((error.response ?? error.message).replaceAll(to, '…'), secrets)
  if (error.responseCode !== undefined) return endedBy({ code: error.responseCode, words, command: commandOf(error) })
  // larger than the server says it takes: nodemailer asks nobody
  if (error.code === 'EMESSAGE' || error.code === 'EENVELOPE') return endedBy({ code: 550, words, command: commandOf(error) })
  if (leaving) return { state: 'unclear', words: `Die Verbindung brach ab, als der Brief unterwegs war: ${words}` }
  throw new UnreachableError(`Der Mailserver ist nicht erreichbar: ${words}`)
}

const commandOf = ({ command, code }: Failed): Reply['command'] => {
  if (command === 'RCPT TO' || command === 'MAIL FROM') return code === 'EMESSAGE' ? 'DATA' : command
  return command === 'DATA' ? 'DATA' : 'CONNECT'
}
