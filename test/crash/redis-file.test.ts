// A Redis whose file is cut off or broken comes up again by itself, and everything that lay in its queue goes once.
import assert from 'node:assert/strict'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { WorkerParts } from '../../workers/start.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { tellRedis } from '../support/three-channels.ts'

const pagers = [
  aPager({ platform: 'keyed', repeat: 'key', budgetSeconds: 60 }),
  aPager({ platform: 'seen', repeat: 'find', can: ['find'], budgetSeconds: 60 }),
]
const connectors = new Map(pagers.map(({ connector }) => [connector.platform, connector]))
const cities = aCityFolder({ bonn: { channels: [...connectors.keys()].map((platform) => ({ name: platform, platform })) } })
const announcements = 40
/** Jobs at the same time on each platform: the others wait in Redis. */
const hands = 4
const waiting = pagers.length * (announcements - hands)

describe('P5: a Redis that was killed while it wrote', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf

  before(async () => {
    const around = (parts: WorkerParts): WorkerParts => {
      const { queues } = parts
      return { ...parts, queues: { ...queues, take: (lane, process) => queues.take({ ...lane, concurrency: hands }, process) } }
    }
    rundruf = await aRundruf({ exchange: { connectors, around }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const mark = (): Promise<string | null> => tellRedis(rundruf.redis.path, (redis) => redis.get('{rundruf}:mark'))
  const jobs = async (): Promise<number> => {
    const lists = pagers.map(({ connector }) => `{rundruf}:deliver-${connector.platform}-routine:prioritized`)
    const counts = await tellRedis(rundruf.redis.path, (redis) => Promise.all(lists.map((list) => redis.zcard(list))))
    return counts.reduce((sum, one) => sum + one, 0)
  }

  /** Most of them wait in the queue when Redis is killed and `broken` does something to its file; they go when it is back. */
  const through = async (round: string, broken: (file: string) => void, settings: Record<string, string> = {}): Promise<void> => {
    const gate = Promise.withResolvers<void>()
    for (const pager of pagers) pager.will('publish', ...Array.from({ length: hands }, () => ({ gate: gate.promise })))
    await poll('the queue to be known by its mark', mark)
    const titles = Array.from({ length: announcements }, (_, at) => `${round} ${at}.`)
    const ids = await Promise.all(titles.map((title) => rundruf.announce({ title, text: 'Ein Satz für alle.' })))
    await poll('the others to wait in the queue', async () => (await jobs()) === waiting)
    await rundruf.redis.kill()
    broken(join(rundruf.redis.dir, 'appendonlydir/appendonly.aof.1.incr.aof'))
    await rundruf.redis.restart({ settings })
    gate.resolve()
    for (const id of ids) assert.equal((await rundruf.settled(id, 120_000)).state, 'delivered')
    for (const { pages, connector } of pagers)
      for (const title of titles)
        assert.equal(pages.filter(({ wordings }) => wordings[0]?.includes(title)).length, 1, `${title} on ${connector.platform}`)
  }

  /** In the middle of the last command that adds a job: its length is announced, its end is missing. */
  const cutOff = (file: string): void => {
    const bytes = readFileSync(file)
    truncateSync(file, bytes.lastIndexOf('"deliveryId"') + 20)
  }

  /** Where a command should begin; in the middle of a value nobody would notice. */
  const corrupted = (file: string): void => {
    const bytes = readFileSync(file)
    bytes.write('\r\n?', bytes.indexOf('\r\n*', Math.floor(bytes.length / 2)))
    writeFileSync(file, bytes)
  }

  it('F16: with its file cut off in the middle of a command reads the rest, and what is missing goes all the same', {
    timeout: 240_000,
  }, async () => {
    let known = ''
    await through('Gekürzt', (file) => {
      known = readFileSync(file, 'latin1')
      cutOff(file)
    })
    assert.match(known, /Gekürzt|deliveryId/, 'jobs were in the file')
    assert.equal(rundruf.redis.setAside, null)
  })

  it('F16: with its file cut off, where it is told to refuse that, comes up with an empty one, and everything goes', {
    timeout: 240_000,
  }, async () => {
    await through('Verweigert', cutOff, { 'aof-load-truncated': 'no' })
    assert.match(rundruf.redis.setAside ?? '', /appendonlydir-unreadable-/)
  })

  it('F16: with its file broken in the middle comes up with an empty one, the broken one lies aside, and everything goes', {
    timeout: 240_000,
  }, async () => {
    await through('Zerstört', corrupted)
    const aside = readFileSync(join(rundruf.redis.setAside ?? '', 'appendonly.aof.1.incr.aof'), 'latin1')
    assert.ok(aside.includes('deliveryId'), 'for whoever wants to look into it')
  })
})
