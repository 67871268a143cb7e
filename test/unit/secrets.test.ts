// How a channel's settings become what its connector takes: a rehearsal knows no real credential, live mode no plain address.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { z } from 'zod'
import { fieldsOf, isReference } from '../../config/credentials.ts'
import { channelSettings } from '../../config/secrets.ts'
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
const environment: Record<string, string> = { BONN_TOKEN: 'sehr-geheim' }
const variable = (name: string) => environment[name]
const rehearsal = { mode: 'rehearsal', labPort: 4711, variable } as const
const live = { mode: 'live', labPort: 4711, variable } as const

interface Parsed {
  readonly base: string
  readonly web?: string
  readonly handle?: string
  readonly token: Secret
  readonly spare?: Secret
}
const settingsOf = (config: typeof rehearsal | typeof live, settings: Record<string, unknown>, of = connector): Parsed =>
  channelSettings(config, bonn, channelWith(settings), of) as Parsed
const errorOf = (config: typeof rehearsal | typeof live, settings: Record<string, unknown>): string => {
  try {
    settingsOf(config, settings)
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

describe('in live mode', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rundruf-secrets-'))
    writeFileSync(join(folder, 'token'), 'aus-der-datei\n')
    writeFileSync(join(folder, 'empty'), '\n')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('a reference becomes the secret behind it, which does not print itself', () => {
    const settings = settingsOf(live, { token: 'env:BONN_TOKEN' })
    assert.equal(settings.token.reveal(), 'sehr-geheim')
    assert.ok(!inspect(settings).includes('sehr-geheim') && !JSON.stringify(settings).includes('sehr-geheim'))
    assert.equal(settingsOf(live, { token: `file:${folder}/token` }).token.reveal(), 'aus-der-datei')
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
    assert.match(errorOf(live, { token: 'env:KASSEL_TOKEN' }), /KASSEL_TOKEN ist nicht gesetzt; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(live, { token: 'file:/nowhere/at/all' }), /nicht zu lesen; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(live, { token: `file:${folder}/empty` }), /ist leer; der Kanal »mastodon-bonn«/)
    assert.match(errorOf(live, {}), /stimmt nicht: token/)
  })

  it('a secret in clear is refused and not repeated', () => {
    const message = errorOf(live, { token: 'sehr-geheim' })
    assert.match(message, /»token« im Klartext/)
    assert.ok(!message.includes('sehr-geheim'))
  })
})
