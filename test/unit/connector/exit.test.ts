// A rehearsal has no way out: whatever opens a connection is refused before a name is looked up, and this machine stays reachable.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { get as getSecurely } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { connect as connectSecurely } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { browserOptions } from '../../../connectors/whatsapp/browser.ts'
import { officialBase } from '../../../connectors/whatsapp/settings.ts'
import { UnreachableError } from '../../../src/connector/errors.ts'
import { closeExit, isExitClosed, mayReach, refusedExit } from '../../../src/connector/exit.ts'
import { send } from '../../../src/connector/http.ts'

/** TEST-NET-1 of RFC 5737: nobody's, so that a way out shows as a time-out and not as a call on somebody. */
const elsewhere = '192.0.2.1'

type Failed = { readonly code?: string; readonly cause?: Failed }
const codeOf = (error: unknown): string | undefined => (error as Failed).code ?? (error as Failed).cause?.code

const failure = (begin: { once(event: 'error', act: (error: Error) => void): unknown }): Promise<Error> =>
  new Promise((resolve) => begin.once('error', resolve))

const ways: Readonly<Record<string, (host: string) => Promise<unknown>>> = {
  'our own HTTP': (host) =>
    send({ method: 'POST', url: `https://${host}/`, kind: 'write', signal: AbortSignal.timeout(5_000) }).catch((error: unknown) => error),
  'the fetch of Node': (host) => fetch(`https://${host}/`, { signal: AbortSignal.timeout(5_000) }).catch((error: unknown) => error),
  'http of Node': (host) => failure(get(`http://${host}/`)),
  'https of Node': (host) => failure(getSecurely(`https://${host}/`)),
  'a socket by port and host': (host) => failure(connect(443, host)),
  'a socket by options': (host) => failure(connect({ port: 443, host })),
  'a TLS socket': (host) => failure(connectSecurely({ port: 443, host })),
  'a WebSocket': (host) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`wss://${host}/`)
      socket.addEventListener('error', (event) => resolve((event as { error?: unknown }).error ?? event))
    }),
  'a mail client': (host) => {
    const line = new SMTPConnection({ host, port: 25, connectionTimeout: 5_000, dnsTimeout: 500 })
    const failed = failure(line as never)
    line.connect(() => {})
    return failed
  },
}

for (const [what, begin] of Object.entries(ways))
  test(`in a rehearsal ${what} reaches no other machine`, async () => {
    using _ = closeExit([])
    const error = await begin(elsewhere)
    assert.ok(error instanceof Error || typeof error === 'object')
    if (what === 'our own HTTP') {
      assert.ok(error instanceof UnreachableError)
      assert.match(error.message, /In der Probe verlässt nichts diesen Rechner; zu 192\.0\.2\.1 wird keine Verbindung aufgebaut/)
    } else if (what !== 'a WebSocket' && what !== 'a mail client') assert.equal(codeOf(error), refusedExit)
    else assert.match(JSON.stringify([String(error), String((error as Failed).cause)]), /Probe verlässt nichts|error|network/i)
  })

test('in a rehearsal no empty path, no look-up of the caller and no address that is none leads out', async () => {
  using _ = closeExit([])
  const lookup = (_name: string, _options: object, done: (error: null, address: string, family: number) => void) => done(null, elsewhere, 4)
  const out = [
    { path: '', host: elsewhere, port: 443 },
    { host: 'localhost', port: 443, lookup },
    { host: '127.999.1.1', port: 443 },
  ]
  for (const options of out) assert.equal(codeOf(await failure(connect(options as never))), refusedExit, JSON.stringify(options))
})

test('in a rehearsal no name is looked up', async () => {
  using _ = closeExit([])
  for (const begin of [ways['the fetch of Node'], ways['a socket by options'], ways['a TLS socket']])
    assert.equal(codeOf(await begin?.('nobody.invalid')), refusedExit)
  assert.throws(() => mayReach('mail.bonn.example'), UnreachableError)
  mayReach('127.0.0.1')
})

test('this machine, its socket files and the named stores stay reachable, and with the end of the rehearsal everything does', async () => {
  const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    {
      using _ = closeExit([{ host: 'localhost.localdomain', port }])
      using second = closeExit([])
      assert.ok(isExitClosed() && second)
      for (const host of ['127.0.0.1', 'localhost']) assert.equal(await (await fetch(`http://${host}:${port}/`)).text(), 'here')
      assert.equal(codeOf(await failure(connect('/nowhere/at.sock'))), 'ENOENT')
      // the store's own port is open, another one of the same machine is not
      const store = connect(port, 'localhost.localdomain')
      store.on('connect', () => store.destroy(new Error('it was there')))
      assert.notEqual(codeOf(await failure(store)), refusedExit)
      assert.equal(codeOf(await failure(connect(port + 1, 'localhost.localdomain'))), refusedExit)
    }
    assert.ok(!isExitClosed())
    assert.notEqual(codeOf(await failure(connect(443, 'nobody.invalid'))), refusedExit)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('in a rehearsal a browser has no way out either, whatever page it shows', () => {
  const args = () => (browserOptions({ chromium: '/usr/bin/chromium', folder: '/tmp', base: officialBase }) as { args: string[] }).args
  const fence = (one: string) => one.startsWith('--host-resolver-rules=MAP * ~NOTFOUND')
  assert.ok(!args().some(fence))
  using _ = closeExit([])
  assert.ok(args().some(fence))
})
