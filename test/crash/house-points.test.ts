// A worker killed while it hands over or sweeps loses nothing and doubles nothing: relay, silent claims, the queue's mark, expiries.
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { type DyingWish, startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { tellRedis } from '../support/three-channels.ts'

const far = await startFarPlatform()
after(() => far.close())
const towns = ['bonn', 'mainz', 'marburg']
const cities = aCityFolder(Object.fromEntries(towns.map((city) => [city, { channels: farChannels(far.door) }])))
const times = { budgetSeconds: 15, settleSeconds: 1 }

/** Released, and nobody but the workers of the test has ever seen it: the house that took it is closed. */
const released = async (title: string, fields: Record<string, unknown> = {}): Promise<TestRundruf> => {
  const rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar() } })
  await rundruf.redis.stop()
  for (const city of towns)
    await rundruf.announce({ city, title: `${title} ${city}`, text: 'Ein Satz.', kind: 'warning', severity: 'Severe', ...fields })
  await rundruf.running.stop()
  await rundruf.redis.restart()
  return rundruf
}

const dieAt = async (rundruf: TestRundruf, point: string, wish: DyingWish = {}): Promise<void> => {
  assert.equal(await startDying(rundruf.environment(), { ...wish, point, times }).ended, 'SIGKILL', point)
}

const states = async ({ store }: TestRundruf): Promise<readonly { readonly platform: string; readonly state: string }[]> =>
  store.db.selectFrom('delivery').select(['platform', 'state']).execute()

/** One worker lives until nothing moves any more. */
const recover = async (rundruf: TestRundruf): Promise<void> => {
  const survivor = startDying(rundruf.environment(), { times })
  await poll(
    'everything to be settled or held',
    async () => (await states(rundruf)).every(({ state }) => ['delivered', 'held', 'expired'].includes(state)),
    60_000,
  )
  await survivor.kill()
}

/** How often it stands on each kind of platform, over all towns. */
const standing = (title: string) =>
  Object.fromEntries(
    repeats.map((repeat) => [repeat, far.acts.filter((act) => act.repeat === repeat && act.text.includes(`${title} `)).length]),
  )
const everywhere = Object.fromEntries(repeats.map((repeat) => [repeat, towns.length]))

/** Nothing is taken: the process hands over and sweeps, and sends for nobody. */
const takesNothing = { only: [] }

describe('a worker that dies', { skip: redisMissing(), concurrency: 2 }, () => {
  it('F7, P1, P2: before and after it has handed over, leaves each delivery to be sent once', { timeout: 90_000 }, async () => {
    await using rundruf = await released('Übergeben')
    await dieAt(rundruf, 'relay:before-add', takesNothing)
    await dieAt(rundruf, 'relay:after-add', takesNothing)
    const queued = await tellRedis(rundruf.redis.path, (redis) => redis.zcard('{rundruf}:deliver-by-key-urgent:prioritized'))
    assert.equal(queued, towns.length, 'the queue has them')
    const { n } = await rundruf.store.db
      .selectFrom('outbox')
      .select((row) => row.fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow()
    assert.equal(Number(n), towns.length * repeats.length, 'and the outbox has them still')
    await dieAt(rundruf, 'relay:after-add', takesNothing)
    await recover(rundruf)
    assert.deepEqual(standing('Übergeben'), everywhere)
  })

  it('F1, P2, P3: while it ends the silent claims of another, leaves each to be looked up once, or one question', {
    timeout: 90_000,
  }, async () => {
    await using rundruf = await released('Verstummt')
    await dieAt(rundruf, `deliver:after-claim:${towns.length * repeats.length}`)
    await dieAt(rundruf, 'sweep:before-end-silent')
    await dieAt(rundruf, 'sweep:after-end-silent')
    await recover(rundruf)
    assert.deepEqual(standing('Verstummt'), { ...everywhere, nothing: 0 })
    const held = (await states(rundruf)).filter(({ state }) => state === 'held')
    assert.deepEqual(
      held.map(({ platform }) => platform),
      towns.map(() => 'by-nothing'),
    )
  })

  it('F15, P5: between the two writings of the queue’s mark, leaves a queue that is filled again', { timeout: 90_000 }, async () => {
    await using rundruf = await released('Markiert')
    await dieAt(rundruf, 'sweep:after-stored-mark', takesNothing)
    await dieAt(rundruf, 'sweep:after-mark', takesNothing)
    await recover(rundruf)
    assert.deepEqual(standing('Markiert'), everywhere)
  })

  it('P15: before and after it has settled what expired, leaves nothing to be sent', { timeout: 90_000 }, async () => {
    await using rundruf = await released('Abgelaufen', { expires: new Date(Date.now() + 3000).toISOString() })
    await poll('the expiry', async () => {
      const { n } = await rundruf.store.db
        .selectFrom('delivery')
        .select((row) => row.fn.countAll<string>().as('n'))
        .where('expiresAt', '>', (row) => row.fn<Date>('now', []))
        .executeTakeFirstOrThrow()
      return Number(n) === 0
    })
    await dieAt(rundruf, 'sweep:before-expire')
    await dieAt(rundruf, 'sweep:after-expire')
    await recover(rundruf)
    assert.deepEqual(new Set((await states(rundruf)).map(({ state }) => state)), new Set(['expired']))
    assert.deepEqual(standing('Abgelaufen'), Object.fromEntries(repeats.map((repeat) => [repeat, 0])))
  })
})
