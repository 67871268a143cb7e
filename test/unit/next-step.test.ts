// What follows a failed attempt, over every failure, way of repeating and age: no double without leave, no post given up that may stand.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type FailedAttempt, nextLook, nextStep, pauseMs, type Step } from '../../src/delivery/next-step.ts'

const day = 24 * 3_600_000
const failures = ['rejected', 'channel', 'not-yet', 'unreachable', 'unclear'] as const

const anyFailed: fc.Arbitrary<FailedAttempt> = fc.record({
  failure: fc.constantFrom(...failures),
  message: fc.constant('502 Bad Gateway'),
  retryAfterMs: fc.option(fc.integer({ min: -5, max: 10_000_000 }), { nil: null }),
  action: fc.constantFrom('publish', 'update', 'reply', 'retract'),
  repeat: fc.constantFrom('key', 'id', 'find', 'nothing'),
  canFind: fc.boolean(),
  settleMs: fc.constantFrom(0, 2000, 30_000),
  doubles: fc.constantFrom('avoid', 'tolerate'),
  way: fc.constantFrom('urgent', 'routine'),
  attempts: fc.integer({ min: 1, max: 10_000 }),
  unclears: fc.integer({ min: 0, max: 20 }),
  unclearBefore: fc.boolean(),
  ageMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 4 * day })),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
  channel: fc.constant('mastodon-bonn'),
})

const makesNew = ({ action }: FailedAttempt): boolean => action === 'publish' || action === 'reply'
const holdsForAnswer = (step: Step): boolean => step.to === 'held' && step.heldFor === 'answer'
const property = (say: (failed: FailedAttempt) => void): void => fc.assert(fc.property(anyFailed, say), { numRuns: 3000 })

describe('after an unclear ending', () => {
  test('nothing new is sent again where a repetition would be a second post, unless doubles are tolerated', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'unclear', repeat: 'nothing', doubles: 'avoid' }
      if (makesNew(failed)) assert.ok(holdsForAnswer(nextStep(failed)))
    })
  })

  test('where only a look can tell, a look comes first', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'unclear', repeat: 'find', canFind: true, action: 'publish', unclears: 1 }
      assert.equal(nextStep(failed).to, 'looking')
    })
  })

  test('no delivery is ever given up, suspended or forgotten to be unclear', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'unclear' })
      assert.ok(step.to === 'looking' || holdsForAnswer(step) || (step.to === 'waiting' && step.unclear), step.to)
    })
  })

  test('a refusal of the second try is not the end: the first one may stand, and a person is asked', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'rejected', unclearBefore: true }
      if (makesNew(failed)) assert.ok(holdsForAnswer(nextStep(failed)))
    })
  })

  test('nothing that may stand is ever given up', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, unclearBefore: true }
      if (makesNew(failed)) assert.notEqual(nextStep(failed).to, 'given-up')
    })
  })

  test('the platform’s settle time passes before anything else happens', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'unclear' })
      if (step.to === 'looking' || step.to === 'waiting') assert.ok(step.afterMs >= drawn.settleMs)
    })
  })
})

describe('a look that failed', () => {
  test('is never taken for “it is not there”', () => {
    property((failed) => {
      const step = nextLook(failed)
      assert.ok(step.to === 'looking' || step.to === 'held', step.to)
    })
  })

  test('comes again after a pause, and not before the platform wants it', () => {
    property((failed) => {
      const step = nextLook(failed)
      if (step.to === 'looking') assert.ok(step.afterMs >= Math.max(500, failed.retryAfterMs ?? 0))
    })
  })
})

describe('the other failures', () => {
  test('a refusal of the only try is the end, and says why', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'rejected', unclearBefore: false })
      assert.equal(step.to, 'given-up')
      assert.match(step.reason, /502 Bad Gateway/)
    })
  })

  test('a broken channel is suspended and its delivery held until it is resumed', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'channel' })
      assert.ok(step.to === 'held' && step.heldFor === 'channel' && step.suspends)
    })
  })

  test('“not yet” costs no attempt and waits as long as the platform asks', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'not-yet' })
      assert.ok(step.to === 'waiting' && !step.counts && !step.unclear)
      assert.ok(step.afterMs >= Math.max(drawn.retryAfterMs ?? 0, 100))
    })
  })

  test('an unreachable platform is tried again for a day with warnings, for two with the rest', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'unreachable', unclearBefore: false }
      const patience = failed.way === 'urgent' ? day : 2 * day
      const step = nextStep(failed)
      assert.equal(step.to, failed.ageMs > patience ? 'given-up' : 'waiting')
      if (step.to === 'waiting') assert.ok(step.counts)
    })
  })

  test('every question to a person names the channel and asks', () => {
    property((failed) => {
      for (const step of [nextStep(failed), nextLook(failed)])
        if (step.to === 'held' && step.heldFor === 'answer') assert.match(step.question ?? '', /^Bitte .*mastodon-bonn.*\?$/)
    })
  })
})

describe('pauses', () => {
  const way = fc.constantFrom('urgent' as const, 'routine' as const)
  const random = fc.double({ min: 0, max: 1, noNaN: true })

  test('are between half a second and the longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 100_000 }), way, random, (attempts, on, spread) => {
        const pause = pauseMs(attempts, on, spread)
        assert.ok(pause >= 500 && pause <= (on === 'urgent' ? 30_000 : 300_000), `${pause}`)
      }),
    )
  })

  test('grow with every attempt, and never shrink', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), way, random, (attempts, on, spread) => {
        assert.ok(pauseMs(attempts + 1, on, spread) >= pauseMs(attempts, on, spread))
        if (attempts < 4) assert.ok(pauseMs(attempts + 1, on, spread) > pauseMs(attempts, on, spread))
      }),
    )
  })
})
