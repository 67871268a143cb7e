// A Redis that forgets everything in the middle of 500 deliveries loses none of them and doubles none.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { open } from '../../src/join.ts'
import type { WorkerParts } from '../../workers/start.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { once, standing, tellRedis, threeChannels } from '../support/three-channels.ts'

const towns = ['bonn', 'mainz', 'marburg', 'dresden']
const cities = aCityFolder(Object.fromEntries(towns.map((city) => [city, { channels: threeChannels(city) }])))
/** Times three channels: 540 deliveries; below the pace of an account on every platform (Mastodon: 240 posts in five minutes). */
const announcements = 180
/** Releases at the same time. */
const atOnce = 20
/** Jobs at the same time on each platform: few, so that most are still waiting in Redis when it forgets them. */
const hands = 10
/** So many arrive on each platform before the disaster. */
const first = 3
/** Longer than every lock in the queue. */
const awayMs = 60_000
/** What is promised for a warning while Redis is gone, and as much again for a loaded machine. */
const patienceMs = 30_000
/** Of a whole round, on a machine that is busy with other things. */
const timeout = 600_000

describe('P5: 540 deliveries', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf

  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = (title: string, city = 'bonn') => rundruf.announce({ city, title, text: 'Ein Satz für alle.' })

  const inState = async (state: 'queued' | 'sending' | 'delivered'): Promise<number> => {
    const { count } = await rundruf.store.db
      .selectFrom('delivery')
      .where('state', '=', state)
      .select((row) => row.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** The first few arrive; the others are in the middle of it until the gate opens. */
  const heldBack = (connector: AnyConnector, gate: Promise<void>): AnyConnector => {
    let begun = 0
    const publish: AnyConnector['publish'] = async (...asked) => {
      if (++begun > first) await gate
      return connector.publish(...asked)
    }
    return { ...connector, publish }
  }

  const aWorker = async (gate: Promise<void>): Promise<AsyncDisposable> => {
    const around = (parts: WorkerParts): WorkerParts => {
      const { queues } = parts
      return { ...parts, queues: { ...queues, take: (lane, process) => queues.take({ ...lane, concurrency: hands }, process) } }
    }
    const connectors = new Map([...hurried].map(([name, connector]) => [name, heldBack(connector, gate)]))
    const running = await open(rundruf.config, { roles: 'work', only: null }, { connectors, around })
    return { [Symbol.asyncDispose]: () => running.stop() }
  }

  /** Releases them all, lets a worker begin, and lets the `disaster` strike when every hand is busy; compares the store with what stands. */
  const through = async (round: string, disaster: (goOn: () => void) => Promise<void>): Promise<void> => {
    const already = await inState('delivered')
    const titles = Array.from({ length: announcements }, (_, at) => `${round} ${at}.`)
    const ids: string[] = []
    for (let at = 0; at < titles.length; at += atOnce)
      ids.push(...(await Promise.all(titles.slice(at, at + atOnce).map((title, n) => announce(title, towns[n % towns.length])))))
    const gate = Promise.withResolvers<void>()
    await using _ = await aWorker(gate.promise)
    await poll('the first to have gone', async () => (await inState('delivered')) - already === 3 * first)
    await poll('every hand to be busy', async () => (await inState('sending')) === 3 * hands)
    assert.equal(await inState('queued'), 3 * (announcements - hands - first), 'the others are in the queue when the disaster strikes')
    await disaster(gate.resolve)
    for (const id of ids) assert.equal((await rundruf.settled(id, 180_000)).state, 'delivered', `${id} is delivered everywhere`)
    await compare(titles)
  }

  const compare = async (titles: readonly string[]): Promise<void> => {
    const posts = await rundruf.ledger()
    const items = await rundruf.store.db.selectFrom('newsroom').select('post').execute()
    const onPages = Map.groupBy(items, ({ post }) => post.title)
    for (const platform of ['mastodon', 'bluesky']) {
      const firstLines = Map.groupBy(
        posts.filter((post) => post.platform === platform),
        ({ text }) => text.split('\n')[0],
      )
      for (const title of titles) assert.equal(firstLines.get(title)?.length, 1, `${title} on ${platform}`)
    }
    for (const title of titles) assert.equal(onPages.get(title)?.length, 1, `${title} in the newsroom`)
  }

  it('F15: survive FLUSHALL in the middle: each is delivered, each is there once', { timeout }, () =>
    through('Geleert', async (goOn) => {
      await tellRedis(rundruf.redis.path, (redis) => redis.flushall())
      goOn()
    }),
  )

  it('F16: survive a Redis that is killed, stays away for a minute and comes back empty; warnings leave meanwhile, and everything is there once', {
    timeout,
  }, async () => {
    const warnings: string[] = []
    await through('Getötet', async (goOn) => {
      await rundruf.redis.kill()
      const back = performance.now() + awayMs
      goOn()
      while (performance.now() < back) {
        warnings.push(`Rauch ${warnings.length}.`)
        await leavesInTime(warnings.at(-1) ?? '')
        await pause(Math.min(5000, Math.max(back - performance.now(), 0)))
      }
      assert.ok((await inState('queued')) > 2 * announcements, 'what is not urgent waits for the queue')
      await rundruf.redis.restart({ empty: true })
    })
    for (const title of warnings) assert.deepEqual(await standing(rundruf, title), once, title)
  })

  /** A warning, while Redis is gone. */
  const leavesInTime = async (title: string): Promise<void> => {
    const began = performance.now()
    const id = await rundruf.announce({ city: 'bonn', kind: 'warning', severity: 'Severe', title, text: 'Bitte Fenster schließen.' })
    assert.equal((await rundruf.settled(id, patienceMs)).state, 'delivered')
    figure('urgentWithoutRedisMs', performance.now() - began)
  }
})
