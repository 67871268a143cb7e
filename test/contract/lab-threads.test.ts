// The lab's Threads over HTTP: containers and what becomes of them, quotas, tokens, errors, as Meta documents them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lab, type LabSettings, startLab } from '../../lab/lab.ts'

const open = (threads: LabSettings['threads'] = {}, now?: () => number): Promise<Lab> =>
  startLab({ port: 0, ...(now && { now }), settings: { threads } })

interface Told {
  readonly id: string
  readonly status: string
  readonly text: string
  readonly access_token: string
  readonly expires_in: number
  readonly error: { readonly code: number; readonly error_subcode?: number; readonly message: string }
  readonly data: readonly (Told & Readonly<Record<string, number>>)[]
}

const ask = async (lab: Lab, way: string, fields: Readonly<Record<string, string>> = {}): Promise<Told> => {
  const [method = 'GET', path] = way.split(' ')
  const query = new URLSearchParams({ access_token: 'rehearsal-bonn', ...fields })
  return (await (await fetch(`${lab.url}/threads/v1.0/${path}?${query}`, { method })).json()) as Told
}

const contain = (lab: Lab, text: string, more: Readonly<Record<string, string>> = {}) =>
  ask(lab, 'POST me/threads', { media_type: 'TEXT', text, ...more })
const publish = (lab: Lab, creation_id: string) => ask(lab, 'POST me/threads_publish', { creation_id })
const post = async (lab: Lab, text: string, more: Readonly<Record<string, string>> = {}) =>
  publish(lab, (await contain(lab, text, more)).id)
const statusOf = async (lab: Lab, id: string) => (await ask(lab, `GET ${id}`, { fields: 'id,status' })).status

test('a container is nothing that anybody sees until it is published, and is published once', async () => {
  await using lab = await open()
  const { id } = await contain(lab, 'Hallo')
  assert.deepEqual([await statusOf(lab, id), lab.ledger().length], ['FINISHED', 0])
  const published = await publish(lab, id)
  assert.deepEqual([await statusOf(lab, id), lab.ledger()[0]?.id], ['PUBLISHED', published.id])
  assert.notEqual(published.id, id)
  assert.deepEqual([(await publish(lab, id)).error.error_subcode, lab.ledger().length], [4279009, 1])
})

test('what is being processed, ran out or was never made cannot be published', async () => {
  let passed = 0
  await using lab = await open({ processingMs: 5000 }, () => 1_800_000_000_000 + passed)
  const { id } = await contain(lab, 'Hallo')
  const refused = async (container: string) => (await publish(lab, container)).error.code
  assert.deepEqual([await statusOf(lab, id), await refused(id), await refused('17')], ['IN_PROGRESS', 24, 24])
  passed = 25 * 3_600_000
  assert.deepEqual([await statusOf(lab, id), await refused(id)], ['EXPIRED', 24])
})

test('a text counts its bytes: emojis, umlauts, and a link as written', async () => {
  await using lab = await open()
  assert.ok((await contain(lab, '🚒'.repeat(125))).id)
  assert.match((await contain(lab, `${'🚒'.repeat(125)}x`)).error.message, /at most 500 characters/)
  assert.ok((await contain(lab, 'ü'.repeat(250))).id)
  assert.match((await contain(lab, `${'a'.repeat(492)}${'ü'.repeat(6)}`)).error.message, /at most 500 characters/)
})

test('the quotas of posts, answers and deletions are each for a moving day', async () => {
  let passed = 0
  await using lab = await open({ quotas: { posts: 1, replies: 1, deletes: 1 } }, () => 1_800_000_000_000 + passed)
  const first = await post(lab, 'Eins')
  assert.equal((await post(lab, 'Zwei')).error.code, 9)
  const reply = await post(lab, 'Antwort', { reply_to_id: first.id })
  assert.equal((await post(lab, 'Noch eine', { reply_to_id: first.id })).error.code, 9)
  assert.equal((await ask(lab, `DELETE ${reply.id}`)).error, undefined)
  assert.equal((await ask(lab, `DELETE ${first.id}`)).error.code, 9)
  const [quota] = (await ask(lab, 'GET me/threads_publishing_limit')).data
  assert.deepEqual([quota?.quota_usage, quota?.reply_quota_usage, quota?.delete_quota_usage], [1, 1, 1])
  passed = 86_400_000
  assert.ok((await post(lab, 'Drei')).id)
})

test('posts and answers stand in lists of their own, newest first, page by page', async () => {
  await using lab = await open()
  const first = await post(lab, 'Eins')
  await post(lab, 'Zwei')
  await post(lab, 'Antwort', { reply_to_id: first.id })
  const texts = async (list: string, more: Readonly<Record<string, string>> = {}) =>
    (await ask(lab, `GET me/${list}`, { fields: 'id,text', ...more })).data.map(({ text }) => text)
  assert.deepEqual([await texts('threads'), await texts('replies')], [['Zwei', 'Eins'], ['Antwort']])
  const [newest] = (await ask(lab, 'GET me/threads', { fields: 'id', limit: '1' })).data
  assert.deepEqual(await texts('threads', { after: newest?.id ?? '' }), ['Eins'])
})

test('a token is refused unless it begins with rehearsal-, refreshed after a day, and over after sixty', async () => {
  let passed = 0
  await using lab = await open({ tokenAgeSeconds: 0 }, () => 1_800_000_000_000 + passed)
  const refresh = (token: string) => ask(lab, 'GET refresh_access_token', { grant_type: 'th_refresh_token', access_token: token })
  assert.equal((await ask(lab, 'GET me', { access_token: 'secret' })).error.code, 190)
  assert.equal((await refresh('rehearsal-bonn')).error.code, 100)
  passed = 2 * 86_400_000
  const fresh = await refresh('rehearsal-bonn')
  assert.deepEqual([fresh.access_token, fresh.expires_in], ['rehearsal-bonn*2', 60 * 86_400])
  passed = 61 * 86_400_000
  assert.equal((await ask(lab, 'GET me')).error.error_subcode, 463)
  assert.equal((await ask(lab, 'GET me', { access_token: fresh.access_token })).error, undefined)
})
