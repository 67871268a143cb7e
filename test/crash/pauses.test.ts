// A worker that stands still for longer than its lease and then goes on sends nothing that somebody else has taken over.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { leaseSeconds } from '../../workers/leases.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { pointsOf } from '../support/crash-points.ts'
import { type Dying, type DyingWish, startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const far = await startFarPlatform()
after(() => far.close())
const cities = aCityFolder({ bonn: { channels: farChannels(far.door) } })
/** The budget outlasts the pause, so that it is the lease that refuses. */
const times = { budgetSeconds: 120, settleSeconds: 1 }
const pauseMs = leaseSeconds.urgent * 1500

interface Pause {
  readonly title: string
  readonly id: string
  readonly worker: Dying
  deliveries: readonly { readonly platform: string; readonly state: string }[]
  /** How the delivery went that nobody can look up. */
  history: string
}

/** What an image too large for its process would do; four leases. */
const blockedMs = 20_000

/** The two ways to stand still: with the whole process, or with its event loop alone. */
const ways: Record<string, { readonly promise: string; readonly happens: NonNullable<DyingWish['happens']> }> = {
  'that is stopped': { promise: 'P10, F23', happens: 'stops' },
  'whose event loop is blocked': { promise: 'P10, F24', happens: { blockedMs } },
}

/** Those of a warning: it waits for no pace, so there is no step behind one. */
const steps = pointsOf('deliver').filter(({ name }) => name !== 'deliver:after-pace')

describe('a worker', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf

  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar() } })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  /** Starts a worker for one announcement, which stands still when it has come to the point on all platforms. */
  const standingAt = async (point: string, happens: NonNullable<DyingWish['happens']>): Promise<Pause> => {
    const title = `Pause ${JSON.stringify(happens)} ${point}`
    const id = await rundruf.announce({ title, text: 'Ein Satz.', kind: 'warning', severity: 'Severe' })
    const of = (await rundruf.show(id)).deliveries.map((one) => one.id)
    const worker = startDying(rundruf.environment(), { point: `${point}:${repeats.length}`, happens, of, alone: 'from-store', times })
    return { title, id, worker, deliveries: [], history: '' }
  }

  /** Waits until none of these moves any more. */
  const settled = async (pauses: readonly Pause[]): Promise<void> => {
    for (const one of pauses)
      one.deliveries = await poll(`${one.title} to be settled or held`, async () => {
        const rows = await rundruf.store.db
          .selectFrom('delivery')
          .select(['platform', 'state'])
          .where('announcementId', '=', one.id)
          .execute()
        return rows.every(({ state }) => state === 'delivered' || state === 'held') ? rows : undefined
      })
  }

  const historyOf = async ({ id }: Pause): Promise<string> => {
    const { deliveries } = await rundruf.show(id)
    return JSON.stringify(deliveries.find(({ platform }) => platform === 'by-nothing')?.history)
  }

  const check = ({ title, deliveries, history }: Pause, left: string): void => {
    for (const { platform, state } of deliveries) {
      const repeat = platform.slice('by-'.length)
      const posts = far.acts.filter((act) => act.repeat === repeat && act.text.includes(title)).length
      if (repeat === 'nothing' && left === 'unclear') {
        assert.ok(far.asked('nothing', title) <= 1, `nothing was sent a second time: ${history}`)
        // a receipt that came late is better than a question
        assert.equal(state, posts === 1 && state === 'delivered' ? 'delivered' : 'held')
      } else {
        assert.equal(posts, 1, `${platform}: exactly one post`)
        assert.equal(state, 'delivered', platform)
      }
    }
  }

  for (const [how, { promise, happens }] of Object.entries(ways))
    describe(how, () => {
      const pauses = new Map<string, Pause>()

      before(
        async () => {
          far.slowMs = 400
          for (const { name } of steps) {
            const one = await standingAt(name, happens)
            pauses.set(name, one)
            // who is stopped needs no processor any more
            if (happens === 'stops') await one.worker.there
          }
          const all = [...pauses.values()]
          await Promise.all(all.map(({ worker }) => worker.there))
          if (happens === 'stops') await pause(pauseMs)
          const twin = startDying(rundruf.environment(), { times })
          await settled(all)
          await Promise.all(all.map(({ worker }) => worker.finish()))
          await settled(all)
          for (const one of all) one.history = await historyOf(one)
          await twin.kill()
        },
        { timeout: 600_000 },
      )

      for (const { name, left } of steps)
        it(`${promise}: at ${name} for longer than its lease, leaves one post, or one question where nobody can look`, () =>
          check(pauses.get(name) as Pause, left))
    })
})
