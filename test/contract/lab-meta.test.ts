// The lab's Facebook and Instagram over plain HTTP, as their documentation shows them: errors, tokens, edits, containers, and what a restart keeps.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Lab, type LabOptions, startLab } from '../../lab/lab.ts'
import { freePort } from '../support/free-port.ts'
import { aJpeg } from '../support/jpeg.ts'

const page = '100064598765432'
const account = '17841400012345678'
const picture = await aJpeg('Das Freibad von oben')

const started = async (t: TestContext, options: Partial<LabOptions> = {}): Promise<Lab> => {
  const lab = await startLab({ port: 0, ...options })
  t.after(() => lab.stop())
  return lab
}

/** As much of the answers as the tests look at. */
interface Said {
  readonly id: string
  readonly message?: string
  readonly status_code?: string
  readonly error: { readonly type: string; readonly code: number; readonly error_subcode?: number }
}

interface Answered {
  readonly status: number
  readonly body: Said
}

const asker =
  (lab: Lab, platform: 'facebook' | 'instagram', token = 'rehearsal-bonn') =>
  async (method: string, path: string, params?: object): Promise<Answered> => {
    const headers = { authorization: `Bearer ${token}`, ...(params && { 'content-type': 'application/json' }) }
    const response = await fetch(`${lab.url}/${platform}/v25.0${path}`, { method, headers, body: params ? JSON.stringify(params) : null })
    return { status: response.status, body: (await response.json()) as Said }
  }

const numbers = ({ status, body }: Answered) => [status, body.error.code, body.error.error_subcode]

const newsroom = async (t: TestContext): Promise<string> => {
  const server = createServer((_, response) => response.end(picture.bytes))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture`
}

test('an error has the shape that the guide to errors shows', async (t) => {
  const { status, body } = await asker(await started(t), 'facebook', 'nobody')('GET', `/${page}?fields=name`)
  assert.equal(status, 401)
  assert.deepEqual(Object.keys(body.error), ['message', 'type', 'code', 'fbtrace_id'])
  assert.deepEqual([body.error.type, body.error.code], ['OAuthException', 190])
})

test('a field that does not exist is refused, and without fields the id comes back', async (t) => {
  const ask = asker(await started(t), 'facebook')
  assert.deepEqual(numbers(await ask('GET', `/${page}?fields=name,colour`)), [400, 100, undefined])
  const made = await ask('POST', `/${page}/feed`, { message: 'Guten Morgen' })
  assert.deepEqual([made.status, Object.keys(made.body)], [200, ['id']])
})

test('an edit changes what it names, and a deleted post is 100/33', async (t) => {
  const lab = await started(t)
  const ask = asker(lab, 'facebook')
  const { body: made } = await ask('POST', `/${page}/feed`, { message: 'Guten Morgen' })
  assert.deepEqual((await ask('POST', `/${made.id}`, { message: 'Guten Abend' })).body, { success: true })
  assert.equal((await ask('GET', `/${made.id}?fields=message`)).body.message, 'Guten Abend')
  assert.deepEqual((await ask('DELETE', `/${made.id}`)).body, { success: true })
  assert.deepEqual(numbers(await ask('GET', `/${made.id}`)), [400, 100, 33])
  assert.equal(lab.ledger()[0]?.revisions.length, 2)
})

test('a container passes through its states and is published once', async (t) => {
  let passed = 0
  const ask = asker(await started(t, { now: () => Date.now() + passed }), 'instagram')
  const address = await newsroom(t)
  const stateOf = async (id: string) => (await ask('GET', `/${id}?fields=status_code`)).body.status_code
  const { body: made } = await ask('POST', `/${account}/media`, { image_url: address, caption: 'Freibad' })
  assert.equal(await stateOf(made.id), 'FINISHED')
  assert.equal((await ask('POST', `/${account}/media_publish`, { creation_id: made.id })).status, 200)
  assert.equal(await stateOf(made.id), 'PUBLISHED')
  assert.equal((await ask('POST', `/${account}/media_publish`, { creation_id: made.id })).status, 400)
  const { body: late } = await ask('POST', `/${account}/media`, { image_url: address, caption: 'Freibad' })
  passed = 86_400_000
  assert.equal(await stateOf(late.id), 'EXPIRED')
  assert.deepEqual(numbers(await ask('POST', `/${account}/media_publish`, { creation_id: late.id })), [400, -2, 2207020])
})

test('a carousel has two to ten pictures, each an item of its own', async (t) => {
  const ask = asker(await started(t), 'instagram')
  const image_url = await newsroom(t)
  const { body: item } = await ask('POST', `/${account}/media`, { image_url, is_carousel_item: true })
  const { body: whole } = await ask('POST', `/${account}/media`, { image_url })
  const carousel = (...children: readonly string[]) => ask('POST', `/${account}/media`, { media_type: 'CAROUSEL', children })
  assert.deepEqual(numbers(await carousel(item.id)), [400, 9004, 2207028])
  assert.deepEqual(numbers(await carousel(item.id, whole.id)), [400, 100, undefined])
  assert.equal((await carousel(item.id, item.id)).status, 200)
  assert.equal((await ask('POST', `/${account}/media_publish`, { creation_id: item.id })).status, 400)
})

test('a lab that comes back from its journal has its pictures without fetching them again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-meta-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const options = { port: await freePort(), journal: join(folder, 'journal') }
  const server = createServer((_, response) => response.end(picture.bytes))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const image_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture`
  const first = await startLab(options)
  const { body: made } = await asker(first, 'instagram')('POST', `/${account}/media`, {
    image_url,
    caption: 'Freibad',
    alt_text: 'Von oben',
  })
  await asker(first, 'instagram')('POST', `/${account}/media_publish`, { creation_id: made.id })
  const before = first.ledger()
  await first.stop()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  const again = await started(t, options)
  assert.deepEqual(again.ledger(), before)
  assert.equal(before[0]?.images[0]?.size, picture.image.size)
})
