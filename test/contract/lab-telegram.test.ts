// The lab's Telegram over HTTP: tokens, channels, rights, entities, albums and their parts, as the Bot API documents them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lab, type LabSettings, startLab } from '../../lab/lab.ts'
import { anImage } from '../support/png.ts'

const open = (telegram: LabSettings['telegram'] = {}, now?: () => number): Promise<Lab> =>
  startLab({ port: 0, ...(now && { now }), settings: { telegram } })

interface Told {
  readonly ok: boolean
  // biome-ignore lint/suspicious/noExplicitAny: answers of many methods, of which a test looks at one field
  readonly result: any
  readonly error_code: number
  readonly description: string
  readonly parameters?: { readonly retry_after: number }
}

const ask = async (lab: Lab, method: string, params: object | FormData = {}, token = 'rehearsal-bonn'): Promise<Told> => {
  const isForm = params instanceof FormData
  const response = await fetch(`${lab.url}/telegram/bot${token}/${method}`, {
    method: 'POST',
    body: isForm ? params : JSON.stringify(params),
    ...(!isForm && { headers: { 'content-type': 'application/json' } }),
  })
  return (await response.json()) as Told
}

const say = (lab: Lab, text: string, more: object = {}) => ask(lab, 'sendMessage', { chat_id: '@bonn', text, ...more })

const album = (lab: Lab, captions: readonly string[]) => {
  const form = new FormData()
  form.set('chat_id', '@bonn')
  form.set('media', JSON.stringify(captions.map((caption, index) => ({ type: 'photo', media: `attach://p${index}`, caption }))))
  for (const [index] of captions.entries())
    form.set(`p${index}`, new Blob([new Uint8Array(anImage('', index + 1).bytes)], { type: 'image/png' }))
  return ask(lab, 'sendMediaGroup', form)
}

test('a token that does not begin with rehearsal- is answered with 401, a method that does not exist with 404', async () => {
  await using lab = await open()
  assert.deepEqual(await ask(lab, 'getMe', {}, '123:ABC'), { ok: false, error_code: 401, description: 'Unauthorized' })
  assert.equal((await ask(lab, 'sendPost')).error_code, 404)
})

test('every error has its code and its words', async () => {
  await using lab = await open()
  for (const [params, words] of [
    [{ chat_id: 'bonn', text: 'Hallo' }, /chat not found/],
    [{ text: 'Hallo' }, /chat_id is empty/],
    [{ chat_id: '@bonn', text: ' \n ' }, /message text is empty/],
    [{ chat_id: '@bonn', text: 'x'.repeat(4097) }, /message is too long/],
    [{ chat_id: '@bonn', text: 'Hallo', reply_parameters: { message_id: 7 } }, /message to be replied not found/],
  ] as const) {
    const { ok, error_code, description } = await ask(lab, 'sendMessage', params)
    assert.deepEqual([ok, error_code], [false, 400])
    assert.match(description, words)
  }
  assert.equal(lab.ledger().length, 0)
})

test('links, hashtags and mentions are found in a plain text, counted in UTF-16 units', async () => {
  await using lab = await open()
  const { result } = await say(lab, '🚒 https://www.bonn.de/a#b, #Bonn und @stadt_bonn.')
  assert.deepEqual(
    result.entities.map(({ type, offset, length }: Record<string, unknown>) => [type, offset, length]),
    [
      ['url', 3, 23],
      ['hashtag', 28, 5],
      ['mention', 38, 11],
    ],
  )
  assert.equal(lab.ledger()[0]?.link, 'https://www.bonn.de/a#b')
})

test('the same message twice is two messages: nothing tells them apart', async () => {
  await using lab = await open()
  const ids = [await say(lab, 'Hallo'), await say(lab, 'Hallo')].map(({ result }) => result.message_id)
  assert.deepEqual(ids, [1, 2])
  assert.equal(lab.ledger().length, 2)
})

test('an album is several messages and one post, which is gone when its last part is', async () => {
  await using lab = await open()
  const { result } = await album(lab, ['Zwei Bilder', ''])
  assert.equal(new Set(result.map(({ media_group_id }: { media_group_id: string }) => media_group_id)).size, 1)
  assert.deepEqual([lab.ledger().length, lab.ledger()[0]?.text, lab.ledger()[0]?.images.length], [1, 'Zwei Bilder', 2])
  await ask(lab, 'deleteMessage', { chat_id: '@bonn', message_id: 2 })
  assert.deepEqual([lab.ledger()[0]?.images.length, lab.ledger()[0]?.deletedAt], [1, null])
  await ask(lab, 'deleteMessage', { chat_id: '@bonn', message_id: 1 })
  assert.notEqual(lab.ledger()[0]?.deletedAt, null)
  assert.match((await ask(lab, 'deleteMessage', { chat_id: '@bonn', message_id: 1 })).description, /message to delete not found/)
})

test('an edit that changes nothing is refused, and a text has no caption', async () => {
  await using lab = await open()
  await say(lab, 'Hallo')
  const edit = (method: string, more: object) => ask(lab, method, { chat_id: '@bonn', message_id: 1, ...more })
  assert.match((await edit('editMessageText', { text: 'Hallo' })).description, /message is not modified/)
  assert.match((await edit('editMessageCaption', { caption: 'Hallo' })).description, /no caption in the message/)
  assert.equal((await edit('editMessageText', { text: 'Guten Tag' })).ok, true)
  assert.equal(lab.ledger()[0]?.revisions.length, 2)
})

test('too many messages to one channel are answered with the seconds to wait', async () => {
  await using lab = await open({ messages: { points: 1, seconds: 60 } })
  await say(lab, 'Eins')
  const { error_code, parameters } = await say(lab, 'Zwei')
  assert.equal(error_code, 429)
  assert.ok((parameters?.retry_after ?? 0) > 0 && (parameters?.retry_after ?? 0) <= 60)
  assert.equal((await ask(lab, 'sendMessage', { chat_id: '@koeln', text: 'Dort schon' })).ok, true)
})
