// A lab with a journal outlives its own death: what was posted stands, under the same ids, and is recognised again.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { serving } from '../support/newsroom-media.ts'
import { anImage } from '../support/png.ts'

const folder = mkdtempSync(join(tmpdir(), 'rundruf-journal-'))
const journal = join(folder, 'journal')
let lab: ChildProcess
let url: string
let port: number

const start = async (): Promise<void> => {
  const program = resolve(import.meta.dirname, '../../lab/run.ts')
  lab = spawn(process.execPath, [program, '--port', String(port), '--journal', journal], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(lab.stdout as NodeJS.ReadableStream, 'data')
  url = JSON.parse(String(line)).url
}

const dieAndComeBack = async (between: () => void = () => {}): Promise<void> => {
  lab.kill('SIGKILL')
  await once(lab, 'exit')
  between()
  await start()
}

before(async () => {
  port = await freePort()
  await start()
})
after(() => {
  lab.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

// biome-ignore lint/suspicious/noExplicitAny: answers of two platforms, of which a test looks at one field
const call = async (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<any> => {
  const init = { method, headers: { 'content-type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }) }
  return (await fetch(url + path, init)).json()
}

const token = { authorization: 'Bearer rehearsal-bonn' }
const toot = (status: string, key: string, more: object = {}) =>
  call('POST', '/mastodon/api/v1/statuses', { status, ...more }, { ...token, 'idempotency-key': key })

const signIn = async () => {
  const identifier = { identifier: 'bonn.example.org', password: 'rehearsal-bonn' }
  const { accessJwt, did } = await call('POST', '/bluesky/xrpc/com.atproto.server.createSession', identifier)
  return { repo: did as string, bearer: { authorization: `Bearer ${accessJwt}` } }
}
type Session = Awaited<ReturnType<typeof signIn>>

const skeet = ({ repo, bearer }: Session, rkey: string, text: string) => {
  const record = { $type: 'app.bsky.feed.post', text, createdAt: '2026-05-01T10:00:00Z' }
  return call('POST', '/bluesky/xrpc/com.atproto.repo.putRecord', { repo, collection: 'app.bsky.feed.post', rkey, record }, bearer)
}

const ledger = () => call('GET', '/ledger')

test('after SIGKILL every post stands as it stood: edited, answered, deleted, under its own id', async () => {
  const session = await signIn()
  const [first, second] = await Promise.all([toot('Eins.', 'k1'), toot('Zwei.', 'k2')])
  await call('PUT', `/mastodon/api/v1/statuses/${first.id}`, { status: 'Eins, berichtigt.' }, token)
  await toot('Antwort.', 'k3', { in_reply_to_id: first.id })
  await call('DELETE', `/mastodon/api/v1/statuses/${second.id}`, undefined, token)
  const written = await skeet(session, '3lkabcdefgh2a', 'Auch hier.')
  const before = await ledger()
  assert.equal(before.length, 4)

  await dieAndComeBack()
  assert.deepEqual(await ledger(), before)
  const again = await toot('Eins.', 'k1')
  assert.equal(again.id, first.id, 'the idempotency key is known')
  const same = await skeet(session, '3lkabcdefgh2a', 'Auch hier.')
  assert.equal(same.cid, written.cid, 'the record and the session are known')
  assert.deepEqual(await ledger(), before, 'and nothing was posted twice')
})

test('a line that was half written is nothing; what comes after it is kept', async () => {
  const before = await ledger()
  await dieAndComeBack(() => appendFileSync(journal, '{"at":1,"platform":"mast'))
  assert.deepEqual(await ledger(), before)
  const { id } = await toot('Danach.', 'k4')
  await dieAndComeBack()
  const posts: readonly { id: string }[] = await ledger()
  assert.equal(posts.at(-1)?.id, id)
  assert.equal(posts.length, before.length + 1)
})

test('an emptied ledger stays empty', async () => {
  await fetch(`${url}/ledger`, { method: 'DELETE' })
  await toot('Nur das.', 'k1')
  await dieAndComeBack()
  assert.deepEqual(
    (await ledger()).map(({ text }: { text: string }) => text),
    ['Nur das.'],
  )
})

test('what a platform fetched from elsewhere is there again, even if it cannot be fetched any more', async () => {
  await fetch(`${url}/ledger`, { method: 'DELETE' })
  const picture = anImage('Das Freibad von oben')
  const newsroom = await serving([picture])
  const fields = { media_type: 'IMAGE', text: 'Mit Bild.', image_url: newsroom.urlOf(picture.image.id), access_token: 'rehearsal-bonn' }
  const { id } = await call('POST', `/threads/v1.0/me/threads?${new URLSearchParams(fields)}`)
  await call('POST', `/threads/v1.0/me/threads_publish?creation_id=${id}&access_token=rehearsal-bonn`)
  await newsroom.close()
  await dieAndComeBack()
  const [entry] = await ledger()
  assert.deepEqual([entry.text, entry.images[0].sha256], ['Mit Bild.', picture.image.id])
  assert.equal((await fetch(`${url}/media/${picture.image.id}`)).status, 200)
})
