// A warning goes first inside a process, and one whose platform hangs holds up nobody for long.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPrecedence } from '../../workers/precedence.ts'

test('without a warning everyday deliveries go on at once', async () => {
  const precedence = openPrecedence()
  await precedence.first(async () => {})
  let passed = false
  void precedence.turn().then(() => {
    passed = true
  })
  await Promise.resolve()
  await Promise.resolve()
  assert.ok(passed)
})

test('everyday deliveries wait for a warning, and for the last of several', async () => {
  const precedence = openPrecedence()
  const order: string[] = []
  const warnings = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const under = warnings.map(({ promise }, at) => precedence.first(() => promise.then(() => order.push(`warning ${at}`))))
  const everyday = precedence.turn().then(() => order.push('everyday'))
  warnings[1]?.resolve()
  await under[1]
  warnings[0]?.resolve()
  await Promise.all([...under, everyday])
  assert.deepEqual(order, ['warning 1', 'warning 0', 'everyday'])
})

test('a warning whose platform hangs lets the others pass after a moment', async () => {
  const precedence = openPrecedence()
  const hanging = Promise.withResolvers<void>()
  const warning = precedence.first(() => hanging.promise)
  await precedence.turn()
  hanging.resolve()
  await warning
})

test('a warning that fails makes way like any other', async () => {
  const precedence = openPrecedence()
  await assert.rejects(
    precedence.first(() => Promise.reject(new Error('refused'))),
    /refused/,
  )
  await precedence.turn()
})
