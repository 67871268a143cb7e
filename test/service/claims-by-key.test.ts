// The two statements of every delivery are planned once. That moment may be the first of a fresh installation, with nothing in the tables.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { aDatabase } from '../support/database.ts'
import { testProof } from '../support/proof.ts'

test('claims and receipts are found by their keys, also by a plan that was made while every table was empty', async () => {
  await using store = await aDatabase()
  const hot = openDatabase({ url: store.url, prepared: true, max: 1 })
  try {
    const ledger = openLedger(store.db, testProof, hot)
    assert.equal(await ledger.claim({ id: randomUUID(), turn: 1, leaseSeconds: 5, way: 'urgent' }), undefined)
    assert.equal((await ledger.delivered({ id: randomUUID(), fence: 1, way: 'urgent', receipt: null })).late, true)
    const { rows } = await sql<Prepared>`
      select name, cardinality(parameter_types) as "values" from pg_prepared_statements`.execute(hot.withoutPlugins())
    assert.equal(rows.length, 2)
    for (const statement of rows) assert.deepEqual(unkeyed(await planOf(statement)), [])
  } finally {
    await hot.destroy()
  }

  async function planOf({ name, values }: Prepared): Promise<string> {
    const empties = sql.raw(Array.from({ length: values }, () => "'{}'").join(', '))
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain execute ${sql.ref(name)}(${empties})`.execute(hot.withoutPlugins())
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
})

interface Prepared {
  readonly name: string
  readonly values: number
}

/** Scans of a table that do not begin at a key; the pause of sending is one row at most. */
const unkeyed = (plan: string): readonly string[] => {
  const lines = plan.split('\n')
  return lines.filter((line, at) => {
    if (/Seq Scan|Hash|Merge|Materialize/.test(line)) return true
    return /Index (Only )?Scan/.test(line) && !/sending_pause/.test(line) && !/Index Cond/.test(lines[at + 1] ?? '')
  })
}
