// What is Facebook's own: errors by their numbers, photos, link cards, comments, edits, and what the token says of itself.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { facebook } from '../../connectors/facebook/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import type { Receipt } from '../../src/connector/connector.ts'
import { failureOf, NotYetError, UnclearError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { graphError, saying } from '../support/graph-error.ts'
import { anImage } from '../support/png.ts'

const page = '100064598765432'
const images = [anImage('Das Freibad von oben', 0x00549f), anImage('Der Eingang am Rhein', 0xaa3311)] as const
const pictures = images.map(({ image }) => image)

const connected = async (t: TestContext, settings: LabSettings['facebook'] = {}) => {
  const lab = await startLab({ port: 0, settings: { facebook: settings } })
  const proxy = await startFaultProxy({ target: `${lab.url}/facebook` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const tools = someTools({ media: async (id) => images.find(({ image }) => image.id === id)!.bytes })
  const client = await facebook.connect(facebook.settings.parse({ page, base: proxy.url, token: 'rehearsal-bonn' }), tools)
  const sent = (method: string, end: RegExp) =>
    proxy.requests.filter((request) => request.method === method && end.test(request.path.split('?')[0]!))
  return { lab, client, sent }
}

const now = () => ({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })
const time = () => AbortSignal.timeout(10_000)

/** What comes of an answer of Facebook's to a new post. */
const after = async (t: TestContext, ...answer: Parameters<typeof saying>) => {
  const base = await saying(...answer)
  t.after(() => base.close())
  const client = await facebook.connect(facebook.settings.parse({ page, base: base.url, token: 'x' }), someTools())
  return facebook.publish(client, aPost(), anAttempt(now())).then(
    () => assert.fail('it succeeded'),
    (error: Error) => error,
  )
}

for (const [meaning, code, subcode, status, failure] of [
  ['too many calls of the app', 4, undefined, 403, 'not-yet'],
  ['too many calls of the page', 32, undefined, 403, 'not-yet'],
  ['too many calls of the business use case', 80001, undefined, 400, 'not-yet'],
  ['posting too fast', 368, 1390008, 400, 'not-yet'],
  ['a limit of what may be posted', 341, undefined, 400, 'not-yet'],
  ['a token that has expired', 190, 463, 400, 'channel'],
  ['a password that was changed', 190, 460, 401, 'channel'],
  ['a session that is not known', 102, undefined, 400, 'channel'],
  ['a right that is missing', 200, undefined, 403, 'channel'],
  ['a permission that was taken away', 10, undefined, 403, 'channel'],
  ['an identity that has to be proven', 368, 4854002, 400, 'channel'],
  ['an account that is blocked for a while', 368, undefined, 400, 'channel'],
  ['a parameter that is wrong', 100, undefined, 400, 'rejected'],
  ['something unknown, with a 400', 1, undefined, 400, 'unclear'],
  ['an outage that calls itself passing, with a 400', 2, undefined, 400, 'unclear'],
  ['something unknown, with a 500', 1, undefined, 500, 'unclear'],
  ['whatever is wrong with a 500', 100, undefined, 500, 'unclear'],
  ['the same words as just before', 506, undefined, 400, 'unclear'],
  ['a post that is there already', 100, 1366051, 400, 'unclear'],
] as const)
  test(`${meaning} (${code}${subcode ? `/${subcode}` : ''}, ${status}) is ${failure}`, async (t) => {
    const error = await after(t, graphError(code, subcode), { status })
    assert.equal(failureOf(error), failure, error.message)
    assert.match(error.message, new RegExp(`Facebook antwortet ${status} \\(${code}`))
  })

test('a page that something in between answers is no decision of Facebook’s', async (t) => {
  assert.equal(failureOf(await after(t, '<h1>Blocked</h1>', { status: 403 })), 'unreachable')
  assert.equal(failureOf(await after(t, '<h1>Sorry, something went wrong</h1>', { status: 500 })), 'unclear')
})

test('how long to wait stands in minutes in the headers', async (t) => {
  const usage = { '1': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 19 }] }
  const error = await after(t, graphError(80001), { status: 400, headers: { 'x-business-use-case-usage': JSON.stringify(usage) } })
  assert.ok(error instanceof NotYetError)
  assert.equal(error.retryAfterMs, 19 * 60_000)
})

test('a person reads in German what to do about a token', async (t) => {
  assert.match((await after(t, graphError(190, 460), { status: 400 })).message, /Das Kennwort wurde geändert\. Bitte .* neues Token/)
})

test('the lab’s own limit of calls is waited for', async (t) => {
  const { client } = await connected(t, { rateLimit: { points: 1, seconds: 600 } })
  await facebook.publish(client, aPost(), anAttempt(now()))
  const failed = facebook.publish(client, aPost({ text: 'Noch etwas' }), anAttempt(now()))
  await assert.rejects(failed, (error) => error instanceof NotYetError && error.retryAfterMs > 500_000 && error.retryAfterMs <= 600_000)
})

test('a photo is uploaded once, however many attempts its post takes', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  lab.setFault('facebook', { fault: 'reset', times: 1 })
  await assert.rejects(facebook.publish(client, aPost({ images: pictures }), attempt))
  await facebook.publish(client, aPost({ images: pictures }), attempt)
  assert.equal(sent('POST', /\/photos$/).length, 2)
  assert.deepEqual(
    lab.ledger().map(({ images }) => images.length),
    [2],
  )
})

test('an upload that Facebook has cleared away is made again', async (t) => {
  const { lab, client } = await connected(t)
  const first = anAttempt(now())
  lab.setFault('facebook', { fault: 'reset', times: 1 })
  await assert.rejects(facebook.publish(client, aPost({ images: pictures }), first))
  const memory = Object.fromEntries(Object.keys(first.memory).map((name) => [name, '117000000000000000']))
  await facebook.publish(client, aPost({ images: pictures }), anAttempt({ ...now(), memory }))
  assert.equal(lab.ledger()[0]?.images.length, 2)
})

test('a link stands in a card, and a post whose link Facebook cannot read goes without one', async (t) => {
  const { lab, client, sent } = await connected(t, { unreadable: ['https://www.bonn.de/freibad'] })
  await facebook.publish(client, aPost(), anAttempt(now()))
  assert.deepEqual(
    sent('POST', /\/feed$/).map(({ body }) => JSON.parse(body.toString()).link),
    ['https://www.bonn.de/freibad', undefined],
  )
  assert.equal(lab.ledger().length, 1)
})

test('the same words right after each other are refused there, and that is looked up', async (t) => {
  const { client } = await connected(t)
  const attempt = anAttempt(now())
  const receipt = await facebook.publish(client, aPost(), attempt)
  await assert.rejects(facebook.publish(client, aPost(), attempt), (error) => failureOf(error) === 'unclear')
  assert.deepEqual(
    (await facebook.findAll!(client, aPost(), attempt)).map(({ id }) => id),
    [receipt.id],
  )
})

test('a post of the same text from long before is not taken for this one', async (t) => {
  const { lab, client } = await connected(t)
  lab.setMood('facebook', { clockMs: -7_200_000 })
  await facebook.publish(client, aPost(), anAttempt(now()))
  lab.setMood('facebook', null)
  assert.equal(await facebook.find?.(client, aPost(), anAttempt(now())), undefined)
})

test('a post is found behind sixty others, with its photos', async (t) => {
  const { client } = await connected(t)
  const attempt = anAttempt(now())
  const post = aPost({ images: pictures })
  const receipt = await facebook.publish(client, post, attempt)
  for (let number = 0; number < 60; number += 1)
    await facebook.publish(client, aPost({ text: `Nummer ${number}`, link: null }), anAttempt(now()))
  assert.deepEqual(await facebook.find?.(client, post, attempt), receipt)
})

for (const [what, memory] of [
  ['posts', {}],
  ['comments', { answered: '18000000000000000' }],
] as const)
  test(`${what} that are more than are looked through leave it to a person whether one is there`, async (t) => {
    const data = Array.from({ length: 25 }, (_, index) => ({ id: `${page}_${index}`, created_time: new Date().toISOString() }))
    const find = async (paging: object) => {
      const front = await saying(JSON.stringify({ data, paging }), { status: 200 })
      t.after(() => front.close())
      const client = await facebook.connect(facebook.settings.parse({ page, base: front.url, token: 'x' }), someTools())
      return facebook.find!(client, aPost(), anAttempt({ ...now(), memory }))
    }
    await assert.rejects(find({ cursors: { after: 'x' } }), (error) => error instanceof UnclearError && !error.findable)
    assert.equal(await find({}), undefined)
  })

test('an edit uploads only what is new, and names no photos where none change', async (t) => {
  const { lab, client, sent } = await connected(t)
  const receipt = await facebook.publish(client, aPost({ images: pictures }), anAttempt(now()))
  await facebook.update!(client, receipt, aPost({ text: 'Neu', images: pictures }), anAttempt(now()))
  assert.equal(JSON.parse(sent('POST', /\d_\d+$/)[0]!.body.toString()).attached_media, undefined)
  const better = { ...pictures[0]!, alt: 'Das Freibad von oben, die Becken sind leer' }
  await facebook.update!(client, receipt, aPost({ text: 'Neuer', images: [better, pictures[1]!] }), anAttempt(now()))
  assert.equal(sent('POST', /\/photos$/).length, 3)
  assert.deepEqual(
    lab.ledger()[0]?.images.map(({ alt }) => alt),
    [better.alt, pictures[1]!.alt],
  )
})

test('a comment takes a picture, is found below what it answers, and can be changed and removed', async (t) => {
  const { lab, client } = await connected(t)
  const receipt = await facebook.publish(client, aPost(), anAttempt(now()))
  const attempt = anAttempt(now())
  const post = aPost({ text: 'Entwarnung', images: pictures.slice(0, 1) })
  const reply = await facebook.reply!(client, receipt, post, attempt)
  assert.deepEqual(await facebook.find!(client, post, attempt), reply)
  await facebook.update!(client, reply, aPost({ text: 'Entwarnung für alle' }), anAttempt(now()))
  const stands = lab.ledger().find(({ id }) => id === reply.id)
  assert.deepEqual([stands?.text, stands?.images.length, stands?.replyTo], ['Entwarnung für alle', 1, receipt.id])
  await facebook.retract!(client, reply, anAttempt(now()))
  assert.equal(await facebook.stands!(client, reply, time()), false)
  assert.equal(await facebook.stands!(client, receipt, time()), true)
})

test('an answer to an answer to a comment stands below the comment, as there is one level', async (t) => {
  const { lab, client } = await connected(t)
  let above: Receipt = await facebook.publish(client, aPost(), anAttempt(now()))
  const replies: Receipt[] = []
  for (const text of ['Erste', 'Zweite', 'Dritte']) {
    above = await facebook.reply!(client, above, aPost({ text }), anAttempt(now()))
    replies.push(above)
  }
  assert.equal(lab.ledger().find(({ id }) => id === above.id)?.replyTo, replies[0]?.id)
})

test('what is gone is only told by a token that sees the page’s other posts', async (t) => {
  const { lab, client } = await connected(t)
  const receipt = await facebook.publish(client, aPost(), anAttempt(now()))
  await facebook.retract!(client, receipt, anAttempt(now()))
  await facebook.retract!(client, receipt, anAttempt(now()))
  lab.setFault('facebook', { fault: 'expired-token', operation: 'read', times: 'always' })
  await assert.rejects(facebook.retract!(client, receipt, anAttempt(now())), (error) => failureOf(error) === 'channel')
})

test('the page says who it is, until when its token sees, what is missing, and how many follow', async (t) => {
  const { client } = await connected(t)
  const { account, until, missing } = await facebook.check(client, time())
  assert.deepEqual([account, until, missing], ['bonn', '2100-01-01T00:00:00.000Z', []])
  assert.ok((await facebook.insights!(client, time())).followers > 0)
  const receipt = await facebook.publish(client, aPost(), anAttempt(now()))
  await facebook.reply!(client, receipt, aPost({ text: 'Korrektur' }), anAttempt(now()))
  assert.deepEqual(await facebook.reactions!(client, receipt, time()), { likes: 0, replies: 1, shares: 0 })
})

test('a token is good for one page', async (t) => {
  const { lab, client } = await connected(t)
  await facebook.publish(client, aPost(), anAttempt(now()))
  const other = await facebook.connect(
    facebook.settings.parse({ page, base: `${lab.url}/facebook`, token: 'rehearsal-mainz' }),
    someTools(),
  )
  await assert.rejects(facebook.publish(other, aPost(), anAttempt(now())), (error) => failureOf(error) === 'channel')
})

test('page and version are checked, the address has a default', () => {
  const parse = (settings: object) => facebook.settings.safeParse({ page, token: 'x', ...settings })
  assert.deepEqual([parse({}).data?.base, parse({}).data?.version], ['https://graph.facebook.com', 'v25.0'])
  assert.equal(parse({ version: 'v26.0', base: 'http://127.0.0.1:8081/facebook/' }).data?.base, 'http://127.0.0.1:8081/facebook')
  for (const wrong of [{ page: 'bonn' }, { version: '26' }, { colour: 'blue' }]) assert.equal(parse(wrong).success, false)
})
