// The pace of a mail server: one count for all processes and channels that send over it, and even within a process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { openTurns, type Turn } from '../../connectors/email/turns.ts'
import { openPace } from '../../workers/pace.ts'
import { aRedis, redisMissing } from '../support/redis.ts'

const base = 'smtps://mail.bonn.example:465'

/** How many letters these may send in a while, and how many seconds it took. */
const sentIn = async (ms: number, turns: readonly Turn[]): Promise<{ readonly sent: number; readonly seconds: number }> => {
  const time = AbortSignal.timeout(ms)
  const start = performance.now()
  let sent = 0
  await Promise.all(
    turns.map(async (turn) => {
      while (await turn(time)) sent += 1
    }),
  )
  return { sent, seconds: (performance.now() - start) / 1000 }
}

describe('the turns of letters', { skip: redisMissing() }, () => {
  test('are counted over all processes that send over the same server, and for each server alone', async () => {
    await using redis = await aRedis()
    const clients = Array.from({ length: 3 }, () => new Redis(redis.path))
    try {
      for (const client of clients) await client.ping()
      const turnsAt = (server: string) =>
        clients.map((client) => {
          const pace = openPace(client)
          return openTurns({ base: server, perMinute: 1200 }, { pace: (shared, span) => pace.take(shared, span) })
        })
      // 20 a second; the second that was under way and the last one count whole
      const [bonn, kassel] = await Promise.all([sentIn(2000, turnsAt(base)), sentIn(2000, turnsAt('smtps://mail.kassel.example:465'))])
      for (const { sent, seconds } of [bonn, kassel])
        assert.ok(sent > 0 && sent <= 20 * (seconds + 2), `${sent} letters in ${seconds} seconds`)
    } finally {
      for (const client of clients) client.disconnect()
    }
  })

  test('follow one another evenly within a process', async () => {
    const { sent, seconds } = await sentIn(500, [openTurns({ base, perMinute: 600 }, { pace: async () => 0 })])
    assert.ok(sent > 0 && sent <= 10 * seconds + 1, `${sent} letters in ${seconds} seconds`)
  })

  test('end with the signal, also while the server has had its share', async () => {
    const turn = openTurns({ base, perMinute: 30 }, { pace: async () => 60_000 })
    assert.equal(await turn(AbortSignal.timeout(50)), false)
  })

  test('are asked for in spans as short as whole numbers allow', async () => {
    const asked: unknown[] = []
    const pace = async (...wish: readonly unknown[]) => {
      asked.push(wish)
      return 0
    }
    for (const perMinute of [1, 30, 59, 60, 600, 1000]) await openTurns({ base, perMinute }, { pace })(AbortSignal.timeout(1000))
    assert.deepEqual(
      asked,
      [
        [1, 60],
        [1, 2],
        [1, 2],
        [1, 1],
        [10, 1],
        [16, 1],
      ].map(([actions, perSeconds]) => [base, { actions, perSeconds }]),
    )
  })
})
