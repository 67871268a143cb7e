// Workers whose wall clocks are set, an hour forth, an hour back, or over a change of summer time: the database's clock decides.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { databaseNow } from '../../src/store/announcements.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { type Dying, startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { figure } from '../support/figures.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const far = await startFarPlatform()
after(() => far.close())
const cities = aCityFolder({ bonn: { channels: farChannels(far.door) } })

const hour = 3_600_000
/** So that the clocks pass the change while the test runs. */
const untilJustBefore = (change: string): number => Date.parse(change) - 4000 - Date.now()
/** What the clocks of the two workers are set to, one after the other: the difference from the true time. */
const rounds = [
  { what: 'an hour apart from the true time', steps: [hour, -hour] },
  { what: 'two hours to the other side', steps: [-hour, hour] },
  { what: 'to both changes of summer time', steps: [untilJustBefore('2027-03-28T01:00:00Z'), untilJustBefore('2026-10-25T01:00:00Z')] },
] as const
/** Longer than a job's lock in the queue, which a clock that was set back does not renew. */
const slowMs = 7000
/** P9: by the database's clock. */
const scheduleErrorMs = 2000
const slackMs = 4000

describe('workers whose clocks are set', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let workers: readonly Dying[]

  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar() } })
    workers = [0, 1].map((at) => {
      const steps = rounds.map((round) => round.steps[at]).join(',')
      return startDying({ ...rundruf.environment(), TZ: 'Europe/Berlin' }, {}, `stepped-clock.ts?steps=${steps}`)
    })
    await Promise.all(workers.map(({ ready }) => ready))
  })
  after(async () => {
    for (const worker of workers) await worker.kill()
    await rundruf?.[Symbol.asyncDispose]()
  })

  const standing = (title: string) =>
    repeats.map((repeat) => far.acts.filter((act) => act.repeat === repeat && act.text.includes(title)).length)

  for (const { what, steps } of rounds)
    it(`P9, F22: ${what}, in the middle of sending: all is sent once, nothing early, nothing late`, { timeout: 90_000 }, async () => {
      far.slowMs = slowMs
      const warnings = ['Eins', 'Zwei', 'Drei'].map((title) => `${title} ${steps.join()}`)
      const ids = await Promise.all(
        warnings.map((title) => rundruf.announce({ title, text: 'Ein Satz.', kind: 'warning', severity: 'Severe' })),
      )
      await poll('all to be on the wire', () => warnings.every((title) => repeats.every((repeat) => far.asked(repeat, title) > 0)))
      for (const worker of workers) worker.process.kill('SIGUSR2')

      const publishAt = new Date(Date.parse(await databaseNow(rundruf.store.db)) + 5000).toISOString()
      const scheduled = await rundruf.announce({ title: `Planmäßig ${steps.join()}`, text: 'Ein Satz.', publishAt })
      for (const id of [...ids, scheduled]) assert.equal((await rundruf.settled(id)).state, 'delivered')

      for (const title of warnings) assert.deepEqual(standing(title), [1, 1, 1, 1], title)
      assert.deepEqual(standing(`Planmäßig ${steps.join()}`), [1, 1, 1, 1])
      for (const { history } of (await rundruf.show(scheduled)).deliveries) {
        const late = Date.parse(history[0]?.at ?? '') - Date.parse(publishAt)
        assert.ok(late >= 0, `${-late} ms early`)
        assert.ok(late <= scheduleErrorMs + slackMs, `${late} ms late`)
        figure('scheduleErrorMs', late)
      }
    })
})
