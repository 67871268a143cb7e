// How an announcement stands, derived from its deliveries: never better than what is so.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { announcementState } from '../../src/delivery/announcement-state.ts'
import { isSettled, onItsWay, type State, settled } from '../../src/delivery/delivery.ts'

const one = (state: State, action = 'publish') => ({ state, action })
const anyDelivery = fc.record({
  state: fc.constantFrom(...onItsWay, ...settled),
  action: fc.constantFrom('publish', 'update', 'reply', 'retract'),
})
const anyDeliveries = fc.array(anyDelivery, { maxLength: 8 })

describe('an announcement', () => {
  test('that was not released is a draft', () => {
    assert.equal(announcementState(false, false, []), 'draft')
  })

  test('is delivered only when everything that was not superseded is', () => {
    assert.equal(announcementState(true, false, [one('delivered'), one('superseded')]), 'delivered')
    assert.equal(announcementState(true, false, [one('delivered'), one('expired')]), 'partly-delivered')
    assert.equal(announcementState(true, false, [one('given-up'), one('expired')]), 'failed')
    assert.equal(announcementState(true, false, [one('superseded')]), 'failed')
  })

  test('that was taken back is retracted once nothing is open', () => {
    assert.equal(announcementState(true, true, [one('delivered'), one('sending', 'retract')]), 'under-way')
    assert.equal(announcementState(true, true, [one('delivered'), one('delivered', 'retract')]), 'retracted')
    assert.equal(announcementState(true, true, [one('superseded')]), 'retracted')
  })

  test('of which a post could not be taken down is not retracted', () => {
    const deliveries = [one('delivered'), one('delivered', 'retract'), one('delivered'), one('given-up', 'retract')]
    assert.equal(announcementState(true, true, deliveries), 'partly-delivered')
  })

  test('waits for a person as long as one delivery does', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.boolean(), (deliveries, retracted) => {
        const state = announcementState(true, retracted, deliveries)
        assert.equal(
          state === 'waiting-for-a-person',
          deliveries.some((delivery) => delivery.state === 'held'),
        )
      }),
    )
  })

  test('is final exactly when every delivery is settled', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.boolean(), (deliveries, retracted) => {
        const final = !['under-way', 'waiting-for-a-person'].includes(announcementState(true, retracted, deliveries))
        assert.equal(
          final,
          deliveries.every(({ state }) => isSettled(state)),
        )
      }),
    )
  })
})
