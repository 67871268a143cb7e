// Bad input: a clear 4xx in problem+json with a German and an English sentence, and nothing stored.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOfThisFile, aWish, written } from '../support/api.ts'
import { aPng } from '../support/png.ts'

const rtl = '\u202e'
const api = await apiOfThisFile()
const kept = await api.call('author', 'POST /media', aPng(), { 'content-type': 'image/png' })
const image = { id: kept.json().id as string, alt: 'Das Freibad' }
const unknown = { id: 'a'.repeat(64), alt: 'Das Freibad' }

/** What is sent, the status, and the code of the first or only problem. */
const bodies: Readonly<Record<string, readonly [body: unknown, status: number, code: string]>> = {
  'an empty body': ['', 400, 'not-an-object'],
  'JSON that is not JSON': ['{"city": "bonn",', 400, 'invalid-json'],
  'JSON in another encoding': [Buffer.from('{"title":"Bäder"}', 'latin1'), 400, 'invalid-json'],
  'a list': [[aWish()], 400, 'not-an-object'],
  'a string': ['"bonn"', 400, 'not-an-object'],
  'a number': ['1', 400, 'not-an-object'],
  null: ['null', 400, 'not-an-object'],
  'an empty object': [{}, 422, 'missing-field'],
  'an empty title': [aWish({ title: '' }), 422, 'empty'],
  'a title of spaces': [aWish({ title: '  \u00a0 ' }), 422, 'empty'],
  'a text of 100 kB': [aWish({ text: 'a'.repeat(100_000) }), 422, 'too-long'],
  'a text of 1 MB': [aWish({ text: 'a'.repeat(1_000_000) }), 413, 'body-too-large'],
  'a control character': [aWish({ title: 'Frei\u0007bad' }), 422, 'control-characters'],
  'a NUL': [aWish({ text: 'Frei\u0000bad' }), 422, 'control-characters'],
  'a line break in the title': [aWish({ title: 'Frei\nbad\r\nBcc: x@example.org' }), 422, 'control-characters'],
  'a lone surrogate': ['{"city":"bonn","kind":"notice","title":"Frei\\ud800bad","text":"x"}', 422, 'broken-characters'],
  'a right-to-left override': [aWish({ title: `Frei${rtl}dab` }), 422, 'direction-characters'],
  'a javascript: link': [aWish({ link: 'javascript:alert(1)' }), 422, 'link-scheme'],
  'a data: link': [aWish({ link: 'data:text/html,<script>' }), 422, 'link-scheme'],
  'a link with a password': [aWish({ link: 'https://u:p@www.bonn.de/' }), 422, 'link-credentials'],
  'no link at all': [aWish({ link: 'freibad' }), 422, 'link-malformed'],
  'an unknown city': [aWish({ city: 'atlantis' }), 404, 'unknown-city'],
  'a city that is a property of every object': [aWish({ city: 'constructor' }), 404, 'unknown-city'],
  'an unknown kind': [aWish({ kind: 'advert' }), 422, 'unknown-kind'],
  'a warning without severity': [aWish({ kind: 'warning' }), 422, 'severity-missing'],
  'an expiry in the past': [aWish({ expires: '2020-01-01T00:00:00Z' }), 422, 'expires-past'],
  'a publish time in the skipped hour': [aWish({ publishAt: '2027-03-28T02:30' }), 422, 'time-skipped'],
  'an ambiguous hour': [aWish({ publishAt: '2027-10-31T02:30' }), 422, 'time-ambiguous'],
  'a time that is none': [aWish({ publishAt: 'morgen' }), 422, 'time-malformed'],
  'a topic that the city does not have': [aWish({ topic: 'politik' }), 422, 'unknown-topic'],
  'a topic among several that the city does not have': [aWish({ topics: ['culture', 'sport'] }), 422, 'unknown-topic'],
  'a topic that is a property of every object': [aWish({ topic: 'constructor' }), 422, 'unknown-topic'],
  'an area that the city does not have': [aWish({ districts: ['beule'] }), 422, 'unknown-district'],
  'an area that is a property of every object': [aWish({ districts: ['constructor'] }), 422, 'unknown-district'],
  'media without alternative text': [aWish({ media: [{ id: image.id }] }), 422, 'alt-missing'],
  'media with empty alternative text': [aWish({ media: [{ ...image, alt: ' ' }] }), 422, 'alt-missing'],
  'media that nobody brought': [aWish({ media: [unknown] }), 422, 'unknown-media'],
  'an unknown field': [aWish({ status_: 'approved' }), 422, 'unknown-field'],
  'what only the house may say': [aWish({ id: 'x', state: 'released', revision: 7, createdBy: 'root' }), 422, 'unknown-field'],
  'release that is no boolean': [aWish({ release: 'yes' }), 422, 'wrong-type'],
  'a prototype in the body': ['{"city":"bonn","__proto__":{"role":"admin"}}', 400, 'invalid-json'],
  'a constructor in the body': ['{"city":"bonn","constructor":{"prototype":{"role":"admin"}}}', 400, 'invalid-json'],
  'a deep nest': [`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 422, 'unknown-field'],
}

for (const [what, [body, status, code]] of Object.entries(bodies))
  test(`${what} is refused in words, and nothing is stored`, async () => {
    const before = await written(api)
    for (const path of ['/announcements', '/plan'] as const) {
      if (path === '/plan' && what === 'release that is no boolean') continue
      const answer = await api.call('author', `POST ${path}`, body)
      assertProblem(answer, status)
      const codes = answer.json().problems.map((problem: { code: string }) => problem.code)
      assert.ok(codes.includes(code), `${path}: ${answer.body}`)
    }
    assert.deepEqual(await written(api), before)
    assert.equal(({} as { role?: string }).role, undefined)
  })

test('several faults are named at once, each with its place', async () => {
  const answer = await api.call('author', 'POST /announcements', aWish({ title: '', link: 'javascript:x', kind: 'advert' }))
  assert.deepEqual(
    answer
      .json()
      .problems.map(({ place }: { place: string }) => place)
      .sort(),
    ['kind', 'link', 'title'],
  )
})

const others: Readonly<Record<string, readonly [call: Parameters<Api['call']>[1], body: unknown, status: number]>> = {
  'an id that is none': ['GET /announcements/1', undefined, 404],
  'an id with SQL': ["GET /announcements/1'%20or%20'1'='1", undefined, 404],
  'an id that climbs': ['GET /announcements/..%2f..%2fkeys', undefined, 404],
  'an id of 10 kB': [`GET /announcements/${'a'.repeat(10_000)}`, undefined, 404],
  'an unknown state': ['GET /announcements?state=released', undefined, 400],
  'a limit of a million': ['GET /announcements?limit=1000000', undefined, 400],
  'an order by': ['GET /announcements?before=id%20desc;--', undefined, 400],
  'a negative wait': ['GET /announcements/0198a1a2-0000-7000-8000-00000000dead?wait=-1', undefined, 400],
  'a digest that is none': ['POST /announcements/0198a1a2-0000-7000-8000-00000000dead/approve', { digest: 'x' }, 400],
  'no digest': ['POST /announcements/0198a1a2-0000-7000-8000-00000000dead/approve', undefined, 400],
  'a role that nobody has': ['POST /keys', { name: 'x', role: 'root', cities: ['bonn'] }, 400],
  'a key without cities': ['POST /keys', { name: 'x', role: 'author', cities: [] }, 400],
  'an answer that is none': ['POST /deliveries/0198a1a2-0000-7000-8000-00000000dead/resolve', { answer: 'perhaps' }, 400],
  'there, but at a javascript: link': [
    'POST /deliveries/0198a1a2-0000-7000-8000-00000000dead/resolve',
    { answer: 'there', url: 'javascript:alert(1)' },
    400,
  ],
  'a suspension without a reason': ['POST /channels/bonn/newsroom/suspend', { because: '  ' }, 400],
  'an unknown channel': ['POST /channels/bonn/nix/suspend', { because: 'x' }, 404],
  'a route that is none': ['POST /announce', aWish(), 404],
  'a method that is none': ['PUT /announcements', aWish(), 404],
}

for (const [what, [call, body, status]] of Object.entries(others))
  test(`${what} is refused in words, and nothing is stored`, async () => {
    const before = await written(api)
    assertProblem(await api.call('admin', call, body), status)
    assert.deepEqual(await written(api), before)
  })

/** Everything that takes words: bodies, their lists and names of fields, queries and paths. */
const broken = { NUL: ['\\u0000', '%00'], 'half a character': ['\\ud800', null] } as const
for (const [what, [escaped, percent]] of Object.entries(broken))
  test(`${what} is refused as an unreadable character wherever words are taken, and nothing is stored`, async () => {
    const before = await written(api)
    const sent: (readonly [Parameters<Api['call']>[1], string?])[] = [
      ['POST /channels/bonn/newsroom/suspend', `{"because":"x${escaped}"}`],
      ['POST /keys', `{"name":"x${escaped}","role":"author","cities":["bonn"]}`],
      ['POST /keys', `{"name":"x","role":"author","cities":["bonn${escaped}"]}`],
      ['POST /announcements', JSON.stringify(aWish({ media: [image] })).replace('"bonn"', `"bonn${escaped}"`)],
      ['POST /announcements', JSON.stringify(aWish({ topic: 'X' })).replace('"X"', `"x${escaped}"`)],
      ['POST /announcements', JSON.stringify(aWish({ references: 'X' })).replace('"X"', `"x${escaped}"`)],
      ['POST /announcements', JSON.stringify(aWish({ channelTexts: { newsroom: 'X' } })).replace('"X"', `"x${escaped}"`)],
      ['POST /announcements', JSON.stringify(aWish({ variants: { X: { title: 'x', text: 'x' } } })).replace('"X"', `"en${escaped}"`)],
      ['POST /announcements', JSON.stringify(aWish({ media: [{ ...image, alt: 'X' }] })).replace('"X"', `"x${escaped}"`)],
      ['POST /deliveries/0198a1a2-0000-7000-8000-00000000dead/resolve', `{"answer":"there","url":"https://x.example/${escaped}"}`],
    ]
    const asked = [
      'GET /announcements?city=',
      'GET /channels?city=',
      'GET /channels/bonn/',
      'GET /cities/',
      'GET /media/',
      'GET /announcements/',
    ]
    if (percent !== null)
      sent.push(...asked.map((call) => [`${call}x${percent}${call.endsWith('bonn/') ? '/insights' : ''}`] as [`GET /${string}`]))
    for (const [call, body] of sent) {
      const { statusCode, body: answer } = await api.call('admin', call, body)
      assert.ok([400, 404, 422].includes(statusCode), `${call}: ${statusCode} ${answer}`)
      if (/suspend|keys/.test(call)) assert.deepEqual([statusCode, JSON.parse(answer).code], [422, 'control-characters'], call)
    }
    assert.deepEqual(await written(api), before)
  })

test('a key of another city learns nothing of a city: not its name, nor its channels', async () => {
  const wish = aWish({ channelTexts: { nirgends: 'Kurz' } })
  const foreign = await api.call('author of mainz', 'POST /announcements', wish)
  const nowhere = await api.call('author of mainz', 'POST /announcements', { ...wish, city: 'atlantis' })
  const known = ({ body }: typeof foreign) => body.replaceAll('atlantis', 'bonn').replace(/urn:uuid:[^"]+/, '')
  assert.equal(known(foreign), known(nowhere))
  assert.doesNotMatch(foreign.body, /newsroom|mastodon/)
})

for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', ''])
  test(`a body as ${type || 'nothing in particular'} is refused with 415`, async () => {
    const before = await written(api)
    const answer = await api.call('author', 'POST /announcements', JSON.stringify(aWish()), { 'content-type': type })
    assertProblem(answer, 415)
    assert.deepEqual(await written(api), before)
  })

test('what was sent is not answered back as markup, and never cached', async () => {
  const answer = await api.call('author', 'POST /announcements', aWish({ city: '<script>alert(1)</script>' }))
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  assert.equal(answer.headers['cache-control'], 'no-store')
})

const assertProblem = (answer: Awaited<ReturnType<Api['call']>>, status: number): void => {
  assert.equal(answer.statusCode, status, answer.body)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  const problem = answer.json()
  assert.equal(problem.status, status)
  assert.equal(problem.type, `urn:rundruf:problem:${problem.code}`)
  assert.match(problem.detail, /[a-zäöüß]{3}.*[.?…}]$/)
  assert.match(problem.detailEn, /[a-z]{3}/)
  assert.match(problem.instance, /^urn:uuid:[0-9a-f-]{36}$/)
  assert.ok(problem.problems.length >= 1 && problem.problems.length <= 20)
  assert.ok(answer.body.length < 20_000)
}
