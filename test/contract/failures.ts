// What a connector makes of trouble: each fault has its class, and after the next attempt there is exactly one post.
import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { NotYetError } from '../../src/connector/errors.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { poll } from '../support/poll.ts'
import { type FaultName, faults } from './peer.ts'
import type { World } from './world.ts'

const promptMs = 100

export const failures = (world: World): void => {
  const { connector, options } = world
  const has = (fault: FaultName) => options.faults.has(fault)

  for (const [fault, usual] of Object.entries(faults) as [keyof typeof faults, (typeof faults)[keyof typeof faults]][]) {
    const failure = options.means?.[fault] ?? usual
    if (has(fault))
      test(`"${fault}" is ${failure}${failure === 'rejected' ? '' : ', and after the next attempt one post stands there'}`, async () => {
        const post = world.post({ images: world.images.map(({ image }) => image).slice(0, connector.limits.images.max) })
        const delivery = world.delivery()
        await world.peer.set({ fault, retryAfter: 120 })
        const error = await world.fails(world.publish(post, delivery), failure)
        assert.ok(await world.peer.struck(), 'the fault did not strike')
        if (failure === 'not-yet') assertSeconds((error as NotYetError).retryAfterMs, 120)
        if (failure !== 'unclear') assert.deepEqual(await world.standing(post.text), [])
        // after an unclear ending there, a person is asked: nothing is sent again
        if (failure === 'rejected' || (failure === 'unclear' && connector.repeat === 'nothing')) return
        const stands = await world.onlyStands(post.text, await world.again(post, delivery))
        assert.equal(stands.images.length, post.images.length)
      })
  }

  for (const [fault, failure] of [
    ['throttle', options.means?.throttle === undefined ? 'not-yet' : 'unreachable'],
    ...(['unavailable', 'html', 'redirect', 'reset', 'post-but-500', 'broken-json', 'huge'] as const).map(
      (name) => [name, 'unreachable'] as const,
    ),
  ] as const)
    if (has(fault) && connector.find)
      test(`"${fault}" while only reading is ${failure}, never "not there"`, async () => {
        const post = world.post()
        const delivery = world.delivery()
        const receipt = await world.publish(post, delivery)
        await world.peer.set({ fault, operation: 'read', retryAfter: 120 })
        const error = await world.fails(connector.find!(world.client, post, delivery.attempt()), failure)
        if (failure === 'not-yet') assertSeconds((error as NotYetError).retryAfterMs, 120)
        assert.equal((await connector.find!(world.client, post, delivery.attempt()))?.id, receipt.id)
      })

  if (has('hang')) {
    test('a peer that never answers is left as soon as the time is up, and that is unclear', async () => {
      const post = world.post()
      const delivery = world.delivery()
      const time = new AbortController()
      await world.peer.set({ fault: 'hang' })
      const failed = world.fails(connector.publish(world.client, post, delivery.attempt(time.signal)), 'unclear')
      await poll('the request to arrive', () => world.peer.struck())
      time.abort()
      await failed
      if (connector.repeat !== 'nothing') await world.onlyStands(post.text, await world.again(post, delivery))
    })

    // the best of five: a machine that is busy with others may be late, who waits for something never comes
    test('who is told to stop stops within a tenth of a second', async () => {
      let best = Number.POSITIVE_INFINITY
      for (let at = 0; at < 5 && best > promptMs; at++) {
        const time = new AbortController()
        await world.peer.set({ fault: 'hang' })
        const failed = world.fails(connector.publish(world.client, world.post(), world.delivery().attempt(time.signal)), 'unclear')
        await poll('the request to arrive', () => world.peer.struck())
        const from = performance.now()
        time.abort()
        await failed
        best = Math.min(best, performance.now() - from)
      }
      assert.ok(best <= promptMs, `${best} ms`)
    })

    if (connector.find)
      test('a look that is never answered ends with the time, too', async () => {
        const post = world.post()
        const delivery = world.delivery()
        await world.publish(post, delivery)
        const time = new AbortController()
        await world.peer.set({ fault: 'hang', operation: 'read' })
        const failed = world.fails(connector.find!(world.client, post, delivery.attempt(time.signal)), 'unreachable')
        await poll('the request to arrive', () => world.peer.struck())
        time.abort()
        await failed
      })
  }

  test('an attempt whose time is up before it begins sends nothing', async () => {
    const post = world.post()
    if (!has('hang')) return void (await world.publish(post))
    await world.fails(connector.publish(world.client, post, world.delivery().attempt(AbortSignal.abort())), 'unreachable')
    assert.deepEqual(await world.standing(post.text), [])
  })

  if (has('post-late'))
    test('a post that appears after its answer was lost is not posted again', async () => {
      const post = world.post()
      const delivery = world.delivery()
      await world.peer.set({ fault: 'post-late', afterMs: 100 })
      await world.fails(world.publish(post, delivery), 'unclear')
      await poll('the late post', async () => (await world.standing(post.text)).length === 1)
      if (connector.repeat !== 'nothing') await world.onlyStands(post.text, await world.again(post, delivery))
    })

  if (has('expired-token')) {
    test('a credential that ran out is renewed, or the channel is at fault', async () => {
      const post = world.post()
      const delivery = world.delivery()
      await world.peer.set({ fault: 'expired-token' })
      const receipt = await world.publish(post, delivery).catch((error: unknown) => world.fails(Promise.reject(error), 'channel'))
      assert.ok(await world.peer.struck())
      if ('id' in receipt) await world.onlyStands(post.text, receipt)
      else assert.deepEqual(await world.standing(post.text), [])
    })

    test('a credential that cannot be renewed is the channel’s fault; once it is mended, all goes on', async () => {
      const post = world.post()
      const delivery = world.delivery()
      await world.peer.set({ fault: 'expired-token', times: 'always' })
      await world.fails(world.publish(post, delivery), 'channel')
      assert.deepEqual(await world.standing(post.text), [])
      await world.peer.set(null)
      await world.onlyStands(post.text, await world.publish(post, delivery))
    })
  }

  /** An account that is linked and not signed in has no credential to refuse or to repeat. */
  const aboutCredentials: typeof test | (() => void) = world.lacks('credential') ? () => {} : test

  aboutCredentials('a credential that the platform refuses is the channel’s fault', async () => {
    const settings = world.peer.strangerSettings
    if (settings === undefined) return assert.equal(options.faults.size, 0)
    const stranger = await world.connect(settings)
    const post = world.post()
    await world.fails(connector.publish(stranger, post, world.delivery().attempt()), 'channel')
    await world.fails(connector.check(stranger, new AbortController().signal), 'channel')
    assert.deepEqual(await world.standing(post.text), [])
  })

  test('an address where nobody listens is unreachable', async () => {
    if (!('base' in world.peer.settings)) return assert.equal(options.faults.size, 0)
    const lost = await world.connect({ ...world.peer.settings, base: `http://127.0.0.1:${await closedPort()}` })
    await world.fails(connector.publish(lost, world.post(), world.delivery().attempt()), 'unreachable')
    await world.fails(connector.check(lost, new AbortController().signal), 'unreachable')
  })

  aboutCredentials('a platform that repeats our credential in its errors is not quoted with it', async () => {
    const { base } = world.peer.settings
    if (typeof base !== 'string') return assert.equal(options.faults.size, 0)
    const proxy = await startFaultProxy({ target: base })
    try {
      const settings = { ...world.peer.settings, base: proxy.url }
      const client = await world.connect(settings)
      await connector.publish(client, world.post(), world.delivery().attempt())
      proxy.repeatBack(options.errorShape ?? ((words) => ({ error: words, message: words })))
      const fresh = await world.connect(settings)
      const errors = [
        await world.fails(connector.publish(client, world.post(), world.delivery().attempt()), 'rejected', 'channel'),
        await world.fails(connector.check(fresh, new AbortController().signal), 'rejected', 'channel'),
      ]
      const bearers = proxy.requests.flatMap(({ headers }) => headers.authorization?.split(' ').at(-1) ?? [])
      const isSaid = (secret: string) => proxy.requests.some(({ path, body }) => `${path} ${body}`.includes(secret))
      const said = [...bearers, ...world.peer.secrets.filter(isSaid)]
      assert.ok(errors.every(({ message }) => message.includes('you said')) && said.length > 0)
      for (const error of errors) for (const secret of said) assert.ok(!inspect(error, { depth: 12 }).includes(secret))
    } finally {
      await proxy.close()
    }
  })

  test('no secret is in any error, its stack and cause, any log line, or the client when it is printed', () => {
    if (options.faults.size > 0) assert.ok(world.errors.length > 10)
    const printed = [...world.errors, ...world.lines, world.client].map(
      (thing) => `${inspect(thing, { depth: 12 })} ${JSON.stringify(thing)}`,
    )
    for (const secret of world.peer.secrets)
      for (const words of printed) assert.ok(!words.includes(secret), `a secret is in: ${words.replaceAll(secret, '[HERE]')}`)
  })

  test('what an error says is short enough to be shown', () => {
    for (const error of world.errors) assert.ok(error instanceof Error && error.message.length <= 400, String(error))
  })
}

const assertSeconds = (milliseconds: number, wanted: number): void =>
  assert.ok(milliseconds > (wanted - 2) * 1000 && milliseconds <= (wanted + 1) * 1000, `${milliseconds} ms instead of ${wanted} s`)

const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
