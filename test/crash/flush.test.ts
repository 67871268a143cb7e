// A Redis that forgets everything in the middle of 500 deliveries loses none of them and doubles none.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { open } from '../../src/join.ts'
import type { WorkerParts } from '../../workers/start.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

/** Below the pace of an account on every platform (Mastodon: 240 posts in five minutes). */
const channelsOf = (city: string) => [
  { name: 'newsroom', platform: 'newsroom' },
  { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
  { name: 'bluesky', platform: 'bluesky', settings: { handle: `${city}.example`, appPassword: 'env:PASSWORD' } },
]
const towns = ['bonn', 'mainz', 'marburg', 'dresden']
const cities = aCityFolder(Object.fromEntries(towns.map((city) => [city, { channels: channelsOf(city) }])))
/** Times three channels: 501 deliveries. */
const announcements = 167

describe('500 deliveries', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf

  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', cities })
    for (const platform of ['mastodon', 'bluesky']) await rundruf.fault(platform, { fault: 'slow', afterMs: 100, times: 'always' })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const deliveredNow = async (): Promise<number> => {
    const { count } = await rundruf.store.db
      .selectFrom('receipt')
      .select((row) => row.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  const queuedNow = async (): Promise<number> => {
    const { count } = await rundruf.store.db
      .selectFrom('delivery')
      .where('state', '=', 'queued')
      .select((row) => row.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** Few hands, so that most of the jobs are still waiting in Redis when it forgets them. */
  const aWorker = async (): Promise<AsyncDisposable> => {
    const around = (parts: WorkerParts): WorkerParts => {
      const { queues } = parts
      return { ...parts, queues: { ...queues, take: (lane, process) => queues.take({ ...lane, concurrency: 10 }, process) } }
    }
    const running = await open(rundruf.config, { roles: 'work', only: null }, { connectors: hurried, around })
    return { [Symbol.asyncDispose]: () => running.stop() }
  }

  /** Releases them all, then lets a worker begin and the `disaster` strike when the first have arrived; compares the store with what stands. */
  const through = async (round: string, disaster: () => Promise<void>): Promise<void> => {
    const already = await deliveredNow()
    const titles = Array.from({ length: announcements }, (_, at) => `${round} ${at}.`)
    const ids = await Promise.all(
      titles.map((title, at) => rundruf.announce({ city: towns[at % towns.length], title, text: 'Ein Satz für alle.' })),
    )
    await using _ = await aWorker()
    await poll('the first to have gone', async () => (await deliveredNow()) - already > 20)
    const struck = await queuedNow()
    await disaster()
    assert.ok(struck > 100, `${struck} were in the queue when the disaster struck`)
    for (const id of ids) assert.equal((await rundruf.settled(id, 120_000)).state, 'delivered', `${id} is delivered everywhere`)
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

  it('survive FLUSHALL in the middle: each is delivered, each is there once', { timeout: 240_000 }, () =>
    through('Geleert', async () => {
      const redis = new Redis(rundruf.redis.url)
      await redis.flushall()
      redis.disconnect()
    }),
  )

  it('survive a Redis that is killed and comes back empty: each is delivered, each is there once', { timeout: 240_000 }, () =>
    through('Getötet', async () => {
      await rundruf.redis.kill()
      await rundruf.redis.restart({ empty: true })
    }),
  )
})
