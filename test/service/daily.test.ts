// A channel's daily maximum over days and deaths: counted in the store, once a delivery, and only what is new and everyday.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { amend } from '../../src/commands/amend.ts'
import { draft } from '../../src/commands/draft.ts'
import { retract } from '../../src/commands/retract.ts'
import { givePlaceBack, takePlace } from '../../src/store/daily.ts'
import { approver, author, type ModelHouse, openModelHouse } from '../model/house.ts'
import { aPager, connectorsOf, type Pager } from '../support/pager.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const day = 86_400_000
const perDay = 2

describe('a channel with a daily maximum of two', () => {
  let house: ModelHouse
  let pager: Pager
  let number = 0

  before(async () => {
    pager = aPager({ platform: 'x', repeat: 'key', can: ['update', 'retract', 'reply'] })
    house = await openModelHouse(connectorsOf([pager]), { perDay })
  })
  after(() => house?.[Symbol.asyncDispose]())

  const announce = async (fields: object = {}): Promise<string> => {
    const { id } = await draft(house.desk, author, {
      city: 'bonn',
      kind: 'notice',
      title: `Nummer ${++number}`,
      text: 'Ein Satz.',
      ...fields,
    })
    await releaseAsRead(house.desk, approver, id)
    return id
  }
  const statesOf = async (id: string): Promise<readonly string[]> =>
    (await house.desk.db.selectFrom('delivery').select('state').where('announcementId', '=', id).orderBy('sequence').execute()).map(
      ({ state }) => state,
    )
  const reasonOf = async (id: string): Promise<string | null | undefined> =>
    (await house.desk.db.selectFrom('delivery').select('reason').where('announcementId', '=', id).executeTakeFirst())?.reason
  const counted = async (): Promise<number> => (await house.desk.db.selectFrom('dailyPost').select('deliveryId').execute()).length
  const placed = async (): Promise<readonly string[]> =>
    (await house.desk.db.selectFrom('dailyPost').select('deliveryId').execute()).map(({ deliveryId }) => deliveryId)
  /** Into the next day in Germany: the store's clock is moved there, hour by hour. */
  const toNextDay = async (): Promise<void> => {
    const dayOf = (ms: number): string => new Date(ms).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' })
    const today = dayOf(house.now())
    for (let hours = 0; hours < 25 && dayOf(house.now()) === today; hours += 1) await house.pass(3_600_000)
  }
  const newDay = async (): Promise<void> => {
    await toNextDay()
    for (let left = 1; left > 0; await house.work(null)) left = (await house.open()).filter(({ state }) => state === 'queued').length
  }

  it('sends two, and the third the day after, in words that say so; what Redis forgets changes nothing', async () => {
    await toNextDay()
    const ids = [await announce(), await announce()]
    await house.work(null)
    house.flush()
    const third = await announce()
    await house.work(null)
    assert.deepEqual(await Promise.all([...ids, third].map(statesOf)), [['delivered'], ['delivered'], ['waiting']])
    assert.match(
      (await reasonOf(third)) ?? '',
      /höchstens 2 Meldungen am Tag, und so viele sind es heute schon; .* 00:00 Uhr an der Reihe\.$/,
    )
    await house.pass(3_600_000)
    await house.work(null)
    assert.deepEqual(await statesOf(third), ['waiting'])
    await newDay()
    assert.deepEqual(await statesOf(third), ['delivered'])
  })

  it('P25: warnings, all-clears, corrections and retractions neither wait nor count', async () => {
    await toNextDay()
    const warning = await announce({ kind: 'warning', severity: 'Severe' })
    await house.work(null)
    await amend(house.desk, author, warning, { text: 'Berichtigt.' })
    await house.work(null)
    const clear = await announce({ kind: 'all-clear', references: warning })
    const notices = [await announce(), await announce()]
    await house.work(null)
    await house.work(null)
    assert.deepEqual(await Promise.all([warning, clear, ...notices].map(statesOf)), [
      ['delivered', 'delivered'],
      ['delivered'],
      ['delivered'],
      ['delivered'],
    ])
    const late = await announce({ kind: 'warning', severity: 'Minor' })
    await amend(house.desk, author, notices[0] as string, { text: 'Auch berichtigt.' })
    await house.work(null)
    await retract(house.desk, author, notices[1] as string)
    await house.work(null)
    assert.deepEqual(await Promise.all([late, ...notices].map(statesOf)), [
      ['delivered'],
      ['delivered', 'delivered'],
      ['delivered', 'delivered'],
    ])
  })

  it('P16: makes nobody give up, however long it took: patience with the platform begins when the channel has room', async () => {
    await toNextDay()
    const ids = [await announce(), await announce(), await announce()]
    await house.work(null)
    await house.pass(4 * day)
    pager.will('publish', 'unreachable')
    await house.work(null)
    for (let round = 0; round < 4; round += 1) {
      await house.pass(15_000)
      await house.work(null)
    }
    assert.deepEqual(await Promise.all(ids.map(statesOf)), [['delivered'], ['delivered'], ['delivered']])
  })

  it('counts once what is tried again, and not at all what a platform refused', async () => {
    await toNextDay()
    await house.desk.db.deleteFrom('dailyPost').execute()
    pager.will('publish', 'rejects', 'unreachable', 'posted-lost')
    const refused = await announce()
    await house.work(null)
    assert.equal(await counted(), 0)
    const [again, other] = [await announce(), await announce()]
    for (let round = 0; round < 8; round += 1) {
      await house.pass(15_000)
      await house.work(null)
    }
    assert.deepEqual(await Promise.all([refused, again, other].map(statesOf)), [['given-up'], ['delivered'], ['delivered']])
    assert.equal(await counted(), 2)
  })

  it('gives no more places than there are, to whichever processes ask at the same time, and the same delivery always its own', async () => {
    await toNextDay()
    const ids: string[] = []
    for (let made = 0; made < 8; made += 1) {
      const id = await announce()
      const { id: delivery } = await house.desk.db
        .selectFrom('delivery')
        .select('id')
        .where('announcementId', '=', id)
        .executeTakeFirstOrThrow()
      ids.push(delivery)
    }
    const asked = fc.array(fc.record({ id: fc.constantFrom(...ids), back: fc.boolean() }), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(asked, fc.integer({ min: 1, max: 4 }), async (wishes, most) => {
        await house.desk.db.deleteFrom('dailyPost').execute()
        const full = await Promise.all(wishes.map(({ id }) => takePlace(house.desk.db, { id, city: 'bonn', channel: 'x', perDay: most })))
        const different = new Set(wishes.map(({ id }) => id)).size
        assert.equal(await counted(), Math.min(most, different))
        for (const [at, { id }] of wishes.entries())
          assert.equal(full[at] === undefined, (await placed()).includes(id), 'who has a place was told so, and nobody else')
        assert.equal(await takePlace(house.desk.db, { id: ids[0] as string, city: 'bonn', channel: 'other', perDay: 1 }), undefined)
      }),
      { numRuns: 25, seed: 20_261_201 },
    )
  })

  it('has a place more when one is given back, and all of them on a new day', async () => {
    const [first, second] = (await house.desk.db.selectFrom('delivery').select('id').limit(2).execute()).map(({ id }) => id) as [
      string,
      string,
    ]
    const take = (id: string) => takePlace(house.desk.db, { id, city: 'mainz', channel: 'x', perDay: 1 })
    assert.equal(await take(first), undefined)
    assert.equal(new Date((await take(second)) ?? '').getTime() > house.now() - 60_000, true)
    await givePlaceBack(house.desk.db, first)
    assert.equal(await take(second), undefined)
    assert.notEqual(await take(first), undefined)
    await house.pass(day)
    assert.equal(await take(first), undefined)
  })
})
