// A store that is away for the moment of a claim ends the job, not the delivery.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'

it('a delivery whose claim failed is handed over again and delivered', { skip: redisMissing(), timeout: 120_000 }, async () => {
  let failures = 0
  await using rundruf = await aRundruf({
    exchange: {
      around: (parts) => ({
        ...parts,
        ledger: {
          ...parts.ledger,
          claim: (wish) => {
            if (failures >= 3) return parts.ledger.claim(wish)
            failures += 1
            return Promise.reject(new Error('the store is away'))
          },
        },
      }),
    },
  })
  const id = await rundruf.announce({ title: 'Ein kurzer Aussetzer', text: 'Der Speicher war einen Augenblick fort.' })
  const { deliveries } = await rundruf.settled(id, 90_000)
  assert.equal(failures, 3, 'each of the three jobs ended without a claim')
  assert.deepEqual(new Set(deliveries.map(({ state }) => state)), new Set(['delivered']))
})
