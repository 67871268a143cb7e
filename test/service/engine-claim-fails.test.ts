// A store that is away for the moment of a claim ends the job, not the delivery.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'

it('a delivery whose claim failed is handed over again and delivered', { skip: redisMissing(), timeout: 120_000 }, async () => {
  /** Longer than a job tries to claim. */
  const awayMs = 6000
  let awayUntil = 0
  await using rundruf = await aRundruf({
    exchange: {
      around: (parts) => ({
        ...parts,
        ledger: {
          ...parts.ledger,
          claim: (wish) => {
            awayUntil ||= performance.now() + awayMs
            if (performance.now() > awayUntil) return parts.ledger.claim(wish)
            return Promise.reject(new Error('the store is away'))
          },
        },
      }),
    },
  })
  const id = await rundruf.announce({ title: 'Ein kurzer Aussetzer', text: 'Der Speicher war einen Augenblick fort.' })
  const { deliveries } = await rundruf.settled(id, 90_000)
  assert.ok(deliveries.length > 0 && awayUntil > 0)
  assert.deepEqual(new Set(deliveries.map(({ state }) => state)), new Set(['delivered']))
})
