// plan, announce and amend as scripts see them: what is asked of the service, what is printed, how the process ends.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { call, callOn, words } from './cli-calling.ts'
import {
  type Asked,
  aDecision,
  aDelivery,
  aDormantDecision,
  aDraft,
  anId,
  aPlan,
  aPlannedPost,
  aService,
  aView,
} from './cli-fake-service.ts'

const ansi = String.fromCharCode(27)
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rundruf-cli-'))
  await writeFile(join(folder, 'bad.png'), 'an image')
  await writeFile(join(folder, 'karte.JPG'), 'a map')
})
after(() => rm(folder, { recursive: true }))

test('plan sends every option under its name and nothing that was not said', async () => {
  await using service = await aService({ 'POST /plan': aPlan() })
  const options = {
    '--link': 'https://www.bonn.de',
    '--topic': 'culture',
    '--severity': 'Severe',
    '--urgency': 'Expected',
    '--certainty': 'Likely',
    '--status': 'Exercise',
    '--language': 'de',
    '--expires': '2027-01-01T10:00Z',
    '--publish-at': '2026-12-31T10:00Z',
    '--references': anId,
  }
  const ended = await callOn(service, [
    'plan',
    ...words,
    ...Object.entries(options).flat(),
    '--topic',
    'sport',
    '--district',
    'beuel',
    '--district',
    'bad-godesberg',
    '--channel-text',
    'x-bonn=Kurz = gut',
  ])
  assert.equal(ended.code, 0, ended.err)
  assert.deepEqual(service.asked[0]?.body, {
    city: 'bonn',
    kind: 'notice',
    title: 'Freibad öffnet',
    text: 'Am Samstag um 9 Uhr.',
    link: 'https://www.bonn.de',
    topics: ['culture', 'sport'],
    districts: ['beuel', 'bad-godesberg'],
    severity: 'Severe',
    urgency: 'Expected',
    certainty: 'Likely',
    status: 'Exercise',
    language: 'de',
    expires: '2027-01-01T10:00Z',
    publishAt: '2026-12-31T10:00Z',
    references: anId,
    channelTexts: { 'x-bonn': 'Kurz = gut' },
  })
  assert.equal(service.asked[0]?.headers.authorization, 'Bearer test-key')
})

test('plan prints every decision with its reason, the posts and the digest, without a colour in a pipe', async () => {
  await using service = await aService({ 'POST /plan': aPlan() })
  const { code, out } = await callOn(service, ['plan', ...words])
  assert.equal(code, 0)
  for (const part of ['bluesky-bonn', 'senden', 'x-bonn', 'auslassen', 'Die Stadt nutzt X nur noch im Notfall', '52/300', 'a'.repeat(64)])
    assert.ok(out.includes(part), `${part} in\n${out}`)
  assert.ok(out.includes('https://www.bonn.de/freibad'))
  assert.ok(!out.includes(ansi))
})

test('plan says of a decorative image that it is one', async () => {
  const image = { id: 'c'.repeat(64), type: 'image/png', size: 3, width: 1, height: 1, alt: '' }
  await using service = await aService({ 'POST /plan': aPlan({ decisions: [aDecision({ post: aPlannedPost({ images: [image] }) })] }) })
  const { out } = await callOn(service, ['plan', ...words])
  assert.ok(out.includes('[Bild: schmückend]'), out)
})

test('plan shows a picture with each of its alternative texts', async () => {
  const decision = (channel: string, alt: string) =>
    aDecision({ channel, post: aPlannedPost({ images: [{ id: 'c'.repeat(64), type: 'image/png', size: 3, width: 1, height: 1, alt }] }) })
  await using service = await aService({
    'POST /plan': aPlan({ decisions: [decision('x-bonn', 'Kurz'), decision('newsroom', 'Ausführlich')] }),
  })
  const { out } = await callOn(service, ['plan', ...words])
  for (const part of ['[Bild: Kurz]', '[Bild: Ausführlich]']) assert.ok(out.includes(part), out)
})

test('plan --json has the shape that scripts hang on', async () => {
  const image = { id: 'c'.repeat(64), type: 'image/png', size: 3, width: 1, height: 1, alt: 'Das Becken' }
  await using service = await aService({
    'POST /plan': aPlan({ decisions: [aDecision({ post: aPlannedPost({ images: [image] }) }), aDormantDecision()] }),
  })
  const { code, out, err } = await callOn(service, ['plan', ...words, '--json'])
  const plan = JSON.parse(out)
  assert.equal(code, 0)
  assert.equal(err, '')
  assert.equal(plan.digest, 'a'.repeat(64))
  const [send, omit] = plan.decisions
  assert.deepEqual(
    { channel: send.channel, platform: send.platform, verdict: send.verdict, because: send.because, notBefore: send.notBefore },
    { channel: 'bluesky-bonn', platform: 'bluesky', verdict: 'send', because: 'rule', notBefore: null },
  )
  assert.deepEqual({ length: send.post.length, max: send.post.max, media: send.post.media }, { length: 52, max: 300, media: [image] })
  assert.equal(omit.post, null)
  assert.equal(omit.because, 'emergency-only')
})

test('announce without --release stores a draft and says how to go on', async () => {
  await using service = await aService({ 'POST /announcements': aDraft() })
  const { code, out } = await callOn(service, ['announce', ...words])
  assert.equal(code, 0)
  assert.equal(service.asked[0]?.body?.release, undefined)
  assert.ok(out.includes(`rundruf show ${anId}`))
})

test('announce --release --wait waits for the last receipt, prints all columns and ends with 0', async () => {
  const underWay = aView({ state: 'under-way', deliveries: [aDelivery({ state: 'sending', receipt: null, milliseconds: null })] })
  let looks = 0
  await using service = await aService({
    'POST /announcements': underWay,
    [`GET /announcements/${anId}`]: () => (++looks < 3 ? underWay : aView()),
  })
  const { code, out, err } = await callOn(service, ['announce', ...words, '--release', '--wait'])
  assert.equal(code, 0)
  assert.equal(service.asked[0]?.body?.release, true)
  assert.match(service.asked[1]?.path ?? '', /\?wait=\d+$/)
  assert.equal(looks, 3)
  for (const part of ['Kanal', 'Entscheidung', 'Begründung', 'Zustand', 'ms', 'Beleg: http://127.0.0.1:8081/', 'zugestellt', '84'])
    assert.ok(out.includes(part), `${part} in\n${out}`)
  assert.ok(!`${out}${err}`.includes(ansi))
  assert.equal(err, '')
  for (const line of out.split('\n')) assert.ok(line.length <= 120, line)
})

test('announce --json prints the announcement as the service gave it, and nothing else', async () => {
  await using service = await aService({ 'POST /announcements': aView() })
  const { code, out, err } = await callOn(service, ['announce', ...words, '--release', '--wait', '--json'])
  const view = JSON.parse(out)
  assert.equal(code, 0)
  assert.equal(err, '')
  assert.deepEqual([view.id, view.city, view.state, view.revision], [anId, 'bonn', 'delivered', 1])
  const [{ id, channel, platform, action, state, attempts, receipt, question }] = view.deliveries
  const expected = aDelivery()
  assert.deepEqual(
    { id, channel, platform, action, state, attempts, receipt, question },
    {
      id: expected.id,
      channel: 'bluesky-bonn',
      platform: 'bluesky',
      action: 'publish',
      state: 'delivered',
      attempts: 1,
      receipt: expected.receipt,
      question: null,
    },
  )
})

test('a held delivery ends the wait with 1 and shows its question with the three answers', async () => {
  const id = '01980000-0000-7000-8000-000000000002'
  const held = aDelivery({ id, state: 'held', receipt: null, milliseconds: null, question: 'Öffnen Sie den Kanal: Ist der Beitrag da?' })
  await using service = await aService({ 'POST /announcements': aView({ state: 'waiting-for-a-person', deliveries: [held] }) })
  const { code, out } = await callOn(service, ['announce', ...words, '--release', '--wait'])
  assert.equal(code, 1)
  assert.ok(out.includes('Öffnen Sie den Kanal: Ist der Beitrag da?'))
  for (const answer of ['--there', '--not-there', '--drop']) assert.ok(out.includes(`rundruf resolve ${id} ${answer}`), answer)
  assert.ok(out.includes('es fehlt: bluesky-bonn (zurückgehalten)'))
})

test('a delivery that was given up ends with 1, says why and names the next command', async () => {
  const lost = aDelivery({ state: 'given-up', receipt: null, milliseconds: null, reason: 'Bluesky lehnt den Beitrag ab.' })
  await using service = await aService({ 'POST /announcements': aView({ state: 'failed', deliveries: [lost] }) })
  const { code, out } = await callOn(service, ['announce', ...words, '--release', '--wait'])
  assert.equal(code, 1)
  assert.ok(out.includes('Bluesky lehnt den Beitrag ab.'))
  assert.ok(out.includes(`rundruf show ${anId}`))
})

test('an announcement that no channel carries is not a success', async () => {
  await using service = await aService({
    'POST /announcements': aView({ state: 'failed', decisions: [aDormantDecision()], deliveries: [] }),
  })
  const { code, out } = await callOn(service, ['announce', ...words, '--release', '--wait'])
  assert.equal(code, 1)
  assert.ok(out.includes('Kein Kanal trägt diese Meldung.'))
})

test('what is due after the timeout is not waited for', async () => {
  const planned = aDelivery({ state: 'planned', receipt: null, milliseconds: null, dueAt: '2999-01-01T00:00:00.000Z' })
  await using service = await aService({ 'POST /announcements': aView({ state: 'under-way', deliveries: [planned] }) })
  const { code, out } = await callOn(service, ['announce', ...words, '--release', '--wait', '--timeout', '600'])
  assert.equal(code, 1)
  assert.equal(service.asked.length, 1)
  assert.ok(out.includes('bluesky-bonn (geplant)'))
})

test('the timeout ends a wait that does not', async () => {
  const underWay = aView({ state: 'under-way', deliveries: [aDelivery({ state: 'waiting', receipt: null, milliseconds: null })] })
  await using service = await aService({ 'POST /announcements': underWay, [`GET /announcements/${anId}`]: underWay })
  const { code, out } = await callOn(service, ['announce', ...words, '--release', '--wait', '--timeout', '0.5'])
  assert.equal(code, 1)
  assert.ok(service.asked.length > 1)
  assert.ok(out.includes('bluesky-bonn (wartet)'))
})

test('--text - takes the text from standard input, umlauts and lines and all', async () => {
  await using service = await aService({ 'POST /announcements': aDraft() })
  const options = ['announce', '--city', 'bonn', '--kind', 'notice', '--title', 'T', '--text', '-']
  const { code } = await callOn(service, options, 'Größe: 5 °C\n\nBitte drinnen bleiben.\n')
  assert.equal(code, 0)
  assert.equal(service.asked[0]?.body?.text, 'Größe: 5 °C\n\nBitte drinnen bleiben.')
})

test('images are uploaded as they are and named with their alternative text, in order', async () => {
  const medium = (id: string) => ({ id, type: 'image/png', size: 8, width: 2, height: 1 })
  await using service = await aService({
    'POST /media': (asked) => medium(asked.bytes.toString()),
    'POST /announcements': aDraft(),
  })
  const images = ['--image', join(folder, 'bad.png'), '--alt', 'Das Becken', '--image', join(folder, 'karte.JPG'), '--alt', 'Der Weg']
  const { code, err } = await callOn(service, ['announce', ...words, ...images])
  assert.equal(code, 0, err)
  assert.deepEqual(
    service.asked.slice(0, 2).map((asked) => asked.headers['content-type']),
    ['image/png', 'image/jpeg'],
  )
  assert.deepEqual(service.asked[2]?.body?.media, [
    { ...medium('an image'), alt: 'Das Becken' },
    { ...medium('a map'), alt: 'Der Weg' },
  ])
})

test('a video goes with its captions, and every file has the alternative text that stands beside it', async () => {
  const kept = (asked: Asked) => ({ id: asked.bytes.toString(), type: String(asked.headers['content-type']), size: 8 })
  await using service = await aService({ 'POST /media': kept, 'POST /announcements': aDraft() })
  await writeFile(join(folder, 'film.mp4'), 'a film')
  await writeFile(join(folder, 'film.vtt'), 'captions')
  const film = ['--video', join(folder, 'film.mp4'), '--alt', 'Ein Sprung', '--captions', `${join(folder, 'film.vtt')}:en`]
  const { code, err } = await callOn(service, ['announce', ...words, ...film, '--image', join(folder, 'bad.png'), '--alt', 'Das Becken'])
  assert.equal(code, 0, err)
  const captions = [{ id: 'captions', type: 'text/vtt', size: 8, language: 'en' }]
  assert.deepEqual(service.asked.at(-1)?.body?.media, [
    { id: 'a film', type: 'video/mp4', size: 8, alt: 'Ein Sprung', captions },
    { id: 'an image', type: 'image/png', size: 8, alt: 'Das Becken' },
  ])
})

test('a decorative image goes with an empty alternative text, beside one that is described', async () => {
  await using service = await aService({ 'POST /media': (asked) => ({ id: asked.bytes.toString() }), 'POST /announcements': aDraft() })
  const images = ['--image', join(folder, 'bad.png'), '--alt', '', '--image', join(folder, 'karte.JPG'), '--alt', 'Der Weg']
  const { code, err } = await callOn(service, ['announce', ...words, ...images, '--decorative'])
  assert.equal(code, 0, err)
  assert.deepEqual(service.asked.at(-1)?.body?.media, [
    { id: 'an image', alt: '', decorative: true },
    { id: 'a map', alt: 'Der Weg' },
  ])
})

test('an empty alternative text is a choice: without --decorative, and for a video, it is refused with the sentence that names it', async () => {
  await using service = await aService({})
  const image = ['--image', join(folder, 'bad.png')]
  const cases = [
    [[...image, '--alt', ''], '--alt "" --decorative'],
    [[...image, '--decorative'], '--alt "" --decorative'],
    [[...image, '--alt', 'Das Becken', '--decorative'], '--alt "" --decorative'],
    [['--video', join(folder, 'bad.png'), '--alt', '', '--decorative'], '--alt "…"'],
  ] as const
  for (const [options, sentence] of cases) {
    const { code, err } = await callOn(service, ['announce', ...words, ...options])
    assert.equal(code, 2)
    assert.ok(err.replace(/\s+/g, ' ').includes(sentence), err)
  }
  assert.equal(service.asked.length, 0)
})

test('an image without alternative text is refused before anything is sent', async () => {
  await using service = await aService({})
  const image = ['--image', join(folder, 'bad.png')]
  for (const alt of [[], ['--alt', ' ']]) {
    const { code, err } = await callOn(service, ['announce', ...words, ...image, ...alt])
    assert.equal(code, 2)
    assert.ok(err.includes('bad.png') && err.includes('--alt'), err)
  }
  const { code } = await callOn(service, ['announce', ...words, '--alt', 'Ein Bild, das fehlt'])
  assert.equal(code, 2)
  assert.equal(service.asked.length, 0)
})

test('wrong usage ends with 2, in German, and asks nothing of the service', async () => {
  await using service = await aService({})
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['announce', '--city', 'bonn'], 'Es fehlt: --kind'],
    [['announce', ...words, '--kind', 'rumour'], 'Möglich sind: warning, all-clear, notice, event'],
    [['announce', ...words, '--wait'], '--release'],
    [['announce', ...words, '--channel-text', 'kurz'], '--channel-text'],
    [['announce', ...words, '--image', join(folder, 'none.png'), '--alt', 'Nichts'], 'none.png'],
    [['announce', ...words, '--captions', 'film.vtt'], '--video'],
    [['announce', ...words, '--release', '--wait', '--timeout', '-1'], 'Sekunden'],
    [['announce', ...words, '--idempotency-key', 'mit Leerzeichen'], '--idempotency-key'],
    [['announce', ...words, 'Rest'], 'Anführungszeichen'],
    [['announce', ...words, '--titel', 'T'], '--title'],
    [['amend', anId], '--text'],
    [['verkünden'], 'Den Befehl verkünden gibt es nicht'],
    [[], 'Es fehlt'],
  ]
  for (const [args, said] of cases) {
    const { code, out, err } = await callOn(service, args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(out, '', args.join(' '))
    assert.ok(err.includes(said), `${said} in\n${err}`)
  }
  assert.equal(service.asked.length, 0)
})

test('every creating call carries an Idempotency-Key, another one each time, or the one that was given', async () => {
  await using service = await aService({ 'POST /announcements': aDraft() })
  await callOn(service, ['announce', ...words])
  await callOn(service, ['announce', ...words])
  await callOn(service, ['announce', ...words, '--idempotency-key', 'cron-2026-11-23'])
  const keys = service.asked.map((asked) => asked.headers['idempotency-key'])
  assert.match(String(keys[0]), /^[0-9a-f-]{36}$/)
  assert.notEqual(keys[0], keys[1])
  assert.equal(keys[2], 'cron-2026-11-23')
})

test('a connection that breaks is tried again with the same Idempotency-Key', async () => {
  let tries = 0
  await using service = await aService({ 'POST /announcements': () => (++tries < 3 ? 'hang-up' : aDraft()) })
  const { code, err } = await callOn(service, ['announce', ...words])
  assert.equal(code, 0, err)
  assert.equal(new Set(service.asked.map((asked) => asked.headers['idempotency-key'])).size, 1)
  assert.equal(service.asked.length, 3)
})

test('amend sends only what changes and counts only the deliveries of the new revision', async () => {
  const deliveries = [
    aDelivery({ state: 'given-up', receipt: null, channel: 'mastodon-bonn' }),
    aDelivery({ id: '01980000-0000-7000-8000-000000000009', action: 'update', revision: 2 }),
  ]
  await using service = await aService({
    [`POST /announcements/${anId}/amend`]: aView({ revision: 2, state: 'partly-delivered', deliveries }),
  })
  const { code, out } = await callOn(service, ['amend', anId, '--text', 'Erst um 10 Uhr.', '--wait'])
  assert.equal(code, 0)
  assert.deepEqual(service.asked[0]?.body, { text: 'Erst um 10 Uhr.' })
  assert.ok(out.includes('Fassung 2'))
  assert.ok(out.includes('Vorher:') && out.includes('aufgegeben'))
})

test('what the service quotes cannot steer the terminal', async () => {
  const evil = `${ansi}[2J${ansi}]0;Titel\u0007\u202eböse`
  await using service = await aService({
    'POST /plan': aPlan({ decisions: [aDecision({ reason: evil, post: aPlannedPost({ text: evil }) })] }),
  })
  const { out } = await callOn(service, ['plan', ...words])
  assert.ok(out.includes('böse'))
  assert.ok(!out.includes(ansi) && !out.includes('\u0007') && !out.includes('\u202e'))
})

test('a house without a service is told how to start one, and ends with 3', async () => {
  const { code, out, err } = await call(['announce', ...words], { house: { data: folder } })
  assert.equal(code, 3)
  assert.equal(out, '')
  assert.ok(err.startsWith('Rundruf läuft hier nicht. Starten Sie es mit `npm start`'), err)
})
