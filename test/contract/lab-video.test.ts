// The lab's YouTube and TikTok, asked over HTTP as their documentation describes: sessions and ranges, states, words and refusals.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { type LabOptions, startLab } from '../../lab/lab.ts'
import { freePort } from '../support/free-port.ts'
import { anMp4 } from '../support/mp4.ts'
import { poll } from '../support/poll.ts'

const film = anMp4({ padding: 600_000 })
const unit = 262_144

const opened = async (t: TestContext, options: Partial<LabOptions> = {}) => {
  const lab = await startLab({ port: 0, ...options })
  t.after(() => lab.stop())
  return lab
}

const signedIn = async (address: string, form: Readonly<Record<string, string>>): Promise<string> => {
  const body = new URLSearchParams({ grant_type: 'refresh_token', client_secret: 'x', refresh_token: 'rehearsal-bonn', ...form })
  const answer = (await (await fetch(address, { method: 'POST', body })).json()) as { access_token: string }
  return `Bearer ${answer.access_token}`
}

describe('YouTube in the lab', () => {
  const begun = async (url: string, authorization: string, size = film.length, snippet: object = { title: 'Rat', categoryId: '25' }) => {
    const headers = { authorization, 'x-upload-content-length': String(size), 'x-upload-content-type': 'video/mp4' }
    const init = { method: 'POST', headers, body: JSON.stringify({ snippet, status: { privacyStatus: 'public' } }) }
    return fetch(`${url}/youtube/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status`, init)
  }
  const put = (session: string, authorization: string, range: string, body: Buffer = Buffer.alloc(0)) =>
    fetch(session, { method: 'PUT', redirect: 'manual', headers: { authorization, 'content-range': range }, body: new Uint8Array(body) })
  const reasonIn = async (response: Response): Promise<string> => {
    const { error } = (await response.json()) as { error: { errors: { reason: string }[] } }
    return `${response.status} ${error.errors[0]?.reason}`
  }

  test('a session takes pieces in order, says how far it is, and makes one video', async (t) => {
    const { url, ledger } = await opened(t)
    const authorization = await signedIn(`${url}/youtube/token`, { client_id: 'x' })
    const session = (await begun(url, authorization)).headers.get('location') ?? ''
    const size = film.length
    assert.equal((await put(session, authorization, `bytes */${size}`)).headers.get('range'), null)
    assert.equal((await put(session, authorization, `bytes 0-99/${size}`, film.subarray(0, 100))).status, 400, 'no multiple of 256 KiB')
    const first = await put(session, authorization, `bytes 0-${unit - 1}/${size}`, film.subarray(0, unit))
    assert.deepEqual([first.status, first.headers.get('range')], [308, `bytes=0-${unit - 1}`])
    const twice = await put(session, authorization, `bytes 0-${unit - 1}/${size}`, film.subarray(0, unit))
    assert.equal(twice.headers.get('range'), `bytes=0-${unit - 1}`, 'what is there already is passed over')
    const last = await put(session, authorization, `bytes ${unit}-${size - 1}/${size}`, film.subarray(unit))
    const again = await put(session, authorization, `bytes */${size}`)
    assert.deepEqual([last.status, again.status], [200, 200])
    assert.equal(((await last.json()) as { id: string }).id, ((await again.json()) as { id: string }).id)
    assert.equal(ledger().length, 1)
  })

  test('words are refused as documented: characters of the title, bytes of the description, angle brackets', async (t) => {
    const { url } = await opened(t)
    const authorization = await signedIn(`${url}/youtube/token`, { client_id: 'x' })
    for (const [snippet, reason] of [
      [{ title: 'ü'.repeat(101), categoryId: '25' }, '400 invalidTitle'],
      [{ title: 'Rat <live>', categoryId: '25' }, '400 invalidTitle'],
      [{ title: 'Rat', description: 'ü'.repeat(2501), categoryId: '25' }, '400 invalidDescription'],
      [{ title: 'Rat', categoryId: 'Politik' }, '400 invalidCategoryId'],
    ] as const)
      assert.equal(await reasonIn(await begun(url, authorization, 10, snippet)), reason)
    assert.equal(
      (await begun(url, authorization, 10, { title: 'ü'.repeat(100), description: 'ü'.repeat(2500), categoryId: '25' })).status,
      200,
    )
    assert.equal(await reasonIn(await begun(url, 'Bearer ya29.nobody')), '401 authError')
  })

  test('a day has a hundred uploads, and units for all the rest', async (t) => {
    const { url } = await opened(t, { settings: { youtube: { quota: { uploads: 1, units: 2 } } } })
    const authorization = await signedIn(`${url}/youtube/token`, { client_id: 'x' })
    assert.equal((await begun(url, authorization)).status, 200)
    assert.equal(await reasonIn(await begun(url, authorization)), '403 quotaExceeded')
    const own = () => fetch(`${url}/youtube/youtube/v3/channels?part=snippet&mine=true`, { headers: { authorization } })
    assert.deepEqual([(await own()).status, (await own()).status], [200, 200])
    assert.equal(await reasonIn(await own()), '403 quotaExceeded')
  })

  test('a lab that was killed knows its sessions and videos again', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rundruf-lab-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const options = { port: await freePort(), journal: join(folder, 'lab.journal') }
    const before = await startLab(options)
    const authorization = await signedIn(`${before.url}/youtube/token`, { client_id: 'x' })
    const session = (await begun(before.url, authorization)).headers.get('location') ?? ''
    await put(session, authorization, `bytes 0-${unit - 1}/${film.length}`, film.subarray(0, unit))
    await before.stop()
    const after = await opened(t, options)
    // a connection to the one that died may still be open here
    await poll('the lab to answer', async () => (await fetch(`${after.url}/healthz`).catch(() => undefined))?.ok === true)
    const last = await put(session, authorization, `bytes ${unit}-${film.length - 1}/${film.length}`, film.subarray(unit))
    assert.equal(((await last.json()) as { id: string }).id, after.ledger()[0]?.id)
  })
})

describe('TikTok in the lab', () => {
  const asking = async (url: string) => {
    const authorization = await signedIn(`${url}/tiktok/v2/oauth/token/`, { client_key: 'x' })
    return async (path: string, json: object) => {
      const headers = { authorization, 'content-type': 'application/json' }
      const response = await fetch(`${url}/tiktok/v2/post/publish/${path}`, { method: 'POST', headers, body: JSON.stringify(json) })
      return (await response.json()) as { data: { publish_id: string; upload_url: string; status: string }; error: { code: string } }
    }
  }
  const wish = (size: number, chunk: number, chunks: number, info: object = {}) => ({
    post_info: { title: 'Azubis', privacy_level: 'SELF_ONLY', ...info },
    source_info: { source: 'FILE_UPLOAD', video_size: size, chunk_size: chunk, total_chunk_count: chunks },
  })

  test('pieces have between 5 and 64 MB, the last one up to 128, and a small film is one', async (t) => {
    const { url } = await opened(t, { settings: { tiktok: { rateLimits: false } } })
    const ask = await asking(url)
    for (const [size, chunk, chunks, code] of [
      [4_000_000, 4_000_000, 1, 'ok'],
      [4_000_000, 2_000_000, 2, 'invalid_params'],
      [25_000_000, 10_000_000, 2, 'ok'],
      [25_000_000, 10_000_000, 3, 'invalid_params'],
      [25_000_000, 4_000_000, 6, 'invalid_params'],
      [70_000_000, 70_000_000, 1, 'invalid_params'],
    ] as const)
      assert.equal((await ask('video/init/', wish(size, chunk, chunks))).error.code, code, `${size} ${chunk} ${chunks}`)
  })

  test('pieces come in order, and a film is published by its last one', async (t) => {
    const { url, ledger } = await opened(t)
    const ask = await asking(url)
    const size = film.length
    const { publish_id, upload_url } = (await ask('video/init/', wish(size, size, 1))).data
    const put = async (range: string, body: Buffer) =>
      (await fetch(upload_url, { method: 'PUT', headers: { 'content-range': range }, body: new Uint8Array(body) })).status
    assert.equal((await ask('status/fetch/', { publish_id })).data.status, 'PROCESSING_UPLOAD')
    assert.equal(await put(`bytes 0-99/${size}`, film.subarray(0, 100)), 416)
    assert.equal(await put(`bytes 0-${size - 1}/${size}`, film), 201)
    assert.equal(await put(`bytes 0-${size - 1}/${size}`, film), 416, 'it is there already')
    assert.equal((await ask('status/fetch/', { publish_id })).data.status, 'PUBLISH_COMPLETE')
    assert.equal(ledger().length, 1)
    assert.equal((await ask('status/fetch/', { publish_id: 'v_pub_file~v2.1' })).error.code, 'invalid_publish_id')
  })

  test('an app without an audit posts for the account alone, and six times a minute', async (t) => {
    const { url } = await opened(t)
    const ask = await asking(url)
    const codes: string[] = []
    for (const level of ['PUBLIC_TO_EVERYONE', 'EVERYBODY', 'SELF_ONLY', 'SELF_ONLY', 'SELF_ONLY', 'SELF_ONLY', 'SELF_ONLY'])
      codes.push((await ask('video/init/', wish(100, 100, 1, { privacy_level: level }))).error.code)
    assert.deepEqual(codes, [
      'unaudited_client_can_only_post_to_private_accounts',
      'privacy_level_option_mismatch',
      ...['ok', 'ok', 'ok', 'ok'],
      'rate_limit_exceeded',
    ])
  })

  test('a refresh token that was exchanged is good no more', async (t) => {
    const { url } = await opened(t)
    const ask = async (refresh_token: string) => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', client_key: 'x', client_secret: 'x', refresh_token })
      return (await (await fetch(`${url}/tiktok/v2/oauth/token/`, { method: 'POST', body })).json()) as {
        refresh_token: string
        error?: string
      }
    }
    const given = (await ask('rehearsal-bonn')).refresh_token
    assert.equal((await ask(given)).error, undefined)
    assert.equal((await ask(given)).error, 'invalid_grant')
    assert.equal((await ask('nobody')).error, 'invalid_grant')
  })
})
