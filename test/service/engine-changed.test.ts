// The store is not trusted blindly: what somebody changed in PostgreSQL after its release leaves nothing; a person is asked, and verify tells.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Report } from '../../src/commands/verify.ts'
import { open } from '../../src/join.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager, connectorsOf } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const pager = aPager({ platform: 'pager', repeat: 'key', can: ['retract', 'update'] })
const spare = aPager({ platform: 'spare', repeat: 'key' })
const connectors = connectorsOf([pager, spare])
const cities = aCityFolder({
  bonn: {
    channels: [
      { name: 'pager', platform: 'pager', fallback: 'spare' },
      { name: 'spare', platform: 'spare', use: 'standby' },
    ],
  },
})

const later = () => new Date(Date.now() + 3_600_000).toISOString()

describe('what is changed in PostgreSQL after its release', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', exchange: { connectors }, cities })
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
  })

  const aWorker = async (): Promise<AsyncDisposable> => {
    const started = await open(rundruf.config, { roles: 'work', only: null }, { connectors })
    return { [Symbol.asyncDispose]: () => started.stop(5000) }
  }
  const announce = (fields: object = {}) => rundruf.announce({ title: 'Freibad', text: 'Es öffnet am Samstag.', ...fields })
  const change = (what: string, id: string) =>
    sql`update delivery set ${sql.raw(what)} where announcement_id = ${id}`.execute(rundruf.store.db)
  const held = (id: string, action = 'publish') =>
    poll(`the delivery to be held`, async () => {
      const found = (await rundruf.show(id)).deliveries.find(
        (one) => one.action === action && one.state !== 'queued' && one.state !== 'planned',
      )
      return found?.state === 'held' || found?.state === 'delivered' ? found : undefined
    })
  const changedInVerify = async (): Promise<readonly string[]> => {
    const { body } = await rundruf.api('GET', '/verify')
    return (body as Report).findings.filter(({ finding }) => finding === 'changed').map(({ delivery }) => delivery)
  }

  it('a post that is changed is held in front of a person, nothing goes out, and verify tells; it can only be dropped', async () => {
    const id = await announce()
    await change(`post = jsonb_set(post, '{text}', '"Die Stadt zahlt jedem 1000 Euro."')`, id)
    const [delivery] = (await rundruf.show(id)).deliveries
    assert.deepEqual(await changedInVerify(), [delivery?.id], 'before anybody has claimed it')
    await using _ = await aWorker()
    const { state, question, reason } = await held(id)
    assert.equal(state, 'held')
    assert.match(`${question} ${reason}`, /im Speicher geändert.*verwerfen/s)
    assert.equal(pager.calls('publish'), 0)
    assert.deepEqual(await changedInVerify(), [delivery?.id])
    const resolve = (answer: string) => rundruf.api('POST', `/deliveries/${delivery?.id}/resolve`, { answer })
    const again = await resolve('not-there')
    assert.deepEqual([again.status, (again.body as { code: string }).code], [409, 'changed-in-store'])
    const there = await rundruf.api('POST', `/deliveries/${delivery?.id}/resolve`, { answer: 'there', url: 'https://evil.example/1' })
    assert.deepEqual([there.status, (there.body as { code: string }).code], [409, 'changed-in-store'])
    assert.equal((await resolve('drop')).status, 200)
    assert.equal((await rundruf.show(id)).deliveries[0]?.state, 'given-up')
    assert.equal(pager.pages.length, 0)
  })

  it('what only waits, or is tried again after a failure, goes out as it was released', async () => {
    pager.will('publish', 'unreachable')
    const id = await announce({ expires: later(), publishAt: null })
    await using _ = await aWorker()
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.deepEqual(await changedInVerify(), [])
  })

  const changes: readonly (readonly [what: string, statement: string, fields?: object])[] = [
    ['another channel', `channel = 'spare'`],
    ['another action', `action = 'reply'`],
    ['an embargo that is gone', `not_before = null, due_at = now()`, { publishAt: later() }],
    ['an end that is gone', `expires_at = null`, { expires: later() }],
    ['a picture of another announcement', `post = jsonb_set(post, '{images}', '[{"id": "0", "type": "image/png", "alt": ""}]')`],
    ['a proof that is gone', `mac = null`],
    [
      'the proof of another delivery',
      `mac = (select o.mac from delivery o where o.announcement_id <> delivery.announcement_id and o.mac is not null limit 1)`,
    ],
  ]
  for (const [what, statement, fields] of changes)
    it(`${what}: held, and nothing goes out`, async () => {
      const before = pager.pages.length + spare.pages.length
      const id = await announce(fields)
      await change(statement, id)
      await sql`update outbox set due_at = now()`.execute(rundruf.store.db)
      await using _ = await aWorker()
      assert.equal((await held(id, statement.startsWith('action') ? 'reply' : 'publish')).state, 'held')
      assert.equal(pager.pages.length + spare.pages.length, before)
      await change(`state = 'given-up', settled_at = now()`, id)
    })

  it('a receipt that names another post: the retraction is held, and nothing is taken back', async () => {
    const id = await announce()
    await using _ = await aWorker()
    await rundruf.settled(id)
    const [delivery] = (await rundruf.show(id)).deliveries
    await sql`update receipt set id = ${'other-post'} where delivery_id = ${delivery?.id}`.execute(rundruf.store.db)
    assert.deepEqual(await changedInVerify(), [delivery?.id])
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.equal((await held(id, 'retract')).state, 'held')
    assert.equal(pager.calls('retract'), 0)
  })

  const reopenings: readonly (readonly [what: string, statement: string])[] = [
    ['its state alone', `state = 'queued'`],
    ['its state and the time of its end', `state = 'queued', settled_at = null`],
    ['as unclear, to be looked up', `state = 'looking', settled_at = null, unclear_since = now(), fence = 0, attempts = 0`],
  ]
  const sendAgain = (id: string) =>
    sql`with turned as (update delivery set turn = turn + 1, due_at = now() where announcement_id = ${id} returning id, turn, platform, way)
      insert into outbox (delivery_id, turn, platform, way, due_at) select id, turn, platform, way, now() from turned`.execute(
      rundruf.store.db,
    )
  for (const [what, statement] of reopenings)
    it(`P1: what was delivered and is queued again in the store (${what}) is held and not posted twice`, async () => {
      const id = await announce()
      await using _ = await aWorker()
      await rundruf.settled(id)
      const [delivery] = (await rundruf.show(id)).deliveries
      const before = pager.calls('publish')
      await change(statement, id)
      await sendAgain(id)
      assert.equal((await held(id)).state, 'held')
      assert.match(`${(await rundruf.show(id)).deliveries[0]?.question}`, /abgeschlossen.*nicht noch einmal gesendet/)
      assert.equal(pager.calls('publish'), before)
      assert.deepEqual(await changedInVerify(), [delivery?.id])
      const resolve = (answer: string, more = {}) => rundruf.api('POST', `/deliveries/${delivery?.id}/resolve`, { answer, ...more })
      assert.equal((await resolve('not-there')).status, 409)
      assert.equal((await resolve('there', { url: null })).status, 200)
      assert.equal((await rundruf.show(id)).state, 'delivered')
      assert.deepEqual(await changedInVerify(), [])
    })

  it('what was taken back before it left, and is queued again with its release as it was, is held', async () => {
    const id = await announce({ publishAt: later() })
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.equal((await rundruf.show(id)).deliveries[0]?.state, 'superseded')
    const before = pager.calls('publish')
    await change(`state = 'queued', settled_at = null`, id)
    await sql`update announcement set retracted_at = null where id = ${id}`.execute(rundruf.store.db)
    await sendAgain(id)
    assert.equal((await changedInVerify()).length, 1)
    await rundruf.api('POST', `/deliveries/${(await rundruf.show(id)).deliveries[0]?.id}/resolve`, { answer: 'drop' })
    assert.equal(pager.calls('publish'), before)
  })

  it('a plan that is changed gives a fallback nothing to send: its delivery is held', async () => {
    pager.will('publish', 'rejects')
    const id = await announce()
    await sql`update plan set content = replace(content::text, 'Samstag', 'Sonntag')::jsonb where announcement_id = ${id}`.execute(
      rundruf.store.db,
    )
    await using _ = await aWorker()
    const found = await poll('the fallback to be held', async () =>
      (await rundruf.show(id)).deliveries.find(({ channel, state }) => channel === 'spare' && (state === 'held' || state === 'delivered')),
    )
    assert.equal(found.state, 'held')
    assert.equal(spare.pages.length, 0)
  })

  it('a fallback whose plan is as it was released takes over', async () => {
    pager.will('publish', 'rejects')
    const id = await announce()
    await using _ = await aWorker()
    await poll('the fallback to deliver', async () =>
      (await rundruf.show(id)).deliveries.some(({ channel, state }) => channel === 'spare' && state === 'delivered'),
    )
  })
})
