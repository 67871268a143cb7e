// Order, expiry and precedence on a real house: random delays never turn a story round, what ran out stays unsent, warnings overtake.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { chanceOf } from '../chaos/random.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { aPager, connectorsOf, type Mood } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const pagers = [
  aPager({ platform: 'aendert', repeat: 'key', can: ['find', 'update', 'retract', 'reply'], budgetSeconds: 60 }),
  aPager({ platform: 'antwortet', repeat: 'id', can: ['find', 'retract', 'reply'], budgetSeconds: 60 }),
]
const operations = ['publish', 'update', 'retract', 'reply'] as const
const cities = aCityFolder({ bonn: { channels: pagers.map(({ connector: { platform } }) => ({ name: platform, platform })) } })
const seed = Math.floor(Math.random() * 1_000_000)
const warning = { kind: 'warning', severity: 'Severe', title: 'Eine Warnung' }

describe('order, expiry, precedence', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    const connectors = connectorsOf(pagers)
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const verb = async (id: string, name: 'amend' | 'retract', body: object = {}): Promise<void> => {
    const { status } = await rundruf.api('POST', `/announcements/${id}/${name}`, body)
    assert.equal(status, 200, `${name} of ${id}`)
  }

  it(`P14: alert, update, all-clear and retraction under random delays are never turned round (seed ${seed})`, {
    timeout: 240_000,
  }, async () => {
    const chance = chanceOf(seed, 'delays')
    const delayed = (): Mood => ({ afterMs: chance.percent(50) ? chance.whole(0, 100) : chance.whole(1500, 3000) })
    const tell = async (number: number): Promise<string[]> => {
      for (const pager of pagers) for (const operation of operations) pager.will(operation, delayed(), delayed())
      const breath = () => pause(chance.whole(0, 400))
      const id = await rundruf.announce({ ...warning, text: `Zeichen s${number}r1.` })
      await breath()
      await verb(id, 'amend', { text: `Zeichen s${number}r2.` })
      await breath()
      const clear = {
        ...warning,
        kind: 'all-clear',
        severity: undefined,
        title: 'Entwarnung',
        references: id,
        text: `Zeichen s${number}r3.`,
      }
      const clearing = await rundruf.announce(clear)
      await breath()
      if (number % 2 === 0) await verb(id, 'retract')
      return [id, clearing]
    }
    const stories = await Promise.all(Array.from({ length: 25 }, (_, at) => tell(at)))
    for (const id of stories.flat()) await rundruf.settled(id, 120_000)
    for (const { pages, connector } of pagers)
      for (const number of stories.keys()) {
        const own = pages.filter(({ wordings }) => wordings[0]?.includes(`s${number}r`))
        const ranks = own.flatMap(({ wordings }) => wordings.map((text) => Number(/r(\d)\./.exec(text)?.[1])))
        assert.deepEqual(ranks, [...new Set(ranks)].toSorted(), `story ${number} on ${connector.platform}`)
        assert.equal(ranks.at(-1), 3, `the all-clear came last on ${connector.platform}`)
        const left = own.filter(({ deleted, wordings }) => !deleted && !wordings[0]?.includes('r3.'))
        assert.ok(number % 2 === 1 || left.length === 0, `story ${number} is taken back on ${connector.platform}`)
      }
  })

  it('P14: a warning that fails at the very moment of its all-clear is not tried again after it', async () => {
    for (const pager of pagers) pager.heal()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    for (const pager of pagers) pager.will('publish', { gate })
    const id = await rundruf.announce({ ...warning, text: 'Gerade eben.' })
    const states = async () => (await rundruf.show(id)).deliveries.map(({ state }) => state)
    await poll('both to be sent', async () => (await states()).every((state) => state === 'sending'))
    const { db } = rundruf.store
    const failing = await db.startTransaction().execute()
    await sql`update delivery set state = 'waiting', due_at = now() + interval '1 hour', lease_until = null, fence = fence + 1
      where announcement_id = ${id}`.execute(failing)
    const clearing = rundruf.announce({ kind: 'all-clear', title: 'Entwarnung', text: 'Vorbei.', references: id })
    await poll('the all-clear to wait for that', async () => {
      const { rows } = await sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      return rows.length > 0
    })
    await failing.commit().execute()
    const end = await clearing
    assert.deepEqual(await states(), ['superseded', 'superseded'])
    open()
    await rundruf.settled(end)
  })

  it('P15, F13: after an outage that outlasts them, warnings are not sent, and every one is reported as expired', {
    timeout: 120_000,
  }, async () => {
    for (const pager of pagers) pager.heal()
    for (const pager of pagers) pager.will('publish', ...Array<Mood>(2000).fill('unreachable'))
    const expires = new Date(Date.now() + 6000).toISOString()
    const ids = await Promise.all(Array.from({ length: 8 }, (_, at) => rundruf.announce({ ...warning, text: `Läuft ab ${at}.`, expires })))
    await pause(Math.max(Date.parse(expires) - Date.now() + 200, 0))
    for (const pager of pagers) pager.heal()
    for (const id of ids) {
      const { deliveries, state } = await rundruf.settled(id)
      assert.deepEqual(
        deliveries.map((one) => one.state),
        ['expired', 'expired'],
        id,
      )
      assert.equal(state, 'failed')
      for (const one of deliveries) assert.match(one.reason ?? '', /nicht mehr gültig/)
    }
    assert.deepEqual(
      pagers.flatMap(({ pages }) => pages.filter(({ wordings }) => wordings[0]?.includes('Läuft ab'))),
      [],
    )
  })

  it('P11: a warning overtakes hundreds of everyday posts whose platforms hang', { timeout: 240_000 }, async () => {
    for (const pager of pagers) pager.heal()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const [many, inHand] = [450, 200]
    const everyday = (): number => pagers.flatMap(({ pages }) => pages.filter(({ wordings }) => wordings[0]?.includes('Alltag'))).length
    const before = pagers.map(({ calls }) => calls('publish'))
    for (const pager of pagers) pager.will('publish', ...Array<Mood>(inHand).fill({ gate }))
    const ids = await Promise.all(Array.from({ length: many }, (_, at) => rundruf.announce({ title: 'Alltag', text: `Alltag ${at}.` })))
    const full = () => pagers.every(({ calls }, at) => calls('publish') - (before[at] ?? 0) >= inHand)
    await poll('the hands of the workers to be full', full)
    const released = performance.now()
    const id = await rundruf.announce({ ...warning, severity: 'Extreme', text: 'Jetzt sofort.' })
    const there = () => pagers.every(({ pages }) => pages.some(({ wordings }) => wordings[0]?.includes('Jetzt sofort')))
    await poll('the warning on every platform', there, 30_000)
    figure('urgentBesideRoutineMs', performance.now() - released)
    assert.equal(everyday(), 0, 'the everyday posts are still waiting')
    open()
    await rundruf.settled(id)
    for (const other of ids) await rundruf.settled(other, 120_000)
    assert.equal(everyday(), many * pagers.length)
  })
})
