// The life of an announcement over HTTP: plan, draft, approve, release, amend, retract, look and wait.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { isDoor } from '../../src/policy/doors.ts'
import { apiOfThisFile, aWish, written } from '../support/api.ts'
import { poll } from '../support/poll.ts'

const api = await apiOfThisFile()

test('a plan says something about every channel and stores nothing', async () => {
  const before = await written(api)
  const answer = await api.call('author', 'POST /plan', aWish())
  assert.equal(answer.statusCode, 200)
  const plan = answer.json()
  assert.match(plan.digest, /^[0-9a-f]{64}$/)
  assert.deepEqual(
    plan.decisions.map(({ channel, verdict }: Record<string, unknown>) => [channel, verdict]),
    [['newsroom', 'send']],
  )
  assert.match(plan.decisions[0].post.text, /Das Freibad am Rhein/)
  assert.match(plan.decisions[0].reason, /[a-zäöü]{3}/)
  assert.deepEqual(await written(api), before)
})

test('drafted and released in one request: its deliveries are on their way', async () => {
  const answer = await api.call('approver', 'POST /announcements', aWish({ release: true }))
  assert.equal(answer.statusCode, 201, answer.body)
  const view = answer.json()
  assert.equal(answer.headers.location, `/api/v1/announcements/${view.id}`)
  assert.equal(view.state, 'under-way')
  assert.equal(view.deliveries.length, 1)
  const shown = (await api.call('author', `GET /announcements/${view.id}`)).json()
  assert.deepEqual(Object.keys(shown.deliveries[0]).sort(), [
    ...[
      'action',
      'attempts',
      'channel',
      'dueAt',
      'history',
      'id',
      'milliseconds',
      'platform',
      'question',
      'reason',
      'receipt',
      'revision',
      'state',
      'task',
    ],
  ])
  const outbox = await api.store.db.selectFrom('outbox').selectAll().where('deliveryId', '=', view.deliveries[0].id).execute()
  assert.equal(outbox.length, 1)
})

test('what needs approval is released only after another person approved its very plan', async () => {
  const wish = aWish({ topic: 'politics' })
  const before = await written(api)
  const hasty = await api.call('approver', 'POST /announcements', { ...wish, release: true })
  assert.equal(hasty.statusCode, 409)
  assert.equal(hasty.json().code, 'needs-approval')
  assert.deepEqual(await written(api), before, 'a refused release leaves no draft behind')

  const { id } = (await api.call('approver', 'POST /announcements', wish)).json()
  const { digest } = (await api.call('author', 'POST /plan', wish)).json()
  const unread = await api.call('approver', `POST /announcements/${id}/release`, {})
  assert.deepEqual([unread.statusCode, unread.json().code], [422, 'digest-missing'])
  const early = await api.call('approver', `POST /announcements/${id}/release`, { digest })
  assert.deepEqual([early.statusCode, early.json().code], [409, 'needs-approval'])
  const own = await api.call('approver', `POST /announcements/${id}/approve`, { digest })
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own-announcement'])
  const other = await api.call('admin', `POST /announcements/${id}/approve`, { digest: 'f'.repeat(64) })
  assert.deepEqual([other.statusCode, other.json().code], [409, 'digest-mismatch'])
  assert.equal((await api.call('admin', `POST /announcements/${id}/approve`, { digest })).statusCode, 200)
  const released = await api.call('approver', `POST /announcements/${id}/release`, { digest })
  assert.equal(released.statusCode, 200, released.body)
  assert.equal(released.json().deliveries.length, 1)
  const twice = await api.call('approver', `POST /announcements/${id}/release`, { digest })
  assert.deepEqual([twice.statusCode, twice.json().code], [409, 'already-released'])
})

test('a mistyped topic gets nothing past an approval: at draft, plan and amend it is refused with the one that was meant', async () => {
  const wish = aWish({ title: 'Ratssitzung am Dienstag' })
  const { id } = (await api.call('author', 'POST /announcements', wish)).json()
  const before = await written(api)
  for (const [call, body] of [
    ['POST /announcements', { ...wish, topic: 'politik' }],
    ['POST /plan', { ...wish, topics: ['politik'] }],
    [`POST /announcements/${id}/amend`, { topic: 'politik' }],
    [`POST /announcements/${id}/amend`, { topics: ['culture', 'Stadtpolitik'.toLowerCase()] }],
  ] as const) {
    const answer = await api.call('author', call, body)
    const [problem] = answer.json().problems
    assert.deepEqual([answer.statusCode, problem.code, problem.place], [422, 'unknown-topic', 'topics'], answer.body)
    assert.match(problem.de, /hat Bonn nicht\. Meinten Sie »politics«\? Es gibt: politics \(Stadtpolitik\), culture \(Kultur\)\./)
  }
  assert.deepEqual(await written(api), before)
})

test('areas are the city’s own: an unknown one is refused with the one that was meant, a known one is kept, listed and changed', async () => {
  const wish = aWish({ title: 'Wasserrohrbruch in Beuel', districts: ['beuel'] })
  const { id, announcement } = (await api.call('author', 'POST /announcements', wish)).json()
  assert.deepEqual(announcement.districts, ['beuel'])
  for (const [call, body] of [
    ['POST /announcements', { ...wish, districts: ['beul'] }],
    ['POST /plan', { ...wish, districts: ['beul'] }],
    [`POST /announcements/${id}/amend`, { districts: ['beuel', 'beul'] }],
  ] as const) {
    const answer = await api.call('author', call, body)
    const [problem] = answer.json().problems
    assert.deepEqual([answer.statusCode, problem.code, problem.place], [422, 'unknown-district', 'districts'], answer.body)
    assert.equal(
      problem.de,
      'Das Gebiet »beul« hat Bonn nicht. Meinten Sie »beuel«? Es gibt: beuel (Beuel), bad-godesberg (Bad Godesberg).',
    )
  }
  const amended = async (changes: object) =>
    (await api.call('author', `POST /announcements/${id}/amend`, changes)).json().announcement.districts
  assert.deepEqual(await amended({ text: 'Anders.' }), ['beuel'])
  assert.deepEqual(await amended({ districts: [] }), [])
  const city = (await api.call('author', 'GET /cities/bonn')).json()
  assert.deepEqual(city.districts, { beuel: 'Beuel', 'bad-godesberg': 'Bad Godesberg' })
})

test('several topics are as strict as the strictest, and one may be changed to none', async () => {
  const wish = aWish({ title: 'Ausstellung zur Ratssitzung', topics: ['culture', 'politics'] })
  const drafted = (await api.call('author', 'POST /announcements', wish)).json()
  assert.deepEqual([drafted.announcement.topics, drafted.announcement.topic], [['culture', 'politics'], 'culture'])
  const { digest } = (await api.call('author', 'POST /plan', wish)).json()
  const early = await api.call('approver', `POST /announcements/${drafted.id}/release`, { digest })
  assert.deepEqual([early.statusCode, early.json().code], [409, 'needs-approval'])
  const amended = async (changes: object) =>
    (await api.call('author', `POST /announcements/${drafted.id}/amend`, changes)).json().announcement.topics
  assert.deepEqual(await amended({ topic: 'culture' }), ['culture'])
  assert.deepEqual(await amended({ text: 'Anders.' }), ['culture'])
  assert.deepEqual(await amended({ topic: null }), [])
})

test('a draft may be given a time alone, another one, or none; the same time again is no change', async () => {
  const { id } = (await api.call('author', 'POST /announcements', aWish({ title: 'Tag der offenen Tür' }))).json()
  const amended = async (changes: object) => {
    const answer = await api.call('author', `POST /announcements/${id}/amend`, changes)
    return answer.statusCode === 200 ? [answer.json().revision, answer.json().announcement.publishAt] : answer.json().code
  }
  const [noon, evening] = ['2027-08-01T10:00:00.000Z', '2027-08-01T16:00:00.000Z']
  assert.deepEqual(await amended({ publishAt: noon }), [2, noon])
  assert.equal(await amended({ publishAt: noon }), 'unchanged')
  assert.deepEqual(await amended({ publishAt: evening }), [3, evening])
  assert.equal(await amended({ title: 'Tag der offenen Tür' }), 'unchanged')
  assert.deepEqual(await amended({ publishAt: null }), [4, null])
})

test('no city may be called like a door of the service: every fixed address of this one is on the list', () => {
  const fixed = api.app.printRoutes({ commonPrefix: false }).matchAll(/^[├└]── \/([^\s/:(*]+)/gm)
  const found = new Set([...fixed].map(([, part]) => part ?? '').filter((part) => /^[a-z0-9-]+$/.test(part)))
  assert.deepEqual(
    [...found].filter((part) => !isDoor(part)),
    [],
  )
  assert.ok(
    ['api', 'ops', 'healthz'].every((part) => found.has(part)),
    [...found].join(),
  )
})

test('an approval does not hold for what was changed after it', async () => {
  const wish = aWish({ topic: 'politics', title: 'Ratssitzung am Montag' })
  const { id } = (await api.call('author', 'POST /announcements', wish)).json()
  const { digest } = (await api.call('author', 'POST /plan', wish)).json()
  await api.call('approver', `POST /announcements/${id}/approve`, { digest })
  const amended = await api.call('author', `POST /announcements/${id}/amend`, { text: 'Ganz etwas anderes.' })
  assert.equal(amended.statusCode, 200, amended.body)
  const old = await api.call('approver', `POST /announcements/${id}/release`, { digest })
  assert.deepEqual([old.statusCode, old.json().code], [409, 'digest-mismatch'])
  const now = (await api.call('approver', `POST /announcements/${id}/plan`)).json().digest
  const released = await api.call('approver', `POST /announcements/${id}/release`, { digest: now })
  assert.deepEqual([released.statusCode, released.json().code], [409, 'needs-approval'])
})

test('whoever has rewritten a draft of somebody else cannot approve it: that takes a second pair of eyes', async () => {
  const wish = aWish({ topic: 'politics', title: 'Ratssitzung am Mittwoch' })
  const { id } = (await api.call('author', 'POST /announcements', wish)).json()
  const text = 'Worte, die sonst niemand gelesen hat.'
  assert.equal((await api.call('approver', `POST /announcements/${id}/amend`, { text })).statusCode, 200)
  const { digest } = (await api.call('author', 'POST /plan', { ...wish, text })).json()
  const own = await api.call('approver', `POST /announcements/${id}/approve`, { digest })
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own-announcement'])
  assert.equal((await api.call('admin', `POST /announcements/${id}/approve`, { digest })).statusCode, 200)
})

test('a draft that is released while its author rewrites it stays as it was released', async () => {
  const { id } = (await api.call('author', 'POST /announcements', aWish({ title: 'Freibad öffnet am Freitag' }))).json()
  const [locked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const releasing = api.store.db.transaction().execute(async (trx) => {
    await trx.selectFrom('announcement').select('id').where('id', '=', id).forUpdate().execute()
    locked.resolve()
    await goOn.promise
    await trx.updateTable('announcement').set({ releasedAt: sql<Date>`now()` }).where('id', '=', id).execute()
  })
  await locked.promise
  const amending = api.call('author', `POST /announcements/${id}/amend`, { text: 'Das hat niemand freigegeben.' })
  await poll('the amendment to wait', async () => {
    const { rows } = await sql<{
      n: string
    }>`select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(api.store.db)
    return Number(rows[0]?.n) > 0
  })
  goOn.resolve()
  await releasing
  const amended = await amending
  assert.deepEqual([amended.statusCode, amended.json().code], [409, 'already-released'])
  const { n } = await api.store.db
    .selectFrom('delivery')
    .select((row) => row.fn.countAll<string>().as('n'))
    .where('announcementId', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(Number(n), 0)
  assert.equal((await api.call('author', `GET /announcements/${id}`)).json().revision, 1)
})

test('amending names only what changes, retracting takes back what has not left', async () => {
  const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
  const amended = await api.call('approver', `POST /announcements/${id}/amend`, { title: 'Freibad öffnet am Sonntag' })
  assert.equal(amended.statusCode, 200, amended.body)
  assert.equal(amended.json().revision, 2)
  assert.equal(amended.json().announcement.title, 'Freibad öffnet am Sonntag')
  assert.equal(amended.json().announcement.text, aWish().text)
  const same = await api.call('approver', `POST /announcements/${id}/amend`, { title: 'Freibad öffnet am Sonntag' })
  assert.deepEqual([same.statusCode, same.json().code], [409, 'unchanged'])
  const retracted = await api.call('duty-officer', `POST /announcements/${id}/retract`)
  assert.equal(retracted.statusCode, 200, retracted.body)
  assert.equal(retracted.json().state, 'retracted')
  const { deliveries } = (await api.call('author', `GET /announcements/${id}`)).json()
  assert.ok(
    deliveries.every(({ state }: { state: string }) => state === 'superseded'),
    JSON.stringify(deliveries),
  )
  const again = await api.call('approver', `POST /announcements/${id}/retract`)
  assert.deepEqual([again.statusCode, again.json().code], [409, 'already-retracted'])
})

test('the list is newest first, filtered by city and state, and goes on where it ended', async () => {
  const made: string[] = []
  for (const number of [1, 2, 3])
    made.unshift((await api.call('author of all', 'POST /announcements', aWish({ city: 'mainz', title: `Nr. ${number}` }))).json().id)
  const ids = async (query: string) =>
    (await api.call('author of all', `GET /announcements?${query}`)).json().map((one: { id: string }) => one.id)
  assert.deepEqual(await ids('city=mainz'), made)
  assert.deepEqual(await ids('city=mainz&limit=2'), made.slice(0, 2))
  assert.deepEqual(await ids(`city=mainz&limit=2&before=${made[1]}`), made.slice(2))
  assert.deepEqual(await ids('city=mainz&state=delivered'), [])
  assert.deepEqual(await ids('city=mainz&state=draft'), made)
  assert.deepEqual(await ids('city=atlantis').catch(() => []), [])
})

test('waiting ends at once for a draft, and when a person is asked', async () => {
  const { id } = (await api.call('author', 'POST /announcements', aWish())).json()
  assert.equal((await api.call('author', `GET /announcements/${id}?wait=30`)).json().state, 'draft')

  const released = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
  const waiting = api.call('author', `GET /announcements/${released.id}?wait=30`)
  await api.store.db
    .updateTable('delivery')
    .set({ state: 'held', heldFor: 'answer', question: 'Ist es da?' })
    .where('announcementId', '=', released.id)
    .execute()
  const held = (await waiting).json()
  assert.equal(held.deliveries[0].question, 'Ist es da?')
  assert.equal(held.state, 'waiting-for-a-person')

  const answered = await api.call('duty-officer', `POST /deliveries/${held.deliveries[0].id}/resolve`, {
    answer: 'there',
    url: 'https://example.org/post/1',
  })
  assert.equal(answered.statusCode, 200, answered.body)
  assert.equal(answered.json().deliveries[0].state, 'delivered')
  assert.equal(answered.json().deliveries[0].receipt.url, 'https://example.org/post/1')
  const again = await api.call('duty-officer', `POST /deliveries/${held.deliveries[0].id}/resolve`, { answer: 'drop' })
  assert.deepEqual([again.statusCode, again.json().code], [409, 'not-held'])
})

test('waiting gives up when its time is over, and shows how it stands', async () => {
  const { id } = (await api.call('approver', 'POST /announcements', aWish({ release: true }))).json()
  const answer = await api.call('author', `GET /announcements/${id}?wait=0.5`)
  assert.equal(answer.json().state, 'under-way')
})

test('a channel is suspended with a reason, shown so, and resumed', async () => {
  const suspended = await api.call('operator', 'POST /channels/bonn/newsroom/suspend', { because: 'Konto übernommen' })
  assert.equal(suspended.json().suspended.because, 'Konto übernommen')
  const { decisions } = (await api.call('author', 'POST /plan', aWish())).json()
  assert.equal(decisions[0].because, 'suspended')
  const [listed] = (await api.call('author', 'GET /channels?city=bonn')).json()
  assert.equal(listed.suspended.because, 'Konto übernommen')
  const resumed = await api.call('operator', 'POST /channels/bonn/newsroom/resume')
  assert.equal(resumed.json().suspended, null)
})

test('a city is shown with its policy and without any channel’s settings', async () => {
  const city = (await api.call('author', 'GET /cities/bonn')).json()
  assert.equal(city.rules[0].hold[0], 'approval')
  assert.equal('settings' in city.channels[0], false)
  assert.equal('pace' in city.channels[0], false)
})
