// A backup is written piece by piece while the server goes on sending: what was handed out must not change afterwards.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import pg from 'pg'
import { copyOut } from '../../src/store/copy.ts'
import { aDatabase } from '../support/database.ts'

// rows of very different lengths: the driver's reader then moves its remainder about in memory, over pieces that it has handed out
const rows = `select n, repeat(md5(n::text), 1 + (n * 7919) % 3000) from generate_series(1, 3000) as n`

describe('COPY TO STDOUT', () => {
  it('hands out pieces that stay as they are, however late they are written', async () => {
    await using store = await aDatabase()
    const client = new pg.Client({ connectionString: store.url })
    await client.connect()
    try {
      const held: Buffer[] = []
      const atOnce = createHash('sha256')
      await copyOut(client, `copy (${rows}) to stdout`, (piece) => {
        atOnce.update(piece)
        held.push(piece)
        return undefined
      })
      assert.equal(held.length, 3000)
      assert.equal(createHash('sha256').update(Buffer.concat(held)).digest('hex'), atOnce.digest('hex'))
    } finally {
      await client.end()
    }
  })
})
