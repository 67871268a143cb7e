// What a connector reaches in a rehearsal when its settings lead elsewhere all the same: nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeExit } from '../../src/connector/exit.ts'
import type { World } from './world.ts'

const elsewhere = ['https://elsewhere.invalid', 'smtps://elsewhere.invalid', 'wss://elsewhere.invalid'] as const

export const exit = (world: World): void => {
  const { connector, options } = world
  test('in a rehearsal it reaches no other machine, whatever its settings say', async () => {
    if (!('base' in world.peer.settings)) return assert.equal(options.faults.size, 0)
    using _ = closeExit([])
    const base = elsewhere.find((one) => connector.settings.safeParse({ ...world.peer.settings, base: one }).success)
    assert.ok(base, 'no address elsewhere is a setting')
    const lost = await world.connect({ ...world.peer.settings, base })
    for (const call of [
      connector.check(lost, new AbortController().signal),
      connector.publish(lost, world.post(), world.delivery().attempt()),
    ])
      assert.match((await world.fails(call, 'unreachable')).message, /In der Probe verlässt nichts diesen Rechner/)
  })
}
