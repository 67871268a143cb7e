// A real SMTP server for tests: STARTTLS and AUTH, with what it refuses, when it cuts the line, and what it has taken.
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface SmtpWish {
  /** Answers RCPT TO with this code, for addresses that match. */
  readonly refuse?: (address: string) => { readonly code: number; readonly text: string } | undefined
  /** What happens when the letter has arrived: it is taken unless said otherwise. `cut`: taken, and the connection is closed without a word. */
  readonly end?: (count: number) => 'take' | 'cut' | { readonly code: number; readonly text: string }
  /** Answers MAIL FROM with this. */
  readonly sender?: () => { readonly code: number; readonly text: string } | undefined
  readonly password?: string
  /** True: it offers no sign-in and asks for none, like a relay for machines that it knows. */
  readonly open?: boolean
}

export interface TestSmtp {
  /** `smtp://127.0.0.1:40123`. */
  readonly url: string
  /** The letters that it has taken, whether it could say so or not. */
  readonly taken: readonly { readonly to: string; readonly mail: ParsedMail; readonly raw: string; readonly secure: boolean }[]
  /** How many connections there were. */
  connections(): number
  [Symbol.asyncDispose](): Promise<void>
}

const saying = ({ code, text }: { readonly code: number; readonly text: string }): Error =>
  Object.assign(new Error(text), { responseCode: code })

export const aSmtpServer = async (wish: SmtpWish = {}): Promise<TestSmtp> => {
  const taken: { to: string; mail: ParsedMail; raw: string; secure: boolean }[] = []
  const sockets = new Set<Socket>()
  let count = 0
  let connections = 0
  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    ...(wish.open && { authOptional: true, disabledCommands: ['AUTH'] }),
    onConnect: (_session, done) => {
      connections += 1
      done()
    },
    onAuth: (auth, _session, done) =>
      auth.password === (wish.password ?? 'geheim')
        ? done(null, { user: auth.username })
        : done(saying({ code: 535, text: '5.7.8 wrong password' })),
    onMailFrom: (_address, _session, done) => {
      const no = wish.sender?.()
      done(no ? saying(no) : null)
    },
    onRcptTo: ({ address }, _session, done) => {
      const no = wish.refuse?.(address)
      done(no ? saying(no) : null)
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        count += 1
        const end = wish.end?.(count) ?? 'take'
        if (typeof end === 'object') return done(saying(end))
        const raw = Buffer.concat(chunks)
        const [recipient] = session.envelope.rcptTo
        taken.push({ to: recipient ? recipient.address : '', mail: await simpleParser(raw), raw: raw.toString(), secure: session.secure })
        if (end === 'take') return done(null)
        for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.destroy()
      })
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}
