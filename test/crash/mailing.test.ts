// A mailing whose worker dies, is stopped, or is overtaken in the middle: it goes on where it stopped, and nobody gets it twice.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connectors } from '../../connectors/index.ts'
import { mailingStand } from '../../src/store/mailing.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { startDying } from '../support/dying.ts'
import { poll } from '../support/poll.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { aSubscriber } from '../support/subscribers.ts'

const settings = { base: 'smtps://mail.bonn.example', from: 'Stadt Bonn <newsletter@bonn.example>', password: 'env:X', perMinute: 2400 }
const channels = [
  { name: 'newsroom', platform: 'newsroom' },
  { name: 'post', platform: 'email', settings },
]
const towns = ['killed', 'stopped', 'retracted', 'bereft', 'suspended'] as const
const cities = aCityFolder(Object.fromEntries(towns.map((town) => [town, { channels }])))
const chosen = new Map([...connectors].filter(([platform]) => platform === 'newsroom' || platform === 'email'))
const recipients = 200

describe('a mailing to 200 recipients', () => {
  let rundruf: TestRundruf
  const made = new AsyncDisposableStack()
  before(async () => {
    rundruf = made.use(await aRundruf({ cities, roles: 'serve', exchange: { connectors: chosen } }))
    for (const city of towns)
      for (let number = 0; number < recipients; number++)
        await aSubscriber(rundruf.store.db, { city, channel: 'post', address: `person-${number}@${city}.example` })
  })
  after(() => made.disposeAsync())

  const worker = () => startDying(rundruf.environment(), { only: ['email', 'newsroom'] })
  const sent = async (city: string) => (await rundruf.ledger('email')).filter(({ account }) => account === `${city}-post`)
  const halfSent = (city: string) => poll('half of the letters', async () => (await sent(city)).length >= 60)
  const warning = (city: string) =>
    rundruf.announce({
      city,
      kind: 'warning',
      severity: 'Severe',
      urgency: 'Immediate',
      certainty: 'Observed',
      title: 'Rauch',
      text: 'Fenster zu.',
    })
  const mailing = async (id: string) => (await rundruf.show(id)).deliveries.find(({ channel }) => channel === 'post')

  const detailOf = async (id: string): Promise<Readonly<Record<string, string>>> => {
    const { id: deliveryId = '' } = (await mailing(id)) ?? {}
    return (await rundruf.store.db.selectFrom('receipt').select('detail').where('deliveryId', '=', deliveryId).executeTakeFirstOrThrow())
      .detail
  }

  /** How many letters have begun to leave, and nothing is known of them yet. */
  const inHands = async (id: string): Promise<number> => {
    const { id: key = '' } = (await mailing(id)) ?? {}
    return (await mailingStand(rundruf.store.db, key)).taken
  }

  const onceEach = async (city: string): Promise<number> => {
    const ids = (await sent(city)).map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, 'somebody got it twice')
    return ids.length
  }

  test('whose worker is killed is finished by another; only what was on the wire is unclear', async () => {
    const first = worker()
    await first.ready
    const id = await warning('killed')
    await halfSent('killed')
    await first.kill()
    const before = await onceEach('killed')
    assert.ok(before < recipients, 'it was over already')
    const second = worker()
    await second.ready
    await rundruf.settled(id)
    await second.finish()
    const count = await onceEach('killed')
    const { sent: known = '', refused, unclear = '' } = await detailOf(id)
    assert.equal(refused, '0')
    assert.equal(Number(known) + Number(unclear), recipients)
    assert.ok(Number(unclear) <= 5, `${unclear} are unclear`)
    assert.ok(count >= recipients - 5 && count <= recipients, `${count} letters`)
  })

  test('whose worker is told to stop goes on in the next one, and nothing is unclear', async () => {
    const first = worker()
    await first.ready
    const id = await warning('stopped')
    await halfSent('stopped')
    // it has ten seconds, and the mailing is over before: what it began it finishes
    await first.finish()
    const second = worker()
    await second.ready
    await rundruf.settled(id)
    await second.finish()
    assert.equal(await onceEach('stopped'), recipients)
    assert.equal((await detailOf(id)).note, `E-Mails: ${recipients} gesendet.`)
  })

  test('that is taken back in the middle stops there, and the receipt says how many never got it', async () => {
    const only = worker()
    await only.ready
    const id = await warning('retracted')
    await halfSent('retracted')
    const { status } = await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.ok(status < 300)
    await rundruf.settled(id)
    await only.finish()
    const count = await onceEach('retracted')
    assert.ok(count >= 60 && count < recipients, `${count} letters`)
    const { sent: known, notSent } = await detailOf(id)
    assert.equal(Number(known), count)
    assert.equal(Number(known) + Number(notSent), recipients)
  })

  test('whose worker is killed and that is taken back before the next one comes has its receipt all the same', async () => {
    const first = worker()
    await first.ready
    const id = await warning('bereft')
    await halfSent('bereft')
    await rundruf.fault('email', { fault: 'hang', times: 'always', account: 'bereft-post' })
    await poll('a letter on every line', async () => (await inHands(id)) === 5)
    await first.kill()
    const { status } = await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.ok(status < 300)
    const second = worker()
    await second.ready
    await rundruf.settled(id)
    await second.finish()
    assert.equal((await mailing(id))?.state, 'delivered')
    const count = await onceEach('bereft')
    const { note: _, ...numbers } = await detailOf(id)
    assert.deepEqual(numbers, { sent: String(count), refused: '0', unclear: '5', notSent: String(recipients - count - 5) })
  })

  test('whose channel is suspended in the middle rests, and goes on when it is resumed', async () => {
    const only = worker()
    await only.ready
    const id = await warning('suspended')
    await halfSent('suspended')
    await rundruf.api('POST', '/channels/suspended/post/suspend', { because: 'Falscher Verteiler.' })
    await poll('the mailing to be held', async () => (await mailing(id))?.state === 'held')
    const resting = (await sent('suspended')).length
    assert.ok(resting < recipients, `${resting} letters`)
    await rundruf.api('POST', '/channels/suspended/post/resume', {})
    await rundruf.settled(id)
    await only.finish()
    assert.equal(await onceEach('suspended'), recipients)
  })
})
