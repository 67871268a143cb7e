// A new version starts while the old one works: both ways of a rolling start, a migration that dies half way, a worker that is told to go.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { readConfig } from '../../config/config.ts'
import { open } from '../../src/join.ts'
import { migrate, migrations } from '../../src/store/migrate.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aDatabase, type TestDatabase } from '../support/database.ts'
import { type Earlier, earlierCommit, layEarlier } from '../support/earlier.ts'
import { poll } from '../support/poll.ts'
import { aRedis, redisMissing } from '../support/redis.ts'
import { aRundruf, callers, freePort } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'

const root = resolve(import.meta.dirname, '../..')
const cities = aCityFolder({
  bonn: {
    channels: threeChannels('bonn'),
  },
})
const children = new Set<ChildProcess>()
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** A process of Rundruf in the code at `path`; resolves when it has greeted. */
const aProcess = async (path: string, role: 'serve' | 'work', environment: Record<string, string>): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [join(path, 'src/cli.ts'), role], {
    cwd: path,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  let said = ''
  child.stdout?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  child.on('exit', () => children.delete(child))
  await poll(`${role} to greet`, () => said.includes('Probe:') || child.exitCode !== null, 60_000)
  assert.equal(child.exitCode, null, `${role} runs: ${said}`)
  return child
}

const goodbye = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null], 'SIGTERM ends it in good order')
}

const emptied = async ({ db }: TestDatabase): Promise<void> => {
  await sql`drop schema public cascade`.execute(db)
  await sql`create schema public`.execute(db)
}

const appliedTo = async ({ db }: TestDatabase): Promise<readonly string[]> =>
  (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(({ name }) => name)

/** An empty store, a Redis, ports and a data folder: what a process of any version starts on. */
const aGround = async () => {
  await using making = new AsyncDisposableStack()
  const store = making.use(await aDatabase())
  await emptied(store)
  const redis = making.use(await aRedis())
  const data = mkdtempSync(join(tmpdir(), 'rundruf-upgrade-'))
  making.defer(() => rmSync(data, { recursive: true, force: true }))
  const environment = {
    ...{ RUNDRUF_DATA: data, RUNDRUF_CITIES: cities, DATABASE_URL: store.url, REDIS_URL: redis.url, RUNDRUF_LOG_LEVEL: 'debug' },
    ...{ RUNDRUF_PORT: String(await freePort()), RUNDRUF_LAB_PORT: String(await freePort()) },
  }
  const made = making.move()
  const house = () =>
    callers({
      url: `http://127.0.0.1:${environment.RUNDRUF_PORT}`,
      labUrl: `http://127.0.0.1:${environment.RUNDRUF_LAB_PORT}`,
      key: readFileSync(join(data, 'api-key'), 'utf8').trim(),
    })
  return { store, environment, house, [Symbol.asyncDispose]: () => made.disposeAsync() }
}

type House = Pick<ReturnType<typeof callers>, 'announce' | 'settled' | 'ledger'>

const announced = (house: House, round: string): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: 8 }, (_, at) => house.announce({ title: `${round} ${at}`, text: 'Ein Satz für alle.' })))

const allDelivered = async (house: House, ids: readonly string[]): Promise<void> => {
  for (const id of ids) assert.equal((await house.settled(id, 90_000)).state, 'delivered', id)
}

/** Each of so many announcements once on each platform of the lab. */
const eachOnce = async (house: House, count: number): Promise<void> => {
  const posts = await house.ledger()
  const titles = posts.map(({ platform, text }) => `${platform} ${text.split('\n')[0]}`)
  assert.deepEqual([titles.length, new Set(titles).size], [2 * count, 2 * count])
}

const earlier = earlierCommit()
const noHistory = redisMissing() || ('missing' in earlier ? earlier.missing : false)

describe('a rolling start', { skip: noHistory, concurrency: 1 }, () => {
  let old: Earlier

  before(() => {
    old = layEarlier('commit' in earlier ? earlier.commit : '')
  })
  after(() => old?.[Symbol.dispose]())

  it('P21, F25: an old worker goes on beside a new house, and a new one takes over', { timeout: 180_000 }, async () => {
    await using ground = await aGround()
    const oldWorker = await aProcess(old.path, 'work', ground.environment)
    assert.deepEqual(await appliedTo(ground.store), old.migrations)
    const serve = await open(readConfig(ground.environment), { roles: 'serve', only: null })
    try {
      assert.deepEqual(await appliedTo(ground.store), Object.keys(migrations), 'the new house has brought the store up to date')
      const house = ground.house()
      const first = await announced(house, 'Alter Arbeiter')
      await allDelivered(house, first)
      const second = await announced(house, 'Wechsel')
      const newWorker = await aProcess(root, 'work', ground.environment)
      await goodbye(oldWorker)
      await allDelivered(house, [...second, ...(await announced(house, 'Neuer Arbeiter'))])
      await eachOnce(house, 24)
      await goodbye(newWorker)
    } finally {
      await serve.stop(5000)
    }
  })

  it('P21, F25: a new worker goes on beside an old house, whose own restart is the last step', { timeout: 180_000 }, async () => {
    await using ground = await aGround()
    const oldServe = await aProcess(old.path, 'serve', ground.environment)
    assert.deepEqual(await appliedTo(ground.store), old.migrations)
    const house = ground.house()
    const before = await announced(house, 'Vor dem Wechsel')
    const newWorker = await aProcess(root, 'work', ground.environment)
    assert.deepEqual(await appliedTo(ground.store), Object.keys(migrations))
    await allDelivered(house, [...before, ...(await announced(house, 'Altes Haus'))])
    await eachOnce(house, 16)
    await goodbye(oldServe)
    const newServe = await aProcess(root, 'serve', ground.environment)
    await allDelivered(ground.house(), await announced(ground.house(), 'Neues Haus'))
    await eachOnce(ground.house(), 8)
    await goodbye(newServe)
    await goodbye(newWorker)
  })
})

describe('a migration', () => {
  it('F25: that is killed half way has changed nothing, and the next start completes it', { timeout: 90_000 }, async () => {
    await using store = await aDatabase()
    await emptied(store)
    const script = `
      import { openDatabase } from ${JSON.stringify(join(root, 'src/store/database.ts'))}
      import { migrate } from ${JSON.stringify(join(root, 'src/store/migrate.ts'))}
      await migrate(openDatabase({ url: process.env.DATABASE_URL }))`
    // somebody holds the name of the last migration's table, so that the migration has done nearly everything and waits
    await using _ = await aLock(store, 'create table sending_pause (id int)')
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env.PATH, DATABASE_URL: store.url },
      stdio: 'ignore',
    })
    children.add(child)
    await poll('the migration to wait', async () => (await waiting(store)) > 0)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    children.delete(child)
    await _[Symbol.asyncDispose]()
    await poll('the server to notice', async () => (await busy(store)) === 0)
    const { rows } = await sql<{
      name: string
    }>`select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(store.db)
    assert.deepEqual(rows, [], 'nothing of the half migration is there')
    assert.deepEqual(await migrate(store.db), Object.keys(migrations))
    assert.deepEqual(await migrate(store.db), [], 'and it is done once')
  })

  it('P21: of a newer Rundruf does not keep an older process from starting again', async () => {
    await using store = await aDatabase()
    await sql`insert into kysely_migration (name, timestamp) values ('999-of-tomorrow', '2027-01-01T00:00:00.000Z')`.execute(store.db)
    assert.deepEqual(await migrate(store.db), [])
  })
})

/** A transaction that has done `statement` and holds what it took until it is disposed of; it leaves nothing behind. */
const aLock = async ({ db }: TestDatabase, statement: string): Promise<AsyncDisposable> => {
  const held = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const work = db
    .transaction()
    .execute(async (trx) => {
      await sql.raw(statement).execute(trx)
      held.resolve()
      await free.promise
      throw new Error('rolled back')
    })
    .catch(held.reject)
  await held.promise
  return {
    [Symbol.asyncDispose]: async () => {
      free.resolve()
      await work
    },
  }
}

const waiting = async ({ db }: TestDatabase): Promise<number> => {
  const { rows } = await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length
}

/** Others who still have a transaction open. */
const busy = async ({ db }: TestDatabase): Promise<number> => {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'`.execute(db)
  return rows.length
}

describe('a worker that is told to go', { skip: redisMissing() }, () => {
  it('F25: finishes what it is sending, takes nothing more, and the next one sends the rest, each once', { timeout: 120_000 }, async () => {
    await using rundruf = await aRundruf({ roles: 'serve', cities })
    await rundruf.fault('mastodon', { fault: 'slow', afterMs: 2500, times: 'always' })
    const worker = await aProcess(root, 'work', rundruf.environment())
    const ids = await announced(rundruf, 'Im Gange')
    const sending = () =>
      rundruf.store.db.selectFrom('delivery').select('id').where('platform', '=', 'mastodon').where('state', '=', 'sending').execute()
    await poll('Mastodon to be at work', async () => (await sending()).length > 0)
    const underWay = (await sending()).map(({ id }) => id)
    await goodbye(worker)
    const rows = await rundruf.store.db
      .selectFrom('delivery')
      .select(['state', 'attempts', 'unclears'])
      .where('id', 'in', underWay)
      .execute()
    for (const row of rows) assert.deepEqual(row, { state: 'delivered', attempts: 1, unclears: 0 })
    assert.deepEqual(await sending(), [], 'nothing is left in its hands')
    const next = await aProcess(root, 'work', rundruf.environment())
    await allDelivered(rundruf, [...ids, ...(await announced(rundruf, 'Danach'))])
    await eachOnce(rundruf, 16)
    await goodbye(next)
  })
})
