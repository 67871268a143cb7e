// Nothing hides: what is due and does not move is told within a minute, and after a week of any weather every delivery has a name for how it ended.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { amend } from '../../src/commands/amend.ts'
import { draft } from '../../src/commands/draft.ts'
import { retract } from '../../src/commands/retract.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openWatch } from '../../workers/sweep.ts'
import { chanceOf } from '../chaos/random.ts'
import { approver, author, type ModelHouse, openModelHouse } from '../model/house.ts'
import { fourPagers } from '../support/four-pagers.ts'
import { connectorsOf, type Mood, type Pager } from '../support/pager.ts'
import { testProof } from '../support/proof.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const hour = 3_600_000
const seed = Math.floor(Math.random() * 1_000_000)

describe('nothing hides', () => {
  const pagers = fourPagers()
  let house: ModelHouse
  before(async () => {
    house = await openModelHouse(connectorsOf(pagers))
  })
  after(() => house?.[Symbol.asyncDispose]())

  const announce = async (title: string, lastsMs: number | null = null): Promise<string> => {
    const expires = lastsMs === null ? {} : { expires: new Date(house.now() + lastsMs).toISOString() }
    const { id } = await draft(house.desk, author, {
      city: 'bonn',
      kind: 'warning',
      severity: 'Severe',
      title,
      text: 'Ein Satz.',
      ...expires,
    })
    await releaseAsRead(house.desk, approver, id)
    return id
  }

  it('P16: what is due for a minute and does not move is told once, and told again when it moves', async () => {
    const said: string[] = []
    const lanes = pagers.map(({ connector }) => `${connector.platform} urgent`)
    const note =
      (what: string) =>
      ({ platform, way }: { platform: string; way: string }) =>
        void said.push(`${what} ${platform} ${way}`)
    const watch = openWatch({
      ledger: openLedger(house.desk.db, testProof),
      events: { overdue: note('late'), overdueNoMore: note('fine') },
    })
    await announce('Niemand arbeitet')
    await house.pass(55_000)
    await watch()
    assert.deepEqual(said, [], 'not yet')
    await house.pass(10_000)
    await watch()
    await watch()
    assert.deepEqual(
      said.splice(0).toSorted(),
      lanes.map((lane) => `late ${lane}`),
    )
    await house.work({ at: 'after-claim', count: lanes.length })
    await watch()
    assert.deepEqual(said.splice(0).length, lanes.length, 'in the hands of a worker they are not late')
    await house.pass(70_000)
    await watch()
    assert.deepEqual(said.splice(0).length, lanes.length, 'but one that died has no hands')
    for (let round = 0; round < 5; round++) {
      await house.work(null)
      await house.pass(10_000)
    }
    await watch()
    assert.deepEqual(
      said.toSorted(),
      lanes.map((lane) => `fine ${lane}`),
    )
  })

  it('P16: a warning that its platform puts off again and again waits for a day; then people know that it did not appear, and why', async () => {
    const [putOff, other] = pagers
    putOff.will('publish', ...Array<Mood>(40).fill({ retryAfterMs: hour }))
    const before = putOff.calls('publish')
    const id = await announce('Vertröstet')
    for (let past = 0; past < 26; past++) {
      await house.work(null)
      await house.pass(hour + 1000)
    }
    putOff.heal()
    const deliveries = await house.desk.db.selectFrom('delivery').selectAll().where('announcementId', '=', id).execute()
    const on = ({ connector }: Pager) => deliveries.find(({ platform }) => platform === connector.platform)
    assert.equal(on(other)?.state, 'delivered')
    assert.equal(on(putOff)?.state, 'given-up')
    assert.match(on(putOff)?.reason ?? '', /mehr Geduld, als diese Meldung hat/)
    assert.equal(putOff.calls('publish') - before, 24, 'once an hour')
  })

  it('P15, P16: a change that may have arrived is not sent again after the expiry; that nobody knows is said, and a retraction goes on', async () => {
    const [changing] = pagers
    const id = await announce('Geändert', 10_000)
    await house.work(null)
    changing.will('update', 'posted-lost')
    await amend(house.desk, author, id, { text: 'Ein anderer Satz.' })
    await house.work(null)
    await house.pass(20_000)
    await house.work(null)
    const { state, reason } = await house.desk.db
      .selectFrom('delivery')
      .select(['state', 'reason'])
      .where('announcementId', '=', id)
      .where('action', '=', 'update')
      .executeTakeFirstOrThrow()
    assert.equal(changing.calls('update'), 1)
    assert.equal(state, 'expired')
    assert.match(reason ?? '', /ungeklärt/)
    await retract(house.desk, author, id)
    await house.work(null)
    assert.ok(changing.pages.find(({ wordings }) => wordings[0]?.includes('Geändert'))?.deleted)
  })

  it(`P15, P16: after a week of random weather every delivery is settled with a reason, or in front of a person (seed ${seed})`, {
    timeout: 600_000,
  }, async () => {
    const chance = chanceOf(seed, 'weather')
    const weathers: readonly (Mood | null)[] = [null, null, 'unreachable', 'lost', 'posted-lost', { retryAfterMs: hour }]
    for (let time = 0; time < 7 * 24; ) {
      const hours = chance.whole(2, 9)
      for (const pager of pagers) {
        const weather = chance.pick(weathers)
        pager.heal()
        if (weather !== null) for (const operation of ['publish', 'find'] as const) pager.will(operation, ...Array(300).fill(weather))
      }
      for (let many = chance.whole(0, 3); many > 0; many--)
        await announce('Eine Woche', chance.percent(50) ? chance.whole(1, 48) * hour : null)
      for (let round = 0; round < 4; round++) {
        await house.work(chance.percent(20) ? { at: chance.pick(['after-claim', 'after-act', 'before-settle']), count: 1 } : null)
        await house.pass((hours * hour) / 4)
      }
      time += hours
    }
    // a platform that asks for patience is waited for as long as it asks
    for (const pager of pagers) pager.heal()
    for (let more = 0; more < 50; more++) {
      await house.pass(hour)
      await house.work(null)
    }
    const rows = await house.desk.db.selectFrom('delivery').select(['id', 'platform', 'state', 'reason', 'question', 'settledAt']).execute()
    const hidden = rows.filter(({ state, settledAt, reason, question }) => {
      if (state === 'held') return question === null
      return settledAt === null || (state !== 'delivered' && reason === null)
    })
    assert.deepEqual(hidden, [])
    assert.deepEqual(house.tooLate, [], 'nothing was sent after it had run out')
    const states = new Set(rows.map(({ state }) => state))
    for (const state of ['delivered', 'held', 'expired'] as const) assert.ok(states.has(state), `the week has seen ${state}`)
  })
})
