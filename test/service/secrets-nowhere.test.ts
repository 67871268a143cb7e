// A platform that repeats our credentials to us: no piece of them comes into the store, the log, an answer of the API or a page.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { connectors as shipped } from '../../connectors/index.ts'
import type { AnyConnector, Tools } from '../../src/connector/connector.ts'
import { Secret } from '../../src/connector/secret.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { aToken, pieceIn, piecesOf } from '../support/pieces.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const token = aToken(240, 7)

const cities = aCityFolder({
  bonn: {
    channels: [
      { name: 'newsroom', platform: 'newsroom' },
      { name: 'facebook', platform: 'facebook', settings: { page: '100064500000101', token: 'env:TOKEN' } },
    ],
  },
})

describe('a platform that repeats our credential', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let proxy: FaultProxy
  before(async () => {
    proxy = await startFaultProxy({ target: 'http://127.0.0.1:9' })
    const facebook = shipped.get('facebook') as AnyConnector
    const connect = (settings: object, tools: Tools) => facebook.connect({ ...settings, base: proxy.url, token: new Secret(token) }, tools)
    const connectors = new Map([...shipped].filter(([name]) => name === 'newsroom')).set('facebook', { ...facebook, connect })
    rundruf = await aRundruf({ cities, exchange: { connectors } })
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
    await proxy?.close()
  })

  it('F29: no piece of 16 characters or more of it is in store, log or answer', async () => {
    const pieces = piecesOf([token])
    const told: string[] = []
    for (const before of [0, 40, 80, 120, 160, 200, 240, 280]) {
      proxy.repeatBack((message) => ({ error: { message, type: 'OAuthException', code: 100 } }), { before })
      const id = await rundruf.announce({ title: `Probe ${before}`, text: 'Ein Satz.' })
      await poll('the attempt to fail', async () =>
        (await rundruf.show(id)).deliveries.some(({ channel, state }) => channel === 'facebook' && state === 'given-up'),
      )
      told.push(JSON.stringify(await rundruf.show(id)))
      told.push(JSON.stringify((await rundruf.api('POST', '/channels/bonn/facebook/check')).body))
    }
    const sent = proxy.requests.map(({ headers }) => headers.authorization).join(' ')
    assert.ok(pieceIn(sent, pieces), 'the credential was never sent')
    assert.ok(
      told.some((answer) => answer.includes('[secret]')),
      'the platform was never quoted',
    )
    told.push(readFileSync(join(rundruf.config.data, 'rundruf.log'), 'utf8'), ...(await rowsOf(rundruf)))
    assert.equal(told.map((words) => pieceIn(words, pieces)).find(Boolean), undefined)
  })
})

/** Every row of every table, as text. */
const rowsOf = async ({ store: { db } }: TestRundruf): Promise<readonly string[]> => {
  const { rows: tables } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db)
  const read = async ({ name }: { readonly name: string }) =>
    (await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(db)).rows.map(({ row }) => row)
  return (await Promise.all(tables.map(read))).flat()
}
