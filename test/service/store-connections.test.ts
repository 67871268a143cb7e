// A connection to the store that breaks costs the work at hand, never the process.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'

test('P6: a connection that breaks between two statements of a transaction is an error of that transaction alone', async () => {
  await using store = await aDatabase()
  const errors: Error[] = []
  const db = openDatabase({ url: store.url, onError: (error) => void errors.push(error) })
  const broken = db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(store.db)
    await poll('the break to be heard', () => errors.length > 0)
    await sql`select 1`.execute(trx)
  })
  await assert.rejects(broken)
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db)
  assert.deepEqual(rows, [{ one: 1 }], 'the next query has a connection of its own')
  await db.destroy()
})
