// Linking an account by a phone: who may, what is shown, how it ends; over the API, on the operators' page, and in the terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLinking } from '../../src/commands/link-channel.ts'
import type { AnyConnector, LinkWish } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { type Api, anApi } from '../support/api.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { poll } from '../support/poll.ts'
import { callOn } from './cli-calling.ts'
import { aService } from './cli-fake-service.ts'

const whatsapp = { platform: 'whatsapp', title: 'WhatsApp', link: async () => {} } as unknown as AnyConnector

/** Bonn with a channel to be linked, and links that do as the test says. */
const aDoor = async (link: (wish: LinkWish, signal: AbortSignal) => Promise<void>) => {
  const linking = openLinking((_, wish, signal) => link(wish, signal))
  const api = await anApi({ linking })
  const channels = [aChannel(), aChannel({ name: 'whatsapp-bonn', platform: 'whatsapp', settings: { channel: '1@newsletter' } })]
  ;(api.desk.cities as Map<string, object>).set('bonn', aCity({ channels, rules: [aRule()] }))
  ;(api.desk.connectors as Map<string, object>).set('whatsapp', whatsapp)
  return { api, linking }
}
const address = '/channels/bonn/whatsapp-bonn/link'
const stateOf = async (api: Api) => (await api.call('operator', `GET ${address}`)).json()

test('an operator begins a link, sees the code as it changes, and how it ends', async () => {
  const phone = Promise.withResolvers<void>()
  const wishes: LinkWish[] = []
  const { api } = await aDoor((wish) => {
    wishes.push(wish)
    return phone.promise
  })
  await using _ = api
  assert.equal((await stateOf(api)).state, 'none')
  const begun = await api.call('operator', `POST ${address}`, {})
  assert.deepEqual(begun.json(), { state: 'waiting', qr: null, code: null, problem: null })
  await api.call('operator', `POST ${address}`, {})
  assert.equal(wishes.length, 1, 'one link at a time')
  wishes[0]?.offer({ qr: '2@eins' })
  assert.equal((await stateOf(api)).qr, '2@eins')
  wishes[0]?.offer({ qr: '2@zwei' })
  assert.equal((await stateOf(api)).qr, '2@zwei')
  phone.resolve()
  await poll('the link', async () => (await stateOf(api)).state === 'linked')
})

test('a phone number asks for a code; one that can be none is refused, as are strangers and channels without anything to link', async () => {
  const wishes: LinkWish[] = []
  const { api, linking } = await aDoor((wish, signal) => {
    wishes.push(wish)
    wish.offer({ code: 'ABCD1234' })
    return new Promise((_, fail) => signal.addEventListener('abort', () => fail(new ChannelError('Niemand war da.'))))
  })
  await using _ = api
  const begun = await api.call('operator', `POST ${address}`, { phone: '+49 151 / 123-45678' })
  assert.equal(begun.json().code, 'ABCD1234')
  assert.equal(wishes[0]?.phone, '4915112345678')
  const refused = async (as: Parameters<Api['call']>[0], path: string, body: object = {}) =>
    (await api.call(as, `POST ${path}` as 'POST /', body)).json().code
  assert.equal(await refused('operator', address, { phone: '0151 12345' }), 'wrong-phone')
  assert.equal(await refused('author', address), 'not-allowed')
  assert.equal(await refused('operator of mainz', address), 'unknown-city')
  assert.equal(await refused(null, address), 'no-key')
  assert.equal(await refused('operator', '/channels/bonn/newsroom/link'), 'not-linkable')
  assert.equal(await refused('operator', '/channels/bonn/gibtsnicht/link'), 'unknown-channel')
  await linking.close()
  assert.deepEqual(await stateOf(api), { state: 'failed', qr: null, code: null, problem: 'Niemand war da.' })
})

test('the operators’ page shows the QR code as a picture, renews itself, and takes forms from nowhere else', async () => {
  const { api, linking } = await aDoor((wish, signal) => {
    wish.offer({ qr: '2@<ref>,key' })
    return new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('over'))))
  })
  await using _ = api
  const page = '/ops/link/bonn/whatsapp-bonn'
  assert.equal((await api.app.inject(page)).statusCode, 303, 'not without a session')
  const login = await api.app.inject({
    method: 'POST',
    url: '/ops/login',
    payload: new URLSearchParams({ key: api.keys['operator of all'] }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  const form = { 'content-type': 'application/x-www-form-urlencoded', cookie }
  assert.match((await api.app.inject({ url: '/ops/link', headers: { cookie } })).body, /href="\/ops\/link\/bonn\/whatsapp-bonn"/)
  const foreign = await api.app.inject({
    method: 'POST',
    url: page,
    payload: 'phone=',
    headers: { ...form, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(foreign.statusCode, 403)
  const begun = await api.app.inject({ method: 'POST', url: page, payload: 'phone=', headers: form })
  assert.equal(begun.headers.location, page)
  const shown = await api.app.inject({ url: page, headers: { cookie } })
  assert.match(shown.body, /<svg [^>]*viewBox/)
  assert.equal(shown.headers.refresh, '3')
  await linking.close()
  const ended = await api.app.inject({ url: page, headers: { cookie } })
  assert.equal(ended.headers.refresh, undefined)
  assert.match(ended.body, /over/)
})

test('channels link shows the code in the terminal and ends when it is done', async () => {
  const states = [
    { state: 'waiting', qr: '2@ref,key', code: null, problem: null },
    { state: 'waiting', qr: null, code: 'ABCD1234', problem: null },
    { state: 'linked', qr: null, code: null, problem: null },
  ]
  const service = await aService({ [`POST ${address}`]: { ...states[0], qr: null }, [`GET ${address}`]: () => states.shift() as object })
  await using _ = service
  const linked = await callOn(service, ['channels', 'link', 'bonn', 'whatsapp-bonn', '--phone', '+49 151 12345678'])
  assert.equal(linked.code, 0, linked.err)
  assert.match(linked.err, /Verknüpfte Geräte[\s\S]*▄[\s\S]*ABCD-1234/)
  assert.match(linked.out, /verknüpft[\s\S]*channels resume bonn whatsapp-bonn/)
  assert.deepEqual(service.asked[0]?.body, { phone: '+49 151 12345678' })
})

test('channels link ends with 1 and the reason when nobody was there', async () => {
  const failed = { state: 'failed', qr: null, code: null, problem: 'Niemand hat das Konto verknüpft; die Zeit ist um.' }
  const service = await aService({ [`POST ${address}`]: failed })
  await using _ = service
  const ended = await callOn(service, ['channels', 'link', 'bonn', 'whatsapp-bonn'])
  assert.equal(ended.code, 1)
  assert.match(ended.err, /die Zeit ist um/)
})
