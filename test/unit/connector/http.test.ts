// The one way connectors talk HTTP, against real sockets that misbehave.
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { UnclearError, UnreachableError } from '../../../src/connector/errors.ts'
import { exchange } from '../../../src/connector/exchange.ts'
import { type HttpRequest, send } from '../../../src/connector/http.ts'
import { Secret } from '../../../src/connector/secret.ts'
import { poll } from '../../support/poll.ts'

const listening = async (t: TestContext, server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
const web = async (t: TestContext, listener: RequestListener) => {
  const server = createServer({ keepAlive: false }, listener)
  t.after(() => server.closeAllConnections())
  return `http://${await listening(t, server)}`
}
const wire = async (t: TestContext, onSocket: (socket: Socket) => void) =>
  listening(
    t,
    createSocketServer((socket) => {
      socket.on('error', () => {})
      t.after(() => socket.destroy())
      onSocket(socket)
    }),
  )
const request = (url: string, kind: 'read' | 'write', more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: kind === 'read' ? 'GET' : 'POST',
  url,
  kind,
  signal: AbortSignal.timeout(20_000),
  ...(kind === 'write' && { body: 'x' }),
  ...more,
})
/** A write that fails like this is unclear, a read is unreachable. */
const unclear = async (url: string, more?: Partial<HttpRequest>) => {
  await assert.rejects(send(request(url, 'write', more)), UnclearError)
  await assert.rejects(send(request(url, 'read', more)), UnreachableError)
}
/** Nothing left, so nothing was posted. */
const unreachable = async (url: string) => {
  await assert.rejects(send(request(url, 'write')), UnreachableError)
  await assert.rejects(send(request(url, 'read')), UnreachableError)
}

test('an answer is an answer, whatever its status', async (t) => {
  const url = await web(t, (_, response) => response.writeHead(503, { 'retry-after': '7' }).end('{"a":1}'))
  const answer = await send(request(url, 'write'))
  assert.equal(answer.status, 503)
  assert.equal(answer.headers.get('retry-after'), '7')
  assert.deepEqual(answer.json(), { a: 1 })
})

test('308 that leads nowhere is the answer to a piece of an upload', async (t) => {
  const url = await web(t, (_, response) => response.writeHead(308, { range: 'bytes=0-41' }).end())
  for (const kind of ['read', 'write'] as const) {
    const answer = await send(request(url, kind))
    assert.deepEqual([answer.status, answer.headers.get('range')], [308, 'bytes=0-41'])
  }
})

test('no connection, no name and no TLS mean that nothing was posted', async (t) => {
  const gone = await wire(t, () => {})
  const closed = createSocketServer()
  const port = await listening(t, closed)
  await new Promise((resolve) => closed.close(resolve))
  await unreachable(`http://${port}/`)
  await unreachable('http://nobody.invalid/')
  const nonsense = await wire(t, (socket) => socket.end('no TLS here, sorry\n'))
  await unreachable(`https://${nonsense}/`)
  await assert.rejects(send(request(`http://${gone}/`, 'write', { signal: AbortSignal.abort() })), UnreachableError)
})

test('a connection that ends after the bytes left is unclear for a write', async (t) => {
  await unclear(`http://${await wire(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))}/`)
  await unclear(`http://${await wire(t, (socket) => socket.once('data', () => socket.end()))}/`)
  await unclear(
    `http://${await wire(t, (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort')))}/`,
  )
})

test('a silent peer is left when the time is up', async (t) => {
  for (const [kind, wanted] of [
    ['write', UnclearError],
    ['read', UnreachableError],
  ] as const) {
    const time = new AbortController()
    const url = `http://${await wire(t, (socket) => socket.once('data', () => time.abort()))}/`
    await assert.rejects(send(request(url, kind, { signal: time.signal })), wanted)
  }
})

test('when the time is up before there is a connection, nothing was posted', async (t) => {
  const time = new AbortController()
  const silent = await wire(t, (socket) => socket.once('data', () => time.abort(new Error('zu spät'))))
  await assert.rejects(send(request(`https://${silent}/`, 'write', { signal: time.signal })), (error: Error) => {
    assert.ok(error instanceof UnreachableError)
    assert.match(error.message, /zu spät/)
    return true
  })
})

test('an answer is cut off at its cap, with a length and without', async (t) => {
  const honest = await web(t, (_, response) => response.end('x'.repeat(2_000)))
  await unclear(honest, { maxBytes: 1_000 })
  assert.equal((await send(request(honest, 'write', { maxBytes: 2_000 }))).text.length, 2_000)
  const large = await web(t, (_, response) => response.end('x'.repeat(1_000_001)))
  await unclear(large)
  const endless = await web(t, (_, response) => {
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    }
    response.on('drain', pour)
    pour()
  })
  await unclear(endless, { maxBytes: 100_000 })
})

test('a read follows one redirect to the same host, and nothing else is followed', async (t) => {
  let elsewhere = 0
  const other = await web(t, (_, response) => {
    elsewhere += 1
    response.end('caught')
  })
  const url = await web(t, ({ url: path }, response) => {
    const target = { '/once': '/there', '/twice': '/once', '/away': `${other}/`, '/lost': '' }[path ?? '']
    if (target === undefined) response.end('there')
    else response.writeHead(302, { location: target }).end()
  })
  assert.equal((await send(request(`${url}/once`, 'read'))).text, 'there')
  await assert.rejects(send(request(`${url}/twice`, 'read')), UnreachableError)
  await assert.rejects(send(request(`${url}/once`, 'write')), UnclearError)
  await unclear(`${url}/away`)
  assert.equal(elsewhere, 0)
})

/** A server whose answers begin with this head and never end; how many of its connections are open. */
const endless = async (t: TestContext, head: string, chunk: string) => {
  const open = new Set<Socket>()
  const host = await wire(t, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.once('data', () => {
      socket.write(head)
      const pouring = setInterval(() => socket.write(chunk), 20)
      socket.once('close', () => clearInterval(pouring))
    })
  })
  return { url: `http://${host}/`, open }
}

for (const [what, status, more] of [
  ['a redirection to the same host', 302, 'location: /there\r\n'],
  ['a redirection to another host', 302, 'location: http://elsewhere.invalid/\r\n'],
  ['a redirection that leads nowhere', 308, ''],
] as const)
  for (const chunk of ['', '1\r\nx\r\n'])
    test(`F28: ${what} whose body ${chunk ? 'drips for ever' : 'never comes'} leaves no connection`, async (t) => {
      const { url, open } = await endless(t, `HTTP/1.1 ${status} Found\r\n${more}transfer-encoding: chunked\r\n\r\n`, chunk)
      const signal = new AbortController().signal
      await Promise.allSettled(Array.from({ length: 5 }, () => send(request(url, 'write', { signal }))))
      await poll('the connections to be gone', () => open.size === 0, 10_000)
    })

for (const [what, head, chunk] of [
  ['a body that drips for ever', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ['a head that never ends', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
  ['news before the answer, for ever', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ['no word at all', '', ''],
] as const)
  test(`F28: ${what} is ended, by the caller’s time and without it, and leaves no connection`, async (t) => {
    const { url, open } = await endless(t, head, chunk)
    const wish = { url: new URL(url), method: 'GET', headers: {}, body: null, maxBytes: 1_000_000 }
    const calls = [
      exchange({ ...wish, signal: AbortSignal.timeout(100) }),
      exchange({ ...wish, signal: new AbortController().signal, maxMs: 100 }),
    ]
    for (const call of calls) await assert.rejects(call)
    await poll('the connections to be gone', () => open.size === 0)
  })

test('F28: a redirection that ends keeps its connection', async (t) => {
  let connections = 0
  const server = createServer((_, response) => response.writeHead(308).end('moved'))
  server.on('connection', () => {
    connections += 1
  })
  t.after(() => server.closeAllConnections())
  const url = `http://${await listening(t, server)}/`
  for (let at = 0; at < 5; at += 1) assert.equal((await send(request(url, 'read'))).status, 308)
  // the next request may begin before the last body has been read
  assert.ok(connections < 5, String(connections))
})

test('what is not JSON throws in the class of the call', async (t) => {
  const url = await web(t, (_, response) => response.end('<html>'))
  assert.throws((await send(request(url, 'write'))).json, UnclearError)
  assert.throws((await send(request(url, 'read'))).json, UnreachableError)
})

test('a quote is one line of 300 characters at most, without secrets', async (t) => {
  const url = await web(t, ({ headers }, response) => response.end(`you sent ${headers.authorization}\n and sesame ${'x'.repeat(500)}`))
  const answer = await send(request(url, 'read', { headers: { authorization: 'Bearer hush-hush' }, secrets: [new Secret('sesame')] }))
  assert.equal(answer.quote().length, 300)
  assert.match(answer.quote(), /^you sent Bearer \[secret\] and \[secret\] x+…$/)
})

test('of a signed request the values are secret and the names are not', async (t) => {
  const url = await web(t, ({ headers }, response) => response.end(`Invalid oauth_consumer_key, version 1.0: ${headers.authorization}`))
  const [key, signature] = ['k'.repeat(20), 's'.repeat(24)]
  const authorization = `OAuth oauth_consumer_key="${key}", oauth_signature="${signature}", oauth_version="1.0"`
  const quote = (await send(request(url, 'read', { headers: { authorization } }))).quote()
  assert.equal(
    quote,
    'Invalid oauth_consumer_key, version 1.0: OAuth oauth_consumer_key="[secret]", oauth_signature="[secret]", oauth_version="1.0"',
  )
})

test('error messages do not carry a secret that stands in the path', async (t) => {
  const url = await web(t, (_, response) => response.writeHead(200).end('not JSON'))
  const asked = (base: string) => send(request(`${base}/bothush-hush/getMe`, 'read', { secrets: [new Secret('hush-hush')] }))
  const failing = [() => asked('http://nobody.invalid'), async () => (await asked(url)).json()]
  for (const fails of failing)
    await assert.rejects(fails, (error: Error) => {
      assert.match(error.message, /\/bot\[secret\]\/getMe/)
      assert.doesNotMatch(`${error.message} ${error.stack} ${error.cause}`, /hush-hush/)
      return true
    })
})

test('error messages do not carry the query of the address', async () => {
  await assert.rejects(send(request('http://nobody.invalid/bot?token=hush-hush', 'write')), (error: Error) => {
    assert.doesNotMatch(`${error.message} ${error.stack}`, /hush-hush/)
    return true
  })
})
