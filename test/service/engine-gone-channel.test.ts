// A channel that is no longer in its city's file, by mistake or for good: nothing is sent, nobody is told that it may have been.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { open } from '../../src/join.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'

it('a channel that is gone keeps its deliveries waiting, and gets them when it is back', { skip: redisMissing() }, async () => {
  const cities = aCityFolder({ bonn: { channels: threeChannels('bonn') } })
  const without = aCityFolder({ bonn: { channels: threeChannels('bonn').filter(({ name }) => name !== 'mastodon') } })
  await using rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: hurried } })
  const id = await rundruf.announce({ title: 'Probe', text: 'Ein Satz.' })
  const onMastodon = async () => (await rundruf.show(id)).deliveries.find(({ channel }) => channel === 'mastodon')

  const wrong = await open({ ...rundruf.config, cities: without }, { roles: 'work', only: null }, { connectors: hurried })
  try {
    await poll('it to wait', async () => (await onMastodon())?.state === 'waiting')
  } finally {
    await wrong.stop(5000)
  }
  assert.match((await onMastodon())?.reason ?? '', /Der Kanal »mastodon« steht nicht mehr in der Datei der Stadt/)
  assert.deepEqual(await rundruf.ledger('mastodon'), [])

  const right = await open(rundruf.config, { roles: 'work', only: null }, { connectors: hurried })
  try {
    assert.equal((await rundruf.settled(id)).state, 'delivered')
  } finally {
    await right.stop(5000)
  }
  assert.equal((await rundruf.ledger('mastodon')).length, 1)
})
