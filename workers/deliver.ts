// One delivery, once: claim, look, pace, act, settle. The claim is committed before the first byte leaves.
import type { AnyConnector, Attempt, Connectors, Post, Receipt } from '../src/connector/connector.ts'
import { failureOf, UnreachableError } from '../src/connector/errors.ts'
import { changedQuestion, questionFor, reopenedQuestion, type Step, taskFor } from '../src/delivery/next-step.ts'
import type { Events } from '../src/observing/events.ts'
import type { Logger } from '../src/observing/log.ts'
import type { Action } from '../src/planning/plan.ts'
import type { Claim } from '../src/store/claims.ts'
import { insist } from '../src/store/insist.ts'
import type { Ledger } from '../src/store/ledger.ts'
import { overtakenReason } from '../src/store/order.ts'
import { type Budget, openBudget } from './budget.ts'
import type { Clients } from './clients.ts'
import { type Leases, leaseSeconds } from './leases.ts'
import { lookFor, mixedReason } from './look.ts'
import { factsOf, type Outcome, openOutcome } from './outcome.ts'
import type { Precedence } from './precedence.ts'
import type { Way } from './queue.ts'
import { type RoomParts, takeRoom } from './room.ts'

export interface DeliverParts extends RoomParts {
  readonly ledger: Ledger
  readonly connectors: Connectors
  readonly clients: Clients
  readonly events: Events
  readonly log: Logger
  readonly precedence: Precedence
  readonly leases: Leases
  /** Whether a person does this on the channel. */
  isByHand(city: string, channel: string, connector: AnyConnector, action: Action): boolean
}

interface DeliveryJob {
  readonly deliveryId: string
  readonly turn: number
  readonly platform: string
  readonly way: Way
}

export type Deliver = (job: DeliveryJob, stop: AbortSignal) => Promise<void>

/** Beyond the time budget of an attempt its lease is renewed for so long: for settling it. */
const marginSeconds = 3

/** A store that is away for a moment delays a warning by a moment; after this the sweep hands the delivery over again. */
const claimForMs = 5000

export const makeDeliver =
  (parts: DeliverParts): Deliver =>
  async ({ deliveryId, turn, platform, way }, stop) => {
    const connector = parts.connectors.get(platform)
    if (!connector) return
    let from = 0
    const claim = await insist(() => {
      from = performance.now()
      return parts.ledger.claim({ id: deliveryId, turn, way, leaseSeconds: leaseSeconds[way] })
    }, claimForMs)
    if (!claim) return
    const ends = from + connector.budgetSeconds * 1000
    const lease = parts.leases.hold({ id: claim.id, fence: claim.fence, way, from, until: ends + marginSeconds * 1000 })
    const budget = openBudget(ends, stop, lease)
    try {
      const action = actionOf(claim)
      const outcome = openOutcome(parts, connector, claim, action)
      const runsOut = claim.expiresInMs === null ? Number.POSITIVE_INFINITY : from + claim.expiresInMs
      await run(parts, { connector, claim, budget, runsOut, action, outcome, attempt: toAttempt(parts, { claim, from }, budget) })
    } catch (error) {
      // nobody hears of a job that fails; what became of the delivery, the sweep finds out
      parts.events.unexpected({ err: error, where: `deliver ${claim.id}` })
      throw error
    } finally {
      budget.close()
      lease.release()
    }
  }

/** One claimed attempt with all that its steps need. */
interface Run {
  readonly connector: AnyConnector
  readonly claim: Claim
  readonly budget: Budget
  /** When what is sent runs out, on the clock of `performance.now()`: as the database told, by as much too early as the claim took. */
  readonly runsOut: number
  readonly action: Action
  readonly outcome: Outcome
  readonly attempt: Attempt
}

/** A correction of something that never appeared is the first post of it. */
const actionOf = (claim: Claim): Action =>
  claim.target === null && (claim.action === 'update' || claim.action === 'reply') ? 'publish' : claim.action

const run = async (parts: DeliverParts, one: Run): Promise<void> => {
  const { claim, budget, outcome } = one
  parts.events.attemptBegan({ ...factsOf(claim), number: claim.attempts, fence: claim.fence })
  if (!claim.genuine) {
    parts.events.changedInStore(factsOf(claim))
    return outcome.end(changedInStore(claim))
  }
  if (claim.action === 'retract' && claim.target === null) return outcome.end(nothingThere)
  if (!claim.unclear && isOver(one)) return outcome.end(tooLate)
  let client: unknown
  try {
    if (parts.isByHand(claim.city, claim.channel, one.connector, one.action)) return await outcome.end(handedOver(one))
    if (claim.way === 'routine') await parts.precedence.turn()
    client = await connected(parts, one)
  } catch (error) {
    return outcome.fail(error, claim.unclear ? 'look' : 'act')
  }
  const seen = claim.unclear ? await look(parts, one, client) : 'nothing'
  if (seen === 'over') return
  // what is only looked for takes no room on the channel
  const room = await takeRoom(parts, { ...one, mayStand: seen === 'unseen' })
  if (room.none) return outcome.end(room.none.step, 'not-yet', room.none.detail)
  // The last moment at which a process that waited or was paused can notice that it may not send any more.
  const late = isOver(one)
  if (late || budget.spent()) {
    await room.giveBack()
    if (late) return seen === 'nothing' ? outcome.end(tooLate) : endUnseen(one)
    return outcome.fail(new UnreachableError('die Zeit war um, bevor etwas gesendet wurde'), 'act')
  }
  budget.nothingAfter(one.runsOut)
  const acting = act(one, client)
  let receipt: Receipt | null
  try {
    receipt = await budget.race(acting)
  } catch (error) {
    await room.giveBack(error)
    await outcome.fail(error, 'act')
    // An action that outlived its time may still say what became of it.
    void acting.then(outcome.late).catch(() => {})
    return
  }
  return outcome.delivered(receipt)
}

const isOver = ({ runsOut }: Run): boolean => performance.now() >= runsOut

const tooLate = { to: 'expired', reason: 'Die Meldung war nicht mehr gültig, bevor sie hinausgehen konnte.' } as const
const tooLateToRepeat = {
  to: 'expired',
  reason:
    'Es ist ungeklärt, ob die Änderung noch erschienen ist; inzwischen ist die Meldung nicht mehr gültig, und wir senden nichts mehr.',
} as const
const overtaken = { to: 'superseded', reason: overtakenReason } as const
const nothingThere = { to: 'superseded', reason: 'Es steht nichts mehr da, was zurückzunehmen wäre.' } as const

const changedInStore = ({ channel, reopened }: Claim): Step => ({
  ...{ to: 'held', heldFor: 'changed', suspends: false },
  question: reopened ? reopenedQuestion(channel) : changedQuestion(channel),
  reason: reopened
    ? 'Dies war schon abgeschlossen: Es wurde im Speicher wieder geöffnet, nicht durch Rundruf.'
    : 'Was hier gesendet würde, ist nicht mehr das, was veröffentlicht wurde: Es wurde im Speicher geändert, nicht durch Rundruf.',
})

const handedOver = ({ action, claim }: Run): Step => ({
  ...{ to: 'held', heldFor: 'hand', suspends: false },
  question: taskFor(action, claim.channel),
  reason: action === 'retract' ? 'Das kann hier nur ein Mensch tun.' : 'Hier veröffentlicht ein Mensch; Text und Bilder liegen bereit.',
})

/** The channel's client. Connecting posts nothing, so whatever fails here is at worst unreachable. */
const connected = async (parts: DeliverParts, { claim, budget }: Run): Promise<unknown> => {
  try {
    return await budget.race(parts.clients.of(claim), () => new UnreachableError('die Anmeldung kam nicht zustande'))
  } catch (error) {
    if (failureOf(error) !== 'unclear') throw error
    throw new UnreachableError(error instanceof Error ? error.message : 'die Anmeldung kam nicht zustande', { cause: error })
  }
}

/**
 * After an unclear ending: is it there? Only what makes something new can double; a change repeated is the same change.
 * `unseen`: nobody can tell, and to send it again makes no double, or one that is tolerated.
 */
const look = async (parts: DeliverParts, one: Run, client: unknown): Promise<'over' | 'nothing' | 'unseen'> => {
  const { connector, claim, action, outcome, budget, attempt } = one
  if (action !== 'publish' && action !== 'reply') return 'unseen'
  if (!connector.find || connector.repeat === 'nothing') {
    if (connector.repeat !== 'nothing' || !(await parts.ledger.isOvertaken(claim.id))) return 'unseen'
    await askPerson(one, overtaken.reason)
    return 'over'
  }
  let found: Receipt | undefined | 'mixed'
  try {
    found = await budget.race(lookFor({ ...parts, connector, client, claim, attempt }))
  } catch (error) {
    await outcome.fail(error, 'look')
    return 'over'
  }
  if (found) {
    await (found === 'mixed' ? askPerson(one, mixedReason) : outcome.delivered(found))
    return 'over'
  }
  if (await outcome.clarified()) return 'nothing'
  await outcome.end(overtaken)
  return 'over'
}

/**
 * It has run out, and whether it was sent nobody here can see; the same key again would at least say so. A person is asked, but not for
 * a change: what was to be changed is known, and stays in reach of a retraction that may wait behind it.
 */
const endUnseen = (one: Run): Promise<void> =>
  one.action === 'publish' || one.action === 'reply' ? askPerson(one, tooLate.reason) : one.outcome.end(tooLateToRepeat)

const askPerson = ({ claim, action, outcome }: Run, reason: string): Promise<void> =>
  outcome.end({ to: 'held', heldFor: 'answer', question: questionFor(action, claim.channel), reason, suspends: false })

const act = async ({ connector, claim, action, attempt }: Run, client: unknown): Promise<Receipt | null> => {
  const { target } = claim
  const post = claim.post as Post
  if (action === 'publish') return connector.publish(client, post, attempt)
  if (target === null) return null
  if (action === 'update' && connector.update) return connector.update(client, target, post, attempt)
  if (action === 'reply' && connector.reply) return connector.reply(client, target, post, attempt)
  if (action === 'retract' && connector.retract) await connector.retract(client, target, attempt)
  return null
}

/** `from`: when the claim was asked for, on the clock of `performance.now()`; so an age is at most too great, by as much as the claim took. */
const toAttempt = ({ ledger, log }: DeliverParts, { claim, from }: { claim: Claim; from: number }, budget: Budget): Attempt => {
  let memory = claim.memory
  let own: Logger | undefined
  return {
    key: claim.id,
    plannedAt: claim.plannedAt.toISOString(),
    number: claim.attempts,
    firstAt: claim.firstAt.toISOString(),
    age: () => claim.ageMs + (performance.now() - from),
    get memory() {
      return memory
    },
    remember: async (more) => {
      await ledger.remember({ id: claim.id, fence: claim.fence }, more)
      memory = { ...memory, ...more }
    },
    // asked again for every request: an answer that comes to a process which was paused begins nothing new
    get signal() {
      return budget.signal
    },
    // made when first asked for: most attempts have nothing to say
    get log() {
      own ??= log.child({ delivery: claim.id, channel: claim.channel, platform: claim.platform })
      return own
    },
  }
}
