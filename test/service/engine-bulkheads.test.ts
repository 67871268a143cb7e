// One platform hangs, one answers 503, one asks for an hour's patience: the others go on as when all is well.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { aPager, connectorsOf, type Mood, type Pager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

/** Who waits behind the one that hangs waits for so long: a hundred times what a delivery takes here, on however busy a machine. */
const hangsForMs = 30_000

const well = aPager({ platform: 'gesund', repeat: 'key' })
const hanging = aPager({ platform: 'haengt', repeat: 'key', budgetSeconds: hangsForMs / 1000 })
const broken = aPager({ platform: 'kaputt', repeat: 'find', can: ['find'] })
const throttling = aPager({ platform: 'drosselt', repeat: 'key' })
const pagers = [well, hanging, broken, throttling]
const cities = aCityFolder({ bonn: { channels: pagers.map(({ connector: { platform } }) => ({ name: platform, platform })) } })

/** In each round, at a rate that leaves the machine air: everyday posts, and now and then a warning. */
const many = { routine: 150, urgent: 50 } as const
const restMs = 70
/** In turns, so that a machine that is busy for a while is busy for both. */
const rounds = ['well', 'troubled', 'well', 'troubled'] as const
type Weather = (typeof rounds)[number]
const ways = ['urgent', 'routine'] as const
type Way = (typeof ways)[number]

describe('beside platforms in trouble', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: connectorsOf(pagers) }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const always = (pager: Pager, operation: 'publish' | 'find', mood: Mood): void =>
    pager.will(operation, ...Array<Mood>(20 * many.routine).fill(mood))

  /** Troubles three of them; gives back what lets them go on. */
  const trouble = (): (() => void) => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    always(hanging, 'publish', { gate })
    always(broken, 'publish', 'lost')
    always(broken, 'find', 'unreachable')
    always(throttling, 'publish', { retryAfterMs: 3_600_000 })
    return () => {
      for (const pager of pagers) pager.heal()
      open()
    }
  }

  /** From the release to the receipt on the platform that is well, in milliseconds, by the clock of the store. */
  const durations = async (title: string, way: Way): Promise<readonly number[]> => {
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from d.settled_at - d.planned_at) * 1000)::float8 as ms from delivery d
      where d.platform = 'gesund' and d.way = ${way} and position(${title} in d.post->>'text') > 0 and d.state = 'delivered'`.execute(
      rundruf.store.db,
    )
    return rows.map(({ ms }) => ms)
  }

  const p99 = (all: readonly number[]): number => all.toSorted((one, other) => one - other)[Math.ceil(all.length * 0.99) - 1] ?? Number.NaN

  const announceAll = async (title: string): Promise<void> => {
    const releases: Promise<string>[] = []
    for (let at = 0; at < many.routine; at++) {
      releases.push(rundruf.announce({ title, text: `Ein Satz ${at}.` }))
      if (at % (many.routine / many.urgent) === 0)
        releases.push(rundruf.announce({ title, text: `Eine Warnung ${at}.`, kind: 'warning', severity: 'Severe' }))
      await pause(restMs)
    }
    await Promise.all(releases)
    for (const way of ways)
      await poll('all to stand where all is well', async () => (await durations(title, way)).length === many[way], 60_000)
  }

  it('P7: one platform hangs, one answers 503, one throttles for an hour: none of the others waits for them', {
    timeout: 240_000,
  }, async () => {
    const taken: Record<Weather, Record<Way, number[]>> = {
      well: { urgent: [], routine: [] },
      troubled: { urgent: [], routine: [] },
    }
    // what is only compiled and connected once
    await announceAll('Aufwärmen')
    for (const [at, weather] of rounds.entries()) {
      const goOn = weather === 'troubled' ? trouble() : () => {}
      try {
        const title = `Runde ${at}.`
        await announceAll(title)
        for (const way of ways) taken[weather][way].push(...(await durations(title, way)))
        if (weather === 'troubled') assert.equal(hanging.pages.filter(({ wordings }) => wordings[0]?.includes(title)).length, 0, 'it hung')
      } finally {
        goOn()
      }
      await poll('the one that hung to go on', async () => {
        const { rows } = await sql`select 1 from delivery where platform = 'haengt' and settled_at is null`.execute(rundruf.store.db)
        return rows.length === 0
      })
    }
    for (const way of ways) {
      assert.equal(taken.troubled[way].length, 2 * many[way])
      // how much slower the slowest of a hundred is stands in the record: on a busy machine it says more of the machine than of us
      figure(`${way}P99Ms`, p99(taken.well[way]))
      figure(`${way}BesideTroubleP99Ms`, p99(taken.troubled[way]))
      const slowest = Math.max(...taken.troubled[way])
      assert.ok(slowest < hangsForMs, `${way}: one took ${slowest} ms, as if it had waited for the one that hangs`)
    }
  })
})
