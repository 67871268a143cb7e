// An attempt's time: it ends by itself, it ends with the process, and no action can hold it longer.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Budget, openBudget } from '../../workers/budget.ts'

const never = new AbortController().signal
const forever = new Promise<never>(() => {})

const withBudget = async (ms: number, stop: AbortSignal, use: (budget: Budget) => Promise<void>): Promise<void> => {
  const budget = openBudget(performance.now() + ms, stop, { good: () => true })
  try {
    await use(budget)
  } finally {
    budget.close()
  }
}

describe('the budget of an attempt', () => {
  test('gives back what the work gives', () =>
    withBudget(60_000, never, async (budget) => {
      assert.equal(await budget.race('at once'), 'at once')
      assert.equal(await budget.race(Promise.resolve('later')), 'later')
      assert.equal(budget.spent(), false)
    }))

  test('throws what the work throws, unchanged', () =>
    withBudget(60_000, never, async (budget) => {
      const error = new Error('from the work')
      await assert.rejects(budget.race(Promise.reject(error)), (thrown) => thrown === error)
    }))

  test('ends what never ends, as unclear', () =>
    withBudget(10, never, async (budget) => {
      await assert.rejects(budget.race(forever), UnclearError)
      assert.ok(budget.spent())
      assert.ok(budget.signal.aborted)
    }))

  test('ends what never ends in the words of its caller', () =>
    withBudget(10, never, async (budget) => {
      await assert.rejects(
        budget.race(forever, () => new UnreachableError('noch nicht verbunden')),
        UnreachableError,
      )
    }))

  test('lets an action that heard the signal say what happened', () =>
    withBudget(10, never, async (budget) => {
      const heard = new Promise<never>((_, reject) => {
        budget.signal.addEventListener('abort', () => reject(new UnreachableError('nichts gesendet')))
      })
      await assert.rejects(budget.race(heard), UnreachableError)
    }))

  test('ends with the process', () => {
    const stop = new AbortController()
    return withBudget(60_000, stop.signal, async (budget) => {
      const race = assert.rejects(budget.race(forever), UnclearError)
      stop.abort()
      await race
      assert.ok(budget.spent())
    })
  })

  test('P15: begins nothing after the moment at which the post runs out, and cuts nothing that has begun', () =>
    withBudget(60_000, never, async (budget) => {
      const begun = budget.signal
      budget.nothingAfter(performance.now() - 1)
      assert.ok(budget.spent())
      assert.ok(budget.signal.aborted)
      assert.equal(begun.aborted, false)
      assert.equal(await budget.race(Promise.resolve('the answer')), 'the answer')
    }))

  test('P15: is not lengthened by a post that holds for longer', () =>
    withBudget(-1, never, async (budget) => {
      budget.nothingAfter(Number.POSITIVE_INFINITY)
      assert.ok(budget.spent())
    }))

  test('that is over before it begins starts nothing', () =>
    withBudget(-1, never, async (budget) => {
      assert.ok(budget.spent())
      await assert.rejects(budget.race(forever), UnclearError)
    }))
})
