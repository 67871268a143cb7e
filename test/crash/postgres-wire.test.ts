// The wire to PostgreSQL is cut, reset, sliced and silenced under load: what was confirmed is there, and everything is delivered once.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { type Answered, aCaller, isPoliteNo } from '../support/caller.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { aPostgres, type TestPostgres } from '../support/postgres.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { aWire, type Damage, type Direction, type Wire } from '../support/wire.ts'

const keyed = aPager({ platform: 'keyed', repeat: 'key' })
const seen = aPager({ platform: 'seen', repeat: 'find', can: ['find', 'retract'] })
const pagers = [keyed, seen]
const connectors = connectorsOf(pagers)
const cities = aCityFolder({ bonn: { channels: [...connectors.keys()].map((platform) => ({ name: platform, platform })) } })

/** Somewhere in a greeting, in a statement, in an answer; before a commit is confirmed, and after. */
const bytes = [0, 5, 60, 400, 1500]
/** What is promised for a warning whose store is silent, and as much again for a loaded machine. */
const patienceMs = 30_000
const directions: readonly Direction[] = ['out', 'back']
const damages: readonly Damage[] = bytes.flatMap((afterBytes) =>
  directions.flatMap((direction) => (['cut', 'reset'] as const).map((kind) => ({ kind, direction, afterBytes }))),
)

describe('a wire to PostgreSQL', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let wire: Wire
  let store: TestPostgres

  before(async () => {
    store = await aPostgres()
    wire = await aWire({ path: join(store.socketDir, '.s.PGSQL.5432') })
    const through = async () => `postgresql://postgres@127.0.0.1:${wire.port}/rundruf`
    rundruf = await aRundruf({ exchange: { connectors }, cities, store, between: { store: through } })
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
    await wire?.[Symbol.asyncDispose]()
  })

  it('P6, F20: that breaks after any number of bytes loses nothing that was confirmed, and doubles nothing', async () => {
    const answers: Answered[] = []
    const confirmed = new Map<string, string>()
    const { insisting } = aCaller(rundruf)
    let ended = false
    const load = Array.from({ length: 3 }, async (_, client) => {
      for (let n = 0; !ended; n++) {
        const title = `Leitung ${client}-${n}.`
        confirmed.set(title, await insisting(title, answers))
      }
    })
    for (const damage of damages) {
      const [so, broken] = [confirmed.size, wire.broken()]
      wire.damage(damage)
      await poll('a connection to break', () => wire.broken() > broken)
      await poll('the load to go on', () => confirmed.size > so)
    }
    wire.damageNew({ kind: 'slice', bytes: 3 })
    wire.damage({ kind: 'slice', bytes: 3 })
    const so = confirmed.size
    await poll('the load to go on in slices', () => confirmed.size > so + 3)
    wire.damageNew(null)
    ended = true
    await Promise.all(load)
    const odd = answers.filter(({ status, body }) => status !== 201 && status !== 503 && body.code !== 'idempotency-key-in-flight')
    assert.deepEqual(
      odd.map(({ status, body }) => [status, body]),
      [],
    )
    const noes = answers.filter(({ status }) => status === 503)
    assert.ok(noes.length > 0, 'some were refused')
    for (const no of noes) isPoliteNo(no)
    const rows = await rundruf.store.db.selectFrom('announcement').select('id').execute()
    assert.equal(rows.length, confirmed.size, 'each request had its effect once')
    for (const [title, id] of confirmed) {
      assert.equal((await rundruf.settled(id, 90_000)).state, 'delivered', title)
      for (const { pages, connector } of pagers)
        assert.equal(pages.filter(({ wordings }) => wordings[0]?.includes(title)).length, 1, `${title} on ${connector.platform}`)
    }
  })

  const warn = (title: string) => ({ kind: 'warning', severity: 'Severe', title, text: 'Bitte Fenster schließen.' })

  it('P6, F19: that goes silent without a word is noticed in time: a warning is not held up, and everything goes once', {
    timeout: 240_000,
  }, async () => {
    const gate = Promise.withResolvers<void>()
    for (const pager of pagers) pager.will('publish', { gate: gate.promise })
    const underWay = await rundruf.announce({ title: 'Unterwegs.', text: 'Ein Satz.' })
    await poll('both to be asked', async () => (await rundruf.show(underWay)).deliveries.every(({ state }) => state === 'sending'))
    const confirmed = new Map([['Unterwegs.', underWay]])
    // all at once, so that many connections are open
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => confirmed.set(`Vorher ${n}.`, await rundruf.announce(warn(`Vorher ${n}.`)))),
    )
    const answers: Answered[] = []
    assert.ok(wire.damage({ kind: 'silent' }) > 5, 'connections of every kind are silent')
    gate.resolve()
    const began = performance.now()
    confirmed.set('Danach.', await aCaller(rundruf).insisting('Danach.', answers))
    const taken = performance.now() - began
    assert.ok(answers.length <= 3, `the door found a connection that works after ${answers.length} answers and ${taken} ms`)
    confirmed.set('Rauch.', await poll('the warning to be taken', () => rundruf.announce(warn('Rauch.'))))
    assert.equal((await rundruf.settled(confirmed.get('Rauch.') ?? '', patienceMs)).state, 'delivered')
    figure('urgentWithSilentStoreMs', performance.now() - began)
    for (const [title, id] of confirmed) {
      assert.equal((await rundruf.settled(id, 90_000)).state, 'delivered', title)
      for (const { pages, connector } of pagers)
        assert.equal(pages.filter(({ wordings }) => wordings[0]?.includes(title)).length, 1, `${title} on ${connector.platform}`)
    }
  })

  it('P6, F19: that is silent is told from a statement that takes long, and its process at the other end is ended', async () => {
    const errors: Error[] = []
    const url = `postgresql://postgres@127.0.0.1:${wire.port}/rundruf`
    const db = openDatabase({ url, max: 2, onError: (error) => void errors.push(error) })
    try {
      const slow = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(6)`.execute(db)
      assert.equal((await slow).rows.length, 1)
      assert.deepEqual(errors, [], 'six seconds of work are no silence')
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
      wire.damage({ kind: 'silent' })
      await assert.rejects(sql`select 'in vain'`.execute(db), /terminated/)
      assert.match(String(errors[0]), /gone silent/)
      const alive = () => store.ask(`select 1 from pg_stat_activity where pid = ${rows[0]?.pid}`)
      await poll('the other end to be ended', async () => (await alive()).length === 0)
      assert.equal((await sql`select 1`.execute(db)).rows.length, 1)
    } finally {
      await db.destroy()
    }
  })
})
