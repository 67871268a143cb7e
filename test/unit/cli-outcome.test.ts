// When a step is done: every delivery that counts for it has arrived.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { outcomeOf } from '../../src/cli/outcome.ts'
import { onItsWay, settled } from '../../src/delivery/delivery.ts'
import { aDelivery, aView } from '../service/cli-fake-service.ts'

const states = fc.constantFrom(...onItsWay, ...settled)
const deliveries = fc.array(
  fc.record({ state: states, revision: fc.integer({ min: 1, max: 2 }), action: fc.constantFrom('publish', 'update', 'retract') }),
  { maxLength: 6 },
)

test('a release is done only when there is a delivery and every one is delivered', () => {
  fc.assert(
    fc.property(deliveries, (overs) => {
      const { done } = outcomeOf(aView({ deliveries: overs.map(aDelivery) }), 'release')
      assert.equal(done, overs.length > 0 && overs.every(({ state }) => state === 'delivered'))
    }),
  )
})

test('no step is done while anything is under way or held', () => {
  fc.assert(
    fc.property(deliveries, fc.constantFrom('release', 'amend', 'retract', 'look'), (overs, step) => {
      const { done } = outcomeOf(aView({ revision: 2, deliveries: overs.map(aDelivery) }), step)
      if (overs.some(({ state }) => (onItsWay as readonly string[]).includes(state))) assert.equal(done, false)
    }),
  )
})

test('an amendment does not answer for what an earlier revision lost', () => {
  const lost = aDelivery({ state: 'given-up', revision: 1 })
  const updated = aDelivery({ action: 'update', revision: 2 })
  assert.equal(outcomeOf(aView({ revision: 2, deliveries: [lost, updated] }), 'amend').done, true)
  assert.equal(outcomeOf(aView({ revision: 2, deliveries: [lost, { ...updated, state: 'given-up' }] }), 'amend').done, false)
})

test('a retraction is done when nothing was there, or all of it is gone', () => {
  const superseded = aDelivery({ state: 'superseded' })
  assert.equal(outcomeOf(aView({ deliveries: [superseded] }), 'retract').done, true)
  assert.equal(outcomeOf(aView({ deliveries: [superseded, aDelivery({ action: 'retract' })] }), 'retract').done, true)
  assert.equal(outcomeOf(aView({ deliveries: [aDelivery({ action: 'retract', state: 'given-up' })] }), 'retract').done, false)
})
