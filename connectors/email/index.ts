// E-mail: the city's newsletter, one letter to each confirmed subscriber, over the city's own mail server. https://nodemailer.com
import type { Attempt, Connector, Identity, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnclearError } from '../../src/connector/errors.ts'
import type { Letter } from '../../src/connector/mailing.ts'
import { graphemes } from '../../src/connector/measure.ts'
import { isUuid } from '../../src/connector/uuid.ts'
import { single } from './letter.ts'
import { type EmailClient, isOver, leftBehind, mail, receiptOf, someHaveIt } from './mailing.ts'
import { openLine } from './open-line.ts'
import { type EmailSettings, emailSettings } from './settings.ts'
import { openTurns } from './turns.ts'

export const email: Connector<EmailSettings, EmailClient> = {
  platform: 'email',
  title: 'E-Mail',
  settings: emailSettings,
  // A letter may be as long as a press release. No pictures: nothing is fetched when it is opened, and they stand in the newsroom.
  limits: {
    text: { max: 20_000 },
    images: { max: 0, maxBytes: 0, types: [], altMax: 0 },
    needsMedia: false,
    // Mailings and their parts, not letters: those have `perMinute`.
    pace: { actions: 60, perSeconds: 10 },
  },
  // Each recipient has a row of their own: the same delivery again goes on with those who are not served.
  repeat: 'id',
  findsInStore: true,
  settleSeconds: 0,
  // A part of a mailing, and half a minute for the letters that are on their way when it ends; then it goes on with the next part.
  budgetSeconds: 120,
  measure: (text) => graphemes(text),
  notes: () => ['Eine E-Mail lässt sich nicht zurückholen; berichtigt und entwarnt wird mit einer weiteren.'],
  cannotRetract:
    'Eine E-Mail lässt sich nicht zurückholen; was noch nicht gesendet war, bleibt ungesendet. Bitte stellen Sie es mit einer weiteren Meldung richtig.',
  connect: (settings, tools) => ({
    settings,
    tools,
    host: settings.from.address.split('@')[1] ?? 'localhost',
    line: (signal) => openLine(settings, signal),
    turn: openTurns(settings, tools),
  }),
  check,
  publish: (client, post, attempt) => mail(client, { post, thread: [] }, attempt),
  reply,
  find,
  write,
  insights: async ({ tools }) => ({ followers: await tools.mailing.subscribers() }),
}

/** Connects and signs in: a server that does this takes letters, too. */
async function check(client: EmailClient, signal: AbortSignal): Promise<Identity> {
  const line = await client.line(signal)
  line.close()
  return { account: client.settings.from.address, url: null, until: null }
}

/** A letter to all who are subscribed now; whoever had the earlier one gets it in the same thread. */
async function reply(client: EmailClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  // a person may have named something else than our own key
  const thread = [...(receipt.detail?.thread?.split(' ') ?? []), receipt.id].filter(isUuid)
  const { detail, ...sent } = await mail(client, { post, thread }, attempt)
  return { ...sent, detail: { ...detail, ...(thread.length > 0 && { thread: thread.join(' ') }) } }
}

/** A mailing that is over, as the rows say; one that is not goes on with the next `publish`. */
async function find({ tools }: EmailClient, _post: Post, { key }: Attempt): Promise<Receipt | undefined> {
  const stand = leftBehind(await tools.mailing.stand(key))
  return someHaveIt(stand) && isOver(stand) ? receiptOf(key, stand) : undefined
}

async function write(client: EmailClient, letter: Letter, signal: AbortSignal): Promise<void> {
  const bytes = await single(client.settings, letter)
  const line = await client.line(signal)
  try {
    const ended = await line.send({ from: client.settings.from.address, to: letter.to }, bytes)
    if (ended.state === 'sent') return
    throw ended.state === 'refused' ? new RejectedError(ended.words) : new UnclearError(ended.words)
  } finally {
    line.close()
  }
}
