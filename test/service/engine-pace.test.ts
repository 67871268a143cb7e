// A channel whose own pace is used up keeps back what is everyday, and nothing else.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const pager = aPager({ platform: 'haupt', repeat: 'key', can: ['update', 'retract', 'reply'] })
const cities = aCityFolder({
  worms: {
    channels: [{ name: 'haupt', platform: 'haupt', pace: { actions: 1, 'per-seconds': 86_400 } }],
    rules: [{ name: 'Alles', when: { status: ['Actual', 'Exercise', 'Test'] }, channels: 'all' }],
  },
})

describe('P25: a warning waits for nothing of ours: on a channel whose pace for the day is used up', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let waiting: string
  let number = 0

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: connectorsOf([pager]) }, cities })
    await rundruf.settled(await announce({ kind: 'notice' }))
    waiting = await announce({ kind: 'notice' })
    await poll('the second notice to wait for its turn', async () => /an der Reihe/.test((await first(waiting)).reason ?? ''))
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = (more: Record<string, unknown>): Promise<string> =>
    rundruf.announce({ city: 'worms', title: `Nummer ${++number}`, text: 'Ein Satz.', ...more })
  const first = async (id: string) => {
    const [delivery] = (await rundruf.show(id)).deliveries
    assert.ok(delivery)
    return delivery
  }
  /** The states of its deliveries once none moves any more by itself. */
  const became = (id: string): Promise<readonly string[]> =>
    poll(`${id} to leave or to wait`, async () => {
      const states = (await rundruf.show(id)).deliveries.map(({ state }) => state)
      return states.every((state) => state === 'delivered' || state === 'waiting') ? states : undefined
    })
  const amend = async (id: string, text: string): Promise<void> => {
    const { status } = await rundruf.api('POST', `/announcements/${id}/amend`, { text })
    assert.equal(status, 200)
  }

  for (const severity of ['Extreme', 'Severe', 'Moderate', 'Minor'])
    it(`a warning (${severity}), its correction and its all-clear go at once`, async () => {
      const warning = await announce({ kind: 'warning', severity })
      assert.deepEqual(await became(warning), ['delivered'])
      await amend(warning, 'Eine Berichtigung.')
      assert.deepEqual(await became(warning), ['delivered', 'delivered'])
      const over = await announce({ kind: 'all-clear', references: warning })
      assert.deepEqual(await became(over), ['delivered'])
    })

  it('a warning of an exercise and of a test goes at once too: it shows how quick the earnest would be', async () => {
    for (const status of ['Exercise', 'Test'])
      assert.deepEqual(await became(await announce({ kind: 'warning', severity: 'Severe', status })), ['delivered'])
  })

  it('a retraction goes at once', async () => {
    const [published] = (await rundruf.api('GET', '/announcements?city=worms')).body as readonly { id: string }[]
    const { status } = await rundruf.api('POST', `/announcements/${published?.id}/retract`, {})
    assert.equal(status, 200)
    await rundruf.settled(published?.id ?? '')
  })

  it('the everyday one still waits, and the platform’s own “not yet” is respected by a warning too', async () => {
    assert.equal((await first(waiting)).state, 'waiting')
    pager.will('publish', { retryAfterMs: 700 })
    const warning = await announce({ kind: 'warning', severity: 'Extreme' })
    await rundruf.settled(warning)
    const { history } = await first(warning)
    assert.match(JSON.stringify(history), /not-yet/)
  })
})
