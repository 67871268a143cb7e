// The death of a worker costs seconds: an idle twin takes over what it held, warnings within ten seconds, everyday posts within a minute.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { type FarPlatform, startFarPlatform } from '../support/far-platform.ts'
import { figure } from '../support/figures.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const towns = ['bonn', 'mainz', 'marburg', 'dresden']
/** A machine under load starts, swaps and schedules late. */
const slackMs = 5000

const connectors = connectorsWithFar()

interface Wave {
  readonly far: FarPlatform
  readonly cities: string
  readonly fields: Record<string, unknown>
  readonly figure: string
  readonly limitMs: number
}

const aWave = async (wave: Omit<Wave, 'far' | 'cities'>): Promise<Wave> => {
  const far = await startFarPlatform()
  after(() => far.close())
  return { ...wave, far, cities: aCityFolder(Object.fromEntries(towns.map((city) => [city, { channels: farChannels(far.door) }]))) }
}
const waves: Record<'urgent' | 'routine', Wave> = {
  urgent: await aWave({ fields: { kind: 'warning', severity: 'Severe' }, figure: 'recoveryMs', limitMs: 10_000 }),
  routine: await aWave({ fields: {}, figure: 'recoveryRoutineMs', limitMs: 60_000 }),
}

describe('the death of a worker in the middle of what it sends', { skip: redisMissing(), concurrency: 2 }, () => {
  for (const [way, wave] of Object.entries(waves)) {
    describe(way, () => {
      const { far, cities } = wave
      let rundruf: TestRundruf

      before(async () => {
        rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors } })
      })
      after(() => rundruf?.[Symbol.asyncDispose]())

      const deliveries = () => rundruf.store.db.selectFrom('delivery').select(['id', 'state', 'platform']).execute()

      /** Since the death, by the database's clock: what happened to each. */
      const stepsSince = async (since: Date) =>
        (
          await rundruf.store.db
            .selectFrom('attempt')
            .innerJoin('delivery', 'delivery.id', 'attempt.deliveryId')
            .select(['attempt.deliveryId', 'platform', 'at', 'event', 'state'])
            .where('at', '>', since)
            .orderBy('at')
            .execute()
        ).map(({ at, ...rest }) => ({ ...rest, ms: at.getTime() - since.getTime() }))

      it(`P4, F1: is made good by an idle twin within ${wave.limitMs / 1000} seconds, each exactly once or held`, {
        timeout: 150_000,
      }, async () => {
        const dying = startDying(rundruf.environment(), {})
        await dying.ready
        far.hangs = true
        const ids = await Promise.all(
          towns.map((city) => rundruf.announce({ city, title: `Meldung für ${city}`, text: 'Ein Satz.', ...wave.fields })),
        )
        const all = await poll('the worker to hold them all', async () => {
          const rows = await deliveries()
          return rows.length === towns.length * repeats.length && rows.every(({ state }) => state === 'sending') ? rows : undefined
        })
        const twin = startDying(rundruf.environment(), {})
        await twin.ready
        await dying.kill()
        far.hangs = false
        const { now } = await rundruf.store.db.selectNoFrom((eb) => eb.fn<Date>('now', []).as('now')).executeTakeFirstOrThrow()

        await poll(
          'every delivery to be delivered or held',
          async () => (await deliveries()).every(({ state }) => state === 'delivered' || state === 'held'),
          wave.limitMs + slackMs,
        )
        await twin.kill()
        const steps = await stepsSince(now)
        for (const { id, platform } of all) {
          // what nobody can look up is put before a person instead
          const step = steps.find(
            ({ deliveryId, event }) => deliveryId === id && event === (platform === 'by-nothing' ? 'failed' : 'delivered'),
          )
          assert.ok(step, `${platform} was made good`)
          assert.ok(step.ms <= wave.limitMs + slackMs, `${platform} was made good after ${step.ms} ms`)
          figure(wave.figure, step.ms)
        }
        for (const repeat of repeats) {
          const held = repeat === 'nothing'
          const states = (await Promise.all(ids.map((id) => rundruf.show(id)))).flatMap((one) =>
            one.deliveries.filter(({ platform }) => platform === `by-${repeat}`).map(({ state }) => state),
          )
          assert.deepEqual(new Set(states), new Set([held ? 'held' : 'delivered']), repeat)
          const posts = far.acts.filter((act) => act.repeat === repeat)
          assert.equal(posts.length, held ? 0 : towns.length, `${repeat}: each is there once`)
        }
      })
    })
  }
})
