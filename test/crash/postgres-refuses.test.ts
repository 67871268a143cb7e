// A PostgreSQL that is full, locked, frozen or at its limit: the API says so in time, nothing is half written, and afterwards everything goes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { type Answered, aCaller, isPoliteNo } from '../support/caller.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { figure } from '../support/figures.ts'
import { aPager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { aPostgres, type TestPostgres } from '../support/postgres.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const keyed = aPager({ platform: 'keyed', repeat: 'key' })
const cities = aCityFolder({ bonn: { channels: [{ name: 'keyed', platform: 'keyed' }] } })
const exchange = { connectors: new Map([['keyed', keyed.connector]]) }

/** Refused politely while the trouble lasts, with nothing half written; confirmed and delivered once when it is `over`. */
const refuses = async (rundruf: TestRundruf, postgres: TestPostgres, title: string, over: () => Promise<unknown>): Promise<void> => {
  const { post, insisting } = aCaller(rundruf)
  const no = await post(title, randomUUID())
  await over()
  isPoliteNo(no)
  figure('first503Ms', no.ms)
  const id = await insisting(`${title}, danach`, [])
  assert.equal((await rundruf.settled(id)).state, 'delivered')
  await isWhole(postgres)
  assert.equal(keyed.pages.filter(({ wordings }) => wordings[0]?.includes(`${title}, danach`)).length, 1)
}

/** What is released has its deliveries, its plan and its line in the audit. */
const isWhole = async (postgres: TestPostgres): Promise<void> => {
  const halves = await postgres.ask(`
    select id from announcement a where released_at is not null and (
      not exists (select 1 from delivery d where d.announcement_id = a.id) or not exists (select 1 from plan p where p.announcement_id = a.id)
      or not exists (select 1 from audit u where u.subject = a.id::text and u.action = 'release'))`)
  assert.deepEqual(halves, [])
}

describe('a PostgreSQL', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  let postgres: TestPostgres

  before(async () => {
    postgres = await aPostgres({ settings: { max_connections: '60' } })
    rundruf = await aRundruf({ exchange, cities, store: postgres })
    await rundruf.settled(await aCaller(rundruf).insisting('Vorher', []))
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  it('P6, F21: at its limit of connections is said in time, and nothing is half written', async () => {
    const greedy = await takeAll(postgres)
    await refuses(rundruf, postgres, 'Kein Platz', () => Promise.all(greedy.map((client) => client.end())))
  })

  it('P6, F21: in which a lock is held is said in time, and nothing is half written', async () => {
    const holder = new pg.Client({ connectionString: postgres.url })
    await holder.connect()
    await holder.query('begin; lock table announcement in access exclusive mode')
    await refuses(rundruf, postgres, 'Gesperrt', () => holder.end())
  })

  it('P6, F21: that is frozen is said in time', async () => {
    const { post, insisting } = aCaller(rundruf)
    const pids = [postgres.pid, ...(await postgres.ask('select pid from pg_stat_activity')).map(({ pid }) => Number(pid))]
    const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
      for (const pid of pids)
        try {
          process.kill(pid, name)
        } catch {
          // it has ended meanwhile
        }
    }
    signal('SIGSTOP')
    let no: Answered
    try {
      no = await post('Eingefroren', randomUUID())
    } finally {
      signal('SIGCONT')
    }
    isPoliteNo(no)
    figure('first503Ms', no.ms)
    assert.equal((await rundruf.settled(await insisting('Aufgetaut', []))).state, 'delivered')
  })

  it('P6, F21: whose transactions fail for one another is asked again, and everything goes once', async () => {
    await postgres.ask(`alter database rundruf set default_transaction_isolation = 'serializable'`)
    await cutAll(postgres)
    const answers: Answered[] = []
    const { insisting } = aCaller(rundruf)
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => insisting(`Gedränge ${n}.`, answers)))
    await postgres.ask('alter database rundruf reset default_transaction_isolation')
    await cutAll(postgres)
    const odd = answers.filter(({ status, body }) => status !== 201 && status !== 503 && body.code !== 'idempotency-key-in-flight')
    assert.deepEqual(
      odd.map(({ status, body }) => [status, body]),
      [],
    )
    assert.ok(
      answers.some(({ status }) => status === 503),
      'some did fail for one another',
    )
    for (const [n, id] of ids.entries()) {
      assert.equal((await rundruf.settled(id)).state, 'delivered')
      assert.equal(keyed.pages.filter(({ wordings }) => wordings[0]?.includes(`Gedränge ${n}.`)).length, 1)
    }
    await isWhole(postgres)
  })
})

/** Every connection there is, the house's own included. */
const takeAll = async (postgres: TestPostgres): Promise<readonly pg.Client[]> => {
  const taken: pg.Client[] = []
  const takeOne = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: postgres.url, application_name: 'greedy' })
    client.on('error', () => {})
    try {
      await client.connect()
      taken.push(client)
      return true
    } catch {
      return false
    }
  }
  await poll('every connection to be taken', async () => {
    while (await takeOne()) {
      // on to the next
    }
    const { rows } = (await taken[0]?.query(others)) ?? { rows: [] }
    return rows.length === 0
  })
  return taken
}

const others = `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'greedy'`

/** So that everybody connects anew, with the new settings. */
const cutAll = (postgres: TestPostgres) =>
  postgres.ask(`select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`)

/** A small file system in memory; undefined where this machine lets nobody mount one. */
const aSmallDisk = (): { readonly dir: string; unmount(): void } | undefined => {
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'rundruf-test', dir], { stdio: 'ignore' })
  } catch {
    rmSync(dir, { recursive: true })
    return undefined
  }
  chmodSync(dir, 0o755)
  const unmount = (): void => {
    execFileSync('umount', [dir])
    rmSync(dir, { recursive: true })
  }
  return { dir, unmount }
}

it('P6, F21: a PostgreSQL whose disk is full is said in time, nothing is half written, and it goes on when there is room', async (test) => {
  if (redisMissing()) return test.skip(String(redisMissing()))
  const disk = aSmallDisk()
  if (!disk) return test.skip('this account may not mount a small disk')
  try {
    // without spare log files every new page needs room
    const postgres = await aPostgres({ dir: join(disk.dir, 'postgres'), settings: { min_wal_size: '32MB', wal_recycle: 'off' } })
    await using rundruf = await aRundruf({ exchange, cities, store: postgres })
    await rundruf.settled(await aCaller(rundruf).insisting('Platz genug', []))
    const ballast = join(disk.dir, 'ballast')
    const { bavail, bsize } = statfsSync(disk.dir)
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 4096))
    await postgres.ask('create table filling as select repeat(md5(random()::text), 50) from generate_series(1, 200000)').catch(() => {})
    const { post, insisting } = aCaller(rundruf)
    const no = await poll('a refusal', async () => {
      const answered = await post('Kein Platz auf der Platte', randomUUID()).catch(() => undefined)
      return answered && answered.status !== 201 ? answered : undefined
    })
    isPoliteNo(no)
    rmSync(ballast)
    const id = await poll('PostgreSQL to have recovered', () => insisting('Wieder Platz', []))
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    await isWhole(postgres)
  } finally {
    disk.unmount()
  }
})
