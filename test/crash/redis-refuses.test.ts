// A Redis that is full, broken, demoted, of yesterday or silent loses nothing, doubles nothing, and holds up no warning.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { aRedis, redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { once, standing, tellRedis, threeChannels } from '../support/three-channels.ts'
import { aWire, type Wire } from '../support/wire.ts'

const cities = aCityFolder({ bonn: { channels: threeChannels('bonn') } })
/** What is promised for a warning while Redis is gone, and as much again for a loaded machine. */
const promisedMs = 15_000
const patienceMs = 2 * promisedMs

describe('a Redis', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  let wire: Wire
  let heal: () => Promise<unknown> = async () => {}

  before(async () => {
    rundruf = await aRundruf({
      exchange: { connectors: hurried },
      cities,
      between: {
        redis: async ({ path }) => {
          wire = await aWire({ path })
          return `redis://127.0.0.1:${wire.port}`
        },
      },
    })
    await rundruf.settled(await rundruf.announce({ title: 'Vorher', text: 'Alles geht seinen Gang.' }))
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
    await wire?.[Symbol.asyncDispose]()
  })
  afterEach(async () => {
    await heal()
    heal = async () => {}
    await poll('the queue to answer', ready)
  })

  const ready = async () => ((await (await fetch(`${rundruf.running.url}/readyz`)).json()) as { queue: boolean }).queue
  const redis = <T>(say: (redis: Redis) => Promise<T>) => tellRedis(rundruf.redis.path, say)
  const log = () => readFileSync(join(rundruf.config.data, 'rundruf.log'), 'utf8')
  const notice = (title: string) => rundruf.announce({ title, text: 'Ein Satz für alle.' })
  const warn = (title: string) => rundruf.announce({ kind: 'warning', severity: 'Severe', title, text: 'Bitte Fenster schließen.' })
  const begins = ({ deliveries }: AnnouncementDetail) =>
    deliveries.map(({ history }) => history.filter(({ event }) => event === 'began').length)

  /** A warning goes out although Redis takes nothing, the rest afterwards; each is there once, and operations were told. */
  const outlives = async (name: string, words: RegExp): Promise<void> => {
    await poll('the trouble to be noticed', () => log().includes('redis is away') && words.test(log()))
    const routine = await notice(`Fest ${name}`)
    const began = performance.now()
    const warning = await warn(`Rauch ${name}`)
    assert.equal((await rundruf.settled(warning, patienceMs)).state, 'delivered')
    figure('urgentWithoutRedisMs', performance.now() - began)
    assert.deepEqual(await standing(rundruf, `Rauch ${name}`), once)
    const { deliveries } = await rundruf.show(routine)
    assert.ok(
      deliveries.every(({ state }) => state === 'queued'),
      'what is not urgent waits for the queue',
    )
    await heal()
    assert.equal((await rundruf.settled(routine)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, `Fest ${name}`), once)
    assert.deepEqual(await standing(rundruf, `Rauch ${name}`), once)
    assert.deepEqual(begins(await rundruf.show(warning)), [1, 1, 1])
  }

  it('P5, F17: that is out of memory holds up no warning, and what is not urgent goes when it has room again', async () => {
    heal = () => redis((one) => one.config('SET', 'maxmemory', '0'))
    await redis((one) => one.config('SET', 'maxmemory', '1'))
    await outlives('bei vollem Speicher', /OOM command not allowed/)
  })

  it('P5, F17: whose disk is full (MISCONF) holds up no warning, and what is not urgent goes when it can write again', async () => {
    // a folder where the file should be: nothing can be saved
    const file = join(rundruf.redis.dir, 'dump.rdb')
    const save = async (one: Redis, status: string): Promise<void> => {
      await poll('the save', async () => {
        await one.bgsave().catch(() => {})
        return (await one.info('persistence')).includes(`rdb_last_bgsave_status:${status}`)
      })
    }
    heal = async () => {
      rmSync(file, { recursive: true, force: true })
      await redis(async (one) => {
        await save(one, 'ok')
        await one.config('SET', 'save', '')
      })
    }
    mkdirSync(file)
    writeFileSync(join(file, 'full'), '')
    await redis(async (one) => {
      await one.config('SET', 'save', '3600 1')
      await save(one, 'err')
    })
    await outlives('bei voller Platte', /MISCONF/)
  })

  it('P5, F18: that was demoted to a read-only replica holds up no warning; the new one is found behind the same name and filled', async () => {
    await using other = await aRedis()
    heal = async () => {
      wire.redirect({ path: rundruf.redis.path })
      await redis((one) => one.replicaof('NO', 'ONE'))
    }
    await redis((one) => one.replicaof('127.0.0.1', '1'))
    await poll('the trouble to be noticed', () => /READONLY/.test(log()))
    const began = performance.now()
    const warning = await warn('Rauch beim Wechsel')
    assert.equal((await rundruf.settled(warning, patienceMs)).state, 'delivered')
    figure('urgentWithoutRedisMs', performance.now() - began)
    const routine = await notice('Fest beim Wechsel')
    // the old one is still there and still answers: only new connections find the new one
    wire.redirect({ path: other.path })
    assert.equal((await rundruf.settled(routine)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, 'Fest beim Wechsel'), once)
    assert.deepEqual(await standing(rundruf, 'Rauch beim Wechsel'), once)
    const keys = await tellRedis(other.path, (one) => one.keys('{rundruf}:deliver-*'))
    assert.ok(keys.length > 0, 'the jobs lay in the new one')
  })

  it('P5, F16: that comes back with the dump of yesterday wakes jobs that find nothing to do, and what it never knew goes out', async () => {
    const old = await notice('Gestern')
    await rundruf.settled(old)
    const queue = new Queue('deliver-mastodon-routine', { connection: { path: rundruf.redis.path }, prefix: '{rundruf}' })
    const { id: deliveryId, turn } = await rundruf.store.db
      .selectFrom('delivery')
      .select(['id', 'turn'])
      .where('announcementId', '=', old)
      .where('platform', '=', 'mastodon')
      .executeTakeFirstOrThrow()
    const jobId = `${deliveryId}-again`
    // in the copy its job still waits
    await queue.pause()
    await queue.add('deliver', { deliveryId, turn }, { jobId, priority: 10, attempts: 1 })
    await queue.close()
    const yesterday = await poll('the file to hold the job', () => {
      const copy = rundruf.redis.copy()
      return readFileSync(join(copy, 'appendonly.aof.1.incr.aof'), 'latin1').includes(jobId) ? copy : undefined
    })
    await redis((one) => one.flushall())
    const today = await notice('Heute')
    await rundruf.settled(today)
    await rundruf.redis.kill()
    const meanwhile = await notice('Inzwischen')
    await rundruf.redis.restart({ from: yesterday })
    const again = new Queue('deliver-mastodon-routine', { connection: { path: rundruf.redis.path }, prefix: '{rundruf}' })
    await again.resume()
    await rundruf.settled(meanwhile)
    await poll('the job of yesterday to have run', async () => (await again.getJob(jobId))?.finishedOn)
    await again.close()
    for (const title of ['Gestern', 'Heute', 'Inzwischen']) assert.deepEqual(await standing(rundruf, title), once)
    assert.deepEqual(begins(await rundruf.show(old)), [1, 1, 1])
  })

  it('P5: foreign and malformed jobs in the queue are left alone, and the others go on', async () => {
    const queue = new Queue('deliver-mastodon-routine', { connection: { path: rundruf.redis.path }, prefix: '{rundruf}' })
    const strange: readonly unknown[] = [
      {},
      null,
      'text',
      { deliveryId: 7, turn: 1 },
      { deliveryId: "1' or true --", turn: 1 },
      { deliveryId: '019ac000-0000-7000-8000-000000000000', turn: 1.5 },
      { deliveryId: '019ac000-0000-7000-8000-000000000000', turn: 1 },
      { post: { text: 'Hineingeschmuggelt' }, platform: 'mastodon' },
    ]
    const before = (await rundruf.ledger()).length
    await queue.addBulk(strange.map((data) => ({ name: 'deliver', data, opts: { attempts: 1, priority: 1 } })))
    await redis((one) => one.zadd('{rundruf}:deliver-mastodon-urgent:prioritized', 0, 'ein-fremder'))
    const id = await notice('Nach den Fremden')
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    await poll('the strange ones to have ended', async () => {
      const { waiting, active, prioritized } = await queue.getJobCounts('waiting', 'active', 'prioritized')
      return waiting === 0 && active === 0 && prioritized === 0
    })
    await queue.close()
    assert.equal((await rundruf.ledger()).length, before + 2, 'only the announcement was posted')
    const warning = await warn('Warnung nach den Fremden')
    assert.equal((await rundruf.settled(warning)).state, 'delivered')
  })

  /** All but the connection that answers questions goes silent: only the watchdog can see that. */
  const silenceWorkers = (): number => wire.damage({ kind: 'silent' }, (said) => !said.includes('{rundruf}:pulse'))

  it('P5, F19: that is connected while its workers hear nothing any more is noticed within half a minute', async () => {
    const before = log().length
    assert.ok(silenceWorkers() > 2)
    const began = performance.now()
    const warning = await warn('Rauch in der Stille')
    const routine = await notice('Fest in der Stille')
    assert.equal((await rundruf.settled(warning)).state, 'delivered')
    figure('workerRestartedMs', performance.now() - began)
    assert.equal((await rundruf.settled(routine)).state, 'delivered')
    await poll('the restart to be noted', () => log().slice(before).includes('worker fetched nothing and was restarted'))
    assert.deepEqual(await standing(rundruf, 'Rauch in der Stille'), once)
    assert.deepEqual(await standing(rundruf, 'Fest in der Stille'), once)
  })

  it('P5, F19: of which every connection is half open holds up no warning, and everything goes when new ones are made', async () => {
    assert.ok(wire.damage({ kind: 'silent' }) > 3)
    const began = performance.now()
    const warning = await warn('Rauch am halben Draht')
    const routine = await notice('Fest am halben Draht')
    assert.equal((await rundruf.settled(warning, patienceMs)).state, 'delivered')
    figure('urgentWithoutRedisMs', performance.now() - began)
    assert.equal((await rundruf.settled(routine, 90_000)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, 'Rauch am halben Draht'), once)
    assert.deepEqual(await standing(rundruf, 'Fest am halben Draht'), once)
  })
})
