// How an attempt ends: written by the holder of the fence alone, then told to log and metrics.
import type { AnyConnector, Receipt } from '../src/connector/connector.ts'
import { type Failure, failureOf, hasBegun, NotYetError, UnclearError } from '../src/connector/errors.ts'
import { type FailedAttempt, nextLook, nextStep } from '../src/delivery/next-step.ts'
import type { Events } from '../src/observing/events.ts'
import type { Action } from '../src/planning/plan.ts'
import type { Claim } from '../src/store/claims.ts'
import { insist } from '../src/store/insist.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Ending } from '../src/store/settling.ts'
import type { Clients } from './clients.ts'

export interface Outcome {
  /** `some`: a part of it stands there already. */
  end(step: Ending['step'], failure?: Failure | null, detail?: string | null, some?: boolean): Promise<void>
  /** The action, or the look before it, failed: its class says what follows. */
  fail(error: unknown, during: 'act' | 'look'): Promise<void>
  /** Null for a retraction. */
  delivered(receipt: Receipt | null): Promise<void>
  /** What came when this attempt had been given up already. */
  late(receipt: Receipt | null): Promise<void>
  /** A look found nothing: true when it may be sent, false when something later has made it pointless. */
  clarified(): Promise<boolean>
}

interface OutcomeParts {
  readonly ledger: Ledger
  readonly clients: Clients
  readonly events: Events
}

export const openOutcome = (parts: OutcomeParts, connector: AnyConnector, claim: Claim, action: Action): Outcome => {
  const { ledger, events } = parts
  const facts = factsOf(claim)
  const held = { id: claim.id, fence: claim.fence }
  let unclearBefore = claim.unclear

  const end: Outcome['end'] = async (step, failure = null, detail = null, some = false) => {
    const mine = await insist(() => ledger.settle({ ...held, step, failure, detail, some }))
    if (!mine) return events.leaseLost(facts)
    report(events, claim, step)
    if (step.to === 'held' && step.suspends) {
      events.channelSuspended({ ...facts, by: 'platform', because: step.reason })
      await parts.clients.drop(claim)
    }
  }

  return {
    end,
    fail: async (error, during) => {
      const failed = { ...toFailed(connector, claim, action, error), unclearBefore }
      const step = during === 'look' ? nextLook(failed) : nextStep(failed)
      events.failed({ ...facts, failure: failed.failure, detail: failed.message, next: step.to })
      // A look posts nothing: however it fails, it is not one more unclear ending.
      await end(step, during === 'look' && failed.failure === 'unclear' ? 'unreachable' : failed.failure, failed.message, failed.some)
    },
    delivered: async (receipt) => {
      const settlement = await insist(() => ledger.delivered({ ...held, way: claim.way, receipt }))
      if (settlement.late) {
        events.leaseLost(facts)
        return insist(() => ledger.settleLate({ ...held, receipt }))
      }
      events.delivered({ ...facts, seconds: settlement.milliseconds / 1000, attempts: claim.attempts, url: receipt?.url ?? null })
    },
    late: (receipt) => ledger.settleLate({ ...held, receipt }),
    clarified: async () => {
      const next = await insist(() => ledger.clarified(held))
      unclearBefore = false
      return next === 'act'
    },
  }
}

export const factsOf = (claim: Pick<Claim, 'id' | 'announcementId' | 'city' | 'channel' | 'platform' | 'way'>) => ({
  delivery: claim.id,
  announcement: claim.announcementId,
  city: claim.city,
  channel: claim.channel,
  platform: claim.platform,
  way: claim.way,
})

const toFailed = (connector: AnyConnector, claim: Claim, action: Action, error: unknown): Omit<FailedAttempt, 'unclearBefore'> => {
  const failure = failureOf(error)
  return {
    failure,
    message: (error instanceof Error ? error.message : String(error)).slice(0, 300),
    retryAfterMs: error instanceof NotYetError ? error.retryAfterMs : null,
    some: hasBegun(error),
    action,
    repeat: connector.repeat,
    canFind: connector.find !== undefined && !(error instanceof UnclearError && !error.findable),
    settleMs: connector.settleSeconds * 1000,
    doubles: claim.doubles,
    way: claim.way,
    attempts: claim.attempts,
    unclears: claim.unclears + (failure === 'unclear' ? 1 : 0),
    ageMs: claim.ageMs,
    random: Math.random(),
    channel: claim.channel,
  }
}

const report = (events: Events, claim: Claim, step: Ending['step']): void => {
  const facts = factsOf(claim)
  if (step.to === 'held') events.held({ ...facts, for: step.heldFor })
  if (step.to === 'expired') events.expired({ ...facts, reason: step.reason })
  if (step.to === 'superseded') events.superseded({ ...facts, reason: step.reason })
  if (step.to === 'given-up') events.gaveUp({ ...facts, reason: step.reason })
}
