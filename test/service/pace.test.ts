// A channel's pace, counted over all processes in a real Redis: never more than it may, hardly less, and each for itself without Redis.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { openPace, type Pace } from '../../workers/pace.ts'
import { poll } from '../support/poll.ts'
import { aRedis, redisMissing } from '../support/redis.ts'

/** How many of so many takes at the same time were let through at once. */
const granted = async (paces: readonly Pace[], takes: number, actions: number, channel = 'bonn/mastodon'): Promise<number> => {
  const waits = await Promise.all(
    Array.from({ length: takes }, (_, at) => (paces[at % paces.length] as Pace).take(channel, { actions, perSeconds: 60 })),
  )
  assert.ok(waits.every((ms) => ms >= 0 && ms <= 60_000))
  return waits.filter((ms) => ms === 0).length
}

describe('a channel’s pace', { skip: redisMissing() }, () => {
  test('holds over all processes: no more than it may, at most a hundredth of it left with each', async () => {
    await using redis = await aRedis()
    const clients = Array.from({ length: 3 }, () => new Redis(redis.path))
    try {
      for (const client of clients) await client.ping()
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 1500 }),
          fc.integer({ min: 1, max: 3 }),
          fc.uuid(),
          async (actions, processes, channel) => {
            const paces = clients.slice(0, processes).map((client) => openPace(client))
            const all = await granted(paces, actions + 200, actions, channel)
            assert.ok(all <= actions, `${all} of ${actions}`)
            const idle = (Math.max(Math.floor(actions / 100), 1) - 1) * (processes + 1)
            assert.ok(all >= actions - idle, `${all} of ${actions}, at most ${idle} idle`)
            assert.equal(await granted(paces, processes, actions, `other ${channel}`), Math.min(processes, actions))
          },
        ),
        { numRuns: 40 },
      )
    } finally {
      for (const client of clients) client.disconnect()
    }
  })

  test('what is given back may be taken again, by any process', async () => {
    await using redis = await aRedis()
    const clients = Array.from({ length: 2 }, () => new Redis(redis.path))
    try {
      for (const client of clients) await client.ping()
      const [one, other] = clients.map((client) => openPace(client)) as [Pace, Pace]
      const span = { actions: 3, perSeconds: 60 }
      for (let round = 0; round < 20; round++) {
        assert.equal(await one.take('bonn/instagram', span), 0)
        await one.giveBack('bonn/instagram', span)
      }
      for (const pace of [one, other, one]) assert.equal(await pace.take('bonn/instagram', span), 0)
      assert.ok((await other.take('bonn/instagram', span)) > 0)
      const many = { actions: 400, perSeconds: 60 }
      for (let round = 0; round < 1000; round++) {
        assert.equal(await one.take('bonn/mastodon', many), 0)
        await one.giveBack('bonn/mastodon', many)
      }
    } finally {
      for (const client of clients) client.disconnect()
    }
  })

  test('asks Redis once for a hundredth of the span', async () => {
    await using redis = await aRedis()
    const client = new Redis(redis.path)
    try {
      await client.ping()
      const before = await commands(client)
      assert.equal(await granted([openPace(client)], 1000, 100_000), 1000)
      assert.ok((await commands(client)) - before < 20)
    } finally {
      client.disconnect()
    }
  })

  test('is void when the span ends: what was left of it does not count for the next', async () => {
    await using redis = await aRedis()
    const client = new Redis(redis.path)
    try {
      await client.ping()
      const pace = openPace(client)
      const span = { actions: 500, perSeconds: 1 }
      assert.equal(await pace.take('bonn/mastodon', span), 0)
      await poll('the span to end', async () => (await client.keys('*')).length === 0)
      assert.equal(await pace.take('bonn/mastodon', span), 0)
      const [key] = await client.keys('*')
      assert.equal(await client.get(key ?? ''), '5', 'the next span knows of what goes on in it')
    } finally {
      client.disconnect()
    }
  })

  test('is counted by each process for itself while Redis is away', async () => {
    await using redis = await aRedis()
    const client = new Redis(redis.path, { maxRetriesPerRequest: 1, retryStrategy: () => 50 })
    client.on('error', () => {})
    try {
      await client.ping()
      await redis.kill()
      assert.equal(await granted([openPace(client)], 400, 300), 300)
    } finally {
      client.disconnect()
    }
  })

  test('F19: a Redis that hangs for longer than the span lasts keeps nobody back', { timeout: 60_000 }, async () => {
    await using redis = await aRedis()
    const client = new Redis(redis.path)
    await client.ping()
    process.kill(redis.pid, 'SIGSTOP')
    try {
      const pace = openPace(client)
      const span = { actions: 1000, perSeconds: 0.5 }
      const waits = await Promise.all(Array.from({ length: 25 }, () => pace.take('bonn/newsroom', span)))
      assert.deepEqual(new Set(waits), new Set([0]))
    } finally {
      process.kill(redis.pid, 'SIGCONT')
      client.disconnect()
    }
  })
})

/** How many commands Redis has processed. */
const commands = async (client: Redis): Promise<number> => Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1])
