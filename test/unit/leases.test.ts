// A held claim: good as long as its heartbeat is answered, lost by a refusal or by the process's own clock.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Renewal, Renewed } from '../../src/store/leases.ts'
import { leaseSeconds, openLeases } from '../../workers/leases.ts'
import { poll } from '../support/poll.ts'

const ms = { urgent: leaseSeconds.urgent * 1000, routine: leaseSeconds.routine * 1000 }

/** Claims that were made so long ago, with a heartbeat that is answered so. */
const withLeases = async (answer: (claims: readonly Renewal[]) => Promise<readonly Renewed[]>) => {
  const asked: (readonly Renewal[])[] = []
  const failed: unknown[] = []
  const leases = openLeases({
    ledger: {
      renew: (claims) => {
        asked.push(claims)
        return answer(claims)
      },
    },
    onError: (error) => void failed.push(error),
  })
  let fence = 0
  return {
    ...{ asked, failed },
    hold: (way: 'urgent' | 'routine', agoMs: number, leftMs = 60_000) => {
      const now = performance.now()
      fence += 1
      return leases.hold({ id: `claim ${fence}`, fence, way, from: now - agoMs, until: now + leftMs })
    },
    [Symbol.asyncDispose]: () => leases.close(),
  }
}

const all = (answer: Renewed) => async (claims: readonly Renewal[]) => claims.map(() => answer)

describe('a held claim', () => {
  test('is good as long as its lease, and not a moment longer', async () => {
    await using house = await withLeases(() => new Promise(() => {}))
    assert.equal(house.hold('urgent', ms.urgent - 1000).good(), true)
    assert.equal(house.hold('urgent', ms.urgent).good(), false)
    assert.equal(house.hold('routine', ms.urgent).good(), true)
    assert.equal(house.hold('routine', ms.routine).good(), false)
  })

  test('is renewed together with all others that are due, and holds on', async () => {
    await using house = await withLeases(all('renewed'))
    const began = performance.now()
    const held = [house.hold('urgent', ms.urgent - 200), house.hold('routine', ms.routine - 200), house.hold('urgent', 0)]
    await poll('a beat', () => house.asked.length > 0)
    assert.deepEqual(
      house.asked[0]?.map(({ id, seconds }) => ({ id, seconds })),
      [
        { id: 'claim 1', seconds: leaseSeconds.urgent },
        { id: 'claim 2', seconds: leaseSeconds.routine },
      ],
      'what is fresh is left alone',
    )
    await poll('the first lease to have run out, were it not renewed', () => performance.now() - began > 700)
    assert.ok(held.every((lease) => lease.good()))
  })

  test('is never renewed beyond the time of its attempt', async () => {
    await using house = await withLeases(all('renewed'))
    house.hold('routine', 10_000, 3000)
    house.hold('routine', 10_000, -1)
    await poll('a beat', () => house.asked.length > 0)
    const [first, ...more] = house.asked[0] ?? []
    assert.deepEqual(more, [], 'what is over is left to run out')
    assert.ok(first && first.seconds <= 3 && first.seconds > 0, `${first?.seconds}`)
  })

  test('is lost at once when its renewal is refused', async () => {
    await using house = await withLeases(all('lost'))
    const lease = house.hold('routine', 10_000)
    await poll('the refusal', () => !lease.good())
  })

  test('is neither lost nor renewed while its row is being written', async () => {
    await using house = await withLeases(all('busy'))
    const lease = house.hold('urgent', ms.urgent - 1500)
    await poll('a beat', () => house.asked.length > 0)
    assert.equal(lease.good(), true)
    await poll('the end of the lease', () => !lease.good())
  })

  test('outlives a store that is away for less than its lease, and no longer', async () => {
    let away = true
    await using house = await withLeases(async (claims) => {
      if (away) throw new Error('the store is away')
      return claims.map(() => 'renewed')
    })
    const [short, long] = [house.hold('urgent', ms.urgent - 1), house.hold('urgent', ms.urgent - 2500)]
    await poll('two beats in vain', () => house.failed.length > 1)
    assert.equal(short.good(), false)
    assert.equal(long.good(), true)
    away = false
    await poll('the claim that ran out unnoticed to be good again', () => short.good())
    assert.equal(long.good(), true)
  })

  test('is not renewed any more after its release', async () => {
    await using house = await withLeases(all('renewed'))
    house.hold('routine', 10_000).release()
    house.hold('routine', 10_000)
    await poll('a beat', () => house.asked.length > 0)
    assert.equal(house.asked[0]?.length, 1)
  })
})
