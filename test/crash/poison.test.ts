// A delivery that kills whoever sends it, and an error nobody has thought of: neither stops the others, and neither is silent.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf } from '../support/rundruf.ts'

const far = await startFarPlatform()
after(() => far.close())
const channels = farChannels(far.door)
const cities = aCityFolder({
  bonn: {
    channels: channels.filter(({ name }) => name === 'by-find' || name === 'by-nothing'),
    rules: [{ name: 'Alles', channels: 'all', doubles: 'tolerate' }],
  },
  mainz: { channels: channels.filter(({ name }) => name === 'by-key') },
})
const times = { budgetSeconds: 15, settleSeconds: 1 }
const deadly = 5

describe('trouble', { skip: redisMissing(), concurrency: 2 }, () => {
  it('F8, P16: a delivery that kills its worker five times is put before a person; the others flow', { timeout: 300_000 }, async () => {
    await using rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar() } })
    const urgent = { text: 'Ein Satz.', kind: 'warning', severity: 'Severe' }
    const id = await rundruf.announce({ ...urgent, title: 'Gift' })
    const of = (await rundruf.show(id)).deliveries.map((one) => one.id)
    const others: string[] = []
    let deaths = 0
    const held = async () => (await rundruf.show(id)).deliveries.filter(({ state }) => state === 'held')
    while ((await held()).length < of.length) {
      assert.ok(deaths <= 2 * deadly, `still not parked after ${deaths} deaths`)
      others.push(await rundruf.announce({ ...urgent, city: 'mainz', title: `Anderes ${others.length}.` }))
      const worker = startDying(rundruf.environment(), { point: 'deliver:before-publish', of, times })
      const parked = new AbortController()
      const stop = poll(
        'the death of the worker, or all to be parked',
        async () => parked.signal.aborted || (await held()).length === of.length,
        120_000,
      )
      await Promise.race([worker.ended, stop])
      parked.abort()
      if (worker.process.signalCode === 'SIGKILL') deaths += 1
      else await worker.kill()
    }
    for (const { reason, question, attempts } of await held()) {
      assert.ok(attempts >= deadly, `after ${attempts} attempts`)
      assert.match(question ?? '', /Steht der Beitrag dort/)
      assert.match(reason ?? '', /brach ab/)
    }
    const survivor = startDying(rundruf.environment(), { times })
    for (const other of others) assert.equal((await rundruf.settled(other, 60_000)).state, 'delivered')
    await survivor.kill()
    assert.equal(far.acts.filter((act) => act.text.includes('Gift')).length, 0)
    assert.equal(far.acts.filter((act) => act.text.includes('Anderes')).length, others.length, 'each of the others is there once')
  })

  it('F24, P4: an error that nobody has thought of ends the process with its words; the next one goes on', {
    timeout: 90_000,
  }, async () => {
    await using rundruf = await aRundruf({ roles: 'serve' })
    const work = () =>
      spawn(
        process.execPath,
        ['--import', new URL('../support/unhandled.ts', import.meta.url).href, resolve(import.meta.dirname, '../../src/cli.ts'), 'work'],
        {
          env: { PATH: process.env.PATH, ...rundruf.environment() },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
    await rundruf.fault('mastodon', { fault: 'slow', afterMs: 1500, times: 1, operation: 'publish' })
    const first = work()
    const words = text(first.stderr)
    await once(first.stdout, 'data')
    const id = await rundruf.announce({ title: 'Mittendrin', text: 'Ein Satz.' })
    await poll('the post to be on the wire', async () =>
      (await rundruf.show(id)).deliveries.some(({ platform, state }) => platform === 'mastodon' && state === 'sending'),
    )
    first.kill('SIGWINCH')
    const [code] = await once(first, 'exit')
    assert.notEqual(code, 0)
    assert.match(await words, /Damit hat niemand gerechnet/)

    const second = work()
    try {
      assert.equal((await rundruf.settled(id)).state, 'delivered')
    } finally {
      second.kill('SIGTERM')
      await once(second, 'exit')
    }
    const posts = (await rundruf.ledger('mastodon')).filter((post) => post.text.includes('Mittendrin'))
    assert.equal(posts.length, 1)
  })
})
