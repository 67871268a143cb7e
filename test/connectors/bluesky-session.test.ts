// Bluesky's session: one sign-in, one renewal, however many calls need it at once. In the lab, with the lab's clock.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { v7 } from 'uuid'
import { bluesky } from '../../connectors/bluesky/index.ts'
import { startLab } from '../../lab/lab.ts'
import { ChannelError, NotYetError, UnreachableError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'

const hour = 3_600_000

const connected = async (t: TestContext, appPassword = 'rehearsal-bonn') => {
  const clock = { passed: 0 }
  const lab = await startLab({ port: 0, now: () => Date.now() + clock.passed, settings: { bluesky: { rateLimits: false } } })
  const proxy = await startFaultProxy({ target: `${lab.url}/bluesky` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const tools = someTools({ media: () => assert.fail('there are no images') })
  const client = await bluesky.connect(bluesky.settings.parse({ handle: '@bonn.example', appPassword, base: proxy.url }), tools)
  const publish = (number: number) => bluesky.publish(client, aPost({ text: `Nummer ${number}` }), anAttempt({ key: v7() }))
  const publishTen = () => Promise.all(Array.from({ length: 10 }, (_, number) => publish(number)))
  const asked = (method: string) => proxy.requests.filter(({ path }) => path.endsWith(`com.atproto.server.${method}`)).length
  return { lab, client, clock, publish, publishTen, asked }
}

test('ten first calls at once sign in once', async (t) => {
  const { lab, publishTen, asked } = await connected(t)
  await publishTen()
  assert.deepEqual([asked('createSession'), asked('refreshSession'), lab.ledger().length], [1, 0, 10])
})

test('ten calls that find the token run out renew it once, and all go through', async (t) => {
  const { lab, clock, publish, publishTen, asked } = await connected(t)
  await publish(0)
  clock.passed = 3 * hour
  await publishTen()
  assert.deepEqual([asked('createSession'), asked('refreshSession'), lab.ledger().length], [1, 1, 11])
})

test('when the renewal has run out, too, the app password signs in anew', async (t) => {
  const { lab, clock, publish, publishTen, asked } = await connected(t)
  await publish(0)
  clock.passed = 100 * 24 * hour
  await publishTen()
  assert.deepEqual([asked('createSession'), asked('refreshSession'), lab.ledger().length], [2, 1, 11])
})

test('a refused app password is asked for again with the next delivery', async (t) => {
  const { publish, asked } = await connected(t, 'wrong')
  await assert.rejects(publish(0), ChannelError)
  await assert.rejects(publish(1), ChannelError)
  assert.equal(asked('createSession'), 2)
})

test('too many sign-ins are waited for, an unreachable sign-in is unreachable, and both heal', async (t) => {
  const { lab, publish } = await connected(t)
  lab.setFault('bluesky', { fault: 'throttle', operation: 'session', retryAfter: 290 })
  await assert.rejects(publish(0), (error) => error instanceof NotYetError && error.retryAfterMs > 280_000)
  lab.setFault('bluesky', { fault: 'post-but-500', operation: 'session' })
  await assert.rejects(publish(0), UnreachableError)
  lab.setFault('bluesky', { fault: 'broken-json', operation: 'session' })
  await assert.rejects(publish(0), UnreachableError)
  await publish(0)
  assert.equal(lab.ledger().length, 1)
})

test('tokens that come in an odd answer are quoted nowhere, and the delivery comes back', async (t) => {
  for (const [status, answer] of [
    [200, '{"accessJwt":"neu-geheim","refreshJwt":"neu-geheim","did":4711}'],
    [200, '{"accessJwt":"neu-geheim","refreshJwt":"neu-geh'],
    [201, '{"accessJwt":"neu-geheim","refreshJwt":"neu-geheim"}'],
  ] as const) {
    const server = createServer((_, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(answer))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    t.after(() => server.close())
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const settings = bluesky.settings.parse({ handle: '@bonn.example', appPassword: 'rehearsal-bonn', base })
    const client = await bluesky.connect(settings, someTools())
    await assert.rejects(bluesky.publish(client, aPost(), anAttempt({ key: v7() })), (error) => {
      assert.doesNotMatch(inspect(error, { depth: null }), /neu-geh/)
      return error instanceof UnreachableError
    })
  }
})

test('an attempt whose time is up stops waiting for the sign-in; others go on with it', async (t) => {
  const { lab, client, publish, asked } = await connected(t)
  lab.setFault('bluesky', { fault: 'slow', operation: 'session', afterMs: 300 })
  const time = new AbortController()
  const patient = publish(1)
  const hasty = bluesky.publish(client, aPost(), anAttempt({ key: v7(), signal: time.signal }))
  time.abort()
  await assert.rejects(hasty, UnreachableError)
  await patient
  assert.deepEqual([asked('createSession'), lab.ledger().length], [1, 1])
})
