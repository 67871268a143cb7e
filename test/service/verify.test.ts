// `rundruf verify` on a whole house: what agrees is said, and each way in which store, queue and platforms can differ is named once.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import type { Report } from '../../src/commands/verify.ts'
import { open } from '../../src/join.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { call } from './cli-calling.ts'

const channels = [
  { name: 'newsroom', platform: 'newsroom' },
  { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
  { name: 'bluesky', platform: 'bluesky', settings: { handle: 'bonn.example', appPassword: 'env:PASSWORD' } },
]

const cities = aCityFolder({ bonn: { channels } })

describe('verify', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  let key: string

  before(async () => {
    rundruf = await aRundruf({ roles: 'serve', cities })
    key = readFileSync(rundruf.running.keyFile, 'utf8').trim()
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const report = async (): Promise<Report> => {
    const { status, body } = await rundruf.api('GET', '/verify')
    assert.equal(status, 200, JSON.stringify(body))
    return body as Report
  }

  /** What was found, as `finding channel`. */
  const found = async (): Promise<readonly string[]> =>
    (await report()).findings.map(({ finding, channel }) => `${finding} ${channel}`).sort()

  /** A worker that lives until all of these are delivered. */
  const deliver = async (ids: readonly string[]): Promise<void> => {
    const worker = await open(rundruf.config, { roles: 'work', only: null }, { connectors: hurried })
    try {
      for (const id of ids) assert.equal((await rundruf.settled(id)).state, 'delivered')
    } finally {
      await worker.stop(5000)
    }
  }

  const delivery = (announcement: string, channel: string) =>
    rundruf.store.db
      .selectFrom('delivery')
      .select('id')
      .where('announcementId', '=', announcement)
      .where('channel', '=', channel)
      .executeTakeFirstOrThrow()
      .then(({ id }) => id)

  /** What a stranger with the account's token can do there. */
  const mastodon = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await fetch(`${rundruf.running.labUrl}/mastodon/api/v1/statuses${path}`, {
      method,
      headers: { authorization: 'Bearer rehearsal-bonn-mastodon', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.text()}`)
  }

  let first: string
  let second: string

  it('finds nothing where everything agrees, and has looked at every post', { timeout: 90_000 }, async () => {
    first = await rundruf.announce({ title: 'Freibad', text: 'Das Freibad öffnet um 9 Uhr.' })
    second = await rundruf.announce({ title: 'Markt', text: 'Der Markt öffnet um 8 Uhr.' })
    await deliver([first, second])
    const { ok, findings, looked, blind, audit, deliveries } = await report()
    assert.deepEqual(
      { ok, findings, looked, blind, deliveries, broken: audit.broken },
      { ok: true, findings: [], looked: 6, blind: [], deliveries: 6, broken: null },
    )
    assert.ok(audit.entries >= 2)
  })

  it('sees an edited post as the same post', { timeout: 90_000 }, async () => {
    const { status } = await rundruf.api('POST', `/announcements/${second}/amend`, { text: 'Der Markt öffnet um 7 Uhr.' })
    assert.equal(status, 200)
    await deliver([second])
    assert.deepEqual(await found(), [])
  })

  const onPage: readonly (readonly [what: string, statement: (id: string) => string, back: (id: string) => string])[] = [
    [
      'shows other words than were delivered',
      (id) => `update newsroom set post = post || '{"text": "Die Stadt zahlt jedem 1000 Euro."}' where key = '${id}'`,
      (id) => `update newsroom set post = (select post from delivery where id = newsroom.key) where key = '${id}'`,
    ],
    [
      'was hidden past Rundruf',
      (id) => `update newsroom set retracted_at = now() where key = '${id}'`,
      (id) => `update newsroom set retracted_at = null where key = '${id}'`,
    ],
    [
      'was put there by nobody',
      (id) =>
        `insert into newsroom (city, key, post, published_at) select city, '${id.replace(/^./, 'f')}', post, now() from newsroom where key = '${id}'`,
      (id) => `delete from newsroom where key = '${id.replace(/^./, 'f')}'`,
    ],
  ]
  it('an item of the page of a city that agrees with its delivery is no finding, and one that does not is told', async () => {
    const id = await rundruf.announce({ title: 'Seite', text: 'Auf der Seite.' })
    await deliver([id])
    const item = await delivery(id, 'newsroom')
    const changed = async () => (await report()).findings.flatMap((one) => (/Seite der Stadt/.test(one.detail) ? [one.delivery] : []))
    assert.deepEqual(await changed(), [])
    for (const [what, statement, back] of onPage) {
      await sql.raw(statement(item)).execute(rundruf.store.db)
      assert.equal((await changed()).length, 1, what)
      await sql.raw(back(item)).execute(rundruf.store.db)
      assert.deepEqual(await changed(), [], what)
    }
  })

  it('P16: names a post that is gone, and one that stands there twice', async () => {
    const posts = await rundruf.ledger('mastodon')
    const market = posts.find(({ text }) => text.includes('Markt'))
    const pool = posts.find(({ text }) => text.includes('Freibad'))
    await mastodon('POST', '', { status: market?.text })
    await mastodon('DELETE', `/${pool?.id}`)
    assert.deepEqual(await found(), ['doubled mastodon', 'gone mastodon'])
  })

  it('names a second post that an attempt without its claim reported', async () => {
    const id = await delivery(first, 'bluesky')
    await rundruf.store.db
      .insertInto('attempt')
      .values({ deliveryId: id, fence: 1, event: 'late', detail: 'https://lab.example/other' })
      .execute()
    assert.deepEqual(await found(), ['doubled bluesky', 'doubled mastodon', 'gone mastodon'])
    await rundruf.store.db.deleteFrom('attempt').where('event', '=', 'late').execute()
  })

  it('names a receipt that is missing, and a delivery that the plan wanted', async () => {
    const { db } = rundruf.store
    const id = await delivery(first, 'newsroom')
    const receipt = await db.deleteFrom('receipt').where('deliveryId', '=', id).returningAll().executeTakeFirstOrThrow()
    assert.ok((await found()).includes('unknown newsroom'))
    await db.deleteFrom('attempt').where('deliveryId', '=', id).execute()
    await db.deleteFrom('delivery').where('id', '=', id).execute()
    assert.ok((await found()).includes('lost newsroom'), receipt.id)
  })

  it('P16: names what the queue lost, what is late, what is unknown and what is held', { timeout: 60_000 }, async () => {
    const { db } = rundruf.store
    const forgotten = await rundruf.announce({ title: 'Vergessen', text: 'Ein Satz.' })
    await rundruf.api('GET', '/verify')
    await emptyOutbox()
    const redis = new Redis(rundruf.redis.path)
    await redis.flushall()
    redis.disconnect()
    const late = await rundruf.announce({ title: 'Spät', text: 'Noch ein Satz.' })
    await emptyOutbox()
    await sql`update delivery set due_at = now() - interval '5 minutes' where announcement_id in (${forgotten}, ${late})`.execute(db)
    await db
      .updateTable('delivery')
      .set({ state: 'held', heldFor: 'answer', question: 'Steht der Beitrag dort?', unclearSince: sql`now()` })
      .where('id', '=', await delivery(late, 'bluesky'))
      .execute()
    await db
      .updateTable('delivery')
      .set({ state: 'looking', unclearSince: sql`now()` })
      .where('id', '=', await delivery(late, 'mastodon'))
      .execute()
    const { findings } = await report()
    const of = (id: string) =>
      findings
        .filter((one) => one.announcement === id)
        .map(({ finding, channel }) => `${finding} ${channel}`)
        .sort()
    assert.deepEqual(of(forgotten), ['lost bluesky', 'lost mastodon', 'lost newsroom'])
    assert.deepEqual(of(late), ['held bluesky', 'overdue newsroom', 'unknown mastodon'])
    const held = findings.find(({ finding }) => finding === 'held')
    assert.match(held?.detail ?? '', /Steht der Beitrag dort\? Nachgesehen: Es steht nicht dort\./)
  })

  const emptyOutbox = async (): Promise<void> => {
    await poll('the relay to have handed over everything', async () => {
      const rows = await rundruf.store.db.selectFrom('outbox').select('id').execute()
      return rows.length === 0
    })
  }

  it('P17: names the damaged row of the audit', async () => {
    await sql`update audit set actor = 'niemand' where id = (select min(id) from audit)`.execute(rundruf.store.db)
    const { audit, ok } = await report()
    assert.match(audit.broken ?? '', /^Eintrag \d+ des Protokolls wurde verändert\.$/)
    assert.equal(ok, false)
  })

  it('prints a table on the command line and ends with 1; with --json it is the report itself', async () => {
    const house = { url: rundruf.running.url, key }
    const table = await call(['verify'], { house })
    assert.equal(table.code, 1, table.err)
    for (const word of ['verloren', 'doppelt', 'ungeklärt', 'zurückgehalten', 'überfällig', 'verschwunden', 'Das Protokoll ist beschädigt'])
      assert.match(table.out, new RegExp(word))
    const json = await call(['verify', '--json', '--days', '3'], { house })
    assert.equal(json.code, 1)
    assert.equal((JSON.parse(json.out) as Report).queue, 'reached')
    assert.equal((await call(['verify', '--days', 'viele'], { house })).code, 2)
  })

  it('says of a queue that is away, and of a platform that does not answer, that it could not look', { timeout: 60_000 }, async () => {
    await rundruf.fault('mastodon', { fault: 'unavailable', times: 'always', operation: 'any' })
    await rundruf.redis.kill()
    const { queue, blind, ok } = await report()
    assert.deepEqual([queue, ok], ['away', false])
    assert.deepEqual(
      blind.map(({ channel, failed }) => ({ channel, failed })),
      [{ channel: 'mastodon', failed: true }],
    )
    await rundruf.redis.restart()
  })
})
