// What the command line says when it cannot: refusals with place and remedy, a service that is away or not ours, keys and addresses.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { call, callOn, words } from './cli-calling.ts'
import { aDraft, anId, aProblem, aService, aView, withStatus } from './cli-fake-service.ts'

test('a refusal is printed with every problem, its place and its remedy, and ends with 2', async () => {
  await using service = await aService({
    'POST /announcements': withStatus(422, {
      json: {
        code: 'link-scheme',
        detail: 'Der Link beginnt nicht mit https://.',
        problems: [
          { code: 'link-scheme', place: 'link', de: 'Der Link beginnt nicht mit https://.', en: 'No.' },
          { code: 'expires-past', place: 'expires', de: 'Die Meldung ist schon abgelaufen.', en: 'No.' },
        ],
      },
    }),
  })
  const { code, out, err } = await callOn(service, ['announce', ...words])
  assert.equal(code, 2)
  assert.equal(out, '')
  assert.ok(err.includes('link: Der Link beginnt nicht mit https://.') && err.includes('expires: Die Meldung ist schon abgelaufen.'), err)
  assert.equal(err.split('beginnt nicht').length, 2)
})

test('with --json a refusal is JSON on standard output as well', async () => {
  await using service = await aService({
    [`GET /announcements/${anId}`]: aProblem(404, 'unknown-announcement', 'Diese Meldung gibt es nicht.', 'id'),
  })
  const { code, out } = await callOn(service, ['show', anId, '--json'])
  assert.equal(code, 2)
  assert.equal(JSON.parse(out).code, 'unknown-announcement')
  assert.equal(JSON.parse(out).problems[0].place, 'id')
})

test('a wrong key is a refusal', async () => {
  await using service = await aService({ 'GET /announcements': aProblem(401, 'wrong-key', 'Dieser Schlüssel gilt nicht.') })
  const { code, err } = await callOn(service, ['list'])
  assert.equal(code, 2)
  assert.ok(err.includes('Dieser Schlüssel gilt nicht.'))
})

const aFreePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a refused connection ends with 3 and names the address', async () => {
  const url = `http://127.0.0.1:${await aFreePort()}`
  const { code, err } = await call(['list'], { house: { url, key: 'k' } })
  assert.equal(code, 3)
  assert.ok(err.includes(url), err)
})

test('a service that hangs up for good ends with 3 and warns before a repetition', async () => {
  await using service = await aService({ 'POST /announcements': 'hang-up' })
  const { code, err } = await callOn(service, ['announce', ...words])
  assert.equal(code, 3)
  assert.ok(err.includes('rundruf list'), err)
})

test('a disturbed service and one that is not Rundruf end with 3', async () => {
  await using service = await aService({
    'GET /announcements': aProblem(503, 'store-away', 'Die Datenbank ist gerade nicht erreichbar.'),
    'GET /cities': withStatus(404, { text: '<html>nginx</html>' }),
    'GET /channels': withStatus(200, { text: 'Willkommen' }),
  })
  const disturbed = await callOn(service, ['list'])
  assert.equal(disturbed.code, 3)
  assert.ok(disturbed.err.includes('Die Datenbank ist gerade nicht erreichbar.'))
  assert.equal((await callOn(service, ['cities', 'list'])).code, 3)
  const stranger = await callOn(service, ['channels', 'list'])
  assert.equal(stranger.code, 3)
  assert.ok(stranger.err.includes('etwas anderes als Rundruf'))
})

test('too fast and a twin in flight are tried again with the same key', async () => {
  let tries = 0
  await using service = await aService({
    'POST /announcements': () => {
      tries += 1
      if (tries === 1) return withStatus(429, { headers: { 'retry-after': '0' }, json: { code: 'too-many-requests', detail: 'Zu viele.' } })
      return tries === 2 ? aProblem(409, 'idempotency-key-in-flight', 'Läuft noch.') : aDraft()
    },
  })
  const { code, err } = await callOn(service, ['announce', ...words])
  assert.equal(code, 0, err)
  assert.equal(tries, 3)
  assert.equal(new Set(service.asked.map((asked) => asked.headers['idempotency-key'])).size, 1)
})

test('any other conflict is a refusal at once', async () => {
  await using service = await aService({
    [`POST /announcements/${anId}/release`]: aProblem(409, 'already-released', 'Schon veröffentlicht.'),
  })
  const { code } = await callOn(service, ['release', anId, '--digest', 'abc'])
  assert.equal(code, 2)
  assert.equal(service.asked.length, 1)
})

test('the running rehearsal is found by its data directory, with its key', async () => {
  await using service = await aService({ 'GET /announcements': [aView()] })
  const data = await mkdtemp(join(tmpdir(), 'rundruf-cli-'))
  try {
    await writeFile(
      join(data, 'run.json'),
      JSON.stringify({ pid: 1, url: `${service.url}/`, lab: 'http://127.0.0.1:1', keyFile: 'api.key' }),
    )
    await writeFile(join(data, 'api.key'), 'rehearsal-key\n')
    assert.equal((await call(['list'], { house: { data } })).code, 0)
    assert.equal(service.asked[0]?.headers.authorization, 'Bearer rehearsal-key')
    await writeFile(join(data, 'run.json'), JSON.stringify({ pid: 1, url: `http://127.0.0.1:${await aFreePort()}`, keyFile: 'api.key' }))
    const gone = await call(['list'], { house: { data } })
    assert.equal(gone.code, 3)
    assert.ok(gone.err.startsWith('Rundruf läuft hier nicht.'))
    const elsewhere = await call(['list'], { house: { data, url: service.url } })
    assert.equal(elsewhere.code, 2, 'the rehearsal’s key is never sent to another address')
    assert.ok(elsewhere.err.includes('RUNDRUF_KEY'))
    assert.equal(service.asked.length, 1)
  } finally {
    await rm(data, { recursive: true })
  }
})

test('an address that is none is wrong usage', async () => {
  for (const url of ['bonn', 'ftp://bonn.de']) {
    const { code, err } = await call(['list'], { house: { url, key: 'k' } })
    assert.equal(code, 2)
    assert.ok(err.includes('RUNDRUF_URL'), err)
  }
})

test('a redirect is not followed: the key goes to no other host', async () => {
  await using other = await aService({ 'GET /announcements': [] })
  await using service = await aService({
    'GET /announcements': withStatus(307, { headers: { location: `${other.url}/api/v1/announcements` } }),
  })
  assert.equal((await callOn(service, ['list'])).code, 3)
  assert.equal(other.asked.length, 0)
})

/** Of the real door: help needs neither a service nor the house. */
const help = async (...args: string[]): Promise<string> => {
  const root = join(import.meta.dirname, '../..')
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'src/cli.ts'), ...args, '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  assert.equal(code, 0, err)
  return out
}

const announcing = ['--city', '--kind', '--title', '--text', '--link', '--topic', '--severity', '--urgency', '--certainty', '--status']
const more = ['--language', '--expires', '--publish-at', '--image', '--alt', '--channel-text', '--references', '--json']
const helps: readonly (readonly [command: string, options: readonly string[]])[] = [
  ['plan', [...announcing, ...more, 'warning, all-clear, notice, event', 'Extreme, Severe, Moderate, Minor']],
  ['announce', [...announcing, ...more, '--release', '--wait', '--timeout']],
  ['show', ['<id>', '--json']],
  ['list', ['--city', '--state', '--limit', '--json']],
  ['approve', ['<id>', '--digest']],
  ['release', ['<id>', '--wait']],
  ['amend', ['<id>', '--text', '--wait']],
  ['retract', ['<id>', '--wait', '--yes']],
  ['resolve', ['<delivery>', '--there', '--not-there', '--drop']],
  ['cities check', ['[folder]', '--json']],
  ['cities list', ['--json']],
  ['channels list', ['--city', '--json']],
  ['channels check', ['--city', '--channel', '--json']],
  ['channels suspend', ['<city>', '<channel>', '--because']],
  ['channels resume', ['<city>', '<channel>']],
  ['key create', ['--name', '--role', '--cities', 'duty-officer']],
  ['key revoke', ['<id>']],
  ['serve', []],
  ['work', ['--only']],
  ['all', []],
]

for (const [command, options] of helps)
  test(`rundruf ${command} --help names its options in German and gives an example`, async () => {
    const out = await help(...command.split(' '))
    for (const option of options) assert.ok(out.includes(option), `${option} in\n${out}`)
    assert.match(out, /Beispiele?:\n {2}rundruf /)
    assert.doesNotMatch(out, /Usage|Options:|Arguments|Commands|default:|choices:/)
  })

test('the first help names every command', async () => {
  const out = await help()
  for (const [command] of helps) assert.match(out, new RegExp(`^ {2}${command.split(' ')[0]}\\b`, 'm'))
})
