// A platform that publishes 25 seconds after we gave up, with the settle times that cities use: one post, or one question.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connectors as shipped } from '../../connectors/index.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { once, standing, threeChannels } from '../support/three-channels.ts'

const lateMs = 25_000
const budgetSeconds = 1
/** P3: nobody waits longer for the question. */
const questionMs = 60_000

const far = await startFarPlatform()
after(() => far.close())
const connectors = new Map([...connectorsWithFar({ budgetSeconds, settleSeconds: 30 }), ...shipped])
const cities = aCityFolder({ bonn: { channels: [...threeChannels('bonn'), ...farChannels(far.door)] } })

describe('a platform that accepts late', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  it('P2, P3, F10: what appears 25 seconds after we gave up is one post on every platform, and one question where nobody can look', {
    timeout: 180_000,
  }, async () => {
    far.slowMs = budgetSeconds * 1000 + lateMs
    for (const platform of ['mastodon', 'bluesky'])
      await rundruf.fault(platform, { fault: 'post-late', afterMs: lateMs, operation: 'publish', times: 1 })
    const began = performance.now()
    const id = await rundruf.announce({ title: 'Sehr spät', text: 'Ein Satz.' })
    await poll('the first requests', () => repeats.every((repeat) => far.asked(repeat, 'Sehr spät') > 0))
    far.slowMs = 0
    const of = async (platform: string) => (await rundruf.show(id)).deliveries.find((one) => one.platform === platform)
    const held = await poll('the question', async () => {
      const delivery = await of('by-nothing')
      return delivery?.state === 'held' ? delivery : undefined
    })
    assert.ok(performance.now() - began < questionMs)
    assert.match(held.question ?? '', /Steht der Beitrag dort/)
    const log = () => readFileSync(join(rundruf.config.data, 'rundruf.log'), 'utf8')
    await poll('somebody to be told', () => new RegExp(`"delivery":"${held.id}".*held`).test(log()))

    const others = ['mastodon', 'bluesky', 'newsroom', 'by-key', 'by-id', 'by-find']
    await poll(
      'the others to be delivered',
      async () => (await Promise.all(others.map(of))).every((one) => one?.state === 'delivered'),
      120_000,
    )
    await poll('the last of what comes late', () => repeats.every((repeat) => far.acts.some((act) => act.repeat === repeat)), 60_000)
    assert.ok(performance.now() - began >= lateMs, 'it did come late')
    assert.deepEqual(await standing(rundruf, 'Sehr spät'), once)
    for (const repeat of repeats) assert.equal(far.acts.filter((act) => act.repeat === repeat).length, 1, repeat)
    assert.equal(far.asked('nothing', 'Sehr spät'), 1, 'and it was sent once')
  })
})
