// Makes good what a death left behind: silent claims, expiries, and a queue that forgot. The store alone is believed.
import { randomUUID } from 'node:crypto'
import type { Connectors } from '../src/connector/connector.ts'
import { nextStep } from '../src/delivery/next-step.ts'
import type { Events } from '../src/observing/events.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { SilentClaim } from '../src/store/sweeping.ts'
import { every } from './every.ts'
import { factsOf } from './outcome.ts'
import type { Lane as QueueLane, Queues } from './queue.ts'

type Lane = Pick<QueueLane, 'platform' | 'way'>

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
/** Nothing is overdue for longer without a word. */
const watchEveryMs = 15_000

/** As long as nobody could renew a lease without losing it, and a moment for those who now can. */
const calm = { gapMs: 3000, momentMs: 3000 }

export const startSweep = (parts: SweepParts): { close(): Promise<void> } => {
  const isCalm = openCalm()
  const tasks = [
    every(claimsEveryMs, () => sweepClaims(parts, isCalm), parts.onError),
    every(queueEveryMs, () => checkMark(parts), parts.onError),
    every(lostEveryMs, () => findLost(parts), parts.onError),
    every(markEveryMs, () => renewMark(parts), parts.onError),
    every(watchEveryMs, openWatch(parts), parts.onError),
    every(claimsEveryMs, () => parts.ledger.proveEarlier(), parts.onError),
    every(tidyEveryMs, () => parts.ledger.forgetOldKeys(), parts.onError),
    every(tidyEveryMs, () => parts.ledger.forgetSubscribers(), parts.onError),
  ]
  return { close: async () => void (await Promise.all(tasks.map((task) => task.close()))) }
}

/** False after a gap, be it the store that was away or this process that was paused: holders that live renew their leases first. */
const openCalm = (): (() => boolean) => {
  let seen = performance.now()
  let quietUntil = 0
  return () => {
    const now = performance.now()
    if (now - seen > calm.gapMs) quietUntil = now + calm.momentMs
    seen = now
    return now >= quietUntil
  }
}

const sweepClaims = async (parts: SweepParts, isCalm: () => boolean): Promise<void> => {
  const silent = await parts.ledger.silentClaims([...parts.connectors.keys()])
  if (isCalm()) for (const claim of silent) await endSilent(parts, claim)
  for (const expired of await parts.ledger.expireDue())
    parts.events.expired({ ...factsOf(expired), reason: 'expired before it could be sent' })
  await parts.ledger.queueStuck()
  await parts.ledger.holdSuspended()
}

export interface WatchParts {
  readonly ledger: Pick<Ledger, 'standing'>
  readonly events: Pick<Events, 'overdue' | 'overdueNoMore'>
}

/**
 * Says of every lane, also of those that other processes should serve, when its deliveries are overdue, and when they no longer are.
 */
export const openWatch = ({ ledger, events }: WatchParts): (() => Promise<void>) => {
  let known: readonly Lane[] = []
  const same = (one: Lane, other: Lane): boolean => one.platform === other.platform && one.way === other.way
  return async () => {
    const late = (await ledger.standing()).filter(({ overdue }) => overdue > 0)
    for (const { platform, way, overdue, oldestSeconds } of late)
      if (!known.some((one) => same(one, { platform, way }))) events.overdue({ platform, way, overdue, oldestSeconds })
    for (const lane of known) if (!late.some((one) => same(one, lane))) events.overdueNoMore(lane)
    known = late.map(({ platform, way }) => ({ platform, way }))
  }
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
  const mine = await ledger.settle({ id: claim.id, fence: claim.fence, step, failure: 'unclear', detail: message, silent: true })
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
  const late = await ledger.overdue({ seconds: overdueSeconds, most: overdueMost })
  if (late.length === 0) return
  const missing = new Set(await queues.missing(late))
  if (missing.size > 0) await ledger.handAgain(late.filter(({ id }) => missing.has(id)))
}
