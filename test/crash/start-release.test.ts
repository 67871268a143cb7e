// An API that dies around the COMMIT of a release or of a picture made for it, or while it makes its tables, loses nothing and does nothing twice.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { migrations } from '../../src/store/migrate.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { pointsOf } from '../support/crash-points.ts'
import { startDying, startDyingApi } from '../support/dying.ts'
import { connectorsWithFar, farChannels, repeats } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, freePort, type TestRundruf } from '../support/rundruf.ts'

const far = await startFarPlatform()
after(() => far.close())
const cities = aCityFolder({
  bonn: {
    channels: [
      ...farChannels(far.door),
      // gets a picture card, made before the release
      { name: 'instagram', platform: 'instagram', settings: { account: '17841400000000101', token: 'env:TOKEN' } },
    ],
  },
})

describe('an API that dies', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf

  before(async () => {
    rundruf = await aRundruf({ cities, exchange: { connectors: connectorsWithFar() } })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  /** Another API on the same store, with doors of its own. */
  const another = async (over: Record<string, string> = {}) => {
    const [port, labPort] = [await freePort(), await freePort()]
    return { ...rundruf.environment(), RUNDRUF_PORT: String(port), RUNDRUF_LAB_PORT: String(labPort), ...over }
  }

  for (const { name, faults } of pointsOf('prepare', 'release'))
    it(`${faults}, P1: at ${name} leaves one announcement when the client repeats with its Idempotency-Key`, {
      timeout: 120_000,
    }, async () => {
      const title = `Freigabe ${name}`
      const body = { city: 'bonn', kind: 'notice', title, text: 'Ein Satz.', release: true }
      const headers = { 'idempotency-key': randomUUID() }
      const environment = await another()
      const dying = startDyingApi(environment, name)
      await dying.ready
      const key = rundruf.key
      const unanswered = fetch(`http://127.0.0.1:${environment.RUNDRUF_PORT}/api/v1/announcements`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      await assert.rejects(unanswered, 'the client hears nothing')
      assert.equal(await dying.ended, 'SIGKILL')

      const again = await poll('the repetition to be answered', async () => {
        const answer = await rundruf.api('POST', '/announcements', body, headers)
        return answer.status < 400 ? answer : undefined
      })
      const { id } = again.body as { readonly id: string }
      assert.deepEqual((await rundruf.api('POST', '/announcements', body, headers)).body, again.body, 'and always the same')
      assert.equal((await rundruf.settled(id)).state, 'delivered')
      for (const repeat of repeats)
        assert.equal(far.acts.filter((act) => act.repeat === repeat && act.text.includes(`${title}\n`)).length, 1, repeat)
      const shown = (await rundruf.ledger('instagram')).filter(({ text }) => text.includes(`${title}\n`))
      assert.equal(shown.length, 1, 'Instagram shows its card once')
    })

  it('F25, P1: that dies in the middle of its migrations, or around their COMMIT, starts the next time', { timeout: 120_000 }, async () => {
    await using empty = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar() } })
    await empty.running.stop()
    await sql`drop schema public cascade`.execute(empty.store.db)
    await sql`create schema public`.execute(empty.store.db)
    for (const point of ['start:in-migration:3', 'start:before-commit', 'start:after-commit']) {
      const { ended } = startDyingApi(empty.environment(), point)
      assert.equal(await ended, 'SIGKILL', point)
    }
    const lives = startDyingApi(empty.environment())
    const works = startDying(empty.environment(), {})
    await Promise.all([lives.ready, works.ready])
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(empty.store.db)
    assert.deepEqual(
      rows.map(({ name }) => name),
      Object.keys(migrations),
    )
    await lives.kill()
    await works.kill()
  })
})
