// Gathered calls: each caller gets its own answer or its own statement's error, and no more statements run at once than allowed.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { gather } from '../../src/store/gather.ts'

const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('gathering', () => {
  test('gives each caller its own answer, whatever the bursts and limits', async () => {
    const bursts = fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 5 })
    const limits = fc.record({
      max: fc.integer({ min: 1, max: 8 }),
      withinMs: fc.constantFrom(0, 1),
      parallel: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(bursts, limits, async (drawn, within) => {
        let running = 0
        let most = 0
        let largest = 0
        const doubled = gather(async (items: readonly number[]) => {
          most = Math.max(most, ++running)
          largest = Math.max(largest, items.length)
          await aTurn()
          running--
          return items.map((item) => item * 2)
        }, within)
        const asked: Promise<number>[] = []
        for (const burst of drawn) {
          asked.push(...burst.map(doubled))
          await aTurn()
        }
        assert.deepEqual(
          await Promise.all(asked),
          drawn.flat().map((item) => item * 2),
        )
        assert.ok(most <= within.parallel, `${most} at once`)
        assert.ok(largest <= within.max, `${largest} in one`)
      }),
      { numRuns: 100 },
    )
  })

  test('gathers what comes together into one statement', async () => {
    const sizes: number[] = []
    const seen = gather(
      async (items: readonly number[]) => {
        sizes.push(items.length)
        return items
      },
      { max: 100, withinMs: 1, parallel: 1 },
    )
    await Promise.all([1, 2, 3, 4].map(seen))
    assert.deepEqual(sizes, [4])
  })

  test('tells every caller of a failed statement, and only those', async () => {
    const odd = gather(
      async (items: readonly number[]) => {
        if (items.includes(13)) throw new Error('thirteen')
        return items
      },
      { max: 2, withinMs: 1, parallel: 2 },
    )
    const ends = await Promise.allSettled([1, 13, 3, 4].map(odd))
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled', 'fulfilled'],
    )
    assert.equal(await odd(5), 5, 'and goes on afterwards')
  })
})
