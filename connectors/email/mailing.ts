// One mailing: a letter to each recipient over a few lines at once, put off when the time is up, and gone on with where it stopped.
import type { Attempt, Post, Receipt, Tools } from '../../src/connector/connector.ts'
import { begun, ChannelError, NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { hostsOf } from '../../src/connector/links.ts'
import type { MailingStand, Outcome, Recipient } from '../../src/connector/mailing.ts'
import { copyFor, type Issue } from './letter.ts'
import type { Line } from './line.ts'
import type { Ended } from './replies.ts'
import type { EmailSettings } from './settings.ts'
import type { Turn } from './turns.ts'

export interface EmailClient {
  readonly settings: EmailSettings
  readonly tools: Tools
  /** `bonn.de`: where Message-IDs are from. */
  readonly host: string
  /** Opens a line and signs in. */
  line(signal: AbortSignal): Promise<Line>
  /** Waits for the next letter's turn in the server's pace. */
  readonly turn: Turn
}

export interface Wanted {
  readonly post: Post
  /** Keys of the letters that this one answers, oldest first. */
  readonly thread: readonly string[]
}

/** Lines at the same time; mail servers refuse many from one address. */
const lines = 5
/** Nothing is begun after so long; the rest of the attempt's budget is for what is on its way. */
const sendForMs = 80_000
/** Between two parts of a mailing. */
const nextPartMs = 250
/** Who loses one letter may lose the next: after an unclear ending the server gets a rest. */
const restMs = 30_000
/** So many are the recipients' own; one more, and it is the account that the server will not have. */
const mostInRow = 5
/** So many letters put off one after the other: now it is the server that asks for patience, and a warning keeps its pace as well. */
const mostPutOff = 5
/** When a recipient whom the server put off is tried again (greylisting takes minutes, a full mailbox hours); after the last, never. */
const laterMs = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * 60_000)

/**
 * @throws NotYetError while some are still to be served; RejectedError when nobody could be. Marked as begun as soon as one letter has left.
 */
export const mail = async (client: EmailClient, { post, thread }: Wanted, attempt: Attempt): Promise<Receipt> => {
  const { mailing } = client.tools
  if (attempt.signal.aborted) throw new UnreachableError('Der Versand wurde nicht begonnen, die Zeit war um.')
  const stand = await mailing.begin(attempt.key, client.host)
  const listId = client.settings.from.address.replace('@', '.')
  const run: Run = {
    client,
    attempt,
    thread,
    issue: { post, plannedAt: attempt.plannedAt, listId, hosts: hostsOf(client.tools.website) },
    until: performance.now() + sendForMs,
    some: someHaveIt(stand),
    inRow: 0,
    putOff: 0,
    stopped: null,
  }
  if (stand.open > 0 && stand.stopped === null) await serve(run, Math.min(lines, stand.open))
  return concluded(await mailing.stand(attempt.key), run)
}

interface Run {
  readonly client: EmailClient
  readonly attempt: Attempt
  readonly thread: readonly string[]
  readonly issue: Issue
  readonly until: number
  some: boolean
  /** Letters refused one after the other for what they say, though others have had the same. */
  inRow: number
  /** Letters that the server put off, one after the other. */
  putOff: number
  /** Why no further letter is begun in this attempt. */
  stopped: Error | null
}

/** Ends when all lines have nothing more to do, or when the attempt may not go on: what is on its way then is marked when it ends. */
const serve = async (run: Run, count: number): Promise<void> => {
  const { signal } = run.attempt
  const over = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => over.resolve(), { once: true })
  await Promise.race([Promise.all(Array.from({ length: count }, () => overOneLine(run))), over.promise])
}

const goesOn = ({ stopped, until, attempt }: Run): boolean => stopped === null && performance.now() < until && !attempt.signal.aborted

/** Warnings and all-clears wait for no pace of ours; what the server itself says holds for them too. */
const turnFor = async ({ client, attempt, issue, putOff }: Run): Promise<boolean> => {
  const urgent = issue.post.kind === 'warning' || issue.post.kind === 'all-clear'
  return (urgent && putOff < mostPutOff) || client.turn(attempt.signal)
}

const overOneLine = async (run: Run): Promise<void> => {
  const { client, attempt, thread } = run
  let line: Line | undefined
  try {
    while (goesOn(run) && (await turnFor(run))) {
      line ??= await client.line(attempt.signal)
      const recipient = goesOn(run) ? await client.tools.mailing.take(attempt.key, thread) : undefined
      if (recipient === undefined) return
      await serveOne(run, line, recipient)
    }
  } catch (error) {
    run.stopped ??= error as Error
  } finally {
    line?.close()
  }
}

const serveOne = async (run: Run, line: Line, recipient: Recipient): Promise<void> => {
  const { client, attempt, issue } = run
  const mark = (outcome: Outcome): Promise<void> => client.tools.mailing.mark(attempt.key, recipient.id, outcome)
  let ended: Ended
  try {
    const letter = await copyFor(client.settings, issue, recipient)
    ended = await line.send({ from: client.settings.from.address, to: recipient.address }, letter)
  } catch (error) {
    // a letter that others have had is no bad letter: then it is this recipient whose server will not have it
    const his = error instanceof RejectedError && run.some
    if (his && run.inRow < mostInRow) {
      run.inRow += 1
      return mark({ state: 'refused', words: error.message })
    }
    await mark({ state: 'open', afterMs: 0 })
    throw his ? new ChannelError(`Der Mailserver nimmt keinen Brief mehr an: ${error.message}`) : error
  }
  if (ended.state === 'sent') run.inRow = 0
  run.putOff = ended.state === 'later' ? run.putOff + 1 : 0
  run.some ||= ended.state === 'sent' || ended.state === 'unclear'
  if (ended.state === 'unclear') run.stopped ??= new NotYetError(ended.words, restMs)
  // where this cannot be written down the recipient stays taken, and is unclear to the next attempt: open would be a second letter
  await mark(outcomeOf(ended, recipient))
}

const outcomeOf = (ended: Ended, { tries }: Recipient): Outcome => {
  if (ended.state === 'sent') return ended
  const { state, words } = ended
  if (state !== 'later') return { state, words }
  const afterMs = laterMs[tries - 1]
  return afterMs === undefined ? { state: 'refused', words } : { state: 'open', afterMs }
}

export const someHaveIt = ({ sent, unclear, taken }: MailingStand): boolean => sent + unclear + taken > 0

/** All are served, or those who are not will not be any more. */
export const isOver = (stand: MailingStand): boolean => stand.taken === 0 && (stand.open === 0 || endsForGood(stand))

/**
 * The stand of a mailing whose attempt has ended: where nothing more may leave, no later one calls unclear what that one had in its hands.
 */
export const leftBehind = (stand: MailingStand): MailingStand =>
  endsForGood(stand) ? { ...stand, unclear: stand.unclear + stand.taken, taken: 0 } : stand

const endsForGood = ({ stopped }: MailingStand): boolean => stopped === 'overtaken' || stopped === 'expired'

const concluded = (stand: MailingStand, { stopped, attempt }: Pick<Run, 'stopped' | 'attempt'>): Receipt => {
  const some = someHaveIt(stand)
  if (isOver(stand) && (some || stand.open + stand.refused === 0)) return receiptOf(attempt.key, stand)
  if (!some) throw stopped ?? unfinished(stand)
  // what others have had goes on to the rest: only there a refusal is the recipient's own
  throw begun(stopped === null || stopped instanceof RejectedError ? unfinished(stand) : stopped)
}

const unfinished = ({ sent, refused, unclear, taken, open, waitMs, stopped }: MailingStand): Error => {
  const all = sent + refused + unclear + taken + open
  if (open + taken === 0) return new RejectedError(`Der Mailserver hat keine der ${all} Adressen angenommen.`)
  const words = `${sent} von ${all} E-Mails sind gesendet`
  if (stopped !== null) return new NotYetError(`${words}; der Rest wartet.`, 1000)
  return waitMs > nextPartMs
    ? new NotYetError(`${words}; ${open} Adressen hat der Mailserver auf später verwiesen.`, waitMs)
    : new NotYetError(`${words}; es geht gleich weiter.`, nextPartMs)
}

/** The numbers are the proof: a mailing has no address. */
export const receiptOf = (key: string, stand: MailingStand): Receipt => {
  const { sent, refused, unclear, open } = stand
  const numbers = { sent: String(sent), refused: String(refused), unclear: String(unclear), ...(open > 0 && { notSent: String(open) }) }
  return { id: key, url: null, at: new Date().toISOString(), detail: { ...numbers, note: noteOf(stand) } }
}

const noteOf = ({ sent, refused, unclear, open }: MailingStand): string => {
  if (sent + refused + unclear + open === 0) return 'Niemand hat diesen Newsletter abonniert; es wurde keine E-Mail gesendet.'
  const rest = [
    refused > 0 && `${refused} vom Mailserver abgelehnt`,
    unclear > 0 && `${unclear} ungeklärt (sie werden nicht wiederholt)`,
    open > 0 && `${open} nicht mehr gesendet`,
  ].filter((part) => part !== false)
  return `${[`E-Mails: ${sent} gesendet`, ...rest].join(', ')}.`
}
