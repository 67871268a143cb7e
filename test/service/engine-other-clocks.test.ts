// Lost answers on platforms whose clocks and texts are not ours, and that know no keys: the look alone keeps a post from standing there twice.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Report } from '../../src/commands/verify.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const platforms = ['facebook', 'mastodon', 'x'] as const

const cities = aCityFolder({
  bonn: {
    channels: [
      { name: 'facebook', platform: 'facebook', settings: { page: '104711081500001', token: 'env:TOKEN' } },
      { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
      { name: 'x', platform: 'x', settings: { token: 'env:TOKEN' } },
    ],
  },
})

describe('platforms with other clocks and other words', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    const connectors = new Map([...hurried].filter(([name]) => name === 'newsroom' || platforms.some((platform) => platform === name)))
    rundruf = await aRundruf({ exchange: { connectors, lab: { mastodon: { keySeconds: 0 } } }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const mood = async (wish: object) => {
    for (const platform of platforms) {
      const answer = await fetch(`${rundruf.running.labUrl}/moods/${platform}`, { method: 'PUT', body: JSON.stringify(wish) })
      assert.equal(answer.status, 200, await answer.text())
    }
  }
  /** Announces it while every platform loses its answer, and waits until all of it is in this state. */
  const announce = async (fault: 'reset' | 'post-then-reset', state: 'delivered' | 'held') => {
    const title = `Zeichen ${++number}a`
    for (const platform of platforms) await rundruf.fault(platform, { fault })
    const text = 'Liebe Bürger*innen und Besucher*innen, das „Bad“ öffnet – ab ≥ 20 °C ☀️.\n\n- Eintritt frei'
    const id = await rundruf.announce({ title, text })
    const deliveries = await poll(`all to be ${state}`, async () => {
      const { deliveries: all } = await rundruf.show(id)
      return all.every((one) => one.state === state) ? all : undefined
    })
    const there = (await rundruf.ledger()).filter((post) => post.text.includes(title)).map(({ platform }) => platform)
    return { deliveries, there: there.toSorted() }
  }

  // ever later: X's ids are times and never go back
  for (const seconds of [-300, -120, -90, 0, 120, 300])
    for (const [fault, what] of [
      ['post-then-reset', 'was posted'],
      ['reset', 'was not posted'],
    ] as const)
      it(`F26: ${seconds} s between the platforms’ clocks and ours: what ${what} stands there once`, async () => {
        await mood({ clockMs: seconds * 1000 })
        const { there } = await announce(fault, 'delivered')
        assert.deepEqual(there, platforms)
      })

  it('F26: a post that stands there twice is found by verify, though the platform’s clock is five minutes ahead', async () => {
    await mood({ clockMs: 300_000 })
    const title = `Doppelt ${++number}a`
    await rundruf.settled(await rundruf.announce({ title, text: 'Ein Satz.' }))
    const [first] = (await rundruf.ledger('mastodon')).filter(({ text }) => text.includes(title))
    const headers = { authorization: `Bearer rehearsal-${first?.account}`, 'content-type': 'application/json' }
    const again = { method: 'POST', headers, body: JSON.stringify({ status: first?.text }) }
    assert.equal((await fetch(`${rundruf.running.labUrl}/mastodon/api/v1/statuses`, again)).status, 200)
    const { findings } = (await rundruf.api('GET', '/verify')).body as Report
    assert.deepEqual(
      findings.map(({ finding, platform }) => [finding, platform]),
      [['doubled', 'mastodon']],
    )
  })

  for (const fault of ['post-then-reset', 'reset'] as const)
    it(`F27: what signs a platform cleans away, it is one post after “${fault}”`, async () => {
      await mood({ text: 'cleaned' })
      const { there } = await announce(fault, 'delivered')
      assert.deepEqual(there, platforms)
    })

  it('F26: a quarter of an hour between the clocks: a person is asked what nobody else can say, and nothing is sent again', async () => {
    await mood({ clockMs: 900_000, text: 'as-sent' })
    const { deliveries, there } = await announce('reset', 'held')
    for (const { reason, question } of deliveries) {
      assert.match(reason ?? '', /15 Minuten auseinander/)
      assert.match(question ?? '', /Steht der Beitrag dort/)
    }
    assert.deepEqual(there, [])
  })
})
