// The newsletter on a real SMTP server: what a letter looks like to a mail program, and every way in which a server says no.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { v7 } from 'uuid'
import { email } from '../../connectors/email/index.ts'
import { connectionOptions } from '../../connectors/email/smtp-line.ts'
import type { Receipt } from '../../src/connector/connector.ts'
import { ChannelError, hasBegun, NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { freePort } from '../support/free-port.ts'
import { aMailing } from '../support/mailing.ts'
import { aSmtpServer } from '../support/smtp.ts'

const people = (count: number): readonly string[] => Array.from({ length: count }, (_, number) => `person-${number}@buerger.example`)

const connected = async (base: string, mailing = aMailing(), over: object = {}) =>
  email.connect(
    email.settings.parse({ base, from: 'Stadt Köln <newsletter@koeln.example>', password: 'geheim', perMinute: 60_000, ...over }),
    someTools({ mailing }),
  )

const now = () => anAttempt({ key: v7(), plannedAt: '2026-11-23T10:00:00.000Z' })

/** Without the sentence for people. */
const numbersOf = ({ detail: { note: _, ...numbers } = {} }: Receipt) => numbers

const failing = async (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => assert.fail('it succeeded'),
    (error: Error) => error,
  )

test('a letter is plain text and the same as HTML, signed in and encrypted, with one click to leave', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url, aMailing(), { replyTo: 'presse@koeln.example' })
  const attempt = now()
  const text = 'WARNUNG: Rauch über Köln\n\nSchließen Sie <Fenster> & Türen.\nBleiben Sie drinnen.\n\nhttps://www.koeln.example/rauch'
  const post = aPost({ title: 'WARNUNG: Rauch über Köln', text, kind: 'warning', severity: 'Severe' })
  await email.publish(client, post, attempt)
  const [letter] = server.taken
  assert.ok(letter?.secure, 'it was not encrypted')
  const { mail, raw } = letter
  assert.equal(mail.subject, post.title)
  assert.equal(mail.from?.text, '"Stadt Köln" <newsletter@koeln.example>')
  assert.equal(mail.replyTo?.text, 'presse@koeln.example')
  assert.equal(mail.messageId?.slice(0, 37), `<${attempt.key}`)
  assert.equal(mail.date?.toISOString(), attempt.plannedAt)
  assert.equal(mail.text?.split('\n\n-- \n')[0], text)
  const html = String(mail.html)
  assert.match(html, /<h1[^>]*>WARNUNG: Rauch über Köln<\/h1>/)
  assert.match(html, /Schließen Sie &lt;Fenster&gt; &amp; Türen\.<br>Bleiben Sie drinnen\./)
  assert.match(html, /<a href="https:\/\/www\.koeln\.example\/rauch">/)
  assert.match(html, /<html lang="de">/)
  assert.doesNotMatch(html, /<img|<script|http:\/\/|url\(/)
  const leave = /<(https:\/\/rundruf\.example\/bonn\/newsletter\/unsubscribe\/[^>]+)>/.exec(raw)?.[1]
  assert.ok(leave && html.includes(`href="${leave}"`) && mail.text?.includes(leave))
  for (const header of [
    /^List-Unsubscribe: <https:\/\/rundruf\.example\/bonn\/newsletter\/unsubscribe\/\S+>\r?$/im,
    /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/im,
    /^List-Id: <newsletter\.koeln\.example>\r?$/im,
    /^Precedence: list\r?$/im,
    /^Auto-Submitted: auto-generated\r?$/im,
    /^Importance: high\r?$/im,
  ])
    assert.match(raw.replace(/\r\n[ \t]+/g, ' '), header)
})

test('a title cannot smuggle a header in', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url)
  await email.publish(client, aPost({ title: 'Markt\r\nBcc: fremd@x.example\r\n\r\nHallo' }), now())
  assert.equal(server.taken[0]?.mail.bcc, undefined)
  assert.equal(server.taken.length, 1)
  assert.match(server.taken[0]?.mail.subject ?? '', /^Markt/)
})

test('a correction answers each recipient’s earlier letter', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url, aMailing(people(3)))
  const first = await email.publish(client, aPost(), now())
  const second = await email.reply!(client, first, aPost({ title: 'Korrektur: Freibad' }), now())
  await email.reply!(client, second, aPost({ title: 'Noch eine' }), now())
  for (const to of people(3)) {
    const [one, two, three] = server.taken.filter((letter) => letter.to === to).map(({ mail }) => mail)
    assert.equal(two?.inReplyTo, one?.messageId)
    assert.equal(three?.inReplyTo, two?.messageId)
    assert.deepEqual(three?.references, [one?.messageId, two?.messageId])
  }
})

test('many letters share few connections, and each is for one recipient alone', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url, aMailing(people(60)))
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), now())), { sent: '60', refused: '0', unclear: '0' })
  assert.ok(server.connections() <= 5, `${server.connections()} connections`)
  assert.deepEqual(server.taken.map(({ to }) => to).toSorted(), people(60).toSorted())
  for (const { to, mail } of server.taken) assert.equal([mail.to].flat()[0]?.text, to)
})

test('a connection cut after the last byte: the letter may be there, so it is never sent again', async () => {
  await using server = await aSmtpServer({ end: (count) => (count === 4 ? 'cut' : 'take') })
  const mailing = aMailing(people(20))
  const client = await connected(server.url, mailing)
  const attempt = now()
  const error = await failing(email.publish(client, aPost(), attempt))
  assert.ok(error instanceof NotYetError && hasBegun(error), error.stack)
  assert.equal(mailing.rows(attempt.key).filter(({ state }) => state === 'unclear').length, 1)
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '19', refused: '0', unclear: '1' })
  assert.deepEqual(server.taken.map(({ to }) => to).toSorted(), people(20).toSorted())
})

test('550 for one recipient marks that one; 450 puts it off; the others get theirs', async () => {
  await using server = await aSmtpServer({
    refuse: (address) => {
      if (address.startsWith('person-1@')) return { code: 550, text: `5.1.1 <${address}> unknown` }
      return address.startsWith('person-2@') ? { code: 450, text: '4.2.0 greylisted' } : undefined
    },
  })
  const mailing = aMailing(people(5))
  const client = await connected(server.url, mailing)
  const attempt = now()
  const error = await failing(email.publish(client, aPost(), attempt))
  assert.ok(error instanceof NotYetError && hasBegun(error))
  assert.match(error.message, /^3 von 5 E-Mails sind gesendet; 1 Adressen/)
  const rows = mailing.rows(attempt.key)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['sent', 'refused', 'open', 'sent', 'sent'],
  )
  assert.match(rows[1]?.words ?? '', /550/)
  assert.doesNotMatch(rows[1]?.words ?? '', /person-1@/)
})

test('421 puts the whole mailing off, and nobody is lost by it', async () => {
  let closed = true
  await using server = await aSmtpServer({ sender: () => (closed ? { code: 421, text: '4.7.0 try later' } : undefined) })
  const mailing = aMailing(people(5))
  const client = await connected(server.url, mailing)
  const attempt = now()
  const error = await failing(email.publish(client, aPost(), attempt))
  assert.ok(error instanceof NotYetError && !hasBegun(error), error.stack)
  assert.ok(mailing.rows(attempt.key).every(({ state }) => state === 'open'))
  closed = false
  assert.deepEqual(numbersOf(await email.publish(client, aPost(), attempt)), { sent: '5', refused: '0', unclear: '0' })
})

test('a letter refused for what it says is refused for all, unless others have it already', async () => {
  await using strict = await aSmtpServer({ end: () => ({ code: 554, text: '5.7.1 looks like spam' }) })
  const error = await failing(email.publish(await connected(strict.url, aMailing(people(5))), aPost(), now()))
  assert.ok(error instanceof RejectedError, error.stack)
  await using moody = await aSmtpServer({ end: (count) => (count === 10 ? { code: 554, text: '5.7.1 looks like spam' } : 'take') })
  const receipt = await email.publish(await connected(moody.url, aMailing(people(15))), aPost(), now())
  assert.deepEqual(numbersOf(receipt), { sent: '14', refused: '1', unclear: '0' })
})

test('a server that takes no letter any more in the middle of a mailing is the account’s fault: who is left is not given up', async () => {
  await using closing = await aSmtpServer({ end: (count) => (count > 10 ? { code: 554, text: '5.7.1 unlisted reason' } : 'take') })
  const mailing = aMailing(people(60))
  const attempt = now()
  const error = await failing(email.publish(await connected(closing.url, mailing), aPost(), attempt))
  assert.ok(error instanceof ChannelError, error.stack)
  const stand = await mailing.stand(attempt.key)
  assert.equal(stand.sent, 10)
  assert.ok(stand.refused <= 10 && stand.open >= 40, JSON.stringify(stand))
})

test('a wrong password, a sender who may not: the channel is at fault, and the password is in no error', async () => {
  await using server = await aSmtpServer({ password: 'anderes' })
  const client = await connected(server.url)
  for (const error of [
    await failing(email.publish(client, aPost(), now())),
    await failing(email.check(client, new AbortController().signal)),
  ]) {
    assert.ok(error instanceof ChannelError, error.stack)
    assert.match(error.message, /AUTH mit 535/)
    assert.doesNotMatch(inspect(error, { depth: 10 }), /geheim/)
  }
  await using other = await aSmtpServer({ sender: () => ({ code: 550, text: '5.7.1 not your address' }) })
  assert.ok((await failing(email.publish(await connected(other.url), aPost(), now()))) instanceof ChannelError)
})

test('a relay that asks for no sign-in takes a letter without user and password, and is checked without', async () => {
  await using server = await aSmtpServer({ open: true })
  const client = await connected(server.url, aMailing(), { password: undefined })
  await email.check(client, new AbortController().signal)
  await email.publish(client, aPost(), now())
  assert.equal(server.taken.length, 1)
  // with a sign-in that it does not offer the channel is at fault, not the letter
  assert.ok((await failing(email.publish(await connected(server.url), aPost(), now()))) instanceof ChannelError)
})

test('a server that wants a sign-in and gets none: the channel is at fault', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url, aMailing(), { password: undefined })
  const error = await failing(email.publish(client, aPost(), now()))
  assert.ok(error instanceof ChannelError, error.stack)
})

test('a server that is not there, or says nothing, is unreachable', async () => {
  const port = await freePort()
  const lost = await connected(`smtp://127.0.0.1:${port}`)
  assert.ok((await failing(email.publish(lost, aPost(), now()))) instanceof UnreachableError)
  const rude = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
  try {
    assert.ok((await failing(email.publish(lost, aPost(), now()))) instanceof UnreachableError)
  } finally {
    rude.close()
  }
})

test('it says who we are there', async () => {
  await using server = await aSmtpServer()
  const client = await connected(server.url)
  assert.deepEqual(await email.check(client, new AbortController().signal), { account: 'newsletter@koeln.example', url: null, until: null })
})

test('what leaves this machine is encrypted, and the server must prove who it is', () => {
  const optionsOf = (base: string) => connectionOptions({ base, from: { name: '', address: 'a@bonn.example' } })
  const submission = optionsOf('smtp://mail.bonn.example')
  assert.deepEqual(
    [submission.port, submission.secure, submission.requireTLS, submission.tls?.rejectUnauthorized],
    [587, false, true, true],
  )
  const implicit = optionsOf('smtps://mail.bonn.example')
  assert.deepEqual([implicit.port, implicit.secure, implicit.tls?.rejectUnauthorized], [465, true, true])
  assert.equal(optionsOf('smtp://mail.bonn.example:2525').port, 2525)
})
