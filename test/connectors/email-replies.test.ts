// What the words of a mail server mean: for one recipient, for the letter, or for the account that sends. The replies are real ones.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { email } from '../../connectors/email/index.ts'
import { endedBy, type Reply } from '../../connectors/email/replies.ts'
import { ChannelError, hasBegun, NotYetError } from '../../src/connector/errors.ts'
import { anAttempt, aPost, someTools } from '../support/builders.ts'
import { aMailing } from '../support/mailing.ts'
import { aSmtpServer } from '../support/smtp.ts'

type Meaning = 'refused' | 'later' | 'NotYetError' | 'ChannelError' | 'RejectedError' | 'UnreachableError'
type Row = readonly [command: Reply['command'], words: string]

const hour = 3_600_000
const submission = 'Failed to process message due to a permanent exception with message'

const replyOf = ([command, words]: Row): Reply => ({ code: Number(words.slice(0, 3)), words, command })

const meaningOf = (reply: Reply): { readonly is: string; readonly says: string; readonly waitMs?: number } => {
  try {
    const ended = endedBy(reply)
    assert.notEqual(ended.state, 'sent')
    return { is: ended.state, says: 'words' in ended ? ended.words : '' }
  } catch (error) {
    const { name, message } = error as Error
    return { is: name, says: message, ...(error instanceof NotYetError && { waitMs: error.retryAfterMs }) }
  }
}

const replies: Readonly<Record<Meaning, readonly Row[]>> = {
  NotYetError: [
    // Microsoft 365
    ['DATA', `554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; ${submission} The message can't be submitted`],
    ['DATA', `554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; ${submission} WASCL UserAction verdict is RefuseQuota`],
    ['DATA', '550 5.2.251 Sender throttled due to continuous mailbox full errors.'],
    ['DATA', '550 5.2.252 Sender throttled due to continuous send as denied errors.'],
    ['DATA', '550 5.2.253 Sender throttled due to continuous invalid license errors.'],
    ['DATA', '550 5.2.254 Sender throttled due to continuous too many recipients errors.'],
    ['MAIL FROM', '550 5.2.255 Sender throttled due to continuous invalid recipients errors.'],
    ['DATA', "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"],
    ['DATA', '550 5.2.2 Submission quota exceeded'],
    [
      'DATA',
      "550 5.7.233 - Your message can't be sent because your tenant has exceeded its daily limit for sending email to external recipients",
    ],
    // Google
    ['RCPT TO', '550 5.4.5 Domain Sending Quota Exceeded'],
    ['DATA', '550-5.4.5 Daily user sending limit exceeded. For more information on Gmail 550-5.4.5 sending limits go to'],
    ['DATA', '550 5.7.1 Daily SMTP relay limit exceeded for user. For more information on SMTP relay sending limits please contact'],
    // others
    ['RCPT TO', '554 5.7.1 <…>: Recipient address rejected: You have exceeded your Outmail quota.'],
    ['DATA', '554 5.7.1 You have exceeded your quota'],
    ['DATA', '550 Domain bonn.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.'],
    ['RCPT TO', '550 Sender address rejected : Hourly domain sending quota exceeded'],
    ['MAIL FROM', '550 5.4.5 Daily user sending limit exceeded'],
  ],
  ChannelError: [
    // Microsoft 365
    ['DATA', '554 5.2.252 SendAsDenied; a@bonn.example not allowed to send as b@bonn.example; STOREDRV.Submission.Exception:SendAsDenied'],
    ['DATA', `554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; ${submission}`],
    ['DATA', '554 5.2.2 Mailbox full. Visit https://aka.ms/mailboxfull; STOREDRV.Submission.Exception:QuotaExceededException.Mapi'],
    ['DATA', `554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; ${submission} verdict is Suspend, ShowTierUpgrade.`],
    ['RCPT TO', '550 5.1.8 Access denied, bad outbound sender AS(42004)'],
    ['DATA', '550 5.7.60 SMTP; Client does not have permissions to send as this sender'],
    ['DATA', '550 5.7.705 Access denied, tenant has exceeded threshold'],
    ['DATA', '550 5.7.800 Access denied, banned sender'],
    // Postfix says what it holds against the sender only when it is asked for a recipient
    ['RCPT TO', '553 5.7.1 <presse@bonn.example>: Sender address rejected: not owned by user newsletter'],
    ['RCPT TO', '554 5.7.1 <mail.bonn.example[192.0.2.1]>: Client host rejected: Access denied'],
    ['RCPT TO', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'],
    ['RCPT TO', '554 5.7.1 <…>: Relay access denied'],
    ['RCPT TO', '550 5.7.1 Unable to relay'],
    // others
    ['DATA', '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-CENTRAL-1'],
    ['DATA', '554 Message rejected: Sending paused for this account.'],
    ['RCPT TO', '550 Outgoing mail from "newsletter@bonn.example" has been suspended.'],
    ['MAIL FROM', '550 5.7.1 not your address'],
    ['MAIL FROM', '550 5.1.1 <newsletter@bonn.example>: User unknown'],
    ['AUTH', '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'],
  ],
  refused: [
    ['RCPT TO', '550 5.1.1 <…>: Recipient address rejected: User unknown in virtual mailbox table'],
    ['DATA', '550 5.1.1 The email account that you tried to reach does not exist.'],
    ['RCPT TO', '550 5.1.2 <…>: Recipient address rejected: Domain not found'],
    ['RCPT TO', '501 5.1.3 Invalid address'],
    ['RCPT TO', '551 5.1.6 The user has moved'],
    ['RCPT TO', '556 5.1.10 <…>: Recipient address rejected: Domain does not accept mail (nullMX)'],
    ['RCPT TO', '550 5.2.1 The email account that you tried to reach is disabled.'],
    ['DATA', '552 5.2.2 The email account that you tried to reach is over quota.'],
    ['RCPT TO', '554 5.2.2 mailbox full'],
    ['DATA', `554 5.2.0 STOREDRV.Submission.Exception:InvalidRecipientsException; ${submission}`],
    ['RCPT TO', '550 Requested action not taken: mailbox unavailable'],
    ['RCPT TO', '550 Quota Exceeded'],
    ['RCPT TO', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
    ['RCPT TO', '551 User not local'],
    ['RCPT TO', '553 sorry, that domain is not in my list of allowed rcpthosts'],
  ],
  later: [
    ['RCPT TO', '450 4.2.0 greylisted'],
    ['RCPT TO', '452 4.2.2 The email account that you tried to reach is over quota.'],
    ['DATA', '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages'],
    ['DATA', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded'],
    // for good, and yet not the word of a mailbox
    ['RCPT TO', '552 Too many recipients'],
    ['RCPT TO', '554 Transaction failed'],
    ['DATA', '554 5.2.0 Other or undefined mailbox status'],
  ],
  RejectedError: [
    ['DATA', '554 5.7.1 Message rejected by content policy'],
    ['DATA', '550 Message size larger than allowed'],
    // an address of the internet is no code
    ['DATA', '554 Message refused by 5.1.1.7 as spam'],
  ],
  UnreachableError: [['CONNECT', '554 5.7.1 No SMTP service here']],
}

describe('a mail server’s reply', () => {
  for (const [meaning, rows] of Object.entries(replies))
    for (const row of rows)
      test(`${meaning}: ${row.join(' ')}`, () => {
        const { is, says, waitMs } = meaningOf(replyOf(row))
        assert.equal(is, meaning)
        assert.match(says, new RegExp(`Der Mailserver antwortet auf ${row[0]} mit ${row[1].slice(0, 3)}`))
        if (meaning === 'NotYetError') assert.equal(waitMs, hour)
      })

  test('an account whose limit is reached waits as long as the server says', () => {
    const reply = replyOf(['RCPT TO', '550 5.4.5 Domain Sending Quota Exceeded'])
    assert.equal(meaningOf({ ...reply, retryAfterMs: 5000 }).waitMs, 5000)
  })

  test('a limit that the server calls temporary puts the mailing off, and is asked about again soon', () => {
    for (const words of ['454 Throttling failure: Daily message quota exceeded', '450 Mail send limit exceeded.']) {
      const { is, waitMs } = meaningOf(replyOf(['DATA', words]))
      assert.deepEqual([words, is, waitMs], [words, 'NotYetError', 60_000])
    }
  })
})

describe('an account that may send no more in the midst of a mailing', () => {
  const people = Array.from({ length: 12 }, (_, number) => `person-${number}@buerger.example`)

  for (const { text, of } of [
    { text: '5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', of: NotYetError },
    { text: '5.2.252 SendAsDenied; STOREDRV.Submission.Exception:SendAsDeniedException', of: ChannelError },
  ])
    test(`leaves the rest open, and they get theirs when it may again: ${text}`, async () => {
      let may = 4
      await using server = await aSmtpServer({ end: () => (may-- > 0 ? 'take' : { code: 554, text }) })
      const mailing = aMailing(people)
      const settings = email.settings.parse({ base: server.url, from: 'newsletter@koeln.example', password: 'geheim', perMinute: 60_000 })
      const client = await email.connect(settings, someTools({ mailing }))
      const attempt = anAttempt()
      await assert.rejects(email.publish(client, aPost(), attempt), (error: Error) => error instanceof of && hasBegun(error))
      const states = mailing.rows(attempt.key).map(({ state }) => state)
      assert.equal(states.filter((state) => state === 'sent').length, 4)
      assert.equal(states.filter((state) => state === 'open').length, 8)
      may = 8
      await email.publish(client, aPost(), attempt)
      assert.deepEqual(server.taken.map(({ to }) => to).toSorted(), people.toSorted())
    })
})
