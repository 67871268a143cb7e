// The log never shows a secret: canaries are put where secrets go, and looked for in what was written.
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test from 'node:test'
import { Secret } from '../../src/connector/secret.ts'
import { makeLog } from '../../src/observing/log.ts'

const canary = 'kanarienvogel-4711'

const written = (write: (log: ReturnType<typeof makeLog>) => void): string => {
  const lines: string[] = []
  const destination = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  write(makeLog({ level: 'debug', destination }))
  return lines.join('')
}

const hiding: Readonly<Record<string, object>> = {
  'a Secret anywhere': { settings: { deep: { deeper: { password: new Secret(canary) } } }, other: new Secret(canary) },
  'an authorization header': { req: { headers: { authorization: `Bearer ${canary}` } } },
  'a cookie': { req: { headers: { cookie: canary } }, res: { headers: { 'set-cookie': [canary] } } },
  'a token at the top': { token: canary, accessToken: canary, refreshToken: canary },
  'a token one level down': { answer: { accessJwt: canary, refreshJwt: canary, token: canary } },
  'a token two levels down': { client: { session: { accessJwt: canary } }, answer: { body: { token: canary } } },
  'a password': { password: canary, form: { password: canary } },
  'what a client of Redis sent that was refused': {
    err: Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: [canary] } }),
    error: { command: { name: 'auth', args: [canary] } },
  },
  'an API key': { apiKey: canary, bearer: canary },
}

for (const [what, facts] of Object.entries(hiding))
  test(`the log hides ${what}`, () => {
    const said = written((log) => {
      log.info(facts, 'something happened')
      log.child(facts).warn({ more: facts }, 'in a child too')
    })
    assert.match(said, /something happened/)
    assert.doesNotMatch(said, new RegExp(canary))
  })

test('a line is JSON with level, ISO time, the constant message and the facts', () => {
  const line = JSON.parse(written((log) => log.info({ city: 'bonn', attempts: 2 }, 'delivery delivered')))
  assert.deepEqual(
    { ...line, time: typeof line.time },
    { level: 'info', time: 'string', city: 'bonn', attempts: 2, msg: 'delivery delivered' },
  )
  assert.ok(Number.isFinite(Date.parse(line.time)))
})

test('an error is written with its cause', () => {
  const said = written((log) => log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'unexpected error'))
  assert.match(said, /outer/)
  assert.match(said, /inner/)
})
