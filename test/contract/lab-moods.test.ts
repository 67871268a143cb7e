// The lab’s moods: a platform’s clock, what it makes of texts, and an end that waits for nobody.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type LabOptions, startLab } from '../../lab/lab.ts'
import { freePort } from '../support/free-port.ts'

const headers = { authorization: 'Bearer rehearsal-bonn', 'content-type': 'application/json' }
const say = (url: string, status: string) =>
  fetch(`${url}/mastodon/api/v1/statuses`, { method: 'POST', headers, body: JSON.stringify({ status }) })

const noon = Date.parse('2026-11-30T12:00:00Z')
const open = (over: Partial<LabOptions> = {}) => startLab({ port: 0, now: () => noon, ...over })

test('F26: a platform’s clock is as far off as it is set, in its Date and in its posts; the others keep the lab’s', async () => {
  await using lab = await open()
  const put = await fetch(`${lab.url}/moods/mastodon`, { method: 'PUT', body: '{"clockMs":-120000}' })
  assert.deepEqual(await put.json(), { clockMs: -120_000, text: 'as-sent' })
  const answer = await say(lab.url, 'Hallo')
  assert.equal(answer.headers.get('date'), 'Mon, 30 Nov 2026 11:58:00 GMT')
  assert.equal(((await answer.json()) as { created_at: string }).created_at, '2026-11-30T11:58:00.000Z')
  assert.equal((await fetch(`${lab.url}/x/2/users/me`)).headers.get('date'), 'Mon, 30 Nov 2026 12:00:00 GMT')
  assert.equal((await fetch(`${lab.url}/moods/mastodon`, { method: 'DELETE' })).status, 204)
  assert.equal((await say(lab.url, 'Wieder')).headers.get('date'), 'Mon, 30 Nov 2026 12:00:00 GMT')
})

test('F26: a lab that comes back knows its posts as they were, whatever its platforms’ clocks showed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-moods-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const wish = { port: await freePort(), journal: join(folder, 'journal'), moods: { mastodon: { clockMs: 180_000 } } }
  const first = await open(wish)
  await say(first.url, 'Vor dem Ende')
  const before = first.ledger()
  await first.stop()
  await using second = await open(wish)
  assert.deepEqual(second.ledger(), before)
  assert.equal(before[0]?.createdAt, '2026-11-30T12:03:00.000Z')
})

test('F27: servers that read Markdown show other words than were sent, and some give the source away', async () => {
  await using lab = await open({ moods: { mastodon: { text: 'markdown' } } })
  const { id, content } = (await (await say(lab.url, 'Bürger*innen und Besucher*innen\n- Brot\n3. Oktober')).json()) as Record<
    string,
    string
  >
  assert.equal(content, '<p>Bürger<em>innen und Besucher</em>innen</p><ul><li>Brot</li></ul><ol start="3"><li>Oktober</li></ol>')
  const source = () => fetch(`${lab.url}/mastodon/api/v1/statuses/${id}/source`, { headers })
  assert.match(((await (await source()).json()) as { text: string }).text, /^Bürger\*innen/)
  lab.setMood('mastodon', { text: 'markdown-only' })
  assert.equal((await source()).status, 404)
})

test('a mood that there is not is refused with the choice', async () => {
  await using lab = await open()
  const put = (platform: string, body: string) => fetch(`${lab.url}/moods/${platform}`, { method: 'PUT', body })
  for (const body of ['{"text":"loud"}', '{"clockMs":1.5}', '{"volume":1}', '[]', 'x'])
    assert.equal((await put('mastodon', body)).status, 422, body)
  assert.equal((await put('myspace', '{}')).status, 404)
})

test('an address with a stray per cent sign is refused, and no fault of the lab', async () => {
  await using lab = await open()
  for (const path of ['/avatar/x/%', '/avatar/x/%zz.svg', '/facebook/v25.0/%', '/telegram/bot%/getMe'])
    assert.equal((await fetch(lab.url + path)).status, 400, path)
})

test('the lab ends at once, also with a connection that has said nothing yet, or half a request', async () => {
  const lab = await open()
  for (const words of ['', 'GET / HT', 'POST /mastodon/api/v1/statuses HTTP/1.1\r\ncontent-length: 9\r\n\r\nhalf']) {
    const socket = connect(lab.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(words)
  }
  await lab.stop()
})
