// One delivery, once: claim, pace, look, act, settle. The claim is committed before the first byte leaves.
import type { AnyConnector, Attempt, Connectors, Post, Receipt } from '../src/connector/connector.ts'
import { failureOf, NotYetError, UnreachableError } from '../src/connector/errors.ts'
import type { Pace as Span } from '../src/connector/limits.ts'
import { questionFor } from '../src/delivery/next-step.ts'
import type { Events } from '../src/observing/events.ts'
import type { Logger } from '../src/observing/log.ts'
import type { Action } from '../src/planning/plan.ts'
import type { Claim } from '../src/store/claims.ts'
import type { Ledger } from '../src/store/ledger.ts'
import { overtakenReason } from '../src/store/order.ts'
import { type Budget, openBudget } from './budget.ts'
import type { Clients } from './clients.ts'
import { factsOf, type Outcome, openOutcome } from './outcome.ts'
import type { Pace } from './pace.ts'
import type { Precedence } from './precedence.ts'

export interface DeliverParts {
  readonly ledger: Ledger
  readonly connectors: Connectors
  readonly clients: Clients
  readonly pace: Pace
  readonly events: Events
  readonly log: Logger
  readonly precedence: Precedence
  /** The channel's own pace where the city set one, else the connector's; null: do not pace. */
  paceOf(city: string, channel: string, connector: AnyConnector): Span | null
}

export interface DeliveryJob {
  readonly deliveryId: string
  readonly turn: number
  readonly platform: string
}

export type Deliver = (job: DeliveryJob, stop: AbortSignal) => Promise<void>

/** Beyond the time budget of an attempt: for settling it, and because the lease starts a moment after the budget. */
const leaseMarginSeconds = 3

export const makeDeliver =
  (parts: DeliverParts): Deliver =>
  async ({ deliveryId, turn, platform }, stop) => {
    const connector = parts.connectors.get(platform)
    if (!connector) return
    const began = performance.now()
    const claim = await parts.ledger.claim({ id: deliveryId, turn, leaseSeconds: connector.budgetSeconds + leaseMarginSeconds })
    if (!claim) return
    const budget = openBudget(began + connector.budgetSeconds * 1000, stop)
    try {
      const action = actionOf(claim)
      const outcome = openOutcome(parts, connector, claim, action)
      await run(parts, { connector, claim, budget, action, outcome, attempt: toAttempt(parts, claim, budget) })
    } finally {
      budget.close()
    }
  }

/** One claimed attempt with all that its steps need. */
interface Run {
  readonly connector: AnyConnector
  readonly claim: Claim
  readonly budget: Budget
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
  if (claim.action === 'retract' && claim.target === null) return outcome.end(nothingThere)
  if (claim.expired && !claim.unclear) return outcome.end(tooLate)
  const wait = await waitFor(parts, one)
  if (wait > 0) return outcome.fail(new NotYetError('der Kanal hat sein Tempo erreicht', wait), 'act')
  if (claim.way === 'routine') await parts.precedence.turn()
  let client: unknown
  try {
    client = await connected(parts, one)
  } catch (error) {
    return outcome.fail(error, claim.unclear ? 'look' : 'act')
  }
  if (claim.unclear && (await look(parts, one, client)) === 'over') return
  // The last moment at which a process that was paused can notice that its claim is no longer good.
  if (budget.spent()) return outcome.fail(new UnreachableError('die Zeit war um, bevor etwas gesendet wurde'), 'act')
  const acting = act(one, client)
  let receipt: Receipt | null
  try {
    receipt = await budget.race(acting)
  } catch (error) {
    await outcome.fail(error, 'act')
    // An action that outlived its time may still say what became of it.
    void acting.then(outcome.late).catch(() => {})
    return
  }
  return outcome.delivered(receipt)
}

const tooLate = { to: 'expired', reason: 'Die Meldung war nicht mehr gültig, bevor sie hinausgehen konnte.' } as const
const overtaken = { to: 'superseded', reason: overtakenReason } as const
const nothingThere = { to: 'superseded', reason: 'Es steht nichts mehr da, was zurückzunehmen wäre.' } as const

/** Not for the most severe warnings and not for taking back: the platform's own answer is limit enough there. */
const waitFor = async (parts: DeliverParts, { connector, claim }: Run): Promise<number> => {
  if (claim.severity === 'Extreme' || claim.action === 'retract') return 0
  const span = parts.paceOf(claim.city, claim.channel, connector)
  return span === null ? 0 : parts.pace.take(`${claim.city}/${claim.channel}`, span)
}

/** The channel's client. Connecting posts nothing, so whatever fails here is at worst unreachable. */
const connected = async (parts: DeliverParts, { claim, budget }: Run): Promise<unknown> => {
  try {
    return await budget.race(parts.clients.of(claim), () => new UnreachableError('die Anmeldung kam nicht zustande'))
  } catch (error) {
    if (failureOf(error) !== 'unclear') throw error
    throw new UnreachableError(error instanceof Error ? error.message : 'die Anmeldung kam nicht zustande', { cause: error })
  }
}

/** After an unclear ending: is it there? Only what makes something new can double; a change repeated is the same change. */
const look = async (parts: DeliverParts, one: Run, client: unknown): Promise<'over' | 'act'> => {
  const { connector, claim, action, outcome, budget, attempt } = one
  if (action !== 'publish' && action !== 'reply') return 'act'
  if (!connector.find || connector.repeat === 'nothing') return (await isPointless(parts, one)) ? askPerson(one) : 'act'
  let found: Receipt | undefined
  try {
    found = await budget.race(connector.find(client, claim.post as Post, attempt))
  } catch (error) {
    await outcome.fail(error, 'look')
    return 'over'
  }
  if (found) {
    await outcome.delivered(found)
    return 'over'
  }
  if (claim.expired) {
    await outcome.end(tooLate)
    return 'over'
  }
  if (await outcome.clarified()) return 'act'
  await outcome.end(overtaken)
  return 'over'
}

/** It must not be sent any more, and whether it was, nobody here can see. The same key again would at least say so. */
const isPointless = async ({ ledger }: DeliverParts, { connector, claim }: Run): Promise<boolean> =>
  claim.expired || (connector.repeat === 'nothing' && (await ledger.isOvertaken(claim.id)))

const askPerson = async ({ claim, action, outcome }: Run): Promise<'over'> => {
  const question = questionFor(action, claim.channel)
  const { reason } = claim.expired ? tooLate : overtaken
  await outcome.end({ to: 'held', heldFor: 'answer', question, reason, suspends: false })
  return 'over'
}

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

const toAttempt = ({ ledger, log }: DeliverParts, claim: Claim, budget: Budget): Attempt => {
  let memory = claim.memory
  let own: Logger | undefined
  return {
    key: claim.id,
    plannedAt: claim.plannedAt.toISOString(),
    number: claim.attempts,
    firstAt: claim.firstAt.toISOString(),
    get memory() {
      return memory
    },
    remember: async (more) => {
      await ledger.remember({ id: claim.id, fence: claim.fence }, more)
      memory = { ...memory, ...more }
    },
    signal: budget.signal,
    // made when first asked for: most attempts have nothing to say
    get log() {
      own ??= log.child({ delivery: claim.id, channel: claim.channel, platform: claim.platform })
      return own
    },
  }
}
