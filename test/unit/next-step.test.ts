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
  retryAfterMs: fc.option(fc.oneof(fc.integer({ min: -5, max: 60_000 }), fc.integer({ min: 0, max: day })), { nil: null }),
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
const patienceOf = ({ way }: FailedAttempt): number => (way === 'urgent' ? day : 2 * day)
const holdsForAnswer = (step: Step): boolean => step.to === 'held' && step.heldFor === 'answer'
const property = (say: (failed: FailedAttempt) => void): void => fc.assert(fc.property(anyFailed, say), { numRuns: 3000 })

describe('of what is there in part, and follows in part', () => {
  test('it is never given up: it goes on, or a person is asked', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, some: true }
      if (makesNew(failed)) assert.notEqual(nextStep(failed).to, 'given-up')
    })
  })
})

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

  test('where no look can tell, a person is asked at once, also by the look itself', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'unclear', repeat: 'find', canFind: false, action: 'publish', doubles: 'avoid' }
      assert.ok(holdsForAnswer(nextStep(failed)))
      assert.ok(holdsForAnswer(nextLook(failed)))
    })
  })

  test('the first is looked up or repeated as soon as it has settled; from the second on at random, so that what died together tries apart', () => {
    property((drawn) => {
      const after = (unclears: number, random: number): number => {
        const step = nextStep({ ...drawn, failure: 'unclear', repeat: 'key', unclears, random })
        assert.ok('afterMs' in step)
        return step.afterMs - drawn.settleMs
      }
      assert.equal(after(1, drawn.random), 0)
      for (const unclears of [2, 3, 4]) {
        assert.equal(after(unclears, 0), 0)
        assert.ok(after(unclears, 1) > after(unclears - 1, 1), 'each time further apart')
      }
      assert.equal(after(4, 1), 30_000)
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

describe('a look that was put off', () => {
  test('P16: for longer than there is patience is left to a person at once', () => {
    property((drawn) => {
      const step = nextLook({ ...drawn, failure: 'not-yet', ageMs: patienceOf(drawn) - 1000, retryAfterMs: 2000 })
      assert.ok(holdsForAnswer(step), step.to)
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

  test('P8: “not yet” costs no attempt and waits as long as the platform asks, never shorter', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'not-yet' })
      if (step.to !== 'waiting') return
      assert.ok(!step.counts && !step.unclear)
      assert.ok(step.afterMs >= Math.max(drawn.retryAfterMs ?? 0, 100))
    })
  })

  test('P8, F12: a platform that asks for an hour is given it, by a warning too', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'not-yet', retryAfterMs: 3_600_000, ageMs: Math.min(drawn.ageMs, day / 2) })
      assert.ok(step.to === 'waiting' && step.afterMs === 3_600_000)
    })
  })

  test('P16: what a platform puts off again and again ends after a day with warnings, after two with the rest, and says why', () => {
    fc.assert(
      fc.property(anyFailed, fc.array(fc.integer({ min: 1000, max: day }), { minLength: 1, maxLength: 20 }), (drawn, putOff) => {
        const patience = patienceOf(drawn)
        let ageMs = 0
        for (let at = 0; ; at++) {
          const step = nextStep({ ...drawn, failure: 'not-yet', retryAfterMs: putOff[at % putOff.length] ?? 0, ageMs })
          if (step.to === 'waiting') ageMs += step.afterMs
          assert.ok(ageMs <= patience, `it still waits after ${ageMs} ms`)
          if (step.to === 'waiting') continue
          assert.equal(holdsForAnswer(step), drawn.unclearBefore && makesNew(drawn), step.to)
          if (step.to === 'given-up') assert.match(step.reason, /Geduld.*502 Bad Gateway/)
          return
        }
      }),
    )
  })

  test('F12: who is told to wait for longer than there is patience knows it at once', () => {
    property((drawn) => {
      const step = nextStep({ ...drawn, failure: 'not-yet', ageMs: patienceOf(drawn) - 1000, retryAfterMs: 2000, unclearBefore: false })
      assert.equal(step.to, 'given-up')
    })
  })

  test('an unreachable platform is tried again for a day with warnings, for two with the rest', () => {
    property((drawn) => {
      const failed: FailedAttempt = { ...drawn, failure: 'unreachable', unclearBefore: false }
      const step = nextStep(failed)
      assert.equal(step.to, failed.ageMs > patienceOf(failed) ? 'given-up' : 'waiting')
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
        assert.ok(pause >= 500 && pause <= (on === 'urgent' ? 30_000 : 50_000), `${pause}`)
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
