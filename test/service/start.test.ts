// Starting Rundruf: roles as processes of their own, a city file that is wrong, a port that is taken, a machine without Redis.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { readConfig } from '../../config/config.ts'
import { Refusal } from '../../src/announcement/refusal.ts'
import { open } from '../../src/join.ts'
import { aDatabase } from '../support/database.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, freePort } from '../support/rundruf.ts'

const cli = resolve(import.meta.dirname, '../../src/cli.ts')

const folder = (): { readonly path: string; [Symbol.dispose](): void } => {
  const path = mkdtempSync(join(tmpdir(), 'rundruf-start-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

describe('starting', () => {
  it('serve and work run as processes of their own; work --only serves the named platforms', { skip: redisMissing() }, async () => {
    await using rundruf = await aRundruf({ roles: 'serve' })
    const id = await rundruf.announce({ title: 'Getrennte Wege', text: 'Ein Prozess nimmt an, ein anderer sendet.' })
    const worker = spawn(process.execPath, [cli, 'work', '--only', 'mastodon,newsroom'], {
      env: { PATH: process.env.PATH, ...rundruf.environment() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const delivered = await poll('mastodon and newsroom delivered', async () => {
        const { deliveries } = await rundruf.show(id)
        const done = deliveries.filter(({ state }) => state === 'delivered').map(({ platform }) => platform)
        return done.length >= 2 ? done.toSorted() : undefined
      })
      assert.deepEqual(delivered, ['mastodon', 'newsroom'])
      assert.equal((await rundruf.show(id)).deliveries.find(({ platform }) => platform === 'bluesky')?.state, 'queued')
    } finally {
      worker.kill('SIGTERM')
    }
    const [code, signal] = await once(worker, 'exit')
    assert.deepEqual([code, signal], [0, null], 'SIGTERM ends it in good order')
  })

  it('a wrong city file stops the start with its place, unless it is told to go on without it', async () => {
    await using store = await aDatabase()
    using cities = folder()
    using data = folder()
    cpSync(resolve(import.meta.dirname, '../../config/cities'), cities.path, { recursive: true })
    writeFileSync(join(cities.path, 'marburg.yaml'), 'city: Marburg\nkey: marburg\narsch: "1"\n')
    const environment = {
      DATABASE_URL: store.url,
      RUNDRUF_CITIES: cities.path,
      RUNDRUF_DATA: data.path,
      RUNDRUF_PORT: String(await freePort()),
      RUNDRUF_LAB_PORT: String(await freePort()),
    }
    const roles = { roles: 'serve', only: null } as const
    await assert.rejects(open(readConfig(environment), roles), (error) => {
      assert.ok(error instanceof Refusal)
      assert.ok(
        error.problems.some(({ place }) => place?.startsWith('marburg.yaml:3')),
        JSON.stringify(error.problems),
      )
      return true
    })
    const running = await open(readConfig({ ...environment, RUNDRUF_TOLERANT: 'yes' }), roles)
    try {
      assert.deepEqual(
        running.out.map(({ file }) => file.split('/').at(-1)),
        ['marburg.yaml'],
      )
      assert.equal((await fetch(`${running.url}/bonn`)).status, 200)
      assert.equal((await fetch(`${running.url}/marburg`)).status, 404)
    } finally {
      await running.stop()
    }
  })

  it('a port that is taken is said in words, and nothing is left running', async () => {
    await using store = await aDatabase()
    using data = folder()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    assert.ok(address !== null && typeof address === 'object')
    const config = readConfig({
      DATABASE_URL: store.url,
      RUNDRUF_DATA: data.path,
      RUNDRUF_PORT: String(address.port),
      RUNDRUF_LAB_PORT: String(await freePort()),
    })
    await assert.rejects(open(config, { roles: 'serve', only: null }), { name: 'Refusal', code: 'port-in-use' })
    taken.close()
    const second = await open(config, { roles: 'serve', only: null })
    await second.stop()
  })

  it('without any Redis a rehearsal delivers by the queue in PostgreSQL, and says so', async () => {
    using data = folder()
    using path = folder()
    for (const name of ['sh', 'env', 'setpriv', 'unshare']) {
      const program = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/bin'].map((at) => join(at, name)).find(existsSync)
      if (program) symlinkSync(program, join(path.path, name))
    }
    const [port, labPort] = [await freePort(), await freePort()]
    const environment = {
      // Only what starting PostgreSQL needs: no redis-server, no valkey-server.
      PATH: path.path,
      RUNDRUF_DATA: data.path,
      RUNDRUF_PORT: String(port),
      RUNDRUF_LAB_PORT: String(labPort),
    }
    const house = spawn(process.execPath, [cli, 'all'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(house, 'exit')
    let said = ''
    house.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    try {
      await poll('the greeting', () => said.includes('Probe:') || house.exitCode !== null, 60_000)
      assert.match(said, /Ohne Redis: /)
      const announce = spawn(
        process.execPath,
        [cli, 'announce', ...'--city bonn --kind notice --title Freibad --text Offen --release --wait --json'.split(' ')],
        { env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
      )
      assert.deepEqual(await once(announce, 'exit'), [0, null])
    } finally {
      house.kill('SIGINT')
      await ended
    }
  })
})
