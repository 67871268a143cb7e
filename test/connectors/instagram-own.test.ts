// What is Instagram's own: containers and their lives, the quota, what it fetches, captions, comments, and the two ways to log in.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { instagram } from '../../connectors/instagram/index.ts'
import { type LabSettings, startLab } from '../../lab/lab.ts'
import { failureOf, NotYetError, UnclearError } from '../../src/connector/errors.ts'
import { tooManyIn } from '../../src/connector/numbers.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { graphError, saying } from '../support/graph-error.ts'
import { aJpeg } from '../support/jpeg.ts'
import { graphJudge, withoutLists } from '../support/meta-graph.ts'
import { aVideo } from '../support/mp4.ts'
import { anImage } from '../support/png.ts'

const account = '17841400012345678'
const pictures = [
  await aJpeg('Das Freibad von oben'),
  await aJpeg('Der Eingang', { colour: 0xaa3311 }),
  await aJpeg('Die Rutsche', { colour: 0 }),
]
const tall = await aJpeg('Zu hoch', { width: 300, height: 600 })
const png = anImage('Ein PNG')
const film = aVideo('Die Rutsche', { seconds: 20, width: 1080, height: 1920 })
const served = new Map(
  [...pictures, tall, png].map(({ image, bytes }) => [image.id, bytes]).concat([[film.video.id, film.bytes]]) as [string, Buffer][],
)

const newsroom = createServer((request, response) => {
  const bytes = served.get(request.url?.split('/').at(-1) ?? '')
  response.writeHead(bytes ? 200 : 404).end(bytes)
})
await new Promise<void>((ready) => newsroom.listen(0, '127.0.0.1', ready))
after(() => newsroom.close())
const mediaUrl = (id: string): string => `http://127.0.0.1:${(newsroom.address() as AddressInfo).port}/media/${id}`

const connected = async (t: TestContext, settings: LabSettings['instagram'] = {}, clock: () => number = Date.now) => {
  const lab = await startLab({ port: 0, now: clock, settings: { instagram: settings } })
  const proxy = await startFaultProxy({ target: `${lab.url}/instagram` })
  t.after(async () => {
    await proxy.close()
    await lab.stop()
  })
  const settled = instagram.settings.parse({ account, base: proxy.url, token: 'rehearsal-bonn' })
  const client = await instagram.connect(settled, someTools({ mediaUrl }))
  const sent = (method: string, end: RegExp) =>
    proxy.requests.filter((request) => request.method === method && end.test(request.path.split('?')[0]!))
  return { lab, client, sent, requests: proxy.requests }
}

const now = () => ({ key: v7(), plannedAt: new Date().toISOString(), firstAt: new Date().toISOString() })
const post = (...shown: readonly { readonly image: (typeof pictures)[number]['image'] }[]) =>
  aPost({ text: `Das Freibad öffnet (${v7()})`, images: shown.map(({ image }) => image) })
const time = () => AbortSignal.timeout(10_000)

for (const [meaning, code, subcode, failure] of [
  ['the daily limit', 9, 2207042, 'not-yet'],
  ['media that are not ready', 9007, 2207027, 'not-yet'],
  ['too many calls', 80002, undefined, 'not-yet'],
  ['a restriction of what looks like spam', 4, 2207051, 'channel'],
  ['an account that is restricted', 25, 2207050, 'channel'],
  ['a token that has expired', 190, 463, 'channel'],
  ['a caption that is too long', 36004, 2207010, 'rejected'],
  ['a server error', -1, 2207001, 'unclear'],
  ['something unknown', 1, undefined, 'unclear'],
  ['media that have expired', -2, 2207020, 'unreachable'],
] as const)
  test(`${meaning} (${code}/${subcode ?? '–'}) while publishing is ${failure}`, async (t) => {
    const { lab, client } = await connected(t)
    const attempt = anAttempt(now())
    lab.setFault('instagram', { fault: 'reset' })
    await assert.rejects(instagram.publish(client, post(pictures[0]!), attempt))
    const front = await startFaultProxy({
      target: `${lab.url}/instagram`,
      callOf: ({ path }) => (path.includes('/media_publish') ? 'publish' : 'other'),
      answers: { refuse: [400, JSON.parse(graphError(code, subcode))], 'expired-token': [401, {}] },
    })
    t.after(() => front.close())
    front.set({ fault: 'refuse' })
    const other = await instagram.connect(
      instagram.settings.parse({ account, base: front.url, token: 'rehearsal-bonn' }),
      someTools({ mediaUrl }),
    )
    await assert.rejects(instagram.publish(other, post(pictures[0]!), attempt), (error) => failureOf(error) === failure)
  })

test('three pictures become a carousel, in their order and with their alternative texts', async (t) => {
  const { lab, client, sent } = await connected(t)
  await instagram.publish(client, post(...pictures), anAttempt(now()))
  assert.deepEqual(
    lab.ledger()[0]?.images.map(({ alt }) => alt),
    pictures.map(({ image }) => image.alt),
  )
  assert.equal(sent('POST', /\/media$/).length, 4)
})

test('what was handed over is not handed over again, however many attempts its post takes', async (t) => {
  const { lab, client, sent } = await connected(t)
  const attempt = anAttempt(now())
  const wanted = post(...pictures)
  lab.setFault('instagram', { fault: 'reset', times: 2 })
  await assert.rejects(instagram.publish(client, wanted, attempt))
  await assert.rejects(instagram.publish(client, wanted, attempt))
  await instagram.publish(client, wanted, attempt)
  assert.equal(sent('POST', /\/media$/).length, 4)
  assert.equal(lab.ledger().length, 1)
})

test('after an unclear ending the container says whether it was published, whatever else stands there', async (t) => {
  const { lab, client } = await connected(t)
  const attempt = anAttempt(now())
  const wanted = post(pictures[0]!)
  await instagram.publish(client, wanted, anAttempt(now()))
  lab.setFault('instagram', { fault: 'reset' })
  await assert.rejects(instagram.publish(client, wanted, attempt), (error) => failureOf(error) === 'unclear')
  assert.equal(await instagram.find!(client, wanted, attempt), undefined)
  lab.setFault('instagram', { fault: 'post-but-500' })
  await assert.rejects(instagram.publish(client, wanted, attempt), (error) => failureOf(error) === 'unclear')
  assert.equal((await instagram.findAll!(client, wanted, attempt)).length, 2)
})

test('a container that was published is never published again: what became of it is looked up', async (t) => {
  const { lab, client } = await connected(t)
  const attempt = anAttempt(now())
  const wanted = post(pictures[0]!)
  const receipt = await instagram.publish(client, wanted, attempt)
  await assert.rejects(instagram.publish(client, wanted, attempt), (error) => failureOf(error) === 'unclear')
  assert.equal((await instagram.find!(client, wanted, attempt))?.id, receipt.id)
  assert.equal(lab.ledger().length, 1)
})

test('a post that is published and not listed yet is not called absent', async (t) => {
  let passed = 0
  const { client } = await connected(t, { listedAfterMs: 60_000 }, () => Date.now() + passed)
  const attempt = anAttempt(now())
  const wanted = post(pictures[0]!)
  const receipt = await instagram.publish(client, wanted, attempt)
  await assert.rejects(instagram.find!(client, wanted, attempt), (error) => failureOf(error) === 'unreachable')
  passed = 60_000
  assert.equal((await instagram.find!(client, wanted, attempt))?.id, receipt.id)
})

/** An account whose next calls to publish a container are refused so; `publish` makes one attempt of the same delivery. */
const refusing = async (t: TestContext, { subcode, times }: { readonly subcode: number; readonly times: number }) => {
  const { lab } = await connected(t)
  const front = await startFaultProxy({
    target: `${lab.url}/instagram`,
    callOf: ({ path }) => (path.includes('/media_publish') ? 'publish' : 'other'),
    answers: { refuse: [400, JSON.parse(graphError(24, subcode))], 'expired-token': [401, {}] },
  })
  t.after(() => front.close())
  front.set({ fault: 'refuse', times })
  const client = await instagram.connect(
    instagram.settings.parse({ account, base: front.url, token: 'rehearsal-bonn' }),
    someTools({ mediaUrl }),
  )
  const [attempt, wanted] = [anAttempt(now()), post(pictures[0]!)]
  const publish = () => instagram.publish(client, wanted, attempt)
  const waits = async (): Promise<number> => {
    const error = await publish().then(
      () => assert.fail('it was published'),
      (cause: unknown) => cause,
    )
    assert.ok(error instanceof NotYetError, String(error))
    return error.retryAfterMs / 1000
  }
  const containers = () => front.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/media')).length
  return { lab, attempt, publish, waits, containers }
}

test('a container that cannot be published for the moment (24/2207008) is tried twice more, then another one is made', async (t) => {
  const { lab, publish, waits, containers } = await refusing(t, { subcode: 2207008, times: 4 })
  for (const made of [1, 1, 1, 2]) assert.deepEqual([await waits(), containers()], [45, made])
  await publish()
  assert.deepEqual([containers(), lab.ledger().length], [2, 1])
})

test('where Instagram goes on refusing containers, it is asked less often', async (t) => {
  const { waits, containers } = await refusing(t, { subcode: 2207008, times: 7 })
  for (const seconds of [45, 45, 45, 45, 45, 45, 300]) assert.equal(await waits(), seconds)
  assert.equal(containers(), 3)
})

test('a container that Instagram does not find (24/2207006) is made anew', async (t) => {
  const { lab, publish, waits, containers } = await refusing(t, { subcode: 2207006, times: 1 })
  assert.deepEqual([await waits(), containers()], [45, 1])
  await publish()
  assert.deepEqual([containers(), lab.ledger().length], [2, 1])
})

test('a container that was refused and stands there all the same has no successor', async (t) => {
  const { lab, attempt, publish, waits, containers } = await refusing(t, { subcode: 2207008, times: 3 })
  for (let number = 0; number < 3; number += 1) await waits()
  await fetch(`${lab.url}/instagram/v25.0/${account}/media_publish?creation_id=${attempt.memory.container}`, {
    method: 'POST',
    headers: { authorization: 'Bearer rehearsal-bonn' },
  })
  await assert.rejects(publish(), (error) => failureOf(error) === 'unclear')
  assert.deepEqual([containers(), lab.ledger().length], [1, 1])
})

for (const [what, memory] of [
  ['posts', {}],
  ['comments', { answered: '18000000000000000' }],
] as const)
  test(`${what} that are more than are looked through leave it to a person whether one is there`, async (t) => {
    const data = Array.from({ length: 50 }, (_, index) => ({ id: `1800000000000000${index}`, timestamp: new Date().toISOString() }))
    const find = async (paging: object) => {
      const front = await saying(JSON.stringify({ data, paging }), { status: 200 })
      t.after(() => front.close())
      const client = await instagram.connect(instagram.settings.parse({ account, base: front.url, token: 'x' }), someTools())
      return instagram.find!(client, post(pictures[0]!), anAttempt({ ...now(), memory }))
    }
    await assert.rejects(find({ cursors: { after: 'x' } }), (error) => error instanceof UnclearError && !error.findable)
    assert.equal(await find({}), undefined)
  })

test('a container expires after 24 hours, and another takes its place', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, {}, () => Date.now() + passed)
  const attempt = anAttempt(now())
  const wanted = post(pictures[0]!)
  lab.setFault('instagram', { fault: 'reset' })
  await assert.rejects(instagram.publish(client, wanted, attempt))
  passed = 86_400_000
  await instagram.publish(client, wanted, attempt)
  assert.equal(sent('POST', /\/media$/).length, 2)
  assert.equal(lab.ledger().length, 1)
})

test('a reel that is being processed is come back to, without being handed over again', async (t) => {
  let passed = 0
  const { lab, client, sent } = await connected(t, { processingMs: 3_600_000 }, () => Date.now() + passed)
  const attempt = anAttempt(now())
  const wanted = aPost({ video: film.video })
  await assert.rejects(instagram.publish(client, wanted, attempt), (error) => failureOf(error) === 'not-yet')
  passed = 3_600_000
  await instagram.publish(client, wanted, attempt)
  assert.equal(sent('POST', /\/media$/).length, 1)
  assert.equal(lab.ledger()[0]?.video?.size, film.video.size)
})

test('the quota is asked before anything is handed over', async (t) => {
  const { lab, client, sent } = await connected(t, { quota: 1 })
  await instagram.publish(client, post(pictures[0]!), anAttempt(now()))
  await assert.rejects(instagram.publish(client, post(pictures[1]!), anAttempt(now())), (error) => failureOf(error) === 'not-yet')
  assert.equal(sent('POST', /\/media$/).length, 1)
  assert.equal(lab.ledger().length, 1)
  assert.deepEqual((await instagram.check(client, time())).quota, { left: 0, of: 1, perSeconds: 86_400 })
})

test('a post that was deleted still counts for the day', async (t) => {
  const { client } = await connected(t, { quota: 1 })
  await instagram.retract!(client, await instagram.publish(client, post(pictures[0]!), anAttempt(now())), anAttempt(now()))
  await assert.rejects(instagram.publish(client, post(pictures[1]!), anAttempt(now())), (error) => failureOf(error) === 'not-yet')
})

for (const [what, image, failure] of [
  ['a PNG', png, 'rejected'],
  ['a picture higher than 4:5', tall, 'rejected'],
  ['a picture that is not at its address', { image: { ...pictures[0]!.image, id: 'f'.repeat(64) } }, 'unreachable'],
] as const)
  test(`${what} is ${failure}`, async (t) => {
    const { lab, client } = await connected(t)
    await assert.rejects(instagram.publish(client, post(image), anAttempt(now())), (error) => failureOf(error) === failure)
    assert.equal(lab.ledger().length, 0)
  })

test('the lab fetches from this machine alone', async (t) => {
  const { lab } = await connected(t)
  const tools = someTools({ mediaUrl: (id) => `http://rundruf.example/media/${id}` })
  const settled = instagram.settings.parse({ account, base: `${lab.url}/instagram`, token: 'rehearsal-bonn' })
  const failed = instagram.publish(await instagram.connect(settled, tools), post(pictures[0]!), anAttempt(now()))
  await assert.rejects(failed, /öffentliche Adresse des Newsrooms/)
})

test('a post without a picture is refused before anything is sent', async (t) => {
  const { client, sent } = await connected(t)
  await assert.rejects(instagram.publish(client, aPost(), anAttempt(now())), (error) => failureOf(error) === 'rejected')
  assert.equal(sent('POST', /./).length, 0)
})

test('thirty hashtags and twenty mentions are as many as a caption takes', async (t) => {
  const { client } = await connected(t)
  const { text } = instagram.limits
  for (const [sign, most] of [
    ['#bonn ', 30],
    ['@bonn ', 20],
  ] as const) {
    const [full, over] = [sign.repeat(most), sign.repeat(most + 1)]
    assert.equal(tooManyIn(full, null, text), null)
    assert.match(tooManyIn(over, null, text) ?? '', new RegExp(`^${most + 1} .*, höchstens ${most} sind möglich$`))
    await instagram.publish(client, { ...post(pictures[0]!), text: full }, anAttempt(now()))
    await assert.rejects(
      instagram.publish(client, { ...post(pictures[0]!), text: over }, anAttempt(now())),
      (error) => failureOf(error) === 'rejected',
    )
  }
})

test('a comment is found below what it answers, and can be removed', async (t) => {
  const { lab, client } = await connected(t)
  const receipt = await instagram.publish(client, post(pictures[0]!), anAttempt(now()))
  const [first, second, third] = [anAttempt(now()), anAttempt(now()), anAttempt(now())]
  const one = await instagram.reply!(client, receipt, aPost({ text: 'Korrektur' }), first)
  const two = await instagram.reply!(client, one, aPost({ text: 'Noch eine' }), second)
  const three = await instagram.reply!(client, two, aPost({ text: 'Entwarnung' }), third)
  for (const [attempt, text, reply] of [
    [first, 'Korrektur', one],
    [second, 'Noch eine', two],
    [third, 'Entwarnung', three],
  ] as const)
    assert.equal((await instagram.find!(client, aPost({ text }), attempt))?.id, reply.id)
  assert.deepEqual(
    lab.ledger().map(({ replyTo }) => replyTo),
    [null, receipt.id, one.id, one.id],
  )
  assert.deepEqual(await instagram.reactions!(client, one, time()), { likes: 0 })
  await instagram.retract!(client, one, anAttempt(now()))
  assert.equal(await instagram.stands!(client, one, time()), false)
})

test('the account says who it is, and a post how often it was liked, answered, shared and seen', async (t) => {
  const { client } = await connected(t)
  const { account: name, url, missing } = await instagram.check(client, time())
  assert.deepEqual([name, url, missing], ['@bonn', null, []])
  const receipt = await instagram.publish(client, post(pictures[0]!), anAttempt(now()))
  assert.deepEqual(await instagram.reactions!(client, receipt, time()), { likes: 0, replies: 0, shares: 0, views: 0 })
})

test('by the login with Instagram nothing can be deleted, and a person is told to do it', async () => {
  const settled = instagram.settings.parse({ account, base: 'https://graph.instagram.com', token: 'x' })
  const client = await instagram.connect(settled, someTools())
  const receipt = { id: '18000000000000000', url: null, at: new Date().toISOString() }
  await assert.rejects(instagram.retract!(client, receipt, anAttempt(now())), /bitte in der App löschen/)
})

test('a post whose address cannot be read is published all the same', async (t) => {
  const { lab, client } = await connected(t)
  const wanted = post(pictures[0]!)
  const attempt = anAttempt(now())
  lab.setFault('instagram', { fault: 'reset' })
  await assert.rejects(instagram.publish(client, wanted, attempt))
  const down = await startFaultProxy({
    target: `${lab.url}/instagram`,
    callOf: ({ path }) => (path.includes('permalink') ? 'read' : 'other'),
  })
  t.after(() => down.close())
  down.set({ fault: 'unavailable', operation: 'read', times: 'always' })
  const settled = instagram.settings.parse({ account, base: down.url, token: 'rehearsal-bonn' })
  const receipt = await instagram.publish(await instagram.connect(settled, someTools({ mediaUrl })), wanted, attempt)
  assert.deepEqual([receipt.id, receipt.url], [lab.ledger()[0]?.id, null])
})

test('a server that is none answers nothing that could be taken for a post', async (t) => {
  const front = await saying('{}', { status: 200 })
  t.after(() => front.close())
  const client = await instagram.connect(instagram.settings.parse({ account, base: front.url, token: 'x' }), someTools({ mediaUrl }))
  await assert.rejects(instagram.publish(client, post(pictures[0]!), anAttempt(now())), (error) => failureOf(error) === 'unreachable')
})

test('every request for carousels, reels, comments and checks is one that Meta’s field lists know', async (t) => {
  if (withoutLists !== undefined) return t.skip(withoutLists)
  const { client, requests } = await connected(t)
  await instagram.check(client, time())
  const receipt = await instagram.publish(client, post(...pictures), anAttempt(now()))
  await instagram.publish(client, aPost({ video: film.video }), anAttempt(now()))
  const attempt = anAttempt(now())
  const reply = await instagram.reply!(client, receipt, aPost(), attempt)
  await instagram.find!(client, aPost(), attempt)
  await instagram.reply!(client, reply, aPost(), anAttempt(now()))
  await instagram.reactions!(client, receipt, time())
  await instagram.retract!(client, receipt, anAttempt(now()))
  assert.deepEqual((await Promise.all(requests.map(graphJudge('instagram')))).flat(), [])
})
