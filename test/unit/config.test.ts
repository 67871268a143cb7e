// What the environment says, and what it must not say.
import assert from 'node:assert/strict'
import { isAbsolute, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { type Environment, isLoopback, readConfig } from '../../config/config.ts'
import { openingsOf } from '../../config/openings.ts'
import { Refusal } from '../../src/announcement/refusal.ts'

const refusalOf = (env: Environment): Refusal => {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof Refusal, `expected a Refusal, got ${String(error)}`)
    return error
  }
  return assert.fail('expected a Refusal, got a config')
}

const live = { RUNDRUF_MODE: 'live', DATABASE_URL: 'postgres://db/rundruf', REDIS_URL: 'redis://queue:6379' }

describe('the environment', () => {
  it('is a rehearsal on this machine when it says nothing', () => {
    const config = readConfig({})
    assert.equal(config.mode, 'rehearsal')
    assert.equal(config.host, '127.0.0.1')
    assert.equal(config.port, 8080)
    assert.equal(config.labPort, 8081)
    assert.equal(config.publicUrl, 'http://127.0.0.1:8080')
    assert.equal(config.databaseUrl, null)
    assert.equal(config.redisUrl, null)
    assert.equal(config.tolerant, false)
    assert.ok(isAbsolute(config.data) && isAbsolute(config.cities))
  })

  it('counts an empty variable as not set', () => {
    assert.equal(readConfig({ RUNDRUF_MODE: '', RUNDRUF_PORT: '', DATABASE_URL: '' }).port, 8080)
  })

  it('takes what is set', () => {
    const config = readConfig({
      ...live,
      RUNDRUF_PORT: '0',
      RUNDRUF_LAB_PORT: '0',
      RUNDRUF_PUBLIC_URL: 'https://newsroom.bonn.de/',
      RUNDRUF_DATA: 'elsewhere',
      RUNDRUF_HOST: '127.0.0.2',
      RUNDRUF_URL: 'http://127.0.0.1:8080',
      RUNDRUF_KEY: 'abc',
      RUNDRUF_TOLERANT: 'yes',
      RUNDRUF_TRUSTED_PROXIES: '10.0.0.7, 10.1.0.0/16,fd00::/8,loopback',
    })
    assert.equal(config.mode, 'live')
    assert.equal(config.port, 0)
    assert.equal(config.publicUrl, 'https://newsroom.bonn.de')
    assert.equal(config.data, resolve('elsewhere'))
    assert.equal(config.secretKeyFile, resolve('elsewhere/secret.key'))
    assert.equal(config.host, '127.0.0.2')
    assert.equal(config.databaseUrl, live.DATABASE_URL)
    assert.equal(config.key, 'abc')
    assert.equal(config.tolerant, true)
    assert.deepEqual(config.trustedProxies, ['10.0.0.7', '10.1.0.0/16', 'fd00::/8', 'loopback'])
  })

  it('takes a unix socket for Redis and for PostgreSQL', () => {
    assert.equal(readConfig({ REDIS_URL: '/run/redis.sock' }).redisUrl, '/run/redis.sock')
    assert.equal(readConfig({ REDIS_URL: 'unix:///run/redis.sock' }).redisUrl, 'unix:///run/redis.sock')
    assert.ok(readConfig({ DATABASE_URL: 'postgres:///rundruf?host=/run/postgresql' }).databaseUrl)
  })

  it('is refused when live without its own stores, naming both', () => {
    const refusal = refusalOf({ RUNDRUF_MODE: 'live' })
    assert.deepEqual(
      refusal.problems.map(({ place }) => place),
      ['DATABASE_URL', 'REDIS_URL'],
    )
    for (const { de, en } of refusal.problems) assert.ok(de.includes('muss') && en.includes('needs'))
  })

  it('is refused when both ports are the same', () => {
    assert.equal(refusalOf({ RUNDRUF_PORT: '9000', RUNDRUF_LAB_PORT: '9000' }).code, 'same-port')
  })

  for (const [name, value] of [
    ['RUNDRUF_MODE', 'production'],
    ['RUNDRUF_PORT', '70000'],
    ['RUNDRUF_PORT', '80a'],
    ['RUNDRUF_LAB_PORT', '-1'],
    ['RUNDRUF_PUBLIC_URL', 'newsroom.bonn.de'],
    ['RUNDRUF_URL', 'ftp://bonn.de'],
    ['RUNDRUF_TOLERANT', 'perhaps'],
    ['RUNDRUF_LOG_LEVEL', 'loud'],
    ['RUNDRUF_TRUSTED_PROXIES', 'proxy.bonn.de'],
    ['RUNDRUF_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['RUNDRUF_TRUSTED_PROXIES', '10.0.0.7,,10.0.0.8'],
    ['DATABASE_URL', 'mysql://geheim@db/rundruf'],
    ['REDIS_URL', 'http://geheim@queue'],
    ['RUNDRUF_SHARED_SECRETS', 'geheim'],
    ['RUNDRUF_SHARED_SECRETS', 'env:META_APP_SECRET,env:DATABASE_URL'],
    ['RUNDRUF_SHARED_SECRETS', 'file:geheim'],
  ] as const) {
    it(`is refused when ${name} is ${value}, without repeating the value`, () => {
      const refusal = refusalOf({ [name]: value })
      assert.equal(refusal.code, 'wrong-variable')
      assert.deepEqual(
        refusal.problems.map(({ place }) => place),
        [name],
      )
      assert.ok(!JSON.stringify(refusal.problems).includes('geheim'))
      assert.match(refusal.problems[0]!.de, /Erwartet: /)
    })
  }

  for (const range of [
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '2000::/3',
    '::ffff:0:0/96',
    '::ffff:0.0.0.0/100',
    'fc00::/6',
  ])
    it(`refuses ${range} as a proxy: everybody could call themselves anybody`, () => {
      const refusal = refusalOf({ RUNDRUF_TRUSTED_PROXIES: `10.0.0.7,${range}` })
      assert.deepEqual([refusal.code, refusal.problems.length], ['wrong-variable', 1])
      assert.match(refusal.problems[0]!.de, /würde jedem Absender geglaubt.*Bitte nennen Sie die Adresse Ihres Proxys/)
    })

  it('takes the closed networks and a provider’s own as proxies', () => {
    const words = '10.0.0.0/8,172.16.0.0/12,fc00::/7,2001:db8::/32,::ffff:10.0.0.0/104,uniquelocal'
    assert.equal(readConfig({ RUNDRUF_TRUSTED_PROXIES: words }).trustedProxies.length, 6)
  })

  it('does not show its other variables when a config is printed', () => {
    const config = readConfig({ BONN_TOKEN: 'sehr-geheim' })
    assert.equal(config.variable('BONN_TOKEN'), 'sehr-geheim')
    assert.equal(config.variable('KASSEL_TOKEN'), undefined)
    const own = { DATABASE_URL: 'postgres://u:p@db/x', RUNDRUF_KEY: 'k', PGPASSWORD: 'p' }
    for (const name of Object.keys(own)) assert.equal(readConfig(own).variable(name), undefined, name)
    assert.ok(!inspect(config).includes('sehr-geheim') && !JSON.stringify(config).includes('sehr-geheim'))
  })

  it('knows the addresses of this machine, and no others', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', '::1']) assert.ok(isLoopback(host), host)
    for (const host of ['127.0.0.1.bonn.de', 'localhost.bonn.de', '10.0.0.1', '128.0.0.1', '[::2]']) assert.ok(!isLoopback(host), host)
  })

  it('knows where the named stores are, and that a socket file is nowhere else', () => {
    const at = (DATABASE_URL?: string, REDIS_URL?: string) => openingsOf(readConfig({ DATABASE_URL, REDIS_URL }))
    assert.deepEqual(at('postgres://u:p@db.example/rundruf', 'rediss://:p@[fd00::7]:7000'), [
      { host: 'db.example', port: 5432 },
      { host: 'fd00::7', port: 7000 },
    ])
    assert.deepEqual(at('postgres:///rundruf?host=db.example&port=5433'), [{ host: 'db.example', port: 5433 }])
    assert.deepEqual(at('postgres:///rundruf?host=/run/postgresql', '/run/redis.sock'), [])
    assert.deepEqual(at(), [])
  })
})
