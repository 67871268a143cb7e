// Yesterday's backup on a second real database: nothing that was sent is sent again, and nothing leaves until a person says so.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import { readConfig } from '../../config/config.ts'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import type { Connectors } from '../../src/connector/connector.ts'
import { open, type Running } from '../../src/join.ts'
import { checkChain } from '../../src/store/audit-chain.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { Database } from '../../src/store/tables.ts'
import type { WorkerParts } from '../../workers/start.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aDatabase } from '../support/database.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, freePort, type TestRundruf } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'

const cli = resolve(import.meta.dirname, '../../src/cli.ts')
const cities = aCityFolder({
  bonn: {
    channels: threeChannels('bonn'),
  },
})

describe('a backup of yesterday', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  let folder: string
  let file: string
  const ids: Record<'old' | 'underWay' | 'later', string> = { old: '', underWay: '', later: '' }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rundruf-backup-'))
    file = join(folder, 'yesterday.sql.gz')
    rundruf = await aRundruf({ roles: 'serve', cities })
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The command line as a process of its own; `url`: on another store. */
  const rundrufCli = async (
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number; out: string; err: string }> => {
    const env = { PATH: process.env.PATH, ...rundruf.environment(), ...environment }
    return promisify(execFile)(process.execPath, [cli, ...args], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, err: error.stderr }),
    )
  }

  const withWorker = async (work: () => Promise<void>): Promise<void> => {
    const worker = await open(rundruf.config, { roles: 'work', only: null }, { connectors: hurried })
    await work().finally(() => worker.stop(5000))
  }

  const delivered = async (id: string): Promise<readonly string[]> =>
    (await rundruf.show(id)).deliveries.filter(({ state }) => state === 'delivered').map(({ channel, action }) => `${action} ${channel}`)

  it('is written while Rundruf runs: plain SQL with every image, the keys apart, nothing readable for others', {
    timeout: 90_000,
  }, async () => {
    ids.old = await rundruf.announce({ title: 'Alt', text: 'Ein alter Satz.' })
    await withWorker(async () => assert.equal((await rundruf.settled(ids.old)).state, 'delivered') ?? undefined)
    const amended = await rundruf.api('POST', `/announcements/${ids.old}/amend`, { text: 'Ein berichtigter Satz.' })
    assert.equal(amended.status, 200)
    ids.underWay = await rundruf.announce({ title: 'Unterwegs', text: 'Ein Satz, der unterwegs ist.' })
    ids.later = await rundruf.announce({
      title: 'Später',
      text: 'Ein Satz für morgen.',
      publishAt: new Date(Date.now() + 86_400_000).toISOString(),
    })
    const bytes = randomBytes(300_000)
    await rundruf.store.db
      .insertInto('media')
      .values({ id: 'b'.repeat(64), type: 'image/png', bytes, width: 1, height: 1, createdBy: 'x\ty\\.\nz' })
      .execute()
    const { code, out, err } = await rundrufCli(['backup', file])
    assert.equal(code, 0, err)
    assert.match(out, /Gesichert: .*yesterday\.sql\.gz/)
    const text = gunzipSync(readFileSync(file)).toString()
    assert.ok(text.includes(bytes.toString('hex')), 'the image is in it')
    const key = readFileSync(rundruf.running.keyFile, 'utf8').trim()
    assert.ok(!text.includes(key), 'the key is not in it')
    assert.equal(
      Buffer.from(JSON.parse(readFileSync(`${file}.keys`, 'utf8'))['api-key'], 'base64')
        .toString()
        .trim(),
      key,
    )
    for (const path of [file, `${file}.keys`]) assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  it('is what psql reads into an empty database, row by row the same', {
    skip: existsSync('/usr/bin/psql') ? false : 'this machine has no psql',
  }, async () => {
    await using store = await aDatabase()
    const plain = join(folder, 'plain.sql')
    writeFileSync(plain, gunzipSync(readFileSync(file)))
    await sql`drop schema public cascade`.execute(store.db)
    await sql`create schema public`.execute(store.db)
    execFileSync('/usr/bin/psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', plain, store.url], { stdio: ['ignore', 'ignore', 'pipe'] })
    assert.deepEqual(await sumsOf(store.db), await sumsOf(rundruf.store.db))
  })

  it('is refused while somebody works on the store, where something would be lost, and when it is broken off', {
    timeout: 60_000,
  }, async () => {
    const inUse = await rundrufCli(['restore', file, '--replace'])
    assert.deepEqual([inUse.code, /beenden Sie zuerst Rundruf/.test(inUse.err)], [2, true], inUse.err)
    await using store = await aDatabase()
    assert.equal((await rundrufCli(['restore', file, '--json'], { DATABASE_URL: store.url })).code, 0)
    const before = await sumsAt(store.url)
    const full = await rundrufCli(['restore', file], { DATABASE_URL: store.url })
    assert.deepEqual([full.code, /--replace/.test(full.err)], [2, true], full.err)
    const broken = join(folder, 'broken.sql.gz')
    writeFileSync(broken, readFileSync(file))
    truncateSync(broken, statSync(file).size - 200)
    const half = await rundrufCli(['restore', broken, '--replace'], { DATABASE_URL: store.url })
    assert.deepEqual([half.code, /keine \(vollständige\) Sicherung/.test(half.err)], [2, true], half.err)
    const damaged = join(folder, 'damaged.sql.gz')
    writeFileSync(damaged, gzipSync(gunzipSync(readFileSync(file)).toString().replace(ids.old, ids.old.slice(-14))))
    const wrong = await rundrufCli(['restore', damaged, '--replace'], { DATABASE_URL: store.url })
    assert.deepEqual([wrong.code, /keine \(vollständige\) Sicherung/.test(wrong.err)], [2, true], wrong.err)
    assert.deepEqual(await sumsAt(store.url), before, 'the store is unchanged')
  })

  it('says in words what is not there: a folder, a file, a store, anything to back up', { timeout: 60_000 }, async () => {
    await using store = await aDatabase()
    await sql`drop schema public cascade`.execute(store.db)
    await sql`create schema public`.execute(store.db)
    const cases: readonly (readonly [args: readonly string[], environment: Record<string, string>, code: number, words: RegExp])[] = [
      [['backup', join(folder, 'nowhere/file')], {}, 2, /nowhere\/file\.part lässt sich nicht lesen oder schreiben \(ENOENT\)/],
      [['restore', join(folder, 'nowhere'), '--replace'], { DATABASE_URL: store.url }, 2, /nowhere lässt sich nicht lesen/],
      [['restore', rundruf.running.keyFile, '--replace'], { DATABASE_URL: store.url }, 2, /keine \(vollständige\) Sicherung/],
      [
        ['backup', file],
        { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' },
        3,
        /Der Speicher ist nicht zu erreichen \(ECONNREFUSED\)/,
      ],
      [['backup', file], { DATABASE_URL: store.url }, 2, /noch nie gearbeitet/],
      [['restore'], {}, 2, /Nennen Sie die Datei/],
    ]
    await store.db.destroy()
    for (const [args, environment, code, words] of cases) {
      const ended = await rundrufCli(args, environment)
      assert.equal(ended.code, code, ended.err)
      assert.match(ended.err.replaceAll('\n', ' '), words)
    }
  })

  it('P20, F25: restored, it sends nothing until a person says so; then only what never left goes', { timeout: 180_000 }, async () => {
    await livesOn()
    const then = await posts()
    await using second = await aRestored()
    const fresh = await second.announce('Während der Pause')
    await second.nothingLeaves(fresh)
    assert.deepEqual(await posts(), then, 'nothing has left')

    const looked = await second.store.db
      .selectFrom('delivery')
      .select(['firstAt', 'plannedAt'])
      .where('announcementId', '=', ids.underWay)
      .execute()
    for (const { firstAt, plannedAt } of looked) assert.deepEqual(firstAt, plannedAt, 'a look goes back to when it may have left first')

    const { status, body } = await second.api('POST', '/sending/resume', {})
    // the corrections on Mastodon and in the newsroom would undo newer ones: a person is asked
    assert.deepEqual([status, body], [200, { paused: null, resumed: { lookedUp: 4, asked: 2 } }])
    await poll(
      'all that can be known to be settled',
      async () => (await second.states(ids.underWay)).every(([, state]) => state === 'delivered'),
      60_000,
    )
    await poll(
      'the fresh one to be delivered',
      async () => (await second.states(fresh)).every(([, state]) => state === 'delivered'),
      60_000,
    )
    await poll('the answer on Bluesky to be found', async () =>
      (await second.states(ids.old)).some(([channel, state]) => channel === 'bluesky reply' && state === 'delivered'),
    )
    assert.deepEqual(
      (await second.states(ids.old)).filter(([, state]) => state === 'held').map(([channel]) => channel),
      ['mastodon update', 'newsroom update'],
    )
    assert.deepEqual(
      new Set((await second.states(ids.later)).map(([, state]) => state)),
      new Set(['queued']),
      'what was due later waits for its time',
    )
    const added = (await posts()).filter((line) => !then.includes(line))
    assert.deepEqual(added.map((line) => line.split('|').slice(0, 2).join(' ')).sort(), [
      'bluesky Während der Pause',
      'mastodon Unterwegs',
      'mastodon Während der Pause',
    ])
    assert.equal((await posts()).filter((line) => then.includes(line)).length, then.length, 'what stood stands unchanged')
    assert.deepEqual((await checkChain(second.store.db)).broken, null)
    const verbs = await second.store.db.selectFrom('audit').select('action').orderBy('id').execute()
    assert.deepEqual(
      verbs.map(({ action }) => action).filter((action) => action.startsWith('res')),
      ['restore', 'resume-sending'],
    )
  })

  it('P20, P3: where the platform cannot be asked, a person is asked exactly once and nothing is sent', { timeout: 120_000 }, async () => {
    const then = await posts()
    const { find: _find, findAll: _all, ...mastodon } = hurried.get('mastodon') ?? assert.fail()
    await using second = await aRestored(new Map([...hurried, ['mastodon', { ...mastodon, repeat: 'nothing' as const }]]))
    assert.deepEqual((await second.api('POST', '/sending/resume', {})).body, { paused: null, resumed: { lookedUp: 3, asked: 3 } })
    await poll('the others to be settled', async () =>
      (await second.states(ids.underWay)).every(([channel, state]) => state === (channel === 'mastodon publish' ? 'held' : 'delivered')),
    )
    const held = (await second.show(ids.underWay)).deliveries.find(({ channel }) => channel === 'mastodon')
    assert.match(held?.question ?? '', /Steht der Beitrag dort\?/)
    assert.deepEqual(await posts(), then)
  })

  /** What happens between the backup and the disaster: Mastodon takes corrections and no posts. */
  const livesOn = async (): Promise<void> => {
    await rundruf.fault('mastodon', { fault: 'unavailable', times: 'always' })
    await withWorker(async () => {
      await poll('all but Mastodon', async () => (await delivered(ids.underWay)).length === 2)
      const all = ['publish bluesky', 'reply bluesky', 'publish mastodon', 'update mastodon', 'publish newsroom', 'update newsroom']
      await poll('the correction', async () => (await delivered(ids.old)).length === all.length)
      const again = await rundruf.api('POST', `/announcements/${ids.old}/amend`, { text: 'Ein zum zweiten Mal berichtigter Satz.' })
      assert.equal(again.status, 200)
      const fresh = await rundruf.announce({ title: 'Neu', text: 'Ein Satz nach der Sicherung.' })
      await poll('the second correction', async () => (await delivered(ids.old)).length === 9)
      await poll('the new one', async () => (await delivered(fresh)).length === 2)
    })
    await fetch(`${rundruf.running.labUrl}/faults/mastodon`, { method: 'DELETE' })
  }

  /** One line for each post in the lab, with its text and how often it was changed. */
  const posts = async (): Promise<readonly string[]> =>
    (await rundruf.ledger())
      .map(({ platform, id, text, deletedAt, revisions }) =>
        [platform, text.split('\n')[0], id, text, deletedAt, revisions.length].join('|'),
      )
      .sort()

  /** The backup on a database of its own, with the Redis and the lab of before, whose jobs are still there. */
  const aRestored = async (connectors: Connectors = hurried) => {
    await using making = new AsyncDisposableStack()
    const store = making.use(await aDatabase())
    const data = mkdtempSync(join(folder, 'data-'))
    const environment = { ...rundruf.environment(), DATABASE_URL: store.url, RUNDRUF_DATA: data }
    const restored = await rundrufCli(['restore', file], environment)
    assert.equal(restored.code, 0, restored.err)
    assert.match(restored.out, /Das Senden ruht\. 6 Zustellungen waren damals unterwegs/)
    assert.equal(
      readFileSync(join(data, 'api-key'), 'utf8').trim(),
      readFileSync(rundruf.running.keyFile, 'utf8').trim(),
      'the key is back',
    )
    const ports = { RUNDRUF_PORT: String(await freePort()), RUNDRUF_LAB_PORT: String(await freePort()) }
    const door: Running = await open(readConfig({ ...environment, ...ports }), { roles: 'serve', only: null }, { connectors })
    making.defer(() => door.stop(1000))
    assert.match(door.resting ?? '', /aus der Sicherung vom/)
    const seen = { passes: 0, sweeps: 0, refused: 0 }
    let parts: WorkerParts | undefined
    const around = (given: WorkerParts): WorkerParts => {
      parts = given
      return { ...given, ledger: counted(given.ledger, seen) }
    }
    const worker = await open(readConfig(environment), { roles: 'work', only: null }, { connectors, around })
    making.defer(() => worker.stop(5000))
    const made = making.move()
    const api = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${readFileSync(door.keyFile, 'utf8').trim()}`, 'content-type': 'application/json' }
      const answer = await fetch(`${door.url}/api/v1${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: await answer.json() }
    }
    const show = async (id: string) => (await api('GET', `/announcements/${id}`)).body as AnnouncementDetail
    return {
      ...{ store, api, show },
      announce: async (title: string): Promise<string> =>
        (
          (await api('POST', '/announcements', { city: 'bonn', kind: 'notice', title, text: 'Ein Satz.', release: true })).body as {
            id: string
          }
        ).id,
      states: async (id: string) =>
        (await show(id)).deliveries
          .map(({ channel, action, state }) => [`${channel} ${action}`, state] as const)
          .sort(([one], [other]) => one.localeCompare(other)),
      /** Relay, sweep and even a job for each of its deliveries have had their chance. */
      nothingLeaves: async (id: string): Promise<void> => {
        const rows = await store.db
          .selectFrom('delivery')
          .select(['id', 'turn', 'platform', 'way'])
          .where('announcementId', '=', id)
          .execute()
        await parts?.queues.add(rows.map(({ id: deliveryId, ...row }) => ({ ...row, id: '0', deliveryId })))
        await poll('every job to be refused', () => seen.refused >= rows.length)
        await poll('relay and sweep to have passed', () => seen.passes > 5 && seen.sweeps > 2)
      },
      [Symbol.asyncDispose]: () => made.disposeAsync(),
    }
  }
})

const counted = (ledger: WorkerParts['ledger'], seen: { passes: number; sweeps: number; refused: number }): WorkerParts['ledger'] => ({
  ...ledger,
  takeDue: async (...args) => {
    seen.passes++
    return ledger.takeDue(...args)
  },
  silentClaims: async (platforms) => {
    seen.sweeps++
    return ledger.silentClaims(platforms)
  },
  claim: async (wish) => {
    const claim = await ledger.claim(wish)
    if (!claim) seen.refused++
    return claim
  },
})

/** A fingerprint of each table. */
const sumsOf = async (db: Kysely<Database>): Promise<Readonly<Record<string, string>>> => {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(db)
  const sums = rows.map(async ({ name }) => {
    const { rows: sum } = await sql<{
      sum: string
    }>`select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from ${sql.table(name)} t`.execute(db)
    return [name, sum[0]?.sum ?? ''] as const
  })
  return Object.fromEntries(await Promise.all(sums))
}

/** The same, on a connection that is gone afterwards: an open one would count as somebody at work. */
const sumsAt = async (url: string): Promise<Readonly<Record<string, string>>> => {
  const db = openDatabase({ url, max: 1 })
  return sumsOf(db).finally(() => db.destroy())
}
