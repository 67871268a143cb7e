// Who changes and takes back on a channel: the program, a person, or nobody.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isAble, isByHand } from '../../src/planning/able.ts'
import { aChannel } from '../support/builders.ts'
import { aConnector } from '../support/offers.ts'

const byProgram = aChannel()
const byHand = aChannel({ by: 'hand' })
const all = aConnector('mastodon', ['update', 'retract', 'reply'])
const nothing = aConnector('telegram')
const leavesDeleting = { ...nothing, byHand: ['retract'] as const }

describe('what a channel can do', () => {
  it('is what its platform lets a program do', () => {
    for (const action of ['update', 'retract', 'reply'] as const) {
      assert.equal(isAble(byProgram, all, action), true)
      assert.equal(isAble(byProgram, nothing, action), false)
      assert.equal(isByHand(byProgram, all, action), false)
    }
  })

  it('is everything but answering where a person serves it: what is new there is a post of its own', () => {
    assert.deepEqual(
      (['update', 'retract', 'reply'] as const).map((action) => isAble(byHand, nothing, action)),
      [true, true, false],
    )
    assert.equal(isByHand(byHand, all, 'publish'), true)
  })

  it('is what a person can do where the program cannot, and only that is a task', () => {
    assert.equal(isAble(byProgram, leavesDeleting, 'retract'), true)
    assert.equal(isByHand(byProgram, leavesDeleting, 'retract'), true)
    assert.equal(isByHand(byProgram, leavesDeleting, 'publish'), false)
    assert.equal(isAble(byProgram, leavesDeleting, 'update'), false)
    assert.equal(isByHand(byProgram, { ...leavesDeleting, ...all }, 'retract'), false)
  })
})
