// A crowd costs one reader, and nobody in it gets what was read before they asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as breath } from 'node:timers/promises'
import fc from 'fast-check'
import { crowd } from '../../src/newsroom/crowd.ts'

test('a thousand at once are two turns', async () => {
  const together = crowd()
  let turns = 0
  const work = async () => {
    turns++
    await breath()
    return turns
  }
  const answers = await Promise.all(Array.from({ length: 1000 }, () => together('bonn', work)))
  assert.equal(turns, 2)
  assert.deepEqual(answers.slice(0, 3), [1, 2, 2])
})

test('names do not wait for each other, and a failure is not for the next', async () => {
  const together = crowd()
  const stuck = together('bonn', () => new Promise(() => {}))
  assert.equal(await together('mainz', async () => 'da'), 'da')
  assert.ok(stuck instanceof Promise)
  const failing = together('kassel', async () => Promise.reject(new Error('weg')))
  const next = together('kassel', async () => 'wieder da')
  await assert.rejects(failing, /weg/)
  assert.equal(await next, 'wieder da')
})

test('whatever the order, an answer was read after it was asked for, and one turn of a name runs at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ pause: fc.nat(3), length: fc.nat(3) }), { maxLength: 30 }), async (visits) => {
      const together = crowd()
      let clock = 0
      let running = 0
      const read = (length: number) => async () => {
        assert.equal(++running, 1)
        const begun = ++clock
        for (let step = 0; step < length; step++) await breath()
        running--
        return begun
      }
      const answers: Promise<void>[] = []
      for (const { pause, length } of visits) {
        for (let step = 0; step < pause; step++) await breath()
        const asked = ++clock
        answers.push(together('bonn', read(length)).then((begun) => assert.ok(begun > asked)))
      }
      await Promise.all(answers)
    }),
    { numRuns: 50 },
  )
})
