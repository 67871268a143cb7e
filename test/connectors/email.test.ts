// The newsletter in the lab: what of the contract fits a mailing, and what becomes of each recipient when something goes wrong.
import assert from 'node:assert/strict'
import { after, before, suite, type TestContext, test } from 'node:test'
import { v7 } from 'uuid'
import { email } from '../../connectors/email/index.ts'
import { type Lab, startLab } from '../../lab/lab.ts'
import type { Receipt, Tools } from '../../src/connector/connector.ts'
import { ChannelError, failureOf, hasBegun, NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { actions } from '../contract/actions.ts'
import { exit } from '../contract/exit.ts'
import { limits } from '../contract/limits.ts'
import type { PeerKind, PeerPost } from '../contract/peer.ts'
import { secrecy } from '../contract/secrecy.ts'
import { World } from '../contract/world.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { labPeer } from '../support/lab-peer.ts'
import { aMailing } from '../support/mailing.ts'

const from = 'Bundesstadt Bonn <newsletter@bonn.example>'
const lab = labPeer({ platform: 'email', settings: { from }, secret: 'password' })

/** A mailing to one recipient is one post: known by the delivery in the letter's Message-ID, its words without the footer. */
const asPost = ({ id, text, replyTo, ...rest }: PeerPost): PeerPost => ({
  ...rest,
  id: id.slice(0, 36),
  text: text.split('\n\n-- \n')[0] ?? '',
  replyTo: replyTo?.slice(0, 36) ?? null,
})

const peer: PeerKind = {
  ...lab,
  enforcesLimits: false,
  open: async () => {
    const opened = await lab.open()
    return { ...opened, posts: async () => (await opened.posts()).map(asPost) }
  },
}

suite('the newsletter in the lab keeps what of the contract fits a mailing', () => {
  const world = new World({ name: 'E-mail in the lab', connector: email, ...peer })
  before(() => world.open())
  after(() => world.close())
  actions(world)
  limits(world)
  secrecy(world)
  exit(world)
})

const people = (count: number): readonly string[] => Array.from({ length: count }, (_, number) => `person-${number}@buerger.example`)

interface Stage {
  readonly lab: Lab
  readonly mailing: ReturnType<typeof aMailing>
  readonly client: Parameters<typeof email.publish>[0]
  /** To whom letters went, in order. */
  sentTo(): readonly string[]
}

interface Paced {
  readonly password?: string
  readonly perMinute?: number
  readonly pace?: Tools['pace']
}

const aStage = async (
  t: TestContext,
  addresses: readonly string[],
  { password = 'rehearsal-bonn', perMinute = 60_000, pace = async () => 0 }: Paced = {},
): Promise<Stage> => {
  const lab = await startLab({ port: 0 })
  t.after(() => lab.stop())
  const mailing = aMailing(addresses)
  const settings = email.settings.parse({ base: `${lab.url}/email`, from, password, perMinute })
  const client = await email.connect(settings, someTools({ mailing, pace }))
  return { lab, mailing, client, sentTo: () => lab.ledger().map(({ notice }) => notice?.replace('An: ', '') ?? '') }
}

const now = () => anAttempt({ key: v7(), plannedAt: new Date().toISOString() })

/** Without the sentence for people. */
const numbersOf = ({ detail: { note: _, ...numbers } = {} }: Receipt) => numbers

const failing = async (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => assert.fail('it succeeded'),
    (error: Error) => error,
  )

test('everybody gets one letter, and the receipt counts them', async (t) => {
  const { mailing, client, sentTo } = await aStage(t, people(12))
  const attempt = now()
  const receipt = await email.publish(client, aPost(), attempt)
  assert.deepEqual(numbersOf(receipt), { sent: '12', refused: '0', unclear: '0' })
  assert.equal(receipt.detail?.note, 'E-Mails: 12 gesendet.')
  assert.equal(receipt.id, attempt.key)
  assert.deepEqual(sentTo().toSorted(), people(12).toSorted())
  await email.publish(client, aPost(), attempt)
  assert.equal(sentTo().length, 12)
  assert.ok(
    mailing.rows(attempt.key).every(({ messageId }) => messageId.startsWith(`<${attempt.key}.`) && messageId.endsWith('@bonn.example>')),
  )
})

test('with nobody to send to the delivery is made, and the receipt says so', async (t) => {
  const { client, sentTo } = await aStage(t, [])
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), now())), { sent: '0', refused: '0', unclear: '0' })
  assert.deepEqual(sentTo(), [])
})

test('an address that does not exist is marked, and the mailing goes on', async (t) => {
  const { mailing, client, sentTo } = await aStage(t, ['unknown@buerger.example', ...people(3)])
  const attempt = now()
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '3', refused: '1', unclear: '0' })
  assert.match(mailing.rows(attempt.key)[0]?.words ?? '', /550 5\.1\.1 User unknown/)
  assert.equal(sentTo().length, 3)
})

test('where not one address is taken, the post is refused', async (t) => {
  const { client } = await aStage(t, ['unknown@buerger.example'])
  assert.ok((await failing(email.publish(client, aPost(), now()))) instanceof RejectedError)
})

test('a full mailbox is tried again later, for some hours, and the others are not held up', async (t) => {
  const { mailing, client, sentTo } = await aStage(t, ['full@buerger.example', ...people(3)])
  const attempt = now()
  const error = await failing(email.publish(client, aPost(), attempt))
  assert.ok(error instanceof NotYetError && hasBegun(error))
  assert.ok(error.retryAfterMs > 50_000 && error.retryAfterMs <= 60_000, String(error.retryAfterMs))
  assert.equal(sentTo().length, 3)
  for (let tries = 1; tries < 8; tries++) {
    mailing.hurry()
    if (tries < 7) await failing(email.publish(client, aPost(), attempt))
  }
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '3', refused: '1', unclear: '0' })
})

for (const fault of ['post-then-reset', 'post-but-500', 'broken-json', 'reset', 'html'] as const)
  test(`"${fault}" in the middle: that recipient is unclear and gets nothing more; after a rest the others are served`, async (t) => {
    const { lab, mailing, client, sentTo } = await aStage(t, people(20))
    const attempt = now()
    lab.setFault('email', { fault })
    const error = await failing(email.publish(client, aPost(), attempt))
    assert.ok(error instanceof NotYetError && hasBegun(error) && error.retryAfterMs === 30_000, error.stack)
    const left = mailing.rows(attempt.key).filter(({ state }) => state === 'open').length
    assert.ok(left >= 15, `${left} are left`)
    assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '19', refused: '0', unclear: '1' })
    assert.equal(new Set(sentTo()).size, sentTo().length, 'somebody got it twice')
  })

test('a letter that left but could not be written down is never sent again; the others get theirs', async (t) => {
  const { client, mailing, sentTo } = await aStage(t, people(20))
  const attempt = now()
  const mark = mailing.mark
  let lost: string | undefined
  mailing.mark = async (key, recipient, outcome) => {
    if (lost !== undefined || outcome.state !== 'sent') return mark(key, recipient, outcome)
    lost = recipient
    throw new Error('Connection terminated unexpectedly')
  }
  assert.equal(failureOf(await failing(email.publish(client, aPost(), attempt))), 'unclear')
  const rows = mailing.rows(attempt.key)
  assert.deepEqual(
    rows.filter(({ state }) => state === 'taken').map(({ messageId }) => messageId),
    [`<${attempt.key}.${lost}@bonn.example>`],
  )
  const left = rows.filter(({ state }) => state === 'open').length
  assert.ok(left >= 15, `${left} are left`)
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '19', refused: '0', unclear: '1' })
  assert.deepEqual(sentTo().toSorted(), people(20).toSorted())
})

test('a server that says "too many" is asked again when it says, and nobody is lost', async (t) => {
  const { lab, client, sentTo } = await aStage(t, people(6))
  const attempt = now()
  lab.setFault('email', { fault: 'throttle', retryAfter: 7 })
  const error = await failing(email.publish(client, aPost(), attempt))
  assert.ok(error instanceof NotYetError && error.retryAfterMs > 5000 && error.retryAfterMs <= 8000)
  await email.publish(client, aPost(), attempt)
  assert.deepEqual(sentTo().toSorted(), people(6).toSorted())
})

for (const kind of ['warning', 'all-clear'] as const)
  test(`P25: a warning waits for nothing of ours: the letters of a mailing (${kind}) wait for no pace`, async (t) => {
    const pace = () => assert.fail('nobody asks for a turn')
    const { client, sentTo } = await aStage(t, people(30), { perMinute: 1, pace })
    assert.deepEqual(numbersOf(await email.publish(client, aPost({ kind }), now())), { sent: '30', refused: '0', unclear: '0' })
    assert.deepEqual(sentTo().toSorted(), people(30).toSorted())
  })

test('the letters of a warning keep the pace once the server has put off five in a row, so that it loses nobody', async (t) => {
  let asked = 0
  const pace = async () => {
    asked += 1
    return 0
  }
  const full = (count: number) => Array.from({ length: count }, (_, number) => `full@buerger-${number}.example`)
  const few = await aStage(t, [...full(4), ...people(8)], { pace })
  await failing(email.publish(few.client, aPost({ kind: 'warning' }), now()))
  assert.equal(asked, 0, 'some mailboxes are always full')
  const many = await aStage(t, full(40), { pace })
  await failing(email.publish(many.client, aPost({ kind: 'warning' }), now()))
  assert.ok(asked >= 25 && asked <= 40, `${asked} of 40 letters waited for their turn`)
})

test('a letter that the server will not have for what it says is refused as a whole, before anybody has it', async (t) => {
  const { lab, client, sentTo } = await aStage(t, people(6))
  lab.setFault('email', { fault: 'refuse', times: 'always' })
  const error = await failing(email.publish(client, aPost(), now()))
  assert.ok(error instanceof RejectedError && !hasBegun(error))
  assert.match(error.message, /554 5\.7\.1/)
  assert.deepEqual(sentTo(), [])
})

test('wrong credentials are the channel’s fault, also in the middle', async (t) => {
  const stranger = await aStage(t, people(3), { password: 'somebody-elses' })
  const error = await failing(email.publish(stranger.client, aPost(), now()))
  assert.ok(error instanceof ChannelError && !hasBegun(error) && !error.message.includes('somebody-elses'))
  assert.equal(failureOf(await failing(email.check(stranger.client, new AbortController().signal))), 'channel')
  const { lab, client, mailing } = await aStage(t, people(3))
  const attempt = now()
  lab.setFault('email', { fault: 'expired-token', times: 'always' })
  assert.ok((await failing(email.publish(client, aPost(), attempt))) instanceof ChannelError)
  assert.ok(mailing.rows(attempt.key).every(({ state }) => state === 'open'))
})

test('an attempt whose time is up sends nothing more, and says that a part has left', async (t) => {
  const { client, mailing, sentTo } = await aStage(t, people(40))
  const attempt = now()
  assert.ok((await failing(email.publish(client, aPost(), { ...attempt, signal: AbortSignal.abort() }))) instanceof UnreachableError)
  assert.deepEqual(mailing.rows(attempt.key), [])
  const time = new AbortController()
  const take = mailing.take
  let count = 0
  mailing.take = async (...wish) => {
    count += 1
    if (count === 10) time.abort()
    return take(...wish)
  }
  const error = await failing(email.publish(client, aPost(), { ...attempt, signal: time.signal }))
  assert.ok(error instanceof NotYetError && hasBegun(error), error.stack)
  mailing.take = take
  const receipt = await email.publish(client, aPost(), attempt)
  assert.equal(Number(receipt.detail?.sent) + Number(receipt.detail?.unclear), 40)
  assert.equal(new Set(sentTo()).size, sentTo().length, 'somebody got it twice')
})

test('what is overtaken in the middle ends there: the receipt says how many never got it', async (t) => {
  const { client, mailing, sentTo } = await aStage(t, people(40))
  const attempt = now()
  const mark = mailing.mark
  mailing.mark = async (...done) => {
    await mark(...done)
    if (sentTo().length >= 10) mailing.stop('overtaken')
  }
  const { detail } = await email.publish(client, aPost(), attempt)
  assert.ok(Number(detail?.sent) >= 10 && Number(detail?.sent) < 20)
  assert.equal(Number(detail?.sent) + Number(detail?.notSent), 40)
  assert.equal((await email.find?.(client, aPost(), attempt))?.id, attempt.key)
})

test('a mailing that is not over is not found: it goes on; of one that never began nothing is there', async (t) => {
  const { client, mailing } = await aStage(t, people(3))
  const attempt = now()
  assert.equal(await email.find?.(client, aPost(), attempt), undefined)
  await mailing.begin(attempt.key, 'bonn.example')
  await mailing.take(attempt.key, [])
  assert.equal(await email.find?.(client, aPost(), attempt), undefined)
})

for (const why of ['overtaken', 'expired'] as const)
  test(`what died in the middle and is ${why} by then is found: what was in its hands is unclear`, async (t) => {
    const { client, mailing } = await aStage(t, people(10))
    const attempt = now()
    await mailing.begin(attempt.key, 'bonn.example')
    const first = await mailing.take(attempt.key, [])
    await mailing.mark(attempt.key, first?.id ?? '', { state: 'sent' })
    await mailing.take(attempt.key, [])
    mailing.stop('suspended')
    assert.equal(await email.find?.(client, aPost(), attempt), undefined)
    mailing.stop(why)
    const found = await email.find?.(client, aPost(), attempt)
    assert.equal(found?.id, attempt.key)
    assert.deepEqual(numbersOf(found), { sent: '1', refused: '0', unclear: '1', notSent: '8' })
    assert.equal(found.detail?.note, 'E-Mails: 1 gesendet, 1 ungeklärt (sie werden nicht wiederholt), 8 nicht mehr gesendet.')
  })

test('what is overtaken before the first letter is not found', async (t) => {
  const { client, mailing } = await aStage(t, people(3))
  const attempt = now()
  await mailing.begin(attempt.key, 'bonn.example')
  mailing.stop('overtaken')
  assert.equal(await email.find?.(client, aPost(), attempt), undefined)
})

test('a single letter goes out at once, and what goes wrong has its class', async (t) => {
  const { lab, client, sentTo } = await aStage(t, [])
  const letter = (to: string) => ({
    to,
    subject: 'Bitte bestätigen',
    paragraphs: ['Guten Tag,'],
    link: { words: 'Bestätigen', url: 'https://rundruf.example/x' },
  })
  const signal = new AbortController().signal
  await email.write?.(client, letter('anna@buerger.example'), signal)
  assert.deepEqual(sentTo(), ['anna@buerger.example'])
  assert.match(lab.ledger()[0]?.text ?? '', /Bestätigen:\nhttps:\/\/rundruf\.example\/x$/)
  assert.equal(failureOf(await failing(email.write!(client, letter('unknown@buerger.example'), signal))), 'rejected')
  lab.setFault('email', { fault: 'reset' })
  assert.equal(failureOf(await failing(email.write!(client, letter('anna@buerger.example'), signal))), 'unclear')
})

test('what a city file may say', () => {
  const parse = (settings: object) => email.settings.safeParse({ base: 'smtps://mail.bonn.example', from, password: 'x', ...settings })
  assert.deepEqual(parse({}).data?.from, { name: 'Bundesstadt Bonn', address: 'newsletter@bonn.example' })
  assert.equal(parse({}).data?.login?.user, 'newsletter@bonn.example')
  assert.equal(parse({ password: undefined }).data?.login, undefined)
  assert.match(parse({ user: 'bonn', password: undefined }).error?.issues[0]?.message ?? '', /^zu user gehört password: beide angeben/)
  assert.equal(parse({ from: 'newsletter@bonn.example' }).data?.from.name, '')
  assert.equal(parse({ base: 'http://127.0.0.1:8081/email' }).success, true)
  for (const wrong of [
    { base: 'http://mail.bonn.example' },
    { base: 'ftp://x' },
    { from: 'Bonn' },
    { from: 'A\r\nBcc: x <a@b.example>' },
    { perMinute: 0 },
  ])
    assert.equal(parse(wrong).success, false, JSON.stringify(wrong))
})
