// The moment at which a post runs out comes while it is under way: what has not begun by then does not begin, what has begun goes on.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { UnreachableError } from '../../src/connector/errors.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

/** So long a post holds here: enough for a loaded machine to begin with it. */
const lastsMs = 3000

const slow = aPager({ platform: 'traege', repeat: 'key', budgetSeconds: 30 })
const steps = aPager({ platform: 'schritte', repeat: 'key', budgetSeconds: 30 })
const wired = aPager({ platform: 'leitung', repeat: 'key', budgetSeconds: 30 })
const seen = aPager({ platform: 'sucht', repeat: 'find', can: ['find'], budgetSeconds: 30 })

const gates = { connect: Promise.withResolvers<void>(), upload: Promise.withResolvers<void>() }
let connecting = false
/** What a connector that posts in two steps was told before the first and before the second. */
const told: { upload?: AbortSignal; post?: AbortSignal } = {}

const slowConnector: AnyConnector = {
  ...slow.connector,
  connect: async () => {
    connecting = true
    await gates.connect.promise
    return 'traege'
  },
}
const stepsConnector: AnyConnector = {
  ...steps.connector,
  publish: async (client, post, attempt) => {
    told.upload = attempt.signal
    await gates.upload.promise
    told.post = attempt.signal
    if (told.post.aborted) throw new UnreachableError('nicht begonnen')
    return steps.connector.publish(client, post, attempt)
  },
}

const city = (platform: string) => ({ channels: [{ name: 'kanal', platform }] })

describe('what runs out while it is under way', { skip: redisMissing(), concurrency: true }, () => {
  let rundruf: TestRundruf
  before(async () => {
    const connectors = new Map([slowConnector, stepsConnector, wired.connector, seen.connector].map((one) => [one.platform, one]))
    const cities = aCityFolder(Object.fromEntries([...connectors.keys()].map((platform) => [platform, city(platform)])))
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = async (platform: string) => {
    const expires = Date.now() + lastsMs
    const id = await rundruf.announce({
      ...{ city: platform, title: 'Nur jetzt', text: 'Ein Satz.' },
      expires: new Date(expires).toISOString(),
    })
    return { id, toRunOut: () => poll('the post to run out', () => Date.now() > expires + 50) }
  }
  const endOf = async (id: string) => {
    const [delivery] = (await rundruf.settled(id)).deliveries
    return { state: delivery?.state, reason: delivery?.reason ?? '' }
  }
  const hasBegun = (what: string, done: () => boolean) => poll(what, done)

  it('P15: is not sent when the platform let itself be connected too late', async () => {
    const { id, toRunOut } = await announce('traege')
    await hasBegun('connecting', () => connecting)
    await toRunOut()
    gates.connect.resolve()
    const { state, reason } = await endOf(id)
    assert.equal(state, 'expired')
    assert.match(reason, /nicht mehr gültig/)
    assert.equal(slow.calls('publish'), 0)
  })

  it('P15: is not sent when the step before it took too long, and that step is not cut', async () => {
    const { id, toRunOut } = await announce('schritte')
    await hasBegun('the first step', () => told.upload !== undefined)
    await toRunOut()
    assert.equal(told.upload?.aborted, false, 'what was on the wire goes on')
    gates.upload.resolve()
    assert.equal((await endOf(id)).state, 'expired')
    assert.equal(told.post?.aborted, true)
    assert.equal(steps.pages.length, 0)
  })

  it('P15: is delivered when it was on the wire in time', async () => {
    const gate = Promise.withResolvers<void>()
    wired.will('publish', { gate: gate.promise })
    const { id, toRunOut } = await announce('leitung')
    await hasBegun('the sending', () => wired.calls('publish') === 1)
    await toRunOut()
    gate.resolve()
    assert.equal((await endOf(id)).state, 'delivered')
    assert.equal(wired.pages.length, 1)
  })

  it('P15: is looked for all the same, and not sent when the look took too long', async () => {
    const gate = Promise.withResolvers<void>()
    seen.will('publish', 'lost')
    seen.will('find', { gate: gate.promise })
    const { id, toRunOut } = await announce('sucht')
    await hasBegun('the look', () => seen.calls('find') === 1)
    await toRunOut()
    gate.resolve()
    assert.equal((await endOf(id)).state, 'expired')
    assert.equal(seen.calls('publish'), 1)
  })
})
