// Who speaks to X: an access token that is renewed once, whoever notices it first, and signed requests.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { x } from '../../connectors/x/index.ts'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { aPost, aSafe } from '../support/builders.ts'
import { anAttemptNow, xWorld } from '../support/x-world.ts'

const renewing = { refreshToken: 'rehearsal-bonn', clientId: 'rehearsal-bonn', clientSecret: 'rehearsal-bonn' }
const old = { token: 'rehearsal-bonn.until.1' }
const tokenAddress = /^\/2\/oauth2\/token$/

test('a token that has run out is renewed once, however many calls of however many processes notice it', async (t) => {
  const { lab, connect, sent } = await xWorld(t, { settings: { ...renewing, ...old }, tools: { safe: aSafe() } })
  const clients = await Promise.all([connect(), connect(), connect()])
  const posts = Array.from({ length: 30 }, (_, number) => aPost({ text: `Nummer ${number}` }))
  await Promise.all(posts.map((post, number) => x.publish(clients[number % 3]!, post, anAttemptNow())))
  assert.equal(lab.ledger().length, 30)
  assert.equal(sent('POST', tokenAddress).length, 1)
})

test('what was renewed is kept, and its refresh token is the next one to be used', async (t) => {
  const safe = aSafe()
  let passed = 0
  const { client, connect, sent } = await xWorld(t, { now: () => Date.now() + passed, settings: { ...renewing, ...old }, tools: { safe } })
  await x.publish(client, aPost({ text: 'Eins' }), anAttemptNow())
  const later = await connect()
  await x.publish(later, aPost({ text: 'Zwei' }), anAttemptNow())
  assert.equal(sent('POST', tokenAddress).length, 1)
  passed = 3 * 3_600_000
  await x.publish(later, aPost({ text: 'Drei' }), anAttemptNow())
  await x.publish(client, aPost({ text: 'Vier' }), anAttemptNow())
  assert.equal(sent('POST', tokenAddress).length, 2)
  assert.deepEqual(
    sent('POST', tokenAddress).map(({ body }) => new URLSearchParams(body.toString()).get('refresh_token')),
    ['rehearsal-bonn', 'rehearsal-bonn.refresh.1'],
  )
})

test('a token that is about to run out is renewed before the call', async (t) => {
  const { client, sent } = await xWorld(t, { lab: { tokenSeconds: 60 }, settings: { ...renewing, ...old } })
  await x.publish(client, aPost({ text: 'Eins' }), anAttemptNow())
  await x.publish(client, aPost({ text: 'Zwei' }), anAttemptNow())
  assert.equal(sent('POST', tokenAddress).length, 2)
  assert.equal(sent('POST', /^\/2\/tweets$/).length, 3)
})

test('a refresh token that X no longer takes is the channel’s fault; a new one in the settings begins anew', async (t) => {
  const safe = aSafe()
  const { client, connect } = await xWorld(t, { settings: { ...renewing, ...old }, tools: { safe } })
  await x.publish(client, aPost({ text: 'Eins' }), anAttemptNow())
  const used = await connect({ refreshToken: 'rehearsal-bonn.refresh.7' })
  await assert.rejects(x.publish(used, aPost({ text: 'Zwei' }), anAttemptNow()), (error) => {
    assert.ok(error instanceof ChannelError && /neu verbunden/.test(error.message))
    return !error.message.includes('rehearsal')
  })
  const fresh = await connect({ refreshToken: 'rehearsal-koeln' })
  await x.publish(fresh, aPost({ text: 'Drei' }), anAttemptNow())
  assert.equal((await x.check(fresh, AbortSignal.timeout(10_000))).account, '@koeln')
})

test('while the token address does not answer, nothing is posted and the delivery comes back', async (t) => {
  const { lab, client } = await xWorld(t, { settings: { ...renewing, ...old } })
  lab.setFault('x', { fault: 'unavailable', operation: 'session' })
  await assert.rejects(x.publish(client, aPost(), anAttemptNow()), UnreachableError)
  await x.publish(client, aPost(), anAttemptNow())
  assert.equal(lab.ledger().length, 1)
})

test('a token that comes in an odd answer is quoted nowhere, and the delivery comes back', async (t) => {
  const { connect } = await xWorld(t)
  for (const answer of [
    '{"access_token":"neu-geheim","refresh_token":"neu-geheim"}',
    '{"access_token":"neu-geheim","refresh_token":"neu-geh',
  ]) {
    const server = createServer(({ url }, response) => void response.writeHead(url === '/2/oauth2/token' ? 200 : 401).end(answer))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    t.after(() => server.close())
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = await connect({ ...renewing, ...old, base })
    await assert.rejects(x.publish(client, aPost(), anAttemptNow()), (error) => {
      assert.doesNotMatch(inspect(error, { depth: null }), /neu-geh/)
      return error instanceof UnreachableError
    })
  }
})

test('a token that cannot be renewed is the channel’s fault when it has run out', async (t) => {
  const { client } = await xWorld(t, { settings: old })
  await assert.rejects(x.publish(client, aPost(), anAttemptNow()), ChannelError)
})

test('rights that the channel needs and X did not grant are missing', async (t) => {
  const { client } = await xWorld(t, { lab: { scope: 'tweet.read users.read' }, settings: { ...renewing, ...old } })
  assert.deepEqual((await x.check(client, AbortSignal.timeout(10_000))).missing, ['tweet.write', 'media.write'])
})

test('with keys of OAuth 1.0a every request is signed, as X documents it', async (t) => {
  const signing = { tokenSecret: 'rehearsal-bonn', apiKey: 'key', apiSecret: 'rehearsal-bonn' }
  const { lab, client, sent } = await xWorld(t, { settings: signing })
  await x.publish(client, aPost(), anAttemptNow())
  assert.equal((await x.insights?.(client, AbortSignal.timeout(10_000)))?.followers !== undefined, true)
  assert.equal(lab.ledger()[0]?.account, 'bonn')
  for (const request of [...sent('POST', /^\/2\/tweets$/), ...sent('GET', /^\/2\/users\/me/)]) {
    const fields = new Map(
      [...request.headers.authorization!.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        decodeURIComponent(value),
      ]),
    )
    const signature = fields.get('oauth_signature')
    fields.delete('oauth_signature')
    const [path, query = ''] = request.path.split('?')
    const all = [...fields, ...new URLSearchParams(query)].map((pair) => pair.map(encoded).join('=')).sort()
    const base = [request.method, `https://api.x.com${path}`, all.join('&')].map(encoded).join('&')
    assert.equal(signature, createHmac('sha1', 'rehearsal-bonn&rehearsal-bonn').update(base).digest('base64'))
  }
})

/** RFC 3986, as OAuth 1.0a wants it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

test('settings are complete in one of the three ways', () => {
  const parse = (settings: object) => x.settings.safeParse({ token: 'x', ...settings })
  assert.equal(parse({}).data?.access.way, 'fixed')
  assert.equal(parse({ refreshToken: 'a', clientId: 'b' }).data?.access.way, 'renewed')
  assert.equal(parse({ tokenSecret: 'a', apiKey: 'b', apiSecret: 'c' }).data?.access.way, 'signed')
  assert.equal(parse({ refreshToken: 'a' }).success, false)
  assert.equal(parse({ tokenSecret: 'a' }).success, false)
  assert.equal(parse({ refreshToken: 'a', clientId: 'b', apiKey: 'c' }).success, false)
  assert.equal(parse({ token: undefined }).success, false)
  const { base, web, handle } = parse({ handle: '@BundesstadtBonn' }).data ?? {}
  assert.deepEqual([base, web, handle], ['https://api.x.com', 'https://x.com', 'BundesstadtBonn'])
})
