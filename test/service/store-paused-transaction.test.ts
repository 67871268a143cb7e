// A process that stands still in the middle of a transaction does not keep its rows from the others.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openDatabase } from '../../src/store/database.ts'
import { aDatabase } from '../support/database.ts'

it('F23: the rows of a transaction that nobody goes on with are free after seconds', { timeout: 60_000 }, async () => {
  await using store = await aDatabase()
  const paused = openDatabase({ url: store.url })
  const mark = (db: typeof paused, value: string) => db.updateTable('queueMark').set({ mark: value }).where('id', '=', 1).execute()
  const stands = Promise.withResolvers<void>()
  const goesOn = Promise.withResolvers<void>()
  const transaction = paused.transaction().execute(async (trx) => {
    await mark(trx, 'paused')
    stands.resolve()
    await goesOn.promise
    await mark(trx, 'too late')
  })
  const refused = assert.rejects(transaction, 'its transaction is over when it goes on')
  await stands.promise
  await mark(store.db, 'others')
  goesOn.resolve()
  await refused
  assert.equal((await store.db.selectFrom('queueMark').select('mark').executeTakeFirstOrThrow()).mark, 'others')
  await paused.destroy()
})
