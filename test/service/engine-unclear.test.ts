// What follows when nobody knows whether a post arrived: on platforms that repeat by key, by id, after a look, or not at all.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connectors as shipped } from '../../connectors/index.ts'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const deaf = aPager({ platform: 'deaf', repeat: 'nothing' })
const keyed = aPager({ platform: 'keyed', repeat: 'key' })
const named = aPager({ platform: 'named', repeat: 'id' })
const seen = aPager({ platform: 'seen', repeat: 'find', can: ['find', 'retract', 'update'] })
const hasty = aPager({ platform: 'hasty', repeat: 'nothing', budgetSeconds: 1 })
const pagers = [deaf, keyed, named, seen, hasty]

const channel = (platform: string) => ({ channels: [{ name: 'kanal', platform }] })
const cities = aCityFolder({
  deaf: {
    ...channel('deaf'),
    rules: [
      { name: 'Warnung', when: { kind: 'warning' }, channels: 'all', doubles: 'tolerate' },
      { name: 'Sonst', channels: 'all' },
    ],
  },
  keyed: channel('keyed'),
  named: channel('named'),
  seen: channel('seen'),
  hasty: channel('hasty'),
})

describe('a delivery of which nobody knows', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    const connectors = new Map([...shipped, ...connectorsOf(pagers)])
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = async (city: string, more: Record<string, unknown> = {}) => {
    const title = `Meldung ${++number}`
    return { title, id: await rundruf.announce({ city, title, text: 'Ein Satz.', ...more }) }
  }
  const standing = (pager: (typeof pagers)[number], title: string) =>
    pager.pages.filter((page) => page.wordings[0]?.includes(`${title}\n`) && !page.deleted)
  const only = ({ deliveries }: AnnouncementDetail) => {
    assert.equal(deliveries.length, 1)
    return deliveries[0] as AnnouncementDetail['deliveries'][number]
  }
  const until = (id: string, state: string) =>
    poll(`the delivery to be ${state}`, async () => {
      const delivery = only(await rundruf.show(id))
      return delivery.state === state ? delivery : undefined
    })
  const resolve = (delivery: string, answer: object) => rundruf.api('POST', `/deliveries/${delivery}/resolve`, answer)

  const lostAndHeld = async () => {
    deaf.will('publish', 'posted-lost')
    const announced = await announce('deaf')
    const held = await until(announced.id, 'held')
    return { ...announced, held }
  }

  it('is sent once and then held with a question in German, where a repetition could be a double', async () => {
    const { title, id, held } = await lostAndHeld()
    assert.equal(held.question, 'Bitte öffnen Sie den Kanal kanal: Steht der Beitrag dort?')
    assert.equal(held.attempts, 1)
    assert.equal((await rundruf.show(id)).state, 'waiting-for-a-person')
    assert.equal(standing(deaf, title).length, 1)
  })

  it('is delivered with the link that a person found', async () => {
    const { title, id, held } = await lostAndHeld()
    const url = `https://pager.example/${standing(deaf, title)[0]?.id}`
    const { status } = await resolve(held.id, { answer: 'there', url })
    assert.equal(status, 200)
    const delivery = only(await rundruf.settled(id))
    assert.equal(delivery.state, 'delivered')
    assert.equal(delivery.receipt?.url, url)
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    await poll('the post to be taken down by that link', () => standing(deaf, title).length === 0)
  })

  it('is sent again when a person says that it is not there', async () => {
    deaf.will('publish', 'lost')
    const { title, id } = await announce('deaf')
    const held = await until(id, 'held')
    assert.equal(standing(deaf, title).length, 0)
    await resolve(held.id, { answer: 'not-there' })
    assert.equal(only(await rundruf.settled(id)).state, 'delivered')
    assert.equal(standing(deaf, title).length, 1)
  })

  it('is left alone when a person drops it, and no second answer is taken', async () => {
    const { title, id, held } = await lostAndHeld()
    await resolve(held.id, { answer: 'drop' })
    assert.equal(only(await rundruf.settled(id)).state, 'given-up')
    assert.equal(standing(deaf, title).length, 1)
    const { status, body } = await resolve(held.id, { answer: 'not-there' })
    assert.equal(status, 409)
    assert.equal((body as { code: string }).code, 'not-held')
  })

  it('that is not there is not sent any more once the announcement was taken back', async () => {
    deaf.will('publish', 'lost')
    const { title, id } = await announce('deaf')
    const held = await until(id, 'held')
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    await resolve(held.id, { answer: 'not-there' })
    const { deliveries, state } = await rundruf.settled(id)
    assert.deepEqual(
      deliveries.map((delivery) => delivery.state),
      ['superseded', 'superseded'],
    )
    assert.equal(state, 'retracted')
    assert.ok(!deaf.pages.some((page) => page.wordings[0]?.includes(`${title}\n`)))
  })

  it('is rather sent twice than not at all where the rule tolerates doubles', async () => {
    deaf.will('publish', 'posted-lost')
    const { title, id } = await announce('deaf', { kind: 'warning', severity: 'Extreme' })
    assert.equal(only(await rundruf.settled(id)).state, 'delivered')
    assert.equal(standing(deaf, title).length, 2)
  })

  it('whose tolerated repetition is refused is put before a person, for the first may stand', async () => {
    deaf.will('publish', 'posted-lost', 'rejects')
    const { id } = await announce('deaf', { kind: 'warning', severity: 'Extreme' })
    const held = await until(id, 'held')
    assert.match(held.question ?? '', /Steht der Beitrag dort/)
    await resolve(held.id, { answer: 'there', url: null })
    assert.equal(only(await rundruf.settled(id)).state, 'delivered')
  })

  for (const pager of [keyed, named, seen]) {
    const { platform, repeat } = pager.connector
    it(`is one post where the platform repeats by ${repeat}, whether the lost answer was a yes or a no`, async () => {
      for (const mood of ['posted-lost', 'lost'] as const) {
        pager.will('publish', mood)
        const { title, id } = await announce(platform)
        const delivery = only(await rundruf.settled(id))
        assert.equal(delivery.state, 'delivered')
        assert.equal(standing(pager, title).length, 1)
        assert.equal(delivery.receipt?.id, standing(pager, title)[0]?.id)
      }
    })
  }

  it('F11: is not taken for absent when the look itself fails', async () => {
    seen.will('publish', 'posted-lost')
    seen.will('find', 'unreachable', 'lost')
    const before = { looks: seen.calls('find'), posts: seen.calls('publish') }
    const { title, id } = await announce('seen')
    assert.equal(only(await rundruf.settled(id)).state, 'delivered')
    assert.equal(seen.calls('publish') - before.posts, 1)
    assert.equal(seen.calls('find') - before.looks, 3)
    assert.equal(standing(seen, title).length, 1)
  })

  it('that a look does not find is not sent any more once the announcement was taken back', async () => {
    const gate = Promise.withResolvers<void>()
    seen.will('publish', 'lost')
    seen.will('find', { gate: gate.promise })
    const before = seen.calls('find')
    const { title, id } = await announce('seen')
    await poll('the look', () => seen.calls('find') > before)
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    gate.resolve()
    const { deliveries } = await rundruf.settled(id)
    assert.deepEqual(
      deliveries.map((delivery) => delivery.state),
      ['superseded', 'superseded'],
    )
    assert.ok(!seen.pages.some((page) => page.wordings[0]?.includes(`${title}\n`)))
  })

  it('that a look does not find is replaced by the newer wording, which is then the first post', async () => {
    const gate = Promise.withResolvers<void>()
    seen.will('publish', 'lost')
    seen.will('find', { gate: gate.promise })
    const before = seen.calls('find')
    const { title, id } = await announce('seen')
    await poll('the look', () => seen.calls('find') > before)
    const { status } = await rundruf.api('POST', `/announcements/${id}/amend`, { text: 'Ein besserer Satz.' })
    assert.equal(status, 200)
    gate.resolve()
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    const [post, ...more] = standing(seen, title)
    assert.equal(more.length, 0)
    assert.equal(post?.wordings.length, 1)
    assert.match(post?.wordings[0] ?? '', /besserer/)
  })

  it('is delivered by an answer that came after the attempt was given up', async () => {
    const gate = Promise.withResolvers<void>()
    hasty.will('publish', { answersAt: gate.promise })
    const { title, id } = await announce('hasty')
    await until(id, 'held')
    gate.resolve()
    const delivery = only(await rundruf.settled(id))
    assert.equal(delivery.state, 'delivered')
    assert.equal(delivery.receipt?.id, standing(hasty, title)[0]?.id)
    assert.equal(delivery.question, null)
    assert.ok(delivery.history.some(({ event }) => event === 'late'))
    assert.equal(standing(hasty, title).length, 1)
  })

  it('P8: that was told to come back later costs no attempt, and comes back no earlier', async () => {
    keyed.will('publish', { retryAfterMs: 700 }, { retryAfterMs: 700 })
    const { title, id } = await announce('keyed')
    const delivery = only(await rundruf.settled(id))
    assert.equal(delivery.state, 'delivered')
    assert.equal(delivery.attempts, 1)
    const began = delivery.history.filter(({ event }) => event === 'began').map(({ at }) => Date.parse(at))
    assert.equal(began.length, 3)
    for (const [index, at] of began.entries()) if (index > 0) assert.ok(at - (began[index - 1] as number) >= 700)
    assert.equal(standing(keyed, title).length, 1)
  })

  it('is tried again as long as the platform cannot be reached', async () => {
    keyed.will('publish', 'unreachable', 'unreachable')
    const { title, id } = await announce('keyed')
    const delivery = only(await rundruf.settled(id))
    assert.equal(delivery.state, 'delivered')
    assert.equal(delivery.attempts, 3)
    assert.equal(standing(keyed, title).length, 1)
  })

  it('that could not go before its expiry is expired, never sent, and says so', async () => {
    keyed.will('publish', { retryAfterMs: 60_000 })
    const { title, id } = await announce('keyed', { expires: new Date(Date.now() + 3000).toISOString() })
    const delivery = only(await rundruf.settled(id))
    assert.equal(delivery.state, 'expired')
    assert.match(delivery.reason ?? '', /nicht mehr gültig/)
    assert.equal(standing(keyed, title).length, 0)
    assert.equal((await rundruf.show(id)).state, 'failed')
  })

  it('that surely did not leave is not tried again once the announcement was taken back', async () => {
    const gate = Promise.withResolvers<void>()
    keyed.will('publish', { gate: gate.promise, afterwards: 'unreachable' })
    const { title, id } = await announce('keyed')
    await until(id, 'sending')
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    gate.resolve()
    const { deliveries, state } = await rundruf.settled(id)
    assert.deepEqual(
      deliveries.map((delivery) => delivery.state),
      ['superseded', 'superseded'],
    )
    assert.equal(state, 'retracted')
    assert.ok(!keyed.pages.some((page) => page.wordings[0]?.includes(`${title}\n`)))
  })
})
