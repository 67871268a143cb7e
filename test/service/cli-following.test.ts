// The verbs for what is there: show, list, approve, release, retract, resolve, channels, cities, keys, roles.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restoredWords } from '../../src/cli/keeping.ts'
import { anAnnouncement } from '../support/builders.ts'
import { call, callOn, type Ended } from './cli-calling.ts'
import { aDecision, aDelivery, aDraft, anId, aPlan, aProblem, aService, aView, type Routes } from './cli-fake-service.ts'

const one = `/announcements/${anId}`

/** Calls it against routes, and gives how it ended beside what was asked. */
const calling = async (routes: Routes, ...args: string[]) => {
  await using service = await aService(routes)
  const ended = await callOn(service, args)
  return { ...ended, asked: service.asked }
}

const jsonOf = ({ out }: Ended) => JSON.parse(out)

test('show prints an announcement with its receipts, and with --json what scripts hang on', async () => {
  const told = await calling({ [`GET ${one}`]: aView() }, 'show', anId)
  assert.equal(told.code, 0)
  assert.ok(told.out.includes('Freibad öffnet am Samstag') && told.out.includes('Beleg: http'))
  const json = jsonOf(await calling({ [`GET ${one}`]: aView() }, 'show', anId, '--json'))
  assert.deepEqual(json, JSON.parse(JSON.stringify(aView())))
})

test('show of a draft shows the plan as it is now, its digest and the command that approves it', async () => {
  const decisions = [aDecision({ verdict: 'wait', because: 'approval' })]
  const routes = { [`GET ${one}`]: aDraft(), [`POST ${one}/plan`]: aPlan({ needsApproval: true, decisions }) }
  const { code, out, asked } = await calling(routes, 'show', anId)
  assert.equal(code, 0)
  assert.deepEqual(asked[1]?.body, {})
  assert.ok(out.includes(`rundruf approve ${anId} --digest ${'a'.repeat(64)}`))
  assert.equal(jsonOf(await calling(routes, 'show', anId, '--json')).plan.digest, 'a'.repeat(64))
})

test('show of a draft that can no longer be planned, or not by this key, shows the draft and says why there is no plan', async () => {
  const de = 'Die Meldung galt nur bis 23.11.2026, 10:00 Uhr.'
  for (const refused of [aProblem(422, 'expired', de, 'expires'), aProblem(403, 'not-allowed', de)]) {
    const routes = { [`GET ${one}`]: aDraft(), [`POST ${one}/plan`]: refused }
    const { code, out } = await calling(routes, 'show', anId)
    assert.equal(code, 0)
    assert.ok([anId, 'Freibad öffnet am Samstag', aDraft().announcement.text, de].every((part) => out.includes(part)))
    const asJson = await calling(routes, 'show', anId, '--json')
    assert.equal(asJson.code, 0)
    assert.deepEqual(jsonOf(asJson), JSON.parse(JSON.stringify({ ...aDraft(), plan: null })))
    assert.ok(asJson.err.includes(de))
  }
  assert.equal((await calling({ [`GET ${one}`]: aDraft(), [`POST ${one}/plan`]: aProblem(500, 'broken', de) }, 'show', anId)).code, 3)
})

test('show lays out what a person is to publish by hand, unfolded, and how to say that it is done', async () => {
  const text = `Freibad öffnet am Samstag\n\n${'Wort '.repeat(60).trim()}\n\nhttps://www.bonn.de/freibad`
  const task = { text, link: 'https://www.bonn.de/freibad', media: [{ path: `/media/${'a'.repeat(64)}`, alt: 'Das Bad' }], at: null }
  const question = 'Bitte veröffentlichen Sie diesen Beitrag auf dem Kanal facebook-bonn und geben Sie seine Adresse an.'
  const held = aDelivery({ state: 'held', receipt: null, question, task })
  const { out } = await calling({ [`GET ${one}`]: aView({ deliveries: [held] }) }, 'show', anId)
  assert.ok(out.includes(text), out)
  assert.ok(out.includes('wartet auf Ihre Hand') && out.includes('(Das Bad)'))
  assert.ok(out.includes(`rundruf resolve ${held.id} --there https://…`) && !out.includes('--not-there'))
})

test('resolve --there without an address says that it is done where there is none', async () => {
  const { code, asked } = await calling({ 'POST /deliveries/4711/resolve': aView() }, 'resolve', '4711', '--there')
  assert.equal(code, 0)
  assert.deepEqual(asked[0]?.body, { answer: 'there', url: null })
})

test('list passes its filters on and prints each announcement with its number', async () => {
  const routes = { 'GET /announcements': [aView()] }
  const { code, out, asked } = await calling(routes, 'list', '--city', 'bonn', '--state', 'delivered', '--limit', '5')
  assert.equal(code, 0)
  const query = new URLSearchParams(asked[0]?.path.split('?')[1])
  assert.deepEqual(Object.fromEntries(query), { city: 'bonn', state: 'delivered', limit: '5' })
  assert.ok(out.includes(anId) && out.includes('Mitteilung'))
  assert.equal(jsonOf(await calling(routes, 'list', '--json')).length, 1)
})

test('approve and release send the digest that was read; a script that names none is told where it is', async () => {
  const routes = { [`POST ${one}/approve`]: aDraft(), [`POST ${one}/release`]: aView() }
  const approved = await calling(routes, 'approve', anId, '--digest', 'abc')
  assert.equal(approved.code, 0)
  assert.deepEqual(approved.asked[0]?.body, { digest: 'abc' })
  const released = await calling(routes, 'release', anId, '--digest', 'abc', '--wait')
  assert.equal(released.code, 0)
  assert.deepEqual(released.asked[0]?.body, { digest: 'abc' })
  const unread = await calling(routes, 'release', anId, '--wait')
  assert.deepEqual([unread.code, unread.asked.length], [2, 0])
  assert.ok(unread.err.includes(`rundruf show ${anId}`), unread.err)
})

test('an amendment that is more than a correction is shown with its plan, how to approve, release and discard it', async () => {
  const amendment = { revision: 2, announcement: anAnnouncement({ severity: 'Extreme' }), writtenAt: '2026-11-23T11:00:00.000Z' }
  const decisions = [aDecision({ verdict: 'wait', because: 'approval' })]
  const routes = { [`POST ${one}/amend`]: aView({ amendment }), [`POST ${one}/plan`]: aPlan({ needsApproval: true, decisions }) }
  const { code, out, asked } = await calling(routes, 'amend', anId, '--severity', 'Extreme')
  assert.equal(code, 0)
  assert.deepEqual(asked[0]?.body, { severity: 'Extreme' })
  for (const verb of [`approve ${anId} --digest`, `release ${anId} --digest`, `amend ${anId} --discard`]) assert.ok(out.includes(verb), out)
  assert.equal((await calling(routes, 'amend', anId, '--severity', 'Extreme', '--no-release')).asked[0]?.body?.release, false)
  assert.equal((await calling(routes, 'amend', anId, '--severity', 'Extreme', '--release')).asked[0]?.body?.release, true)
  assert.equal((await calling({ [`DELETE ${one}/amendment`]: aView() }, 'amend', anId, '--discard')).code, 0)
})

test('retract does not ask in a script, waits, and is done when every retraction is', async () => {
  const retracted = aDelivery({ id: '01980000-0000-7000-8000-000000000009', action: 'retract', receipt: null })
  const view = aView({ state: 'retracted', retractedAt: '2026-11-23T11:00:00.000Z', deliveries: [aDelivery(), retracted] })
  const { code, asked } = await calling({ [`POST ${one}/retract`]: view }, 'retract', anId, '--wait')
  assert.equal(code, 0)
  assert.ok(asked[0]?.headers['idempotency-key'])
  const stuck = { ...view, deliveries: [aDelivery(), { ...retracted, state: 'given-up' as const }] }
  assert.equal((await calling({ [`POST ${one}/retract`]: stuck }, 'retract', anId, '--wait')).code, 1)
})

test('resolve sends exactly one of the three answers', async () => {
  const routes = { 'POST /deliveries/d1/resolve': aView() }
  const answers: readonly (readonly [string[], object])[] = [
    [['--there', 'https://bsky.app/x'], { answer: 'there', url: 'https://bsky.app/x' }],
    [['--not-there'], { answer: 'not-there' }],
    [['--drop'], { answer: 'drop' }],
  ]
  for (const [options, body] of answers) {
    const { code, asked } = await calling(routes, 'resolve', 'd1', ...options)
    assert.equal(code, 0)
    assert.deepEqual(asked[0]?.body, body)
  }
  assert.equal((await calling(routes, 'resolve', 'd1')).code, 2)
  assert.equal((await calling(routes, 'resolve', 'd1', '--drop', '--not-there')).code, 2)
})

const channel = { city: 'bonn', name: 'x-bonn', platform: 'x', use: 'emergency-only', suspended: null, identity: null }

test('channels list, suspend and resume', async () => {
  const suspended = { ...channel, suspended: { at: '2026-11-23T10:00:00.000Z', by: 'k', because: 'Konto übernommen' } }
  const listed = await calling({ 'GET /channels': [suspended] }, 'channels', 'list', '--city', 'bonn')
  assert.equal(listed.asked[0]?.path, '/channels?city=bonn')
  assert.ok(listed.out.includes('gesperrt: Konto übernommen') && listed.out.includes('nur im Notfall'))
  const stopped = await calling(
    { 'POST /channels/bonn/x-bonn/suspend': suspended },
    'channels',
    'suspend',
    'bonn',
    'x-bonn',
    '--because',
    'Konto übernommen',
  )
  assert.equal(stopped.code, 0)
  assert.deepEqual(stopped.asked[0]?.body, { because: 'Konto übernommen' })
  assert.ok(stopped.out.includes('rundruf channels resume bonn x-bonn'))
  assert.equal((await calling({}, 'channels', 'suspend', 'bonn', 'x-bonn')).code, 2)
  const resumed = await calling({ 'POST /channels/bonn/x-bonn/resume': channel }, 'channels', 'resume', 'bonn', 'x-bonn', '--json')
  assert.deepEqual(jsonOf(resumed), channel)
})

test('channels check asks every channel in use and ends with 1 when one is not well', async () => {
  const newsroom = { ...channel, name: 'newsroom', platform: 'newsroom', use: 'all' }
  const tiktok = { ...channel, name: 'tiktok-bonn', platform: 'tiktok', use: 'all' }
  const routes = {
    'GET /channels': [channel, newsroom, tiktok, { ...channel, name: 'alt', use: 'left' }],
    'POST /channels/bonn/x-bonn/check': { ...channel, works: false, problem: 'Die Anmeldung auf X gilt nicht mehr.' },
    'POST /channels/bonn/newsroom/check': {
      ...newsroom,
      identity: { account: 'bonn', url: null, until: null },
      works: true,
      problem: null,
    },
    'POST /channels/bonn/tiktok-bonn/check': aProblem(422, 'no-connector', 'Für TikTok gibt es hier noch keine Anbindung.'),
  }
  const all = await calling(routes, 'channels', 'check', '--city', 'bonn')
  assert.equal(all.code, 1)
  assert.ok(all.out.includes('Die Anmeldung auf X gilt nicht mehr.'))
  assert.equal(all.asked.length, 4)
  const well = await calling(routes, 'channels', 'check', '--channel', 'newsroom', '--json')
  assert.equal(well.code, 0)
  assert.equal(jsonOf(well)[0].identity.account, 'bonn')
  const unasked = await calling({ ...routes, 'GET /channels': [newsroom, tiktok] }, 'channels', 'check')
  assert.equal(unasked.code, 0, 'what no connector can ask is no fault')
  assert.ok(unasked.out.includes('noch keine Anbindung'))
  assert.equal((await calling(routes, 'channels', 'check', '--channel', 'alt')).code, 2)
  const refused = { ...routes, 'POST /channels/bonn/x-bonn/check': aProblem(403, 'not-allowed', 'Das darf dieser Schlüssel nicht.') }
  assert.equal((await calling(refused, 'channels', 'check')).code, 2)
})

test('verify and resume count in good German, one as well as many', async () => {
  const nothing = { ok: true, sending: null, deliveries: 1, findings: [], looked: 1, blind: [], queue: 'reached' }
  const routes = { 'GET /verify': { ...nothing, audit: { entries: 1, broken: null } } }
  assert.match((await calling(routes, 'verify', '--days', '1')).out, /1 Beitrag des letzten Tages auf den Plattformen nachgesehen\./)
  assert.match((await calling(routes, 'verify')).out, /1 Beitrag der letzten 7 Tage auf den Plattformen nachgesehen\./)
  const resuming = async (lookedUp: number) =>
    (await calling({ 'POST /sending/resume': { paused: null, resumed: { lookedUp, asked: 0 } } }, 'resume')).out
  const then = 'erst auf der Plattform nachgesehen und nur gesendet, wenn sie dort'
  assert.ok((await resuming(1)).includes(`1 Zustellung wird ${then} fehlt.`))
  assert.ok((await resuming(2)).includes(`2 Zustellungen werden ${then} fehlen.`))
})

test('restore says of one and of many deliveries when they are sent', () => {
  const restored = (unclear: number) => restoredWords({ at: null, unclear, keys: [] })
  assert.ok(restored(1).includes('1 Zustellung war damals unterwegs; sie wird nur gesendet, wenn sie auf der Plattform fehlt.'))
  assert.ok(restored(2).includes('2 Zustellungen waren damals unterwegs; sie werden nur gesendet, wenn sie auf der Plattform fehlen.'))
})

test('cities list asks the service; cities check reads the files without one', async () => {
  const listed = await calling({ 'GET /cities': [{ key: 'bonn', city: 'Bonn', channels: [{}] }] }, 'cities', 'list')
  assert.ok(listed.out.includes('Bonn'))
  const right = { file: 'here/bonn.yaml', city: { key: 'bonn', name: 'Bonn', channels: 9, rules: 1 }, problems: [] }
  const problem = { code: 'unknown-platform', de: 'Die Plattform „myspace“ kennt Rundruf nicht.', en: 'Unknown.', place: 'mainz.yaml:12' }
  const wrong = { file: 'here/mainz.yaml', city: null, problems: [problem] }
  const house = { checks: { here: [right, wrong], 'config/cities': [right] } }
  const checked = await call(['cities', 'check', 'here'], { house })
  assert.equal(checked.code, 2)
  assert.ok(checked.out.includes('Bonn: 9 Kanäle, 1 Regel') && checked.out.includes('mainz.yaml:12: Die Plattform „myspace“'))
  const usual = await call(['cities', 'check', '--json'], { house })
  assert.equal(usual.code, 0)
  assert.deepEqual(jsonOf(usual), [right])
  assert.equal((await call(['cities', 'check', 'empty'], { house })).code, 2)
})

test('key create prints the key alone on standard output; key revoke asks for its end', async () => {
  const made = await calling(
    { 'POST /keys': { id: 'k1', key: 'rr_secret' } },
    'key',
    'create',
    '--name',
    'Pressestelle',
    '--role',
    'author',
    '--cities',
    'bonn, mainz',
    '--person',
    'anna.muster',
  )
  assert.equal(made.out, 'rr_secret\n')
  assert.deepEqual(made.asked[0]?.body, { name: 'Pressestelle', role: 'author', cities: ['bonn', 'mainz'], person: 'anna.muster' })
  const all = await calling(
    { 'POST /keys': { id: 'k1', key: 'rr_secret' } },
    'key',
    'create',
    '--name',
    'Dienst',
    '--role',
    'admin',
    '--cities',
    '*',
    '--json',
  )
  assert.equal(all.asked[0]?.body?.cities, '*')
  assert.equal(jsonOf(all).key, 'rr_secret')
  const expiring = await calling(
    { 'POST /keys': { id: 'k1', key: 'rr_secret' } },
    ...['key', 'create', '--name', 'Praktikum', '--role', 'author', '--cities', 'bonn', '--expires', '2027-06-30'],
  )
  assert.equal(expiring.asked[0]?.body?.expires, '2027-06-30T21:59:59.999Z', 'the day ends at its midnight in Germany')
  const revoked = await calling({ 'DELETE /keys/k1': { status: 204 } }, 'key', 'revoke', 'k1')
  assert.equal(revoked.code, 0, revoked.err)
  assert.equal(revoked.asked[0]?.method, 'DELETE')
})

test('key list shows who holds a key, until when, and when it was used last; revoked ones only with --all', async () => {
  const key = { id: 'k1', name: 'Pressestelle', role: 'author', cities: ['bonn'], person: 'anna.muster', state: 'valid' }
  const times = { createdAt: '2026-11-01T10:00:00.000Z', expiresAt: '2027-06-30T21:59:59.999Z', lastUsedAt: '2026-11-30T09:30:00.000Z' }
  const keys = [
    { ...key, ...times },
    { ...key, ...times, id: 'k2', name: 'Alt', state: 'revoked', lastUsedAt: null },
    { ...key, ...times, id: 'k3', name: 'Fremd', cities: '*', person: null, state: 'changed' },
  ]
  const some = await calling({ 'GET /keys': keys }, 'key', 'list')
  assert.match(some.out, /Pressestelle.*author.*bonn.*anna\.muster.*gilt/)
  assert.match(some.out, /k1; zuletzt benutzt: 30\.11\.2026.*gilt bis 30\.06\.2027/)
  assert.match(some.out, /Fremd.*alle.*in der Datenbank geändert/)
  assert.equal(some.out.includes('Alt'), false)
  assert.equal(some.err, '')
  const nameless = { ...key, ...times, id: 'k4', name: 'Schnittstelle', person: null }
  const warned = await calling({ 'GET /keys': [...keys, nameless] }, 'key', 'list')
  assert.match(warned.out, /Schnittstelle.*author.*bonn.*keine.*gilt/)
  assert.match(warned.err, /ohne Person kann nichts freigeben.*rundruf key create --person/)
  assert.match((await calling({ 'GET /keys': keys }, 'key', 'list', '--all')).out, /Alt.*widerrufen/)
})

test('serve, work and all start their roles', async () => {
  assert.deepEqual(jsonOf(await call(['serve'])), { roles: 'serve', only: null })
  assert.deepEqual(jsonOf(await call(['work'])), { roles: 'work', only: null })
  assert.deepEqual(jsonOf(await call(['work', '--only', 'bluesky,mastodon'])), { roles: 'work', only: ['bluesky', 'mastodon'] })
  assert.deepEqual(jsonOf(await call(['all'])), { roles: 'all', only: null })
})
