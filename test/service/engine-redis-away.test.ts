// While Redis is away releases are taken and warnings go straight from the store; when it is back, everything has gone out once.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { aPager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { once, standing, threeChannels } from '../support/three-channels.ts'

const stuck = aPager({ platform: 'stuck', repeat: 'key', budgetSeconds: 60 })
const cities = aCityFolder({
  bonn: { channels: threeChannels('bonn') },
  mainz: { channels: [{ name: 'stuck', platform: 'stuck' }] },
})

describe('P5: while Redis is away', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: new Map([...hurried, ['stuck', stuck.connector]]) }, cities })
    await rundruf.settled(await rundruf.announce({ title: 'Vorher', text: 'Alles geht seinen Gang.' }))
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const warn = (title: string, city = 'bonn') =>
    rundruf.announce({ city, kind: 'warning', severity: 'Severe', title, text: 'Bitte Fenster schließen.' })
  const isQueued = ({ deliveries }: AnnouncementDetail) => deliveries.every(({ state }) => state === 'queued')

  const ready = async () => (await (await fetch(`${rundruf.running.url}/readyz`)).json()) as { queue: boolean }

  it('F16: a warning reaches every platform, though one of them hangs; the rest waits until Redis is back and then goes once', async () => {
    const gate = Promise.withResolvers<void>()
    stuck.will('publish', { gate: gate.promise })
    await rundruf.redis.stop()
    const routine = await rundruf.announce({ title: 'Stadtfest', text: 'Das Stadtfest beginnt um 12 Uhr.' })
    const hanging = await warn('Hängt', 'mainz')
    await poll('one platform to hang', async () => (await rundruf.show(hanging)).deliveries[0]?.state === 'sending')
    const warning = await warn('Rauch')
    assert.equal((await rundruf.settled(warning)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, 'Rauch'), once)
    assert.ok(isQueued(await rundruf.show(routine)), 'what is not urgent waits for the queue')
    assert.equal((await rundruf.show(hanging)).deliveries[0]?.state, 'sending')

    await rundruf.redis.restart()
    assert.equal((await rundruf.settled(routine)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, 'Stadtfest'), once)
    gate.resolve()
    assert.equal((await rundruf.settled(hanging)).state, 'delivered')
    assert.equal(stuck.pages.length, 1)
    const { deliveries } = await rundruf.show(warning)
    assert.ok(
      deliveries.every(({ history }) => history.filter(({ event }) => event === 'began').length === 1),
      'the jobs that came back found nothing to do',
    )
    assert.deepEqual(await standing(rundruf, 'Rauch'), once)
  })

  it('an announcement can be corrected and taken back', async () => {
    await rundruf.redis.kill()
    const warning = await warn('Hochwasser')
    await rundruf.settled(warning)
    const { status } = await rundruf.api('POST', `/announcements/${warning}/amend`, { text: 'Bitte Keller meiden.' })
    assert.equal(status, 200)
    await rundruf.settled(warning)
    assert.equal((await rundruf.api('POST', `/announcements/${warning}/retract`, {})).status, 200)
    assert.equal((await rundruf.settled(warning)).state, 'retracted')
    const left = (await rundruf.ledger()).filter(({ text, deletedAt }) => text.includes('Hochwasser') && deletedAt === null)
    assert.deepEqual(left, [])
  })

  it('F19: a Redis that hangs is as good as gone', async () => {
    await rundruf.redis.restart()
    await poll('the queue to answer', async () => (await ready()).queue)
    await rundruf.settled(await rundruf.announce({ title: 'Zwischendurch', text: 'Alles geht seinen Gang.' }))
    const { pid } = rundruf.redis
    process.kill(pid, 'SIGSTOP')
    try {
      const warning = await warn('Sturm')
      assert.equal((await rundruf.settled(warning)).state, 'delivered')
      const { deliveries } = await rundruf.show(warning)
      for (const { attempts, channel, history } of deliveries) assert.equal(attempts, 1, `${channel}: ${JSON.stringify(history)}`)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    assert.deepEqual(await standing(rundruf, 'Sturm'), once)
  })

  it('the house takes requests and says what is missing', async () => {
    await rundruf.redis.kill()
    assert.deepEqual(await ready(), { ready: true, database: true, queue: false })
    await rundruf.redis.restart()
    await poll('the queue to answer', async () => {
      assert.deepEqual(await ready(), { ready: true, database: true, queue: true })
      return true
    })
  })

  it('the house can be closed', async () => {
    await rundruf.redis.kill()
    await rundruf.running.stop(1000)
  })
})
