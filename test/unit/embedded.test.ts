// The servers of our own: they start, come back after a SIGKILL, are recognised, and never outlive the process that started them.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Redis as Client } from 'ioredis'
import { sql } from 'kysely'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../embedded/postgres.ts'
import { accountFor, hydrate, postgresPackage, runAs } from '../../embedded/postgres-package.ts'
import { type Redis, startRedis } from '../../embedded/redis.ts'
import { openDatabase } from '../../src/store/database.ts'
import { migrate, migrations } from '../../src/store/migrate.ts'
import { aDatabase } from '../support/database.ts'
import { hasty } from '../support/hasty.ts'
import { poll } from '../support/poll.ts'
import { aRedis, redisMissing } from '../support/redis.ts'

const folder = (t: { after(end: () => void): void }): string => {
  const dir = mkdtempSync(join(tmpdir(), 'rundruf-embedded-'))
  // where root has no user namespaces, PostgreSQL runs as somebody else and must be let through
  chmodSync(dir, 0o711)
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const ask = async (url: string, question: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(question)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const runs = (pid: number): boolean => {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** A process that starts a server and then waits; killed by SIGKILL, it cannot clean up. */
const starter = async (script: string): Promise<{ pid: number; server: number; end(): void }> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${script}; setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
  })
  const server = await new Promise<number>((done, fail) => {
    child.stdout.once('data', (bytes) => done(Number(bytes)))
    child.once('exit', (code) => fail(new Error(`the starter ended with ${code}`)))
  })
  return { pid: child.pid!, server, end: () => child.kill('SIGKILL') }
}

describe('embedded PostgreSQL', () => {
  test('starts on a socket alone, with fsync on, and keeps what was written', async (t) => {
    const dir = folder(t)
    const postgres = await startPostgres({ dir })
    t.after(() => postgres.stop())
    const settings = await ask(
      postgres.url,
      `select name, setting from pg_settings where name in ('listen_addresses', 'fsync', 'max_connections')`,
    )
    assert.deepEqual(Object.fromEntries(settings.map((row) => [row.name, row.setting])), {
      fsync: 'on',
      listen_addresses: '',
      max_connections: '200',
    })
    await ask(postgres.url, 'create table kept (n int)')
    await postgres.stop()
    assert.equal(runs(postgres.pid), false)
    const again = await startPostgres({ dir, settings: hasty })
    t.after(() => again.stop())
    assert.deepEqual(await ask(again.url, 'select count(*) from kept'), [{ count: '0' }])
  })

  test('comes back after a SIGKILL, although postmaster.pid names a process that lives', async (t) => {
    const dir = folder(t)
    const killed = await startPostgres({ dir })
    await ask(killed.url, 'create table kept (n int)')
    process.kill(killed.pid, 'SIGKILL')
    await poll('its end', () => !runs(killed.pid))
    const pidFile = join(dir, 'cluster/postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.ppid)))
    const again = await startPostgres({ dir })
    t.after(() => again.stop())
    assert.deepEqual(await ask(again.url, 'select count(*) from kept'), [{ count: '0' }])
  })

  test('ends what a killed postmaster left at work before it starts again on the same data', async (t) => {
    const dir = folder(t)
    const killed = await startPostgres({ dir })
    t.after(() => killed.stop())
    const busy = new pg.Client({ connectionString: killed.url })
    busy.on('error', () => {})
    await busy.connect()
    const [{ pid }] = (await busy.query('select pg_backend_pid() as pid')).rows
    const work = assert.rejects(busy.query('select count(*) from generate_series(1, 10000000000)'))
    await poll(
      'its work to begin',
      async () => (await ask(killed.url, `select 1 from pg_stat_activity where pid = ${pid} and state = 'active'`))[0],
    )
    process.kill(killed.pid, 'SIGKILL')
    await poll('its end', () => !runs(killed.pid))
    assert.ok(runs(pid), 'the backend works on')
    const again = await startPostgres({ dir })
    t.after(() => again.stop())
    assert.ok(!runs(pid), 'and is gone before another server works on the same data')
    await work
  })

  test('is recognised by a second start, which uses it and does not end it', async (t) => {
    const dir = folder(t)
    const first = await startPostgres({ dir })
    t.after(() => first.stop())
    const second = await startPostgres({ dir })
    assert.deepEqual([second.pid, second.url], [first.pid, first.url])
    await second.stop()
    assert.deepEqual(await ask(first.url, 'select 1 as n'), [{ n: 1 }])
  })

  test('lives below a path that is too long for a socket', async (t) => {
    const dir = join(folder(t), 'ein-sehr-langer-ordnername-'.repeat(5))
    const postgres: Postgres = await startPostgres({ dir })
    t.after(() => postgres.stop())
    assert.ok(!postgres.socketDir.startsWith(dir))
    assert.deepEqual(await ask(postgres.url, 'select 1 as n'), [{ n: 1 }])
  })

  test('dies with the process that started it, even by SIGKILL', async (t) => {
    const dir = folder(t)
    const owner = await starter(
      `import { startPostgres } from './embedded/postgres.ts'; console.log((await startPostgres({ dir: ${JSON.stringify(dir)} })).pid)`,
    )
    owner.end()
    await poll('the end of PostgreSQL', () => !runs(owner.server))
  })

  test('gives the directory to whoever may run it, root or not', async (t) => {
    const dir = join(folder(t), 'data')
    mkdirSync(dir)
    const home = postgresPackage()
    hydrate(home)
    const { command, user } = runAs(await accountFor({ home, directories: [dir] }), ['touch', join(dir, 'written')])
    await promisify(execFile)(command[0], command.slice(1), { ...user })
    assert.equal(readFileSync(join(dir, 'written'), 'utf8'), '')
  })
})

describe('embedded Redis', { skip: redisMissing() }, () => {
  test('writes every change to its file and refuses rather than forgets', async () => {
    await using redis = await aRedis()
    const client = new Client(redis.url)
    const settings = await client.config('GET', 'appendonly', 'appendfsync', 'maxmemory-policy', 'save', 'port')
    client.disconnect()
    const told = new Map<string, string>()
    const list = settings as string[]
    for (let at = 0; at < list.length; at += 2) told.set(list[at]!, list[at + 1]!)
    assert.deepEqual(Object.fromEntries(told), {
      appendonly: 'yes',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      save: '',
      port: '0',
    })
  })

  test('keeps what was written over a restart, and is empty for the next test', async () => {
    await using redis = await aRedis()
    const before = new Client(redis.url)
    await before.set('mark', 'set')
    before.disconnect()
    await redis.restart()
    const after = new Client(redis.url)
    assert.equal(await after.get('mark'), 'set')
    after.disconnect()
    await using other = await aRedis()
    const fresh = new Client(other.url)
    assert.equal(await fresh.get('mark'), null)
    fresh.disconnect()
  })

  test('is recognised by a second start, which uses it and does not end it', async (t) => {
    const dir = folder(t)
    const first: Redis = await startRedis({ dir })
    t.after(() => first.stop())
    const second = await startRedis({ dir })
    assert.equal(second.pid, first.pid)
    await second.stop()
    assert.equal(runs(first.pid), true)
  })

  test('dies with the process that started it, even by SIGKILL', async (t) => {
    const dir = folder(t)
    const owner = await starter(
      `import { startRedis } from './embedded/redis.ts'; console.log((await startRedis({ dir: ${JSON.stringify(dir)} })).pid)`,
    )
    owner.end()
    await poll('the end of Redis', () => !runs(owner.server))
  })
})

describe('a test database', () => {
  test('is migrated and each its own', async () => {
    await using one = await aDatabase()
    await using two = await aDatabase()
    const applied = await one.db
      .selectFrom('kysely_migration' as never)
      .selectAll()
      .execute()
    assert.deepEqual(
      applied.map((row) => (row as { name: string }).name),
      Object.keys(migrations),
    )
    await one.db.updateTable('queueMark').set({ mark: 'one' }).execute()
    assert.deepEqual(await two.db.selectFrom('queueMark').select('mark').execute(), [{ mark: '' }])
  })

  test('is migrated once, however many processes begin at once', async () => {
    await using store = await aDatabase()
    await sql`drop schema public cascade`.execute(store.db)
    await sql`create schema public`.execute(store.db)
    const pools = [1, 2, 3].map(() => openDatabase({ url: store.url }))
    const applied = await Promise.all(pools.map((db) => migrate(db)))
    await Promise.all(pools.map((db) => db.destroy()))
    assert.deepEqual(applied.flat(), Object.keys(migrations))
  })
})
