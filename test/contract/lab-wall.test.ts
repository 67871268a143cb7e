// The lab's own addresses: the ledger, the wall, the pictures; and the lab as a process of its own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Lab, type LedgerEntry, startLab } from '../../lab/lab.ts'

interface Status {
  readonly id: string
  readonly url: string
}

const toMastodon = async (lab: Lab, method: string, path: string, body?: object, account = 'rehearsal-bonn'): Promise<Status> => {
  const headers = { authorization: `Bearer ${account}`, 'content-type': 'application/json' }
  const response = await fetch(`${lab.url}/mastodon/api/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  assert.equal(response.status, 200)
  return (await response.json()) as Status
}

const post = (lab: Lab, status: string, more: object = {}, account?: string) =>
  toMastodon(lab, 'POST', 'statuses', { status, ...more }, account)

const toBluesky = async (lab: Lab, record: object): Promise<void> => {
  const json = { 'content-type': 'application/json' }
  const call = async (method: string, body: object, headers = {}) =>
    (await (
      await fetch(`${lab.url}/bluesky/xrpc/com.atproto.${method}`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
      })
    ).json()) as {
      accessJwt: string
      did: string
      uri?: string
    }
  const { accessJwt, did } = await call('server.createSession', { identifier: 'bonn.example.org', password: 'rehearsal-bonn' })
  const input = { repo: did, collection: 'app.bsky.feed.post', record: { createdAt: '2026-05-01T10:00:00Z', ...record } }
  assert.ok((await call('repo.createRecord', input, { authorization: `Bearer ${accessJwt}` })).uri)
}

const page = async (lab: Lab, path: string): Promise<string> => {
  const response = await fetch(lab.url + path)
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /text\/html/)
  return response.text()
}

const ledger = async (lab: Lab, query = ''): Promise<LedgerEntry[]> =>
  (await (await fetch(`${lab.url}/ledger${query}`)).json()) as LedgerEntry[]

test('the ledger lists every post with its history, in order, and narrows to a platform and an account', async () => {
  let clock = Date.parse('2026-05-01T10:00:00Z')
  await using lab = await startLab({ port: 0, now: () => clock })
  const { id, url } = await post(lab, 'Erste Fassung https://www.bonn.de', { language: 'de' })
  clock += 60_000
  await toMastodon(lab, 'PUT', `statuses/${id}`, { status: 'Zweite Fassung' })
  clock += 60_000
  await toMastodon(lab, 'DELETE', `statuses/${id}`)
  await post(lab, 'Mainz', {}, 'rehearsal-mainz')
  await toBluesky(lab, { text: 'Bonn', langs: ['de'] })
  const all = await ledger(lab)
  assert.deepEqual(all[0], {
    platform: 'mastodon',
    account: 'bonn',
    id,
    url,
    replyTo: null,
    createdAt: '2026-05-01T10:00:00.000Z',
    deletedAt: '2026-05-01T10:02:00.000Z',
    text: 'Zweite Fassung',
    language: 'de',
    link: null,
    images: [],
    revisions: [
      {
        at: '2026-05-01T10:00:00.000Z',
        text: 'Erste Fassung https://www.bonn.de',
        language: 'de',
        link: 'https://www.bonn.de',
        images: [],
      },
      { at: '2026-05-01T10:01:00.000Z', text: 'Zweite Fassung', language: 'de', link: null, images: [] },
    ],
  })
  assert.deepEqual(all, JSON.parse(JSON.stringify(lab.ledger())))
  const narrowed = async (query: string) => (await ledger(lab, query)).map(({ text }) => text)
  assert.deepEqual(await narrowed('?platform=bluesky'), ['Bonn'])
  assert.deepEqual(await narrowed('?platform=mastodon&account=mainz'), ['Mainz'])
  assert.deepEqual(await narrowed('?account=nobody'), [])
})

test('a person empties the ledger and the platforms with it', async () => {
  await using lab = await startLab({ port: 0 })
  const { id } = await post(lab, 'Weg damit')
  assert.equal((await fetch(`${lab.url}/ledger`, { method: 'DELETE' })).status, 204)
  assert.deepEqual(await ledger(lab), [])
  assert.equal((await fetch(`${lab.url}/mastodon/api/v1/statuses/${id}`)).status, 404)
})

test('the wall shows posts with their links, cards, answers, edits, warnings and deletions', async () => {
  await using lab = await startLab({ port: 0 })
  const { id } = await post(lab, 'Sturmwarnung: https://www.bonn.de/sturm?a=1&b=2 #Bonn', { spoiler_text: 'Achtung' })
  await post(lab, 'Entwarnung', { in_reply_to_id: id })
  const edited = await post(lab, 'Um zehn Uhr')
  await toMastodon(lab, 'PUT', `statuses/${edited.id}`, { status: 'Um elf Uhr' })
  const gone = await post(lab, 'Irrtum')
  await toMastodon(lab, 'DELETE', `statuses/${gone.id}`)
  const external = { uri: 'https://www.bonn.de/plan', title: 'Der Plan', description: 'Alles Nähere' }
  const facets = [
    { index: { byteStart: 0, byteEnd: 5 }, features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://www.bonn.de' }] },
  ]
  await toBluesky(lab, { text: 'Grün & gut', facets, embed: { $type: 'app.bsky.embed.external', external } })
  const mastodon = await page(lab, '/wall/mastodon')
  assert.match(mastodon, /<summary>Achtung<\/summary>/)
  assert.match(mastodon, /<a href="https:\/\/www\.bonn\.de\/sturm\?a=1&amp;b=2"[^>]*>bonn\.de\/sturm\?a=1&amp;b=2<\/a>/)
  assert.match(mastodon, /1 Antwort</)
  assert.match(mastodon, /bearbeitet<\/span> 2 Fassungen/)
  assert.match(mastodon, /post deleted[\s\S]*Gelöscht am/)
  assert.ok(mastodon.indexOf('Sturmwarnung') < mastodon.indexOf('Entwarnung'), 'an answer stands below what it answers')
  const bluesky = await page(lab, '/wall/bluesky')
  assert.match(bluesky, /<a href="https:\/\/www\.bonn\.de"[^>]*>Grün<\/a> &amp; gut/)
  assert.match(bluesky, /class="link-card" href="https:\/\/www\.bonn\.de\/plan"[\s\S]*Der Plan[\s\S]*Alles Nähere[\s\S]*www\.bonn\.de/)
  const both = await page(lab, '/')
  assert.match(both, /Grün/)
  assert.match(both, /Sturmwarnung/)
})

test('nothing that stands in a post can break out of the wall or become a dangerous link', async () => {
  await using lab = await startLab({ port: 0 })
  const attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
  await post(lab, attack, { spoiler_text: attack, language: 'de' })
  const features = [{ $type: 'app.bsky.richtext.facet#link', uri: 'javascript:alert(1)' }]
  const external = { uri: 'javascript:alert(2)', title: attack, description: attack }
  await toBluesky(lab, {
    text: attack,
    facets: [{ index: { byteStart: 0, byteEnd: 5 }, features }],
    embed: { $type: 'app.bsky.embed.external', external },
  })
  for (const path of ['/', '/wall/bluesky', '/wall/mastodon', `/wall/mastodon?account=${encodeURIComponent(attack)}`]) {
    const text = await page(lab, path)
    assert.doesNotMatch(text, /<script|<img src=x|href="javascript:/i)
  }
  const avatar = await fetch(`${lab.url}/avatar/mastodon/${encodeURIComponent(attack)}.svg`)
  assert.doesNotMatch(await avatar.text(), /<script/)
})

test('the wall leafs through many posts, narrows to an account, and says which fault is on', async () => {
  await using lab = await startLab({ port: 0 })
  for (let turn = 1; turn <= 60; turn++) await post(lab, `Nummer ${turn}.`)
  await post(lab, 'Aus Mainz.', {}, 'rehearsal-mainz')
  const first = await page(lab, '/wall/mastodon')
  assert.match(first, /Nummer 60\./)
  assert.doesNotMatch(first, /Nummer 5\./)
  const older = /href="(\/wall\/mastodon\?page=2)"/.exec(first)?.[1] ?? ''
  assert.match(await page(lab, older), /Nummer 5\./)
  const mainz = await page(lab, '/wall/mastodon?account=mainz')
  assert.match(mainz, /Aus Mainz\./)
  assert.doesNotMatch(mainz, /Nummer/)
  lab.setFault('mastodon', { fault: 'throttle', times: 3 })
  assert.match(await page(lab, '/'), /Störung eingeschaltet[\s\S]*throttle[\s\S]*noch 3-mal/)
})

test('the wall asks nobody else for anything and needs no script', async () => {
  await using lab = await startLab({ port: 0 })
  await post(lab, 'Ganz ohne Links')
  const response = await fetch(`${lab.url}/`)
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'; img-src 'self'/)
  const outside = [...(await response.text()).matchAll(/(?:src|href)="([^"]+)"/g)]
    .map((match) => match[1]!)
    .filter((url) => !url.startsWith('/') && !url.startsWith('data:') && !url.startsWith(lab.url))
  assert.deepEqual(outside, [])
})

test('what the lab does not have is a 404, and a wrong method a 405', async () => {
  await using lab = await startLab({ port: 0 })
  const status = async (path: string, method = 'GET') => (await fetch(lab.url + path, { method })).status
  assert.deepEqual(
    [await status('/nichts'), await status('/wall/myspace'), await status('/media/0'), await status('/elsewhere')],
    [404, 404, 404, 404],
  )
  assert.deepEqual([await status('/ledger', 'POST'), await status('/', 'DELETE'), await status('/faults', 'PUT')], [405, 405, 405])
  assert.equal(await status('/healthz'), 200)
})

test('the lab runs as a process of its own, says its address and ends on SIGTERM', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../lab/run.ts'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { url } = JSON.parse(line.toString()) as { url: string }
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
  } finally {
    child.kill('SIGTERM')
  }
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('a port that is taken is an error that says so', async () => {
  await using lab = await startLab({ port: 0 })
  await assert.rejects(startLab({ port: lab.port }), { code: 'EADDRINUSE' })
})

test('side by side stand the platforms that have something to show; the others are named', async () => {
  await using lab = await startLab({ port: 0 })
  const empty = await page(lab, '/')
  assert.ok(!empty.includes('class="wall'), 'nothing stands anywhere')
  assert.match(empty, /Noch nichts steht auf: .*Bluesky.*Mastodon/)
  await post(lab, 'Freibad öffnet')
  const one = await page(lab, '/')
  assert.equal(one.match(/<section class="wall/g)?.length, 1)
  assert.ok(one.includes('Freibad öffnet'))
  assert.doesNotMatch(one, /Noch nichts steht auf:[^<]*Mastodon/)
})
