// Makes good what a death left behind: silent claims, expiries, and a queue that forgot. The store alone is believed.
import { randomUUID } from 'node:crypto'
import type { Connectors } from '../src/connector/connector.ts'
import { nextStep } from '../src/delivery/next-step.ts'
import type { Events } from '../src/observing/events.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { SilentClaim } from '../src/store/sweeping.ts'
import { every } from './every.ts'
import { factsOf } from './outcome.ts'
import type { Queues } from './queue.ts'

export interface SweepParts {
  readonly ledger: Ledger
  readonly queues: Queues
  readonly connectors: Connectors
  readonly events: Events
  onError(error: unknown): void
}

const claimsEveryMs = 1000
const queueEveryMs = 2000
const lostEveryMs = 15_000
/** A delivery that is due for so long should be known to the queue. */
const overdueSeconds = 10
const overdueMost = 1000
/** How often the mark changes: an older copy of Redis is known by an older mark. */
const markEveryMs = 300_000
const tidyEveryMs = 3_600_000

export const startSweep = (parts: SweepParts): { close(): Promise<void> } => {
  const tasks = [
    every(claimsEveryMs, () => sweepClaims(parts), parts.onError),
    every(queueEveryMs, () => checkMark(parts), parts.onError),
    every(lostEveryMs, () => findLost(parts), parts.onError),
    every(markEveryMs, () => renewMark(parts), parts.onError),
    every(tidyEveryMs, () => parts.ledger.forgetOldKeys(), parts.onError),
  ]
  return { close: async () => void (await Promise.all(tasks.map((task) => task.close()))) }
}

const sweepClaims = async (parts: SweepParts): Promise<void> => {
  for (const claim of await parts.ledger.silentClaims([...parts.connectors.keys()])) await endSilent(parts, claim)
  for (const expired of await parts.ledger.expireDue())
    parts.events.expired({ ...factsOf(expired), reason: 'expired before it could be sent' })
  await parts.ledger.queueStuck()
  await parts.ledger.holdSuspended()
}

/** A worker died or was paused in the middle: from outside that looks like a lost answer. */
const endSilent = async ({ ledger, connectors, events }: SweepParts, claim: SilentClaim): Promise<void> => {
  const connector = connectors.get(claim.platform)
  if (!connector) return
  const message = 'Der Versuch brach ab, ohne ein Ergebnis zu hinterlassen.'
  const step = nextStep({
    ...claim,
    failure: 'unclear',
    message,
    retryAfterMs: null,
    repeat: connector.repeat,
    canFind: connector.find !== undefined,
    settleMs: connector.settleSeconds * 1000,
    unclears: claim.unclears + 1,
    unclearBefore: false,
    random: Math.random(),
  })
  const mine = await ledger.settle({ id: claim.id, fence: claim.fence, step, failure: 'unclear', detail: message })
  if (mine) events.failed({ ...factsOf(claim), failure: 'unclear', detail: message, next: step.to })
  if (mine && step.to === 'held') events.held({ ...factsOf(claim), for: step.heldFor })
}

/** Redis holds the store's mark, or it is empty or of yesterday: then everything on its way is handed over again with a new turn. */
const checkMark = async ({ ledger, queues, events }: SweepParts): Promise<void> => {
  if (!queues.canForget) return
  const [stored, held] = [await ledger.queueMark(), await queues.mark()]
  if (stored !== '' && stored === held) return
  const mark = randomUUID()
  const restored = await ledger.setQueueMark({ old: stored, new: mark }, true)
  if (restored === undefined) return
  await queues.setMark(mark)
  if (stored !== '') events.queueLost({ restored })
}

const renewMark = async ({ ledger, queues }: SweepParts): Promise<void> => {
  const old = await ledger.queueMark()
  if (old === '' || (await queues.mark()) !== old) return
  const mark = randomUUID()
  if ((await ledger.setQueueMark({ old, new: mark }, false)) !== undefined) await queues.setMark(mark)
}

/** Single jobs that went missing while the rest of the queue stood. */
const findLost = async ({ ledger, queues }: SweepParts): Promise<void> => {
  const late = await ledger.overdue(overdueSeconds, overdueMost)
  if (late.length === 0) return
  const missing = await queues.missing(late)
  if (missing.length > 0) await ledger.handAgain(missing)
}
