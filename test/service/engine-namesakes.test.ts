// Two announcements with the same words on one account: a look tells their posts apart, or a person does.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'

const cities = aCityFolder({ bonn: { channels: threeChannels('bonn').filter(({ name }) => name === 'mastodon') } })

describe('two announcements with the same words on Mastodon', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: hurried }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const words = () => ({ title: `Gleiche Worte ${++number}a`, text: 'Der Parkplatz am Rhein ist gesperrt.' })
  const posts = async (title: string) => (await rundruf.ledger('mastodon')).filter(({ text }) => text.includes(title))
  const deliveryOf = async (id: string) => {
    const [delivery] = (await rundruf.show(id)).deliveries
    assert.ok(delivery)
    return delivery
  }
  /** Each of them says another post of the two that stand there is its own. */
  const areTwo = async (title: string, ids: readonly string[]): Promise<void> => {
    const receipts: (string | undefined)[] = []
    for (const id of ids) {
      assert.equal((await rundruf.settled(id)).state, 'delivered')
      receipts.push((await deliveryOf(id)).receipt?.id)
    }
    assert.deepEqual(receipts.toSorted(), (await posts(title)).map(({ id }) => id).toSorted())
    assert.equal(new Set(receipts).size, 2)
  }
  const unclear = (ids: readonly string[]) =>
    poll('the answers to be lost', async () => (await Promise.all(ids.map(deliveryOf))).every(({ state }) => state === 'looking'))

  for (const [what, fault] of [
    ['was not posted', 'reset'],
    ['was posted', 'post-then-reset'],
  ] as const)
    it(`P1, P2: the second, whose answer was lost and which ${what}, is not taken for the first`, async () => {
      const same = words()
      const first = await rundruf.announce(same)
      await rundruf.settled(first)
      await rundruf.fault('mastodon', { fault })
      await areTwo(same.title, [first, await rundruf.announce(same)])
    })

  for (const [what, fault] of [
    ['neither was posted', 'reset'],
    ['both were posted', 'post-then-reset'],
  ] as const)
    it(`P1, P2: where both answers were lost and ${what}, each gets a post of its own`, async () => {
      const same = words()
      await rundruf.fault('mastodon', { fault, times: 2 })
      const ids = await Promise.all([rundruf.announce(same), rundruf.announce(same)])
      await unclear(ids)
      await areTwo(same.title, ids)
    })

  it('P1, P2, P3: where both answers were lost and one was posted, a person is asked which, and nothing is sent before that', async () => {
    const same = words()
    const ids: string[] = []
    for (const fault of ['reset', 'post-then-reset'] as const) {
      await rundruf.fault('mastodon', { fault })
      const id = await rundruf.announce(same)
      await unclear([id])
      ids.push(id)
    }
    const held = await poll('the questions', async () => {
      const both = await Promise.all(ids.map(deliveryOf))
      return both.every(({ state }) => state === 'held') ? both : undefined
    })
    for (const { question, reason } of held) {
      assert.match(question ?? '', /Steht der Beitrag dort/)
      assert.match(reason ?? '', /gleichem Wortlaut/)
    }
    const [post, ...more] = await posts(same.title)
    assert.equal(more.length, 0)
    const [one, other] = held
    const answer = (delivery: string | undefined, said: object) => rundruf.api('POST', `/deliveries/${delivery}/resolve`, said)
    assert.equal((await answer(one?.id, { answer: 'there', url: `https://social.example/@bonn/${post?.id}` })).status, 200)
    assert.equal((await answer(other?.id, { answer: 'not-there' })).status, 200)
    for (const id of ids) assert.equal((await rundruf.settled(id)).state, 'delivered')
  })
})
