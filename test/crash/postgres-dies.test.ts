// A PostgreSQL that dies again and again under load: what was confirmed is there, everything is delivered once, and a "no" comes at once.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answered, aCaller, isPoliteNo } from '../support/caller.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { aPostgres, type TestPostgres } from '../support/postgres.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const keyed = aPager({ platform: 'keyed', repeat: 'key' })
const seen = aPager({ platform: 'seen', repeat: 'find', can: ['find', 'retract'] })
const connectors = connectorsOf([keyed, seen])
const cities = aCityFolder({ bonn: { channels: [...connectors.keys()].map((platform) => ({ name: platform, platform })) } })

/** `npm run test:postgres` kills it fifty times. */
const kills = Number(process.env.RUNDRUF_KILLS ?? 12)
const clients = 4
describe('a PostgreSQL', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let postgres: TestPostgres

  before(async () => {
    postgres = await aPostgres()
    rundruf = await aRundruf({ exchange: { connectors }, cities, store: postgres })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  it(`P6, F20: killed ${kills} times under load loses nothing that was confirmed, and doubles nothing`, { timeout: 600_000 }, async () => {
    const { insisting } = aCaller(rundruf)
    const answers: Answered[] = []
    const confirmed = new Map<string, string>()
    let ended = false
    const load = Array.from({ length: clients }, async (_, client) => {
      for (let n = 0; !ended; n++) {
        const title = `Last ${client}-${n}.`
        confirmed.set(title, await insisting(title, answers))
        await pause(20)
      }
    })
    for (let kill = 1; kill <= kills; kill++) {
      const so = confirmed.size
      await poll('the load to go on', () => confirmed.size > so, 60_000)
      await pause(Math.random() * 100)
      await postgres.end(kill % 10 === 0 ? 'SIGQUIT' : 'SIGKILL')
      await pause(Math.random() * 50)
      await postgres.restart()
    }
    ended = true
    await Promise.all(load)
    const unexpected = answers.filter(({ status, body }) => status !== 201 && status !== 503 && body.code !== 'idempotency-key-in-flight')
    assert.deepEqual(
      unexpected.map(({ status, body }) => [status, body]),
      [],
    )
    const noes = answers.filter(({ status }) => status === 503)
    assert.ok(noes.length >= kills / 2, `${noes.length} times it had to say no`)
    for (const no of noes) isPoliteNo(no)
    for (const [title, id] of confirmed) assert.equal((await rundruf.settled(id, 90_000)).state, 'delivered', title)
    const rows = await postgres.db.selectFrom('announcement').select('id').execute()
    assert.equal(rows.length, confirmed.size, 'each request had its effect once, however often it was repeated')
    for (const { pages, connector } of [keyed, seen])
      for (const title of confirmed.keys())
        assert.equal(pages.filter(({ wordings }) => wordings[0]?.includes(title)).length, 1, `${title} on ${connector.platform}`)
  })

  it('P6, F20: that is gone is said within two seconds', async () => {
    await postgres.end('SIGKILL')
    try {
      const answered = await aCaller(rundruf).post('Ohne Datenbank', randomUUID())
      assert.equal(answered.status, 503)
      isPoliteNo(answered)
      figure('first503Ms', answered.ms)
    } finally {
      await postgres.restart()
    }
    await rundruf.settled(await aCaller(rundruf).insisting('Wieder da', []))
  })
})
