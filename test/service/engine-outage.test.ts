// A platform that is away for six hours gets everything within a minute when it is back, in order, and not all at the same moment.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { amend } from '../../src/commands/amend.ts'
import { draft } from '../../src/commands/draft.ts'
import { approver, author, type ModelHouse, openModelHouse } from '../model/house.ts'
import { fourPagers } from '../support/four-pagers.ts'
import { connectorsOf, type Mood } from '../support/pager.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const hour = 3_600_000
const outageMs = 6 * hour
/** F13: from the recovery to the last post. */
const limitMs = 60_000
const stepMs = 5000

const pagers = fourPagers()
describe('a platform that was away', () => {
  let house: ModelHouse
  before(async () => {
    house = await openModelHouse(connectorsOf(pagers))
  })
  after(() => house?.[Symbol.asyncDispose]())

  const away = (): void => {
    for (const pager of pagers) {
      pager.will('publish', ...Array<Mood>(20_000).fill(pager.connector.repeat === 'find' ? 'lost' : 'unreachable'))
      pager.will('find', ...Array<Mood>(20_000).fill('unreachable'))
    }
  }

  const announce = async (fields: object): Promise<string> => {
    const { id } = await draft(house.desk, author, { city: 'bonn', ...fields })
    await releaseAsRead(house.desk, approver, id)
    return id
  }

  const open = async () => (await house.open()).length

  it('F13, P15: after six hours of 503 all is there within a minute, in order, at moments of their own; what ran out is dropped and reported', {
    timeout: 300_000,
  }, async () => {
    away()
    const routine = await Promise.all(
      Array.from({ length: 5 }, (_, at) => announce({ kind: 'notice', title: 'Alltag', text: `Alltag ${at}.` })),
    )
    const warning = await announce({ kind: 'warning', severity: 'Severe', title: 'Warnung', text: 'Zeichen r1.' })
    const short = await announce({
      ...{ kind: 'warning', severity: 'Severe', title: 'Kurz', text: 'Bald vorbei.' },
      expires: new Date(house.now() + hour).toISOString(),
    })
    await house.work(null)
    await amend(house.desk, author, warning, { text: 'Zeichen r2.' })
    for (let past = 0; past < outageMs; past += 60_000) {
      await house.pass(60_000)
      await house.work(null)
    }
    const waiting = await house.desk.db.selectFrom('delivery').select(['dueAt']).where('settledAt', 'is', null).execute()
    assert.ok(waiting.length >= 4 * routine.length, 'all of them wait')
    assert.ok(new Set(waiting.map(({ dueAt }) => dueAt.getTime())).size > waiting.length / 2, 'and not for the same moment')
    for (const pager of pagers) pager.heal()
    for (let past = 0; past < limitMs && (await open()) > 0; past += stepMs) {
      await house.pass(stepMs)
      await house.work(null)
    }
    assert.deepEqual(await house.open(), [])
    for (const { pages, connector } of pagers) {
      for (const at of routine.keys())
        assert.equal(pages.filter(({ wordings }) => wordings[0]?.includes(`Alltag ${at}.`)).length, 1, connector.platform)
      const ranks = pages.flatMap(({ wordings }) => wordings).flatMap((text) => /r(\d)\./.exec(text)?.[1] ?? [])
      assert.deepEqual(ranks, ranks.toSorted(), `the newest wording came last on ${connector.platform}`)
      assert.ok(!pages.some(({ wordings }) => wordings[0]?.includes('Bald vorbei')))
    }
    const dropped = await house.desk.db.selectFrom('delivery').select(['state', 'reason']).where('announcementId', '=', short).execute()
    for (const { state, reason } of dropped) {
      assert.equal(state, 'expired')
      assert.match(reason ?? '', /nicht mehr gültig/)
    }
  })
})
