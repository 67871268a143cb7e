// A worker killed at any step of a delivery leaves exactly one post: on Bluesky, on Mastodon and in the newsroom.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { deliverPoints, lookPoints } from '../support/crash-points.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const platforms = ['bluesky', 'mastodon', 'newsroom'] as const
const script = resolve(import.meta.dirname, '../support/dying-worker.ts')

const dyingOn = (platform: (typeof platforms)[number]): void => {
  let rundruf: TestRundruf
  let queue: Redis
  const workers = new Set<ChildProcess>()

  before(async () => {
    // Some thirty processes sign in within minutes, which Bluesky would not allow.
    rundruf = await aRundruf({ roles: 'serve', exchange: { lab: { bluesky: { rateLimits: false } } } })
    queue = new Redis(rundruf.redis.path)
  })
  after(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    queue?.disconnect()
    await rundruf?.[Symbol.asyncDispose]()
  })

  const work = (point: string): ChildProcess => {
    const worker = spawn(process.execPath, [script, point, platform], {
      env: { PATH: process.env.PATH, ...rundruf.environment() },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    workers.add(worker)
    worker.on('exit', () => workers.delete(worker))
    return worker
  }

  const standing = async (title: string): Promise<readonly unknown[]> => {
    if (platform !== 'newsroom') return (await rundruf.ledger(platform)).filter((post) => post.text.includes(title))
    const rows = await rundruf.store.db.selectFrom('newsroom').select(['key', 'post']).execute()
    return rows.filter((row) => row.post.title === title)
  }

  /** Lets one worker after the other die at its point, then lets one live, and counts what stands. */
  const dieAt = async (points: readonly string[]): Promise<void> => {
    // The jobs of those who died before would come back to the next worker, who would then die for nothing.
    await queue.flushall()
    if (platform !== 'newsroom') await rundruf.fault(platform, { fault: 'slow', afterMs: 400, times: 1, operation: 'publish' })
    const title = `Probe ${randomUUID()}`
    const id = await rundruf.announce({ title, text: 'Ein Satz für alle.' })
    for (const point of points) {
      const [, signal] = await once(work(point), 'exit')
      assert.equal(signal, 'SIGKILL', `the worker must die at ${point}`)
    }
    const survivor = work('')
    const delivery = await poll(
      `${platform} delivered after a death at ${points.join(', ')}`,
      async () => (await rundruf.show(id)).deliveries.find((one) => one.platform === platform && one.state === 'delivered'),
      90_000,
    )
    survivor.kill('SIGKILL')
    await once(survivor, 'exit')
    const posts = await standing(title)
    assert.equal(posts.length, 1, `exactly one post must stand: ${JSON.stringify(posts)}`)
    assert.ok(delivery.receipt?.id, 'and the receipt names it')
  }

  for (const point of deliverPoints) it(`at ${point} leaves exactly one post`, { timeout: 180_000 }, () => dieAt([point]))
  for (const point of lookPoints)
    it(`at claim:after, and its successor at ${point}, leaves exactly one post`, { timeout: 180_000 }, () => dieAt(['claim:after', point]))
}

describe('a worker that dies', { skip: redisMissing(), concurrency: platforms.length }, () => {
  for (const platform of platforms) describe(platform, { concurrency: 1 }, () => dyingOn(platform))
})
