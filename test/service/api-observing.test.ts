// What those see who look after the service: health, readiness, metrics, the API's description, and a store that is away.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openLinking } from '../../src/commands/link-channel.ts'
import { buildApp } from '../../src/http/app.ts'
import { makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics } from '../../src/observing/metrics.ts'
import { openDatabase } from '../../src/store/database.ts'
import { anApi, apiOfThisFile, aWish } from '../support/api.ts'

const api = await apiOfThisFile({
  pulse: {
    ready: async () => ({ database: true, queue: false }),
    standing: async () => [{ platform: 'mastodon', way: 'routine', depth: 3, oldestSeconds: 4.5, overdue: 2, held: 1 }],
  },
})

test('alive is said without a key, and tells nothing else', async () => {
  const answer = await api.app.inject('/healthz')
  assert.deepEqual([answer.statusCode, answer.json()], [200, { alive: true }])
})

test('ready means that the database is there; without the queue urgent deliveries still go', async () => {
  const answer = await api.app.inject('/readyz')
  assert.deepEqual([answer.statusCode, answer.json()], [200, { ready: true, database: true, queue: false }])
  await using away = await anApi({ pulse: { ready: async () => ({ database: false, queue: true }) } })
  assert.equal((await away.app.inject('/readyz')).statusCode, 503)
  await using broken = await anApi({ pulse: { ready: () => Promise.reject(new Error('kaputt')) } })
  assert.equal((await broken.app.inject('/readyz')).statusCode, 503)
})

test('metrics show how the deliveries stand and how requests were answered, by route and never by address', async () => {
  await api.call('author', 'GET /announcements/0198a1a2-0000-7000-8000-00000000dead')
  const answer = await api.call('operator of all', 'GET /metrics')
  assert.equal(answer.statusCode, 200)
  assert.match(String(answer.headers['content-type']), /^text\/plain/)
  assert.match(answer.body, /rundruf_queue_depth\{platform="mastodon",way="routine"\} 3/)
  assert.match(answer.body, /rundruf_queue_oldest_age_seconds\{platform="mastodon",way="routine"\} 4.5/)
  assert.match(answer.body, /rundruf_held\{platform="mastodon",way="routine"\} 1/)
  assert.match(answer.body, /rundruf_http_requests_total\{method="GET",route="\/api\/v1\/announcements\/:id",status="404"\} 1/)
  assert.doesNotMatch(answer.body, /00000000dead/)
})

test('a release is counted', async () => {
  await api.call('approver', 'POST /announcements', aWish({ release: true }))
  const { body } = await api.call('operator of all', 'GET /metrics')
  assert.match(body, /rundruf_releases_total\{verb="release",way="routine"\} 1/)
})

interface Operation {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

test('the description is OpenAPI 3.1, complete, and needs no key', async () => {
  const answer = await api.app.inject('/api/v1/openapi.json')
  assert.equal(answer.statusCode, 200)
  const description = answer.json()
  assert.equal(description.openapi, '3.1.0')
  assert.equal(description.components.securitySchemes.key.scheme, 'bearer')
  const paths = Object.keys(description.paths).map((path) => path.replace('/api/v1', ''))
  for (const path of [
    '/plan',
    '/announcements',
    '/announcements/{id}/amendment',
    '/announcements/{id}/plan',
    '/announcements/{id}/release',
    '/deliveries/{id}/resolve',
    '/channels/{city}/{name}/suspend',
    '/media',
    '/keys',
  ])
    assert.ok(paths.includes(path), path)
  const operations = Object.entries<Record<string, Operation>>(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  )
  for (const { name, operation } of operations) {
    assert.ok(name.includes('/api/v1/'), `${name} is not part of the API`)
    assert.ok(operation.summary, name)
    assert.equal(operation.tags?.length, 1, name)
    assert.ok(
      Object.keys(operation.responses).some((status) => /^2/.test(status)),
      name,
    )
    assert.ok(operation.responses['4XX']?.content?.['application/problem+json'], name)
  }
})

test('every reference of the description leads somewhere, every schema is valid, and every example fits', async () => {
  const description = (await api.app.inject('/api/v1/openapi.json')).json()
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'https://rundruf.invalid/api', ...description })
  for (const [name, schema] of Object.entries<{ examples?: readonly unknown[] }>(description.components.schemas)) {
    const check = ajv.compile({ $ref: `https://rundruf.invalid/api#/components/schemas/${name}` })
    for (const example of schema.examples ?? []) assert.ok(check(example), `${name}: ${JSON.stringify(check.errors)}`)
  }
  const text = JSON.stringify(description)
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) assert.ok(description.components.schemas[name], name)
})

test('pages and answers carry the headers that keep a browser in', async () => {
  for (const url of ['/api/v1/cities', '/ops/login', '/healthz', '/nix']) {
    const { headers } = await api.app.inject(url)
    assert.match(String(headers['content-security-policy']), /^default-src 'none';script-src 'self'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['strict-transport-security'], undefined)
    assert.equal(headers['x-powered-by'], undefined)
  }
})

test('while the store is away nothing is confirmed: 503 with Retry-After, in words', async () => {
  const db = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/nowhere' })
  const log = makeLog({ level: 'silent' })
  const metrics = makeMetrics({ withProcess: false })
  const app = await buildApp({
    desk: { ...api.desk, db },
    log,
    metrics,
    events: makeEvents(log, metrics),
    pulse: { ready: async () => ({ database: false, queue: true }) },
    linking: openLinking(async () => {}),
    checking: { missing: async () => [], client: async () => ({}) },
    askChannel: () => Promise.reject(new Error('never asked')),
    publicUrl: 'http://127.0.0.1:8080',
    trustProxy: [],
  })
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/announcements',
    headers: { authorization: `Bearer ${api.keys.approver}`, 'content-type': 'application/json' },
    payload: JSON.stringify(aWish({ release: true })),
  })
  await app.close()
  await db.destroy()
  assert.deepEqual([answer.statusCode, answer.json().code, answer.headers['retry-after']], [503, 'store-away', '5'])
  assert.doesNotMatch(answer.body, /127\.0\.0\.1:1|ECONNREFUSED/)
})

test('an error that nobody foresaw is a 500 without any detail', async () => {
  await using odd = await anApi({
    plugins: [
      async (app) => {
        app.get('/api/v1/odd', async () => {
          throw new Error('geheim-4711 in /srv/app.ts', { cause: new Error('geheim-4712') })
        })
      },
    ],
  })
  const answer = await odd.app.inject('/api/v1/odd')
  assert.deepEqual([answer.statusCode, answer.json().code], [500, 'unexpected'])
  assert.doesNotMatch(answer.body, /geheim|srv|Error/)
})

test('wrong keys are slowed down per address, and the right key of the same address still works', async () => {
  const wrong = () => api.app.inject({ url: '/api/v1/cities', headers: { authorization: 'Bearer falsch' }, remoteAddress: '10.3.0.1' })
  for (let attempt = 0; attempt < 60; attempt++) assert.equal((await wrong()).statusCode, 401)
  const slowed = await wrong()
  assert.equal(slowed.statusCode, 429)
  assert.ok(Number(slowed.headers['retry-after']) > 0)
  const right = { authorization: `Bearer ${api.keys.author}` }
  assert.equal((await api.app.inject({ url: '/api/v1/cities', headers: right, remoteAddress: '10.3.0.1' })).statusCode, 200)
})
