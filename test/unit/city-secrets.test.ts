// What a city's file may name as a secret and as an address: every mistake has its file, its line, its key and a way out.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import type { SecretPlaces } from '../../config/belonging.ts'
import { checkCities } from '../../config/cities.ts'
import type { AnyConnector, Connectors } from '../../src/connector/connector.ts'
import { secret } from '../../src/connector/secret.ts'

const mastodon = {
  platform: 'mastodon',
  title: 'Mastodon',
  settings: z.strictObject({ base: z.url(), token: secret(), apps: z.array(z.object({ tokens: z.array(secret()) })).optional() }),
} as unknown as AnyConnector
const connectors: Connectors = new Map([['mastodon', mastodon]])

const fileOf = (key: string, settings: string): string =>
  [
    `city: ${key}`, // 1
    `key: ${key}`, // 2
    'ars: "053140000000"', // 3
    'channels:', // 4
    '  - name: newsroom', // 5
    '    platform: newsroom', // 6
    '  - name: mastodon', // 7
    '    platform: mastodon', // 8
    settings, // 9
    'rules: [{ name: Alles, channels: all }]', // 10
  ].join('\n')

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rundruf-cities-'))
})
after(() => rmSync(folder, { recursive: true }))

/** What is wrong with the cities' files, as `rundruf cities check` tells it. */
const problemsOf = (cities: Readonly<Record<string, string>>, places?: SecretPlaces) => {
  const inside = mkdtempSync(join(folder, 'case-'))
  for (const [key, settings] of Object.entries(cities)) writeFileSync(join(inside, `${key}.yaml`), fileOf(key, settings))
  return checkCities(inside, connectors, places).flatMap(({ problems }) => problems)
}

const settingsWith = (token: string): string => `    settings: { base: "https://social.example", token: "${token}" }`

const rows: readonly { mistake: string; text: string; code: string; place: string; de: string }[] = [
  {
    mistake: 'a secret in clear inside of a list',
    text: '    settings: { base: "https://social.example", token: "env:BONN_TOKEN", apps: [{ tokens: ["env:BONN_A", "sehr-geheim"] }] }',
    code: 'secret-in-clear',
    place: 'bonn.yaml:9 channels[1].settings.apps[0].tokens[1]',
    de: '»tokens« ist geheim',
  },
  {
    mistake: 'a variable of another city',
    text: '    settings:\n      base: "https://social.example"\n      token: "env:KASSEL_TOKEN"',
    code: 'foreign-secret',
    place: 'bonn.yaml:11 channels[1].settings.token',
    de: '»env:KASSEL_TOKEN« gehört nicht zu dieser Stadt. Erwartet: eine Variable, deren Name mit BONN_ beginnt, oder eine, die der Betreiber in RUNDRUF_SHARED_SECRETS nennt.',
  },
  {
    mistake: 'a variable of the house',
    text: '    settings: { base: "https://social.example", token: "env:DATABASE_URL" }',
    code: 'foreign-secret',
    place: 'bonn.yaml:9 channels[1].settings.token',
    de: '»env:DATABASE_URL« ist eine Einstellung von Rundruf selbst',
  },
  {
    mistake: 'a file of the machine',
    text: '    settings: { base: "https://social.example", token: "file:/etc/passwd" }',
    code: 'foreign-secret',
    place: 'bonn.yaml:9 channels[1].settings.token',
    de: '»file:/etc/passwd« gehört nicht zu dieser Stadt. Erwartet: eine Datei unter bonn/',
  },
  {
    mistake: 'an address that is not encrypted',
    text: '    settings: { base: "http://social.example", token: "env:BONN_TOKEN" }',
    code: 'address',
    place: 'bonn.yaml:9 channels[1].settings.base',
    de: 'Die Adresse (base) muss mit https:// beginnen',
  },
  {
    mistake: 'an address with a password in it',
    text: '    settings: { base: "https://bonn:geheim@social.example", token: "env:BONN_TOKEN" }',
    code: 'address',
    place: 'bonn.yaml:9 channels[1].settings.base',
    de: 'Die Adresse (base) darf keinen Namen und kein Kennwort vor dem @ enthalten',
  },
]

describe('a city file with', () => {
  for (const { mistake, text, code, place, de } of rows)
    it(`${mistake} is refused with its place and what to do`, () => {
      const [problem, ...more] = problemsOf({ bonn: text })
      assert.deepEqual(more, [])
      assert.deepEqual({ code: problem?.code, place: problem?.place }, { code, place })
      assert.ok(problem?.de.includes(de), problem?.de)
      assert.ok(!JSON.stringify(problem).includes('sehr-geheim'))
    })
})

describe('a city file is right that names', () => {
  it('its own variables, also where the key has hyphens, and no longer one’s', () => {
    assert.deepEqual(problemsOf({ 'frankfurt-am-main': settingsWith('env:FRANKFURT_AM_MAIN_TOKEN') }), [])
    const [problem, ...more] = problemsOf({
      kreis: settingsWith('env:KREIS_SOEST_TOKEN'),
      'kreis-soest': settingsWith('env:KREIS_SOEST_TOKEN'),
    })
    assert.deepEqual([problem?.place, more], ['kreis.yaml:9 channels[1].settings.token', []])
  })

  it('files of its folder, and what the operator lists', () => {
    const secrets = join(folder, 'secrets')
    mkdirSync(join(secrets, 'bonn'), { recursive: true })
    const places = { secrets, sharedSecrets: ['env:META_APP_SECRET', 'file:/run/secrets/x'] }
    for (const token of ['file:token', `file:${secrets}/bonn/not-there-yet`, 'env:META_APP_SECRET', 'file:/run/secrets/x'])
      assert.deepEqual(problemsOf({ bonn: settingsWith(token) }, places), [], token)
    for (const token of ['file:../kassel/token', 'env:META_APP_SECRET2', 'file:/run/secrets/y'])
      assert.equal(problemsOf({ bonn: settingsWith(token) }, places)[0]?.code, 'foreign-secret', token)
  })

  it('an address of this machine without encryption', () => {
    assert.deepEqual(problemsOf({ bonn: '    settings: { base: "http://127.0.0.1:8081/mastodon", token: "env:BONN_T" }' }), [])
  })
})
