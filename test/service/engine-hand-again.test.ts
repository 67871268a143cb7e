// A sweep that was slow, or stood still, between seeing that a job is missing and handing its delivery over again does no harm.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { openLedger } from '../../src/store/ledger.ts'
import { testProof } from '../support/proof.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'

it('P3, F24: what was taken, or put before a person, since it was found missing is not handed over again', {
  skip: redisMissing(),
}, async () => {
  await using rundruf = await aRundruf({ roles: 'serve' })
  const { db } = rundruf.store
  await rundruf.redis.stop()
  await rundruf.announce({ title: 'Vermisst', text: 'Ein Satz.' })
  await db.deleteFrom('outbox').execute()
  await db.updateTable('delivery').set({ dueAt: sql`now() - interval '1 minute'` }).execute()
  const ledger = openLedger(db, testProof)
  const found = await ledger.overdue({ seconds: 10, most: 10 })
  const [held, taken, waiting] = found
  assert.ok(held && taken && waiting, 'three were found')

  const change = (id: string) => db.updateTable('delivery').where('id', '=', id)
  const nextTurn = sql<number>`turn + 1`
  await change(held.id).set({ state: 'held', heldFor: 'answer', unclearSince: sql`now()`, turn: nextTurn }).execute()
  await change(taken.id).set({ state: 'sending', fence: 1, leaseUntil: sql`now()` }).execute()
  await ledger.handAgain(found)

  const rows = new Map((await db.selectFrom('delivery').select(['id', 'state', 'turn']).execute()).map((row) => [row.id, row]))
  assert.equal(rows.get(held.id)?.state, 'held', 'the question stays a question')
  assert.equal(rows.get(taken.id)?.state, 'sending')
  assert.equal(rows.get(waiting.id)?.turn, waiting.turn + 1)
  const handed = await db.selectFrom('outbox').select('deliveryId').execute()
  assert.deepEqual(
    handed.map(({ deliveryId }) => deliveryId),
    [waiting.id],
  )
})
