// How a channel's settings become what its connector takes: a rehearsal knows no real credential, live mode no plain address.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { z } from 'zod'
import { foreign, isReference, noPlaces, prefixOf } from '../../config/belonging.ts'
import { fieldsOf } from '../../config/credentials.ts'
import { channelSettings, type Surroundings } from '../../config/secrets.ts'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { type Secret, secret } from '../../src/connector/secret.ts'

const connector = {
  platform: 'mastodon',
  title: 'Mastodon',
  settings: z.strictObject({
    base: z
      .url()
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://mastodon.example'),
    web: z.url().optional(),
    handle: z.string().optional(),
    token: secret(),
    spare: secret().optional(),
  }),
} as unknown as AnyConnector

const bonn = { key: 'bonn' }
const channelWith = (settings: Record<string, unknown>) => ({ name: 'mastodon-bonn', platform: 'mastodon', settings })
const environment: Record<string, string> = { BONN_TOKEN: 'sehr-geheim', KASSEL_X_TOKEN: 'fremd', META_APP_SECRET: 'für-alle' }
const variable = (name: string) => environment[name]
const rehearsal: Surroundings = { mode: 'rehearsal', labPort: 4711, variable, ...noPlaces }
const live: Surroundings = { mode: 'live', labPort: 4711, variable, ...noPlaces }

interface Parsed {
  readonly base: string
  readonly web?: string
  readonly handle?: string
  readonly token: Secret
  readonly spare?: Secret
}
const settingsOf = (config: Surroundings, settings: Record<string, unknown>, of = connector): Parsed =>
  channelSettings(config, bonn, channelWith(settings), of) as Parsed
const errorOf = (config: Surroundings, settings: Record<string, unknown>, of = connector): string => {
  try {
    settingsOf(config, settings, of)
  } catch (error) {
    assert.ok(error instanceof ChannelError, `expected a ChannelError, got ${String(error)}`)
    return error.message
  }
  return assert.fail('expected a ChannelError')
}

describe('a connector says which of its settings are secret', () => {
  it('also where they are optional', () => {
    const fields = fieldsOf(connector)
    assert.deepEqual([...fields.keys()], ['base', 'web', 'handle', 'token', 'spare'])
    assert.deepEqual(
      [...fields].filter(([, field]) => field.secret).map(([name]) => name),
      ['token', 'spare'],
    )
    assert.deepEqual(
      [...fields].filter(([, field]) => field.address).map(([name]) => name),
      ['base', 'web'],
    )
    assert.deepEqual([fields.get('token')?.required, fields.get('spare')?.required], [true, false])
  })

  it('and a reference is told from a value', () => {
    for (const value of ['env:BONN_TOKEN', 'env:_x', 'file:/run/secrets/bonn', 'file:a b']) assert.ok(isReference(value), value)
    for (const value of ['env:', 'file:', 'env:1A', 'env:A B', 'geheim', ' env:A', 7, null, undefined])
      assert.ok(!isReference(value), String(value))
  })
})

describe('in rehearsal', () => {
  it('a reference becomes a rehearsal credential, though the real one could be resolved', () => {
    const { token } = settingsOf(rehearsal, { token: 'env:BONN_TOKEN' })
    assert.equal(token.reveal(), 'rehearsal-bonn-mastodon-bonn')
  })

  it('base is the lab, whatever the file says', () => {
    assert.equal(settingsOf(rehearsal, { token: 'env:BONN_TOKEN' }).base, 'http://127.0.0.1:4711/mastodon')
    assert.equal(settingsOf(rehearsal, { base: 'https://social.bund.de', token: 'env:X' }).base, 'http://127.0.0.1:4711/mastodon')
  })

  it('every other address is the lab’s as well', () => {
    assert.equal(settingsOf(rehearsal, { web: 'https://social.bund.de', token: 'env:X' }).web, 'http://127.0.0.1:4711/mastodon')
    assert.equal(settingsOf(rehearsal, { token: 'env:X' }).web, 'http://127.0.0.1:4711/mastodon')
  })

  it('a secret in clear or a missing one becomes a rehearsal credential as well', () => {
    assert.equal(settingsOf(rehearsal, { token: 'sehr-geheim' }).token.reveal(), 'rehearsal-bonn-mastodon-bonn')
    assert.equal(settingsOf(rehearsal, {}).token.reveal(), 'rehearsal-bonn-mastodon-bonn')
    assert.equal(settingsOf(rehearsal, {}).spare, undefined)
  })

  it('other settings stay as they are, and a connector without base gets none', () => {
    assert.equal(settingsOf(rehearsal, { handle: '@bonn' }).handle, '@bonn')
    const newsroom = { ...connector, settings: z.strictObject({}) } as unknown as AnyConnector
    assert.deepEqual(settingsOf(rehearsal, {}, newsroom), {})
  })
})

/** A connector that will come: its addresses are in lists and in objects of lists, with some of its own where none are written. */
const relays = {
  platform: 'relays',
  title: 'Relays',
  settings: z.strictObject({
    relays: z.array(z.url({ protocol: /^wss?$/ })).default(['wss://relay.one.example', 'wss://relay.two.example']),
    mirrors: z.array(z.object({ http: z.string(), keys: z.array(secret()).optional() })).optional(),
    invitation: z.string().meta({ address: false }).optional(),
    queue: z.string().optional(),
    more: z.record(z.string(), z.unknown()).optional(),
    hidden: z
      .string()
      .optional()
      .transform((value) => value ?? { deep: [new URL('https://hidden.example/')] }),
  }),
} as unknown as AnyConnector

describe('in rehearsal every address is the lab’s, however deep', () => {
  const at = (settings: Record<string, unknown>) =>
    channelSettings(rehearsal, bonn, { name: 'relays-bonn', platform: 'relays', settings: { hidden: 'no', ...settings } }, relays)
  const [lab, socket] = ['http://127.0.0.1:4711/relays', 'ws://127.0.0.1:4711/relays']

  it('in lists, in objects of lists, and in what the connector takes where nothing is written', () => {
    assert.deepEqual(at({}), { relays: [socket, socket], hidden: 'no' })
    const mirrors = [{ http: 'HTTPS://mirror.example' }, { http: 'http://other.example:8080/x?y' }]
    const more = { a: { b: [['wss://deep.example']] } }
    assert.deepEqual(at({ relays: ['wss://relay.three.example'], mirrors, more }), {
      relays: [socket],
      mirrors: [{ http: lab }, { http: lab }],
      more: { a: { b: [[socket]] } },
      hidden: 'no',
    })
  })

  it('and references inside of them are rehearsal credentials', () => {
    const { mirrors } = at({ mirrors: [{ http: 'https://mirror.example', keys: ['env:BONN_TOKEN'] }] }) as { mirrors: [{ keys: Secret[] }] }
    assert.deepEqual(
      mirrors[0].keys.map((key) => key.reveal()),
      ['rehearsal-bonn-relays-bonn'],
    )
  })

  it('what is only a name stays, though it looks like an address', () => {
    const invitation = 'https://relays.example/channel/0029'
    assert.deepEqual(at({ invitation }), { relays: [socket, socket], invitation, hidden: 'no' })
  })

  it('what cannot be turned there is refused, also where the connector makes it itself', () => {
    for (const settings of [{ queue: 'amqps://queue.example' }, { more: { mail: ['smtp://mail.example:25'] } }, { hidden: undefined }])
      assert.throws(
        () => at(settings),
        (error) => error instanceof ChannelError && /lässt sich nicht auf die Probebühne lenken/.test(error.message),
        JSON.stringify(settings),
      )
  })
})

describe('in live mode', () => {
  let folder: string
  let places: Surroundings
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rundruf-secrets-'))
    places = { ...live, secrets: folder, sharedSecrets: ['env:META_APP_SECRET', `file:${folder}/shared`] }
    for (const city of ['bonn', 'kassel']) {
      mkdirSync(join(folder, city))
      writeFileSync(join(folder, city, 'token'), 'aus-der-datei\n')
    }
    writeFileSync(join(folder, 'bonn/empty'), '\n')
    writeFileSync(join(folder, 'shared'), 'geteilt')
    writeFileSync(join(folder, 'secret.key'), 'der-schlüssel')
    symlinkSync(join(folder, 'secret.key'), join(folder, 'bonn/link'))
    symlinkSync(folder, join(folder, 'bonn/up'))
    symlinkSync('token', join(folder, 'bonn/inside'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('a reference becomes the secret behind it, which does not print itself', () => {
    const settings = settingsOf(live, { token: 'env:BONN_TOKEN' })
    assert.equal(settings.token.reveal(), 'sehr-geheim')
    assert.ok(!inspect(settings).includes('sehr-geheim') && !JSON.stringify(settings).includes('sehr-geheim'))
    assert.equal(settingsOf(places, { token: `file:${folder}/bonn/token` }).token.reveal(), 'aus-der-datei')
  })

  it('base is the connector’s own or the one set', () => {
    assert.equal(settingsOf(live, { token: 'env:BONN_TOKEN' }).base, 'https://mastodon.example')
    assert.equal(settingsOf(live, { base: 'https://social.bund.de', token: 'env:BONN_TOKEN' }).base, 'https://social.bund.de')
  })

  it('base may be unencrypted on this machine only', () => {
    for (const base of ['http://127.0.0.1:8081/mastodon', 'http://localhost:1', 'http://[::1]:1'])
      assert.equal(settingsOf(live, { base, token: 'env:BONN_TOKEN' }).base, base)
    for (const base of [
      'http://social.bund.de',
      'http://127.0.0.1.bund.de',
      'http://127.0.0.1@bund.de',
      'ftp://localhost',
      'social.bund.de',
      7,
    ])
      assert.match(errorOf(live, { base, token: 'env:BONN_TOKEN' }), /muss mit https:\/\/ beginnen/, String(base))
  })

  it('no other address may be unencrypted either', () => {
    assert.match(errorOf(live, { web: 'http://bund.de', token: 'env:BONN_TOKEN' }), /Die Adresse \(web\) des Kanals »mastodon-bonn«/)
  })

  it('a missing secret is named, with the channel that needs it', () => {
    assert.match(errorOf(live, { token: 'env:BONN_OTHER' }), /BONN_OTHER ist nicht gesetzt; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(places, { token: 'file:nowhere' }), /nicht zu lesen; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(places, { token: `file:${folder}/bonn/empty` }), /ist leer; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(live, {}), /stimmt nicht: token/)
  })

  it('a city’s file names what belongs to the city, and what the operator lists for all', () => {
    for (const [token, value] of [
      ['env:BONN_TOKEN', 'sehr-geheim'],
      ['env:META_APP_SECRET', 'für-alle'],
      ['file:token', 'aus-der-datei'],
      ['file:./token', 'aus-der-datei'],
      ['file:inside', 'aus-der-datei'],
      [`file:${folder}/shared`, 'geteilt'],
    ] as const)
      assert.equal(settingsOf(places, { token }).token.reveal(), value, token)
  })

  it('and nothing else: no other city’s, none of the house, no file beside the folder, on no way out of it', () => {
    for (const [token, words] of [
      ['env:KASSEL_X_TOKEN', /deren Name mit BONN_ beginnt/],
      ['env:BONN_', /deren Name mit BONN_ beginnt/],
      ['env:DATABASE_URL', /eine Einstellung von Rundruf selbst/],
      ['env:RUNDRUF_KEY', /eine Einstellung von Rundruf selbst/],
      ['file:/etc/passwd', /eine Datei unter .*\/bonn\//],
      ['file:../secret.key', /eine Datei unter/],
      ['file:../kassel/token', /eine Datei unter/],
      [`file:${folder}/kassel/token`, /eine Datei unter/],
      ['file:link', /auch nicht über einen Link hinaus/],
      ['file:up/secret.key', /auch nicht über einen Link hinaus/],
      ['file:up/bonn/../secret.key', /eine Datei unter/],
    ] as const) {
      const message = errorOf(places, { token, base: 'https://evil.example' })
      assert.match(message, words, token)
      for (const value of ['fremd', 'der-schlüssel', 'root:']) assert.ok(!message.includes(value))
    }
    assert.match(errorOf(live, { token: 'file:token' }), /eine Datei unter bonn\//, 'without a folder of secrets there are no files')
  })

  it('what is the house’s own stays so, whatever the operator lists', () => {
    for (const token of ['env:DATABASE_URL', 'env:REDIS_URL', 'env:RUNDRUF_KEY', 'env:rundruf_url', 'env:PGPASSWORD'])
      assert.match(errorOf({ ...places, sharedSecrets: [token] }, { token }), /eine Einstellung von Rundruf selbst/)
  })

  it('the city with the longest name that fits has a variable, and hyphens are underscores', () => {
    assert.equal(prefixOf('frankfurt-am-main'), 'FRANKFURT_AM_MAIN_')
    const cities = ['kreis', 'kreis-soest', 'kreis-soest-nord']
    for (const [name, owner] of [
      ['KREIS_TOKEN', 'kreis'],
      ['KREIS_SOEST_TOKEN', 'kreis-soest'],
      ['KREIS_SOEST_NORD_TOKEN', 'kreis-soest-nord'],
    ] as const)
      for (const city of cities)
        assert.equal(foreign(`env:${name}`, { city, cities }, noPlaces) === undefined, city === owner, `${name} of ${city}`)
  })

  it('an address with a name in it is refused, and so is one in a list that is not encrypted', () => {
    assert.match(
      errorOf(live, { base: 'https://bonn:geheim@social.bund.de', token: 'env:BONN_TOKEN' }),
      /darf keinen Namen und kein Kennwort/,
    )
    assert.match(errorOf(live, { relays: ['ws://relay.example'], hidden: 'no' }, relays), /Die Adresse \(relays\.0\).* muss mit https/)
    assert.doesNotThrow(() => settingsOf(live, { relays: ['wss://relay.example', 'ws://127.0.0.1:1'], hidden: 'no' }, relays))
  })

  it('a secret in clear is refused and not repeated', () => {
    const message = errorOf(live, { token: 'sehr-geheim' })
    assert.match(message, /»token« im Klartext/)
    assert.ok(!message.includes('sehr-geheim'))
  })
})
