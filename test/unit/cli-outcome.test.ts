// When a step is done: every delivery that counts for it has arrived.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { announcementAsText } from '../../src/cli/announcement-page.ts'
import { listAsText } from '../../src/cli/list-page.ts'
import { outcomeOf } from '../../src/cli/outcome.ts'
import type { Page } from '../../src/cli/table.ts'
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

const page: Page = { width: 120, paint: (_, text) => text }
const read = (over: Parameters<typeof aView>[0]): string => announcementAsText(aView(over), { page, step: 'look' })

test('an exercise says so before what it plays, on its page and in the list', () => {
  const { announcement } = aView()
  const view = aView({ announcement: { ...announcement, kind: 'warning', status: 'Exercise' } })
  assert.match(announcementAsText(view, { page, step: 'look' }), /ÜBUNG: Warnung/)
  assert.match(listAsText([view], page), /ÜBUNG: Warnung/)
  assert.doesNotMatch(listAsText([aView()], page), /ÜBUNG/)
})

test('what was taken back before it appeared anywhere says so, in a whole sentence', () => {
  const text = read({ state: 'retracted', deliveries: [aDelivery({ state: 'superseded' })] })
  assert.match(text, /Es stand nirgends etwas, das zurückzunehmen wäre\./)
  assert.doesNotMatch(text, /es fehlt: \./)
})

test('what waits for its hour says which, and a draft names the command that shows its plan', () => {
  const [decision] = aView().decisions
  assert.ok(decision)
  const waits = { ...decision, verdict: 'wait', notBefore: '2026-12-01T05:00:00.000Z' } as const
  const deliveries = [aDelivery({ channel: decision.channel, state: 'queued' })]
  assert.match(read({ decisions: [waits], deliveries }), /geplant für 01\.12\.2026, 06:00 Uhr/)
  assert.match(read({ releasedAt: null, state: 'draft', deliveries: [] }), /rundruf show/)
})

test('a correction that does not get through says where readers go on seeing the earlier wording', () => {
  const [decision] = aView().decisions
  assert.ok(decision)
  const blocked = { ...decision, channel: 'x', verdict: 'omit', because: 'cannot-update' } as const
  const deliveries = [
    aDelivery({ channel: 'newsroom', state: 'delivered', revision: 2 }),
    aDelivery({ channel: 'x', state: 'delivered', revision: 1 }),
  ]
  const view = aView({ revision: 2, decisions: [blocked], deliveries })
  assert.match(announcementAsText(view, { page, step: 'amend' }), /Die frühere Fassung steht weiterhin hier: x\./)
})
