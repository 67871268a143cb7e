// A city file that allows two announcements a day, in the whole house: a Redis that forgets everything does not make it three.
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
    channels: [{ name: 'haupt', platform: 'haupt', 'per-day': 2 }],
    rules: [{ name: 'Alles', channels: 'all' }],
  },
})

describe('a city that wants two announcements a day on a channel', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: connectorsOf([pager]) }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = (more: Record<string, unknown> = {}): Promise<string> =>
    rundruf.announce({ city: 'worms', kind: 'notice', title: `Nummer ${++number}`, text: 'Ein Satz.', ...more })
  const first = async (id: string) => (await rundruf.show(id)).deliveries[0]

  it('has two, the third waits also after Redis has lost everything, and a warning goes at once', async () => {
    await rundruf.settled(await announce())
    await rundruf.redis.restart({ empty: true })
    await rundruf.settled(await announce())
    await rundruf.redis.restart({ empty: true })
    const third = await announce()
    const waiting = await poll('the third to wait for tomorrow', async () => {
      const delivery = await first(third)
      return delivery?.state === 'waiting' && /am Tag/.test(delivery.reason ?? '') ? delivery : undefined
    })
    assert.match(waiting.reason ?? '', /höchstens 2 Meldungen am Tag, und so viele sind es heute schon; .* 00:00 Uhr an der Reihe\.$/)
    await rundruf.settled(await announce({ kind: 'warning', severity: 'Minor' }))
    assert.equal(pager.pages.length, 3)
  })

  it('says so in its plan and in what the API tells of the city', async () => {
    const { body } = await rundruf.api('POST', '/plan', { city: 'worms', kind: 'notice', title: 'Nummer', text: 'Ein Satz.' })
    assert.match(JSON.stringify(body), /höchstens 2 Meldungen am Tag; was mehr ist, folgt am nächsten Tag/)
    const city = (await rundruf.api('GET', '/cities/worms')).body as { channels: readonly { perDay: number | null }[] }
    assert.deepEqual(
      city.channels.map(({ perDay }) => perDay),
      [2],
    )
  })
})
